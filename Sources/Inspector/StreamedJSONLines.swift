import Transcript

/// Writes the records of all connections as JSON Lines to one descriptor, in the order in which they happened.
public final class StreamedJSONLines: TranscriptSink {
    private let descriptor: Int32
    private let writer = JSONLinesWriter()
    private var gathered: [UInt8] = []
    private var isBroken = false
    /// The only connection to be written; nil for all.
    private let only: Int?
    /// How many connections were begun.
    public private(set) var count = 0

    public init(descriptor: Int32, only: Int? = nil) {
        self.descriptor = descriptor
        self.only = only
    }

    public func began(_ title: ConnectionTitle) {
        guard only == nil || only == title.connection else { return }
        count += 1
        writer.append(
            connection: title.connection,
            domain: title.domain,
            client: title.client,
            server: title.server,
            time: title.time,
            program: title.program,
            to: &gathered
        )
    }

    public func add(_ record: Record, connection: Int) {
        guard only == nil || only == connection else { return }
        writer.append(record, connection: connection, to: &gathered)
    }

    public func finished(connection: Int) {}

    public func flush() throws {
        guard !gathered.isEmpty, !isBroken else { return }
        defer { gathered.removeAll(keepingCapacity: true) }
        do {
            try FileOutput.write(gathered, to: descriptor, name: "the JSON Lines")
        } catch {
            isBroken = true
            throw error
        }
    }
}
