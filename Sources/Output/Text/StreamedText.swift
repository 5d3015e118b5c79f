import Transcript

/// Writes the transcripts of all connections to one descriptor as they happen.
///
/// Where the connection changes, a line tells which one goes on (rule 11 of the transcript format).
public final class StreamedText: TranscriptSink {
    private let style: TextStyle
    private let options: TextOptions
    private var texts: [Int: TextWriter] = [:]
    private var clients: [Int: String] = [:]
    private var current: Int?
    private var gathered: GatheredOutput

    public init(_ writer: DescriptorWriter, style: TextStyle, options: TextOptions = TextOptions()) {
        self.style = style
        self.options = options
        gathered = GatheredOutput(writer)
    }

    public func began(_ title: ConnectionTitle) {
        if current != nil { gathered.bytes += Array("\n".utf8) }
        current = title.connection
        clients[title.connection] = title.client
        var text = options.makeWriter()
        var bytes: [UInt8] = []
        text.append(title: title.lines, to: &bytes)
        style.append(bytes, to: &gathered.bytes)
        texts[title.connection] = text
    }

    public func add(_ record: Record, connection: Int) {
        if current != connection {
            let client = clients[connection].map { ": client \($0)" } ?? ""
            style.append(Array("\n[Connection \(connection)\(client)]\n".utf8), to: &gathered.bytes)
            current = connection
        }
        var bytes: [UInt8] = []
        texts[connection]?.append(record, to: &bytes)
        style.append(bytes, to: &gathered.bytes)
    }

    public func finished(connection: Int) {
        texts[connection] = nil
        clients[connection] = nil
    }

    public func flush() throws(OutputError) { try gathered.flush() }
}
