import XMLStream
import XMPP

/// Writes transcripts as JSON Lines: one object a line for each connection, packet, event and summary.
///
/// The fields are described in docs/jsonl-format.md and docs/jsonl-schema.json. What is unknown is left out.
public struct JSONLinesWriter: Sendable {
    /// Fields are added without a new version; it tells what a reader may count on.
    static let version = 2

    /// Makes a writer. It keeps nothing from one line to the next.
    public init() {}

    /// The line with which a connection begins; none for a transcript that was read from a text, which tells no addresses.
    public func append(_ title: ConnectionTitle, to output: inout [UInt8]) {
        guard let client = title.client else { return }
        let origin = LineOrigin(title)
        var object = JSONObject(kind: "connection", connection: title.connection, origin, into: &output)
        object.add(.version, Self.version)
        object.add(.time, moment: title.time)
        object.add(.client, client)
        object.add(.server, title.server)
        object.add(.domain, title.domain)
        object.add(.program, title.program)
        object.end(into: &output)
    }

    /// The line of one record. A packet's XML is told whole, however long it is, as far as the record holds it.
    ///
    /// - Parameter origin: where the connection was recorded.
    public func append(
        _ record: Record,
        connection: Int,
        origin: LineOrigin = .unknown,
        to output: inout [UInt8]
    ) {
        switch record {
        case .packet(let packet):
            append(packet, connection: connection, origin, to: &output)
        case .event(let event):
            var object = JSONObject(kind: "event", connection: connection, origin, into: &output)
            object.add(.time, moment: event.time)
            object.add(.offset, seconds: event.secondsSinceStart)
            object.add(.event, event.kind.isEmpty ? nil : event.kind)
            object.add(.text, event.text)
            object.end(into: &output)
        case .summary(let summary):
            var object = JSONObject(kind: "summary", connection: connection, origin, into: &output)
            object.add(.text, summary.text)
            object.add(.stories, summary.stories)
            object.add(.clientSoftware, summary.client)
            object.add(.serverSoftware, summary.server)
            object.end(into: &output)
        case .prose(let lines):
            var object = JSONObject(kind: "summary", connection: connection, origin, into: &output)
            object.add(.text, lines.joined(separator: "\n"))
            object.end(into: &output)
        }
    }

    private func append(_ packet: PacketRecord, connection: Int, _ origin: LineOrigin, to output: inout [UInt8]) {
        var object = JSONObject(kind: "packet", connection: connection, origin, into: &output)
        object.add(.number, packet.number)
        object.add(.direction, packet.direction.rawValue)
        object.add(.time, moment: packet.time)
        object.add(.offset, seconds: packet.secondsSinceStart)
        object.add(.bytes, packet.xml.count.addingClamped(packet.omittedBytes))
        object.add(.xml, bytes: packet.xml)
        if packet.omittedBytes > 0 { object.add(.omitted, packet.omittedBytes) }
        if let replacement = packet.replacement {
            object.add(.replacement, bytes: replacement)
            if packet.replacementOmittedBytes > 0 { object.add(.replacementOmitted, packet.replacementOmittedBytes) }
        }
        if packet.isSentByProxy { object.add(.sentBy, "stanzatap") }
        if let root = packet.root {
            object.add(.name, root.name)
            object.add(.namespace, root.namespace)
            object.add(.type, root.type)
            object.add(.id, root.id)
            object.add(.from, root.from)
            object.add(.to, root.to)
        }
        object.add(.answers, packet.answers)
        object.add(.delay, seconds: packet.answerDelay)
        object.add(.explanation, packet.telling.text.isEmpty ? nil : packet.telling.text)
        object.add(.findings, packet.telling.findings)
        object.add(.story, packet.telling.step)
        object.add(.roles, packet.telling.roles)
        object.end(into: &output)
    }
}
