import Transcript
import XMPP

/// Writes the stories of each connection below its row of the list: a sink that writes when everything is told.
public final class StoryList: TranscriptSink {
    private let writer: DescriptorWriter
    private let columns: Int?
    private var gatherers: [Int: ConnectionGatherer] = [:]
    private var stories: [Int: [String]] = [:]
    /// Whether a connection is told, by its number; asked when everything was read.
    public var shows: (Int) -> Bool = { _ in true }

    /// - Parameter columns: where lines are broken at blanks; nil for nowhere.
    public init(_ writer: DescriptorWriter, columns: Int?) {
        self.writer = writer
        self.columns = columns
    }

    public func began(_ title: ConnectionTitle) { gatherers[title.connection] = ConnectionGatherer(title) }

    public func add(_ record: Record, connection: Int) {
        gatherers[connection]?.add(record)
        if case .summary(let summary) = record { stories[connection] = summary.storyLines }
    }

    public func finished(connection: Int) { gatherers[connection]?.finish() }

    public func flush() {}

    public func end() throws(OutputError) {
        let rows = gatherers.sorted { $0.key < $1.key }.map(\.value.row).filter { shows($0.connection) }
        let lines = ConnectionList.lines(of: rows, stories: stories, columns: columns)
        try writer.write(Array((lines.map { $0.shown(limit: .max) } + [""]).joined(separator: "\n").utf8))
    }
}
