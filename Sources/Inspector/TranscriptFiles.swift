import Glibc
import Transcript

/// Writes one text file for each connection, `001.txt` and so on, into a folder that is made when the first one comes.
public final class TranscriptFiles: TranscriptSink {
    private let directory: String
    private let options: TextOptions
    private var texts: [Int: ConnectionText] = [:]
    private var gathered: [Int: [UInt8]] = [:]

    public init(directory: String, options: TextOptions = TextOptions()) {
        self.directory = directory
        self.options = options
    }

    public func began(_ title: ConnectionTitle) {
        var text = ConnectionText(options)
        text.begin(title, to: &gathered[title.connection, default: []])
        texts[title.connection] = text
    }

    public func add(_ record: Record, connection: Int) {
        texts[connection]?.append(record, to: &gathered[connection, default: []])
    }

    public func finished(connection: Int) {
        texts[connection] = nil
    }

    public func flush() throws {
        guard !gathered.isEmpty else { return }
        defer { gathered.removeAll(keepingCapacity: true) }
        mkdir(directory, 0o700)
        for (connection, bytes) in gathered { try FileOutput.append(bytes, path: path(of: connection)) }
    }

    private func path(of connection: Int) -> String {
        let digits = String(connection)
        return directory + "/" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits + ".txt"
    }
}
