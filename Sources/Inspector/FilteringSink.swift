import Filter
import Transcript
import XMPP

/// Hands on to another sink what a filter shows, and counts the rest. A connection of which nothing is shown has no title and
/// no summary either.
public final class FilteringSink: TranscriptSink {
    private let sink: any TranscriptSink
    private let matcher: PacketMatcher
    public let asksForElements: Bool
    /// How many packets and events were hidden, and how many of them have a warning.
    public private(set) var hidden = Count()
    private let report: (String) -> Void
    /// The titles of connections of which nothing was shown yet.
    private var waiting: [Int: ConnectionTitle] = [:]
    /// The connections of which something was shown.
    private var begun: Set<Int> = []

    /// What was hidden.
    public struct Count: Sendable, Equatable {
        public var packets = 0
        public var events = 0
        public var warnings = 0
        /// Connections of which nothing was shown.
        public var connections = 0

        /// In words; nil if it was nothing.
        public var told: String? {
            var parts: [String] = []
            if packets > 0 {
                let warned = warnings > 0 ? " (\(warnings) of them with a warning)" : ""
                parts.append("\(packets) packet\(packets == 1 ? "" : "s")\(warned)")
            }
            if events > 0 { parts.append("\(events) event\(events == 1 ? "" : "s")") }
            if parts.isEmpty { return nil }
            let whole = "; nothing is shown of \(connections) connection\(connections == 1 ? "" : "s")"
            return "hidden by the filter: " + parts.joined(separator: " and ") + (connections > 0 ? whole : "")
        }
    }

    /// - Parameter report: told at the end what was hidden, if anything was.
    public init(_ sink: any TranscriptSink, _ filter: PacketFilter, report: @escaping (String) -> Void) {
        self.sink = sink
        self.report = report
        matcher = PacketMatcher(filter)
        asksForElements = filter.needsElements
    }

    public func began(_ title: ConnectionTitle) {
        begun.remove(title.connection)
        waiting[title.connection] = title
    }

    public func add(_ record: Record, connection: Int) {
        switch record {
        case .packet(let packet):
            guard matcher.fits(packet, connection: connection) else { return hide(packet) }
        case .event(let event):
            guard matcher.fits(event, connection: connection) else {
                hidden.events += 1
                return
            }
        case .summary, .prose: guard begun.contains(connection) else { return }
        }
        begin(connection)
        sink.add(record.withoutElement, connection: connection)
    }

    private func begin(_ connection: Int) {
        begun.insert(connection)
        if let title = waiting.removeValue(forKey: connection) { sink.began(title) }
    }

    private func hide(_ packet: PacketRecord) {
        hidden.packets += 1
        if packet.telling.findings.contains(where: { $0.severity == .warning }) { hidden.warnings += 1 }
    }

    public func finished(connection: Int) {
        matcher.finished(connection: connection)
        if waiting.removeValue(forKey: connection) != nil { hidden.connections += 1 }
        if begun.remove(connection) != nil { sink.finished(connection: connection) }
    }

    public func flush() throws(OutputError) { try sink.flush() }

    public func end() throws(OutputError) {
        defer {
            if let told = hidden.told { report(told) }
            if matcher.tooMuch > 0 { report(Self.tooMuch(matcher.tooMuch)) }
        }
        try sink.end()
    }

    private static func tooMuch(_ packets: Int) -> String {
        "the filter's XPath took too much work for \(packets) packet\(packets == 1 ? "" : "s"), which count as not selected by it"
    }
}
