import Transcript
import XMPP

/// One packet or event on one line: number, time, arrow, what it is, with whom, and a short sentence.
struct BriefLine: Equatable {
    enum Mark: String {
        case none = " "
        /// It has a warning; the line tells that one.
        case warning = "!"
        /// It says that something failed.
        case error = "x"
    }

    let number: String
    let seconds: Double?
    let arrow: String
    let mark: Mark
    /// What it is: `iq get register`.
    let kind: String
    /// Its first warning, or its first sentence.
    let sentence: String

    init(_ record: PacketRecord) {
        let root = record.root ?? PacketRecord.Root(xml: record.replacement ?? record.xml)
        let warning = record.telling.findings.first { $0.severity == .warning }
        number = record.number.map(BriefNumber.text) ?? "-"
        seconds = record.secondsSinceStart
        arrow = record.direction.rawValue
        mark = warning != nil ? .warning : root?.isError == true ? .error : .none
        kind = BriefKind.text(record, root)
        sentence = warning?.text ?? BriefSentence.first(of: record.telling.text, said: record.direction.sender)
    }

    /// Something that is no packet.
    init(event: EventRecord) {
        number = ""
        seconds = event.secondsSinceStart
        arrow = ""
        mark = event.isFailure ? .error : .none
        kind = ""
        sentence = "[\(event.text)]"
    }

    /// What came of a story that ends with the packet.
    init(story: String, isFailure: Bool, _ packet: PacketRecord) {
        number = ""
        seconds = packet.secondsSinceStart
        arrow = "  ="
        mark = isFailure ? .error : .none
        kind = ""
        sentence = story
    }

    /// A run of packets.
    init(fold: String, numbers: String, seconds: Double?) {
        number = numbers
        self.seconds = seconds
        arrow = ""
        mark = .none
        kind = ""
        sentence = fold
    }

    /// Kinds are so wide where there is room, so that sentences stand below each other.
    private static let kindColumns = 16
    private static let secondsColumns = 8

    /// The line without its end, cut to the columns.
    ///
    /// - Parameter connection: its number, where there are several.
    func text(columns: Int, connection: Int?) -> String {
        let time = seconds.map { "+" + $0.thousandths + "s" } ?? ""
        var parts: [String] = []
        if let connection { parts.append("\(connection):") }
        parts.append(DisplayWidth.padded(number, to: 3))
        parts.append(DisplayWidth.padded(time, to: Self.secondsColumns))
        if !arrow.isEmpty { parts.append(arrow) }
        parts.append(mark.rawValue)
        if !kind.isEmpty {
            // What is too long for the column stands apart from the sentence all the same.
            let isLong = DisplayWidth.of(kind) > Self.kindColumns
            parts.append(isLong ? kind + " " : DisplayWidth.padded(kind, to: Self.kindColumns))
        }
        parts.append(sentence)
        let line = parts.joined(separator: " ").shown(limit: .max)
        return DisplayWidth.cut(String(line.reversed().drop { $0 == " " }.reversed()), to: columns)
    }
}

/// The number of a packet as transcripts write it.
enum BriefNumber {
    static func text(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
}

extension Double {
    /// With three places behind the point: `0.213`.
    fileprivate var thousandths: String {
        guard isFinite, self >= 0, self < 1e12 else { return "?" }
        let (whole, rest) = Int((self * 1000).rounded()).quotientAndRemainder(dividingBy: 1000)
        return "\(whole)." + BriefNumber.text(rest)
    }
}

/// What a packet is, in few words, and with whom if that is not the own server.
enum BriefKind {
    private static let limit = 40

    static func text(_ record: PacketRecord, _ root: PacketRecord.Root?) -> String {
        guard let root else { return record.xml.starts(with: "</".utf8) ? "end of stream" : "packet" }
        let words = words(root).map { $0.shown(limit: limit) }.joined(separator: " ")
        guard let party = party(record, root) else { return words }
        let side = record.direction.sender == .client ? "to" : "from"
        return "\(words) \(side) \(DisplayWidth.cut(party.shown(limit: limit), to: 24))"
    }

    private static func words(_ root: PacketRecord.Root) -> [String] {
        if NS.stanzas.contains(root.namespace) {
            let isOwn = root.contentNamespace.map { NS.stanzas.contains($0) } ?? false
            let content = root.contentNamespace.map { ProtocolRegistry.shortName(of: $0) } ?? root.content
            // What a presence carries first, such as an avatar's hash, is not what it is about; a room is.
            if root.name == "presence", root.contentNamespace?.hasPrefix(NS.muc) != true {
                return [root.name, root.type].compactMap(\.self)
            }
            return [root.name, root.type, isOwn ? nil : content].compactMap(\.self)
        }
        switch root.name {
        case "stream" where root.namespace == NS.streams: return ["stream header"]
        case "error" where root.namespace == NS.streams: return ["stream error"]
        case "features" where root.namespace == NS.streams: return [root.name]
        default:
            let name = ProtocolRegistry.shortName(of: root.namespace)
            return name.isEmpty || root.name == name ? [root.name] : [name, root.name]
        }
    }

    /// Who the packet comes from or goes to, if it is somebody else than the two at the ends of the connection.
    private static func party(_ record: PacketRecord, _ root: PacketRecord.Root) -> String? {
        guard NS.stanzas.contains(root.namespace), let roles = record.telling.roles else { return nil }
        let isSent = record.direction.sender == .client
        switch isSent ? roles.addressee : roles.speaker {
        case .client, .server: return nil
        case .ownSession, .contact, .room, .occupant, .service, .component, .peerServer:
            return isSent ? root.to : root.from
        }
    }
}

/// The first sentence of a telling.
enum BriefSentence {
    /// The sentence without the words that the arrow says already.
    static func first(of text: String, said side: Side) -> String {
        let sentence = first(of: text)
        let subject = side == .client ? "The client " : "The server "
        return sentence.hasPrefix(subject) ? String(sentence.dropFirst(subject.count)) : sentence
    }

    private static func first(of text: String) -> String {
        var isQuoted = false
        var last: Character = " "
        for index in text.indices {
            let character = text[index]
            if character == "\"" { isQuoted.toggle() }
            if character == " ", last == ".", !isQuoted { return String(text[..<index]) }
            last = character
        }
        return text
    }
}
