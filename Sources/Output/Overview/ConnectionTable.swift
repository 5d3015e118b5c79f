import Transcript

/// Gathers the row of every connection: a sink that writes nothing.
public final class ConnectionTable: TranscriptSink {
    private var gatherers: [Int: ConnectionGatherer] = [:]

    public init() {}

    /// In the order of their numbers.
    public var rows: [ConnectionRow] { gatherers.sorted { $0.key < $1.key }.map(\.value.row) }

    public func began(_ title: ConnectionTitle) { gatherers[title.connection] = ConnectionGatherer(title) }

    public func add(_ record: Record, connection: Int) { gatherers[connection]?.add(record) }

    public func finished(connection: Int) { gatherers[connection]?.finish() }

    public func flush() {}
}
