import Session
import XMLStream
import XMPP

/// Finds messages that are delivered twice to this session: the same one again, or as itself and as a copy (XEP-0280). What comes out of an archive or is
/// marked as delayed may have come before.
struct DuplicateWatch: Watcher {
    /// What was delivered, by hashes that are seeded anew in every run, and the packet; only the last ones.
    private var seen: [Int: Int] = [:]
    private var order: [Int] = []
    private var next = 0
    private static let limit = 4096
    /// What came out of archives since a page was asked for or ended.
    private var page: Set<Int> = []
    /// The ids of messages that came back as errors.
    private var cameBack: Set<String> = []

    mutating func pass(_ packet: Packet, _ scene: inout Scene) -> [Finding] {
        guard scene.streamKind == .client, let stanza = packet.element, NS.stanzas.contains(stanza.namespace) else {
            return []
        }
        if stanza.name == "iq" {
            // A new question or the end of a page; in old versions the end was no answer.
            if stanza.firstChild?.namespace.hasPrefix("urn:xmpp:mam:") == true { page = [] }
            return []
        }
        guard stanza.name == "message" else { return [] }
        if stanza["type"] == "error" {
            if let id = stanza["id"], cameBack.count < Self.limit { cameBack.insert(id) }
            return []
        }
        switch packet.direction {
        case .clientToServer: return packet.isSentByProxy ? [] : sent(stanza, packet)
        case .serverToClient: return delivered(stanza, packet, scene)
        }
    }

    /// What came back may be sent again.
    private mutating func sent(_ message: Element, _ packet: Packet) -> [Finding] {
        guard let key = Self.ownKey(message), !cameBack.contains(message["id"] ?? "") else { return [] }
        let first = seen[key]
        note(key, packet.number)
        return first.map {
            [Finding(.duplicate, "the client sent this message in \(padded($0)) already, so it is delivered twice.")]
        } ?? []
    }

    private mutating func delivered(_ message: Element, _ packet: Packet, _ scene: Scene) -> [Finding] {
        for case .element(let child) in message.nodes where child.namespace != message.namespace {
            if child.namespace == NS.delay || child.namespace == "jabber:x:delay" { return [] }
            if child.name == "result", child.namespace.hasPrefix("urn:xmpp:mam:") { return archived(child, message) }
            if child.namespace == MessageNS.carbons { return copied(child, packet, scene) }
        }
        return again(Self.keys(message, scene), packet, "this message came in", "already, so it is delivered twice")
    }

    private mutating func archived(_ result: Element, _ message: Element) -> [Finding] {
        guard let id = result["id"]?.nonEmpty, page.count < Self.limit else { return [] }
        let key = Self.hash([message["from"] ?? "", result["queryid"] ?? "", id])
        if page.insert(key).inserted { return [] }
        return [
            Finding(
                .archiveRepeated,
                "the archive has sent the message \(id.quoted(limit: 60)) on this page already (XEP-0313 section 4.2)."
            )
        ]
    }

    private mutating func copied(_ carbon: Element, _ packet: Packet, _ scene: Scene) -> [Finding] {
        guard let inner = carbon.child("forwarded", MessageNS.forward)?.forwardedMessage, inner["type"] != "error",
            inner.firstChild(where: { $0.namespace == NS.delay }) == nil, let own = scene.bareJID
        else { return [] }
        // Of what somebody writes to themselves, sender and receiver are both here.
        let isToSelf =
            inner["from"].map { isAddress($0, of: own) } == true
            && inner["to"].map { isAddress($0, of: own) } == true
        if isToSelf { return [] }
        if carbon.name == "sent" {
            guard inner["from"] == scene.account.boundJID else { return [] }
            let keys = [Self.ownKey(inner)].compactMap { $0 }
            return again(keys, packet, "the client itself sent this in", "so it needs no copy of it")
        }
        return again(Self.keys(inner, scene), packet, "this message came in", "already, so it is delivered twice")
    }

    private mutating func again(_ keys: [Int], _ packet: Packet, _ before: String, _ behind: String) -> [Finding] {
        let first = keys.compactMap { seen[$0] }.first
        for key in keys { note(key, packet.number) }
        guard let first else { return [] }
        let comma = behind.hasPrefix("so") ? ", " : " "
        return [Finding(.duplicate, "\(before) \(padded(first))\(comma)\(behind).")]
    }

    private mutating func note(_ key: Int?, _ number: Int) {
        guard let key, seen[key] == nil else { return }
        seen[key] = number
        if order.count < Self.limit {
            order.append(key)
        } else {
            seen[order[next]] = nil
            order[next] = key
            next = (next + 1) % Self.limit
        }
    }

    // MARK: By what a message is known again

    /// By the ids that the own account's archive or the room gave it, and by its sender, id and text.
    private static func keys(_ message: Element, _ scene: Scene) -> [Int] {
        var keys: [Int] = []
        let from = message["from"] ?? ""
        let to = (message["to"] ?? "").withoutResource.description.addressKey
        for case .element(let child) in message.nodes where child.is("stanza-id", MessageNS.stanzaIDs) {
            guard let by = child["by"], let id = child["id"]?.nonEmpty else { continue }
            let isOfRoom = message["type"] == "groupchat" && isAddress(from, of: by)
            let isOwn = scene.bareJID.map { isSameAddress($0, by) } == true
            if isOfRoom || isOwn { keys.append(hash(["stanza-id", by.addressKey, id, to])) }
        }
        if let id = message["id"]?.nonEmpty, let text = message.child("body", message.namespace)?.text.nonEmpty {
            keys.append(hash(["id", from, to, id, message["type"] ?? "", text]))
        }
        return keys
    }

    private static func ownKey(_ message: Element) -> Int? {
        guard let id = message["id"]?.nonEmpty, let text = message.child("body", message.namespace)?.text.nonEmpty
        else { return nil }
        return hash(["own", (message["to"] ?? "").addressKey, id, text])
    }

    private static func hash(_ parts: [String]) -> Int {
        var hasher = Hasher()
        hasher.combine(parts)
        return hasher.finalize()
    }
}

extension FindingCode {
    static let duplicate = warning(
        "message.duplicate",
        "XEP-0359 section 3",
        "The same message was delivered twice to this session, or as itself and as a copy. A client that does not compare ids shows it twice; look at who sent it again: the sender, a room, or the server by its copies (XEP-0280)."
    )
    static let archiveRepeated = warning(
        "archive.result.repeated",
        "XEP-0313 section 4.2",
        "One page of an archive holds the same message twice. A client that counts messages miscounts, and one that pages by ids may go in a circle."
    )
}
