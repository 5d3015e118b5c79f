import Transcript

/// Writes the transcripts of all connections to one descriptor as they happen.
///
/// Where the connection changes, a line tells which one goes on (rule 11 of the transcript format).
public final class StreamedText: TranscriptSink {
    private let descriptor: Int32
    private let style: TextStyle
    private let options: TextOptions
    private var texts: [Int: ConnectionText] = [:]
    private var titles: [Int: ConnectionTitle] = [:]
    private var current: Int?
    private var gathered: [UInt8] = []
    private var isBroken = false

    public init(descriptor: Int32, style: TextStyle, options: TextOptions = TextOptions()) {
        self.descriptor = descriptor
        self.style = style
        self.options = options
    }

    public func began(_ title: ConnectionTitle) {
        if current != nil { gathered += Array("\n".utf8) }
        current = title.connection
        titles[title.connection] = title
        var text = ConnectionText(options)
        var bytes: [UInt8] = []
        text.begin(title, to: &bytes)
        style.append(bytes, to: &gathered)
        texts[title.connection] = text
    }

    public func add(_ record: Record, connection: Int) {
        if current != connection {
            let client = titles[connection].map { ": client \($0.client)" } ?? ""
            style.append(Array("\n[Connection \(connection)\(client)]\n".utf8), to: &gathered)
            current = connection
        }
        var bytes: [UInt8] = []
        texts[connection]?.append(record, to: &bytes)
        style.append(bytes, to: &gathered)
    }

    public func finished(connection: Int) {
        texts[connection] = nil
        titles[connection] = nil
    }

    /// A reader that went away (`| head`) ends this output, not the recording.
    public func flush() throws {
        guard !gathered.isEmpty, !isBroken else { return }
        defer { gathered.removeAll(keepingCapacity: true) }
        do {
            try FileOutput.write(gathered, to: descriptor, name: "the transcript")
        } catch {
            isBroken = true
            throw error
        }
    }
}
