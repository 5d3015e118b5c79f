import Transcript

/// Gathers the rows of a recording's connections, capture by capture: a sink that writes nothing.
public final class ConnectionTable: TranscriptSink {
    private var gatherers: [Int: ConnectionGatherer] = [:]
    private var finished: Set<Int> = []
    /// Those of the captures before.
    private var before: [[ConnectionRow]] = []

    public init() {}

    /// The rows of each capture, in the order of the connections: what its index says.
    public var captures: [[ConnectionRow]] { before + [present] }

    private var present: [ConnectionRow] { gatherers.sorted { $0.key < $1.key }.map(\.value.row) }

    public func began(_ title: ConnectionTitle) { gatherers[title.connection] = ConnectionGatherer(title) }

    public func add(_ record: Record, connection: Int) { gatherers[connection]?.add(record) }

    public func finished(connection: Int) {
        gatherers[connection]?.finish()
        finished.insert(connection)
    }

    /// The recording goes on in another capture.
    public func goOn() {
        before.append(present)
        for connection in finished { gatherers[connection] = nil }
        finished = []
        for gatherer in gatherers.values { gatherer.goOn() }
    }

    public func flush() {}
}
