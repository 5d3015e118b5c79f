import Transcript
import XMPP

/// Hands on to another sink what a filter shows, and counts the rest. Titles and summaries always pass.
public final class FilteringSink: TranscriptSink {
    private let sink: any TranscriptSink
    private let filter: PacketFilter
    private let asksForProtocols: Bool
    /// The namespaces of requests that wait for their answers, by connection and number.
    private var requests: [Int: [Int: Set<String>]] = [:]
    /// How many packets and events were hidden, and how many of them have a warning.
    public private(set) var hidden = Count()
    private let report: (String) -> Void

    /// What was hidden.
    public struct Count: Sendable, Equatable {
        public var packets = 0
        public var events = 0
        public var warnings = 0

        /// In words; nil if it was nothing.
        public var told: String? {
            var parts: [String] = []
            if packets > 0 {
                let warned = warnings > 0 ? " (\(warnings) of them with a warning)" : ""
                parts.append("\(packets) packet\(packets == 1 ? "" : "s")\(warned)")
            }
            if events > 0 { parts.append("\(events) event\(events == 1 ? "" : "s")") }
            return parts.isEmpty ? nil : "hidden by --only or --hide: " + parts.joined(separator: " and ")
        }
    }

    /// Requests of a connection whose answers are looked for; of more, answers are judged by themselves.
    private static let requestLimit = 10_000

    /// - Parameter report: told at the end what was hidden, if anything was.
    public init(_ sink: any TranscriptSink, _ filter: PacketFilter, report: @escaping (String) -> Void) {
        self.sink = sink
        self.report = report
        self.filter = filter
        asksForProtocols = filter.asksForProtocols
    }

    public func began(_ title: ConnectionTitle) { sink.began(title) }

    public func add(_ record: Record, connection: Int) {
        switch record {
        case .packet(let packet):
            guard filter.shows(look(at: packet, connection)) else {
                hidden.packets += 1
                if packet.telling.findings.contains(where: { $0.severity == .warning }) { hidden.warnings += 1 }
                return
            }
        case .event:
            guard filter.showsEvents() else {
                hidden.events += 1
                return
            }
        case .summary, .prose: break
        }
        sink.add(record, connection: connection)
    }

    public func finished(connection: Int) {
        requests[connection] = nil
        sink.finished(connection: connection)
    }

    public func flush() throws(OutputError) { try sink.flush() }

    public func end() throws(OutputError) {
        defer { if let told = hidden.told { report(told) } }
        try sink.end()
    }

    private func look(at packet: PacketRecord, _ connection: Int) -> FilteredPacket {
        let root = packet.root ?? PacketRecord.Root(xml: packet.xml)
        guard asksForProtocols else { return FilteredPacket(record: packet, root: root, namespaces: []) }
        var namespaces = PacketNamespaces.of(packet.xml, root)
        // An answer may be empty: it is about what was asked.
        if let asked = packet.answers, let request = requests[connection]?.removeValue(forKey: asked) {
            namespaces.formUnion(request)
        } else if let number = packet.number, root?.isRequest == true,
            requests[connection]?.count ?? 0 < Self.requestLimit
        {
            requests[connection, default: [:]][number] = namespaces
        }
        return FilteredPacket(record: packet, root: root, namespaces: namespaces)
    }
}
