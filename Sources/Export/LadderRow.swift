import Transcript
import XMLStream
import XMPP

/// One rung of a ladder: a packet as an arrow, or something that is no packet.
struct LadderRow {
    enum Kind {
        case packet(Packet)
        case event(String)
        case prose([String])
    }

    struct Packet {
        let number: Int?
        let direction: Direction
        /// In a few words, such as `iq get query`.
        let label: String
        let telling: Telling
        /// The packet as a transcript shows it.
        let xml: String
        /// The request that it answers.
        let answers: Int?
        /// Request and answer share it; nil for what is neither.
        let pair: Int?
    }

    let kind: Kind
    /// Since the connection began.
    let seconds: Double?
    /// Since the packet before.
    let delta: Double?

    /// `+1.234 s`.
    var time: String { seconds.map { "+\(Self.fixed($0, 3)) s" } ?? "" }

    /// `12.3 ms`, `1.23 s`.
    var pause: String {
        guard let delta else { return "" }
        return delta < 1 ? "\(Self.fixed(delta * 1000, 1)) ms" : "\(Self.fixed(delta, 2)) s"
    }

    static func fixed(_ value: Double, _ places: Int) -> String {
        let scale = places == 1 ? 10.0 : places == 2 ? 100.0 : 1000.0
        let all = Int((max(0, min(value, 1e12)) * scale).rounded())
        let fraction = String(all % Int(scale))
        return "\(all / Int(scale))." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}

/// The ladder of one connection.
struct Ladder {
    let connection: Int
    let title: [String]
    var rows: [LadderRow] = []
    private var lastSeconds: Double?
    private var requests: Set<Int> = []
    private var writer: TextWriter
    private let showsXML: Bool

    init(connection: Int, title: [String], maxPacketBytes: Int, showsXML: Bool) {
        self.connection = connection
        self.title = title
        self.showsXML = showsXML
        writer = TextWriter(maxPacketBytes: maxPacketBytes)
    }

    /// How many packets there are.
    var packetCount: Int {
        rows.count { row in
            if case .packet = row.kind { true } else { false }
        }
    }

    mutating func add(_ record: Record) {
        switch record {
        case .packet(let packet): add(packet)
        case .event(let event):
            rows.append(LadderRow(kind: .event(event.text), seconds: event.secondsSinceStart, delta: nil))
        case .prose(let lines): rows.append(LadderRow(kind: .prose(lines), seconds: nil, delta: nil))
        }
    }

    private mutating func add(_ record: PacketRecord) {
        let label = PacketLabel.make(record.replacement ?? record.xml)
        let isRequest = label.hasPrefix("iq get") || label.hasPrefix("iq set")
        let packet = LadderRow.Packet(
            number: record.number,
            direction: record.direction,
            label: label,
            telling: record.telling,
            xml: showsXML ? text(record) : "",
            answers: record.answers,
            pair: record.answers ?? (isRequest ? record.number : nil)
        )
        let seconds = record.secondsSinceStart
        let delta = seconds.flatMap { now in lastSeconds.map { now - $0 } }
        lastSeconds = seconds ?? lastSeconds
        rows.append(LadderRow(kind: .packet(packet), seconds: seconds, delta: delta))
    }

    /// The packet's lines in a transcript, without its header line and its explanation.
    private mutating func text(_ record: PacketRecord) -> String {
        var bare = record
        bare.telling.text = ""
        bare.telling.findings = []
        var bytes: [UInt8] = []
        writer.append(.packet(bare), to: &bytes)
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: true)
        return lines.dropFirst().joined(separator: "\n")
    }
}

/// A packet in a few words: its name, its type, and the name of what it holds first.
enum PacketLabel {
    static func make(_ xml: [UInt8]) -> String {
        if xml.starts(with: "</".utf8) { return "end of stream" }
        let start =
            xml.starts(with: "<?".utf8)
            ? xml.firstIndex(of: UInt8(ascii: ">")).map { xml.dropFirst($0 + 1) } ?? xml[...] : xml[...]
        let names = tagNames(start)
        guard let root = names.first else { return "packet" }
        if root == "stream" { return "stream header" }
        if root == "features" { return root }
        let type = ValueRewriter.values(in: Array(start.prefix(4096)))
            .first { $0.slot.depth == 1 && $0.slot.attribute == "type" }?.text
        return ([root, type?.shown(limit: 20)].compactMap { $0 } + names.dropFirst()).joined(separator: " ")
    }

    /// The local names of the first two start tags.
    private static func tagNames(_ xml: ArraySlice<UInt8>) -> [String] {
        var names: [String] = []
        var rest = xml
        while names.count < 2, let open = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest[(open + 1)...]
            if rest.first == UInt8(ascii: "/") { continue }
            let name = rest.prefix { !" \t\r\n/>".utf8.contains($0) }
            names.append(
                (String(decoding: name.prefix(60), as: UTF8.self).split(separator: ":").last.map(String.init) ?? "")
                    .shown(limit: 40)
            )
        }
        return names
    }
}
