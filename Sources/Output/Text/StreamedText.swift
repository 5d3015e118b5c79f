import Transcript
import XMPP

/// Writes the transcripts of all connections to one descriptor as they happen.
///
/// Where the connection changes, a line tells which one goes on (rule 11 of the transcript format). A person at a terminal is
/// told whose it is, once that is known; elsewhere what is written does not depend on that.
public final class StreamedText: TranscriptSink {
    private let style: TextStyle
    private let options: TextOptions
    private var texts: [Int: TextWriter] = [:]
    private var clients: [Int: String] = [:]
    /// The addresses of clients that have logged in.
    private var accounts: [Int: String] = [:]
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
            style.append(Array("\n[Connection \(connection)\(who(connection))]\n".utf8), to: &gathered.bytes)
            current = connection
        }
        if case .packet(let packet) = record, let account = packet.client?.account { accounts[connection] = account }
        var bytes: [UInt8] = []
        texts[connection]?.append(record, to: &bytes)
        style.append(bytes, to: &gathered.bytes)
    }

    private func who(_ connection: Int) -> String {
        if style.isTerminal, let account = accounts[connection] { return ": \(account)" }
        return clients[connection].map { ": client \($0)" } ?? ""
    }

    public func finished(connection: Int) {
        texts[connection] = nil
        clients[connection] = nil
        accounts[connection] = nil
    }

    public func flush() throws(OutputError) { try gathered.flush() }
}
