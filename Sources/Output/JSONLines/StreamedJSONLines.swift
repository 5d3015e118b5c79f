import Transcript

/// Writes the records of all connections as JSON Lines to one descriptor, in the order in which they happened.
public final class StreamedJSONLines: TranscriptSink {
    private let writer = JSONLinesWriter()
    private var gathered: GatheredOutput

    public init(_ writer: DescriptorWriter) { gathered = GatheredOutput(writer) }

    public func began(_ title: ConnectionTitle) { writer.append(title, to: &gathered.bytes) }

    public func add(_ record: Record, connection: Int) {
        writer.append(record, connection: connection, to: &gathered.bytes)
    }

    public func finished(connection: Int) {}

    public func flush() throws(OutputError) { try gathered.flush() }
}
