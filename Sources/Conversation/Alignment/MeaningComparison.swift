import SASL
import XMLStream
import XMPP

/// Compares two packets that belong together by what they mean in their sessions.
struct MeaningComparison {
    let rules: ComparisonRules
    /// The accounts and domains of the sessions: a request to one of them may bear the address or none.
    var ownAddresses: Set<String> = []

    /// Adds what the values of two packets say of what stands for what.
    func learn(_ one: ComparedPacket, _ other: ComparedPacket, _ pairs: inout ValuePairs) {
        guard let element = one.element, let counterpart = other.element else { return }
        var found: [(ValueMeaning, String, String)] = []
        MeaningWalk(pairs: pairs) { what in
            if case .values(_, let meaning, let value, let otherMeaning, let otherValue) = what,
                meaning == otherMeaning
            {
                found.append((meaning, value, otherValue))
            }
        }.walk(element, counterpart)
        for (meaning, value, otherValue) in found { learn(meaning, value, otherValue, &pairs) }
    }

    private func learn(_ meaning: ValueMeaning, _ value: String, _ other: String, _ pairs: inout ValuePairs) {
        switch meaning {
        case .address: pairs.vote(JID(value), JID(other))
        case .domain: pairs.vote(value, other, .domain)
        case .user: pairs.vote(value, other, .user)
        case .resource: pairs.vote(value, other, .resource)
        case .id: pairs.vote(value, other, .id)
        case .exact, .madeUp, .remark, .sasl: break
        }
    }

    /// What is different in two packets, the weightiest first.
    func differences(_ one: ComparedPacket, _ other: ComparedPacket, _ pairs: ValuePairs) -> [ComparedDifference] {
        guard var element = one.element, var counterpart = other.element else { return unread(one, other) }
        for path in rules.ignored {
            guard let rest = path.removingMatches(from: element),
                let otherRest = path.removingMatches(from: counterpart)
            else { return [] }
            (element, counterpart) = (rest, otherRest)
        }
        let isHeader = one.shape.family == "header"
        var differences: [ComparedDifference] = []
        MeaningWalk(pairs: pairs) { what in
            if let difference = difference(what, one.direction, isHeader, pairs) { differences.append(difference) }
        }.walk(element, counterpart)
        if (one.answers == nil) != (other.answers == nil) {
            differences.append(Self.unasked(one, other))
        }
        return differences.filter { $0.weight == .major } + differences.filter { $0.weight == .minor }
    }

    private static func unasked(_ one: ComparedPacket, _ other: ComparedPacket) -> ComparedDifference {
        func told(_ packet: ComparedPacket) -> String {
            let id = packet.element?["id"]?.quoted(limit: 60) ?? "no id"
            return packet.answers == nil ? "\(id), which answers no request" : "\(id), which answers a request"
        }
        return ComparedDifference(path: "iq/@id", inA: told(one), inB: told(other), weight: .major)
    }

    private func unread(_ one: ComparedPacket, _ other: ComparedPacket) -> [ComparedDifference] {
        guard one.kind != other.kind || (one.kind == .oversized && one.xml != other.xml) else { return [] }
        return [ComparedDifference(path: "", inA: "a packet", inB: "another one", weight: .major)]
    }

    private func difference(
        _ what: MeaningWalk.Found,
        _ direction: Direction,
        _ isHeader: Bool,
        _ pairs: ValuePairs
    ) -> ComparedDifference? {
        switch what {
        case .values(let path, let meaning, let value, let otherMeaning, let other):
            if value == other, meaning == .exact || meaning == .remark { return nil }
            let isSame =
                meaning == otherMeaning ? agree(meaning, value, other, path, pairs) : value == other
            if isSame { return nil }
            let isLight = meaning == .remark || meaning == .sasl
            if meaning == .sasl {
                let (inA, inB) = (Self.told(value), Self.told(other))
                return ComparedDifference(path: path, inA: inA, inB: inB, weight: .minor)
            }
            return ComparedDifference(
                path: path,
                inA: value.quoted(limit: 80),
                inB: other.quoted(limit: 80),
                weight: isLight ? .minor : .major
            )
        case .missing(let path, let inA, let inB, let meaning):
            let isRoot = path.utf8.count(where: { $0 == UInt8(ascii: "/") }) == 1
            // A server may say whom a stanza is from and for, or leave it out (RFC 6120 section 8.1).
            let isServers =
                direction == .serverToClient && isRoot && (path.hasSuffix("/@to") || path.hasSuffix("/@from"))
            let isOwn = path == "iq/@to" && ownAddresses.contains { (inA ?? inB) == $0.quoted(limit: 80) }
            let isLight =
                meaning == .remark || meaning == .sasl || isServers || isOwn || isHeader && path.hasSuffix("/@from")
            return ComparedDifference(path: path, inA: inA, inB: inB, weight: isLight ? .minor : .major)
        }
    }

    private func agree(
        _ meaning: ValueMeaning,
        _ value: String,
        _ other: String,
        _ path: String,
        _ pairs: ValuePairs
    ) -> Bool {
        switch meaning {
        case .exact:
            if value == other { return true }
            if path.hasSuffix("/body") || path.hasSuffix("/subject") || path.contains("@") { return false }
            return !pairs.haveSameAccount
                && [.domain, .user].contains { pairs.counterpart(of: value, $0) == other }
        case .address: return pairs.agree(JID(value), JID(other))
        case .domain: return pairs.agree(value, other, .domain)
        case .user: return pairs.agree(value, other, .user)
        case .resource: return pairs.agree(value, other, .resource)
        case .id: return pairs.agree(value, other, .id)
        case .madeUp: return true
        case .remark: return value == other
        case .sasl: return Self.rounds(value) == Self.rounds(other)
        }
    }

    private static func told(_ text: String) -> String {
        rounds(text).map { "a challenge with \(String($0).shown(limit: 30))" } ?? "another message"
    }

    /// How often a challenge of SCRAM has the password hashed: all else in a login is new each time.
    private static func rounds(_ text: String) -> Substring? {
        guard let bytes = SASLData(text, .lenient).bytes else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: ",").first { $0.hasPrefix("i=") }
    }
}
