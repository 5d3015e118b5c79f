import Inspector
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
    private let maxPacketBytes: Int
    private let only: Int?
    private let write: ([UInt8]) throws -> Void
    private var ladders: [Int: Ladder] = [:]

    /// - Parameters:
    ///   - program: what makes the page, for example `stanzatap 0.1.0`.
    ///   - only: the only connection to be drawn; nil for all.
    ///   - write: gets the result.
    public init(
        _ format: Format,
        program: String,
        maxPacketBytes: Int,
        only: Int? = nil,
        write: @escaping ([UInt8]) throws -> Void
    ) {
        self.format = format
        self.program = program
        self.maxPacketBytes = maxPacketBytes
        self.only = only
        self.write = write
    }

    /// How many connections were begun.
    public var count: Int { ladders.count }

    public func began(_ title: ConnectionTitle) {
        guard only == nil || only == title.connection else { return }
        var showsXML = false
        if case .html = format { showsXML = true }
        ladders[title.connection] = Ladder(
            connection: title.connection,
            title: title.lines,
            maxPacketBytes: maxPacketBytes,
            showsXML: showsXML
        )
    }

    public func add(_ record: Record, connection: Int) { ladders[connection]?.add(record) }

    public func finished(connection: Int) {}

    public func flush() throws {}

    /// Draws; to be called once, when nothing more comes.
    public func draw() throws {
        let all = ladders.sorted { $0.key < $1.key }.map(\.value)
        let text: String =
            switch format {
            case .text(let columns): TextLadder(columns: columns).draw(all)
            case .svg: PictureLadder.draw(all)
            case .html: WebPage(program: program).draw(all)
            }
        try write(Array(text.utf8))
    }
}
