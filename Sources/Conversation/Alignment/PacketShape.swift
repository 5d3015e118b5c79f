import XMLStream
import XMPP

/// What a packet consists of, for finding the packet of another session that stands for it.
struct PacketShape: Sendable, Equatable {
    /// What must be alike in packets that stand for each other: the kind of packet, of requests what they ask for.
    let family: String
    /// Type and payload.
    private let key: String
    /// Hashes of its parts, in order; what is made up anew in every session is left out.
    private let parts: [Int]

    /// More parts of a packet are not looked at.
    private static let partLimit = 400

    init(_ kind: RecordedPacket.Kind) {
        switch kind {
        case .end: (family, key, parts) = ("end", "", [])
        case .oversized: (family, key, parts) = ("unread", "", [])
        case .header: (family, key, parts) = ("header", "", [])
        case .element(let element):
            let payload = element.firstChild.map { "\($0.name) \($0.namespace)" } ?? ""
            family = Self.family(of: element, payload)
            key = (element["type"] ?? "") + " " + payload
            var parts: [Int] = []
            Self.gather(element, "", &parts)
            if let to = element["to"] { parts += Self.addressee(JID(to)) }
            self.parts = parts.sorted()
        }
    }

    private static func family(of element: Element, _ payload: String) -> String {
        switch element.name {
        case "iq" where element.isAnswer: return "iq answer"
        case "iq": return "iq request " + payload
        case "success", "failure": return "verdict " + element.namespace
        case "proceed": return "verdict \(NS.tls)"
        case "enabled", "resumed", "failed": return "sm verdict"
        default: return "\(element.name) \(element.namespace)"
        }
    }

    /// Whom it is for, in terms that hold for sessions of other names: what kind of address, of a service its first label.
    private static func addressee(_ jid: JID) -> [Int] {
        let form = "to \(jid.local != nil) \(jid.resource != nil)".hashValue
        guard jid.local == nil, let label = jid.domain.split(separator: ".").first else { return [form, form] }
        return [form, "service \(label)".hashValue]
    }

    private static func gather(_ element: Element, _ path: String, _ parts: inout [Int]) {
        guard parts.count < partLimit else { return }
        let path = "\(path)/\(element.name) \(element.namespace)"
        parts.append(path.hashValue)
        for attribute in element.attributes {
            let isTold = ValueMeaning.of(attribute, in: element) == .exact || attribute.name == "h"
            let value = isTold ? attribute.value : ""
            parts.append("\(path)@\(attribute.name)=\(value)".hashValue)
        }
        let text = element.trimmedText
        if !text.isEmpty {
            parts.append((path + (ValueMeaning.of(textOf: element) == .exact ? text : "")).hashValue)
        }
        for child in element.children { gather(child, path, &parts) }
    }

    /// Of two packets that have all parts in common.
    static let likenessOfEquals = 260

    /// How much two packets are alike; 0 if neither can stand for the other.
    func likeness(to other: PacketShape) -> Int {
        guard family == other.family else { return 0 }
        let all = max(parts.count, other.parts.count)
        let share = all == 0 ? 100 : 100 * common(with: other) / all
        return 20 + (key == other.key ? 100 : 0) + share + (share == 100 ? 40 : 0)
    }

    private func common(with other: PacketShape) -> Int {
        var (one, two, count) = (0, 0, 0)
        while one < parts.count, two < other.parts.count {
            if parts[one] == other.parts[two] {
                (one, two, count) = (one + 1, two + 1, count + 1)
            } else if parts[one] < other.parts[two] {
                one += 1
            } else {
                two += 1
            }
        }
        return count
    }
}
