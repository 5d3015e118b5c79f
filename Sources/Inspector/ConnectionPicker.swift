import Filter
import Transcript

/// Hands on everything to another sink, and notes of which connections a filter fits something.
public final class ConnectionPicker: TranscriptSink {
    private let sink: any TranscriptSink
    /// Nil if all connections are meant, also those on which nothing was said.
    private let matcher: PacketMatcher?
    public let asksForElements: Bool
    /// The numbers of the connections in which something fits.
    private var fitting: Set<Int> = []

    public init(_ sink: any TranscriptSink, _ filter: PacketFilter) {
        self.sink = sink
        matcher = filter.isEmpty ? nil : PacketMatcher(filter)
        asksForElements = filter.needsElements
    }

    /// True if the connection is meant; to be asked when everything was read.
    public func picks(connection: Int) -> Bool { matcher == nil || fitting.contains(connection) }

    public func began(_ title: ConnectionTitle) { sink.began(title) }

    public func add(_ record: Record, connection: Int) {
        let fits =
            switch record {
            case .packet(let packet): matcher?.fits(packet, connection: connection) ?? false
            case .event(let event): matcher?.fits(event, connection: connection) ?? false
            case .summary, .prose: false
            }
        if fits { fitting.insert(connection) }
        sink.add(record.withoutElement, connection: connection)
    }

    public func finished(connection: Int) {
        matcher?.finished(connection: connection)
        sink.finished(connection: connection)
    }

    public func flush() throws(OutputError) { try sink.flush() }

    public func end() throws(OutputError) { try sink.end() }
}
