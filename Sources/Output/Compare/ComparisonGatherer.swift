import Conversation
import Filter
import Transcript

/// Keeps the records of a recording, to make sessions of them that can be compared.
public final class ComparisonGatherer: TranscriptSink {
    /// In the order of their beginnings.
    private var connections: [Int] = []
    private var records: [Int: [Record]] = [:]

    public init() {}

    public func began(_ title: ConnectionTitle) {}

    public func add(_ record: Record, connection: Int) {
        if records[connection] == nil { connections.append(connection) }
        records[connection, default: []].append(record)
    }

    /// Adds a text that was read, in which several connections may follow each other, each under a title.
    public func add(_ transcript: Transcript) {
        var number = 1
        for record in transcript.records {
            if case .prose(let lines) = record, TitleLines.areOwn(lines), records[number] != nil { number += 1 }
            add(record, connection: number)
        }
    }

    public func finished(connection: Int) {}
    public func flush() throws(OutputError) {}

    /// - Parameter filter: the packets that are compared.
    public func sessions(_ filter: PacketFilter = PacketFilter()) -> [ComparedSession] {
        let matcher = PacketMatcher(filter)
        return connections.map { connection in
            ComparedSession(connection: connection, records: records[connection] ?? []) {
                matcher.fits($0, connection: connection)
            }
        }
    }
}
