import Transcript

/// Gathers ladders and draws them once all is read.
public final class LadderSink: TranscriptSink {
    public enum Format: Sendable {
        /// Plain text of that many columns.
        case text(columns: Int)
        /// A picture.
        case svg
        /// A web page in one file.
        case html
    }

    private let format: Format
    private let program: String
    private let options: TextOptions
    private let writer: DescriptorWriter
    private var ladders: [Int: Ladder] = [:]
    private var rows = 0

    /// Rungs of all ladders. All are held until the end, since the numbers and the list of connections stand at the top; and
    /// browsers have trouble with more.
    public static let rowLimit = 20_000

    /// - Parameters:
    ///   - options: how the page shows XML.
    ///   - program: what makes the page, for example `stanzatap 0.1.0`.
    public init(_ format: Format, _ writer: DescriptorWriter, options: TextOptions = TextOptions(), program: String) {
        self.format = format
        self.program = program
        self.options = options
        self.writer = writer
    }

    public func began(_ title: ConnectionTitle) {
        var showsXML = false
        if case .html = format { showsXML = true }
        ladders[title.connection] = Ladder(title, options, showsXML: showsXML)
    }

    public func add(_ record: Record, connection: Int) {
        rows += 1
        if rows <= Self.rowLimit { ladders[connection]?.add(record) }
    }

    public func finished(connection: Int) {}

    public func flush() throws(OutputError) {
        guard rows > Self.rowLimit else { return }
        throw OutputError(
            "this format shows \(Self.rowLimit) packets at most, and there are more: choose one connection (--connection N),"
                + " or a format without a limit (text, jsonl, pcapng)"
        )
    }

    public func end() throws(OutputError) {
        let all = ladders.sorted { $0.key < $1.key }.map(\.value)
        let text: String =
            switch format {
            case .text(let columns): TextLadder(columns: columns).draw(all)
            case .svg: PictureLadder.draw(all)
            case .html: WebPage(program: program).draw(all)
            }
        try writer.write(Array(text.utf8))
    }
}
