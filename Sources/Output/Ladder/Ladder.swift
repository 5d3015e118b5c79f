import Capture
import Transcript
import XMPP

/// The ladder of one connection.
struct Ladder {
    let connection: Int
    let title: [String]
    /// The server by its name; nil where only its address is known, or nothing.
    let domain: String?
    /// What a transcript that was read from a text is called there.
    let ownTitle: String?
    private(set) var rows: [LadderRow] = []
    private var lastSeconds: Double?
    private var writer: TextWriter
    private let showsXML: Bool
    private let showsCodes: Bool

    init(_ title: ConnectionTitle, _ options: TextOptions, showsXML: Bool) {
        connection = title.connection
        self.title = title.lines
        domain = title.domain.flatMap { Endpoint(host: $0, port: 0) == nil ? $0 : nil }
        ownTitle = title.client == nil ? title.lines.first : nil
        self.showsXML = showsXML
        showsCodes = options.showsCodes
        writer = options.makeWriter()
    }

    /// How many packets there are.
    var packetCount: Int {
        rows.count { row in
            if case .packet = row.kind { true } else { false }
        }
    }

    /// How many of the packets have a warning.
    var warningCount: Int {
        rows.count { row in
            if case .packet(let packet) = row.kind { packet.warns } else { false }
        }
    }

    mutating func add(_ record: Record) {
        switch record {
        case .packet(let packet): add(packet)
        case .event(let event):
            let kind = LadderRow.Kind.event(event.text, isFailure: event.isFailure)
            rows.append(LadderRow(kind: kind, seconds: event.secondsSinceStart, delta: nil))
        case .summary(let summary): rows.append(LadderRow(kind: .prose(summary.lines), seconds: nil, delta: nil))
        case .prose(let lines): rows.append(LadderRow(kind: .prose(lines), seconds: nil, delta: nil))
        }
    }

    private mutating func add(_ record: PacketRecord) {
        let root = record.root ?? PacketRecord.Root(xml: record.replacement ?? record.xml)
        let packet = LadderRow.Packet(
            number: record.number,
            direction: record.direction,
            label: PacketLabel.make(record, root),
            isError: root?.isError ?? false,
            explanation: record.telling.text,
            findings: record.telling.findings.map {
                LadderRow.FindingLine(severity: $0.severity, text: $0.line(showsCode: showsCodes))
            },
            xml: showsXML ? xml(record) : "",
            answers: record.answers,
            pair: record.answers ?? (root?.isRequest == true ? record.number : nil)
        )
        let seconds = record.secondsSinceStart
        let delta = seconds.flatMap { now in lastSeconds.map { now - $0 } }
        lastSeconds = seconds ?? lastSeconds
        rows.append(LadderRow(kind: .packet(packet), seconds: seconds, delta: delta))
    }

    private mutating func xml(_ record: PacketRecord) -> String {
        var bytes: [UInt8] = []
        writer.append(xmlOf: record, to: &bytes)
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }
}

extension EventRecord {
    /// Of a transcript that was read back nobody knows.
    var isFailure: Bool {
        ["failed", "tls-failed", "upstream-failed", "unreadable", "bytes-before-handshake"].contains(kind)
    }
}

/// A packet in a few words: its name, its type, and what it holds.
enum PacketLabel {
    /// - Parameter root: nil if the packet is none or cannot be read.
    static func make(_ record: PacketRecord, _ root: PacketRecord.Root?) -> String {
        guard let root else { return record.xml.starts(with: "</".utf8) ? "end of stream" : "packet" }
        switch root.name {
        case "stream": return "stream header"
        case "features": return root.name
        default: return [root.name, root.type, root.content].compactMap { $0?.shown(limit: 40) }.joined(separator: " ")
        }
    }
}
