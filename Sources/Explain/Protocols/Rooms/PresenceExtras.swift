import Session
import XMLStream
import XMPP

/// What presence says beside being there: state, status, priority, capabilities, avatar, idle time.
enum PresenceExtras {
    static let avatarUpdate = "vcard-temp:x:update"
    static let idle = "urn:xmpp:idle:1"
    static let nick = "http://jabber.org/protocol/nick"
    static let signed = "jabber:x:signed"
    static let accountAffiliation = "urn:xmpp:raa:0"
    private static let shows: Set<String> = ["away", "chat", "dnd", "xa"]

    /// What the state of somebody is, behind "is".
    static func state(_ presence: Element) -> String {
        switch presence.child("show", presence.namespace)?.text.trimmed {
        case "away"?: "online, but away"
        case "chat"?: "online and wants to chat"
        case "dnd"?: "online, but does not want to be disturbed"
        case "xa"?: "online, but away for long"
        default: "online"
        }
    }

    /// A sentence; empty without a status. A client may give it in several languages; the first one is told.
    static func status(_ presence: Element) -> String {
        let status = presence.child("status", presence.namespace)?.text ?? ""
        return status.isEmpty ? "" : " Status: \(status.quoted(limit: 120))."
    }

    /// Sentences with a blank before each, and what is wrong in them.
    static func told(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> (text: String, findings: [Finding])
    {
        var text = ""
        var findings: [Finding] = []
        if let show = presence.child("show", presence.namespace)?.text.trimmed.nonEmpty, !shows.contains(show) {
            findings.append(
                Finding(
                    .presenceShow,
                    "<show/> is \(show.quoted(limit: 40)); it must be away, chat, dnd or xa (RFC 6121 section 4.7.2.1)."
                )
            )
        }
        if presence.children.count(where: { $0.is("show", presence.namespace) }) > 1 {
            findings.append(
                Finding(
                    .presenceShow,
                    "there is more than one <show/>, of which only one may be there (RFC 6121 section 4.7.2.1)."
                )
            )
        }
        if let priority = presence.child("priority", presence.namespace)?.text.trimmed {
            let (sentence, finding) = toldPriority(priority)
            text += sentence
            finding.map { findings.append($0) }
        }
        for case .element(let child) in presence.nodes where child.namespace != presence.namespace {
            switch child.namespace {
            case NS.capabilities where child.name == "c":
                text += capabilities(child, presence, packet, &scene)
                findings += incomplete(child)
                if isFirst(child, packet, scene) { findings += CapabilityForms.findings(child) }
            case NS.capabilities2 where child.name == "c":
                text += capabilities2(child, presence, packet, &scene)
                findings += CapabilityForms.secondFindings(child)
            case avatarUpdate: text += avatar(child, presence, &scene)
            case idle:
                if let since = child["since"] { text += " Idle since \(Say.time(since))\(scene.cite("XEP-0319"))." }
            case "jabber:iq:last":
                if let seconds = child["seconds"].flatMap({ Int($0) }), seconds >= 0 {
                    text += " Idle for \(People.duration(seconds))\(scene.cite("XEP-0256"))."
                }
            case signed: text += " The status is signed with OpenPGP\(scene.cite("XEP-0027"))."
            default: break
            }
        }
        return (text + nickname(presence) + affiliation(presence) + since(presence), findings)
    }

    private static func toldPriority(_ text: String) -> (String, Finding?) {
        guard let priority = Int(text), (-128...127).contains(priority) else {
            let finding = Finding(
                .presencePriority,
                "the priority is \(text.quoted(limit: 40)); it must be a whole number from -128 to 127 (RFC 6121 section 4.7.2.3)."
            )
            return ("", finding)
        }
        if priority < 0 {
            return (" Priority \(priority): what is sent to the bare address does not come here.", nil)
        }
        return (priority == 0 ? "" : " Priority \(priority).", nil)
    }

    // MARK: Capabilities

    private static func capabilities(_ c: Element, _ presence: Element, _ packet: Packet, _ scene: inout Scene)
        -> String
    {
        guard let node = c["node"]?.nonEmpty else { return "" }
        var name: String { CapabilityNode.name(ofProgram: node) }
        guard let version = c["ver"]?.nonEmpty else {
            return " By its capabilities it is \(name)\(scene.cite("XEP-0115"))."
        }
        let who = presence["from"] ?? ""
        let (known, isRepeated) = scene.people.announce("\(node)#\(version)", hash: c["hash"], by: who, packet.number)
        if isRepeated { return "" }
        if let known {
            if let answer = known.answer, answer.fits {
                return " Its capabilities are those of \(padded(answer.packet)) (\(name))."
            }
            return " By its capabilities it is \(name), with the hash of \(padded(known.packet))."
        }
        let hash = c["hash"] == nil ? "version \(version.shown(limit: 20))" : "hash \(CapabilityNode.short(version))"
        return " By its capabilities it is \(name) (\(hash))\(scene.cite("XEP-0115"))."
    }

    /// True where nobody has announced the same before: what is wrong with it is told once.
    private static func isFirst(_ c: Element, _ packet: Packet, _ scene: Scene) -> Bool {
        guard let node = c["node"], let version = c["ver"] else { return false }
        return scene.people.capabilities["\(node)#\(version)"]?.packet == packet.number
    }

    /// Without its node or version nobody can look up or keep capabilities.
    private static func incomplete(_ c: Element) -> [Finding] {
        let names = ["node", "ver"].filter { c[$0]?.nonEmpty == nil }
        if names.isEmpty { return [] }
        return [
            Finding(
                .capabilitiesIncomplete,
                "the capabilities have no \(names.joined(separator: " and no ")), which is a must (XEP-0115 section 4)."
            )
        ]
    }

    private static func capabilities2(_ c: Element, _ presence: Element, _ packet: Packet, _ scene: inout Scene)
        -> String
    {
        let hashes = c.children.filter { $0.is("hash", NS.hashes) }
        var isNew = false
        for hash in hashes.prefix(8) {
            guard let function = hash["algo"]?.nonEmpty, let value = hash.text.trimmed.nonEmpty else { continue }
            let node = "\(NS.capabilities2)#\(function).\(value)"
            isNew =
                !scene.people.announce(node, hash: function, by: "\(presence["from"] ?? "") \(function)", packet.number)
                .isRepeated || isNew
        }
        guard isNew, let first = hashes.first?.text.trimmed.nonEmpty else { return "" }
        // Most give both forms; the older one names the program.
        if presence.child("c", NS.capabilities) != nil { return "" }
        return " It announces its capabilities by the hash \(CapabilityNode.short(first))\(scene.cite("XEP-0390"))."
    }

    // MARK: Who it is

    /// The avatar (XEP-0153); without `<photo/>` the client has not looked for it yet.
    private static func avatar(_ update: Element, _ presence: Element, _ scene: inout Scene) -> String {
        guard update.name == "x" else { return "" }
        // What a room says of itself stands beside; whoever is meant has to be named there.
        let isInRoom = presence.child("x", NS.mucUser) != nil
        guard let photo = update.child("photo") else {
            return isInRoom ? "" : " It does not know yet which avatar it has\(scene.cite("XEP-0153"))."
        }
        guard let hash = photo.text.trimmed.nonEmpty else {
            return isInRoom ? "" : " It has no avatar\(scene.cite("XEP-0153"))."
        }
        return
            " \(isInRoom ? "The occupant's" : "Its") avatar is the picture with the SHA-1 \(hash.shown(limit: 8))\(scene.cite("XEP-0153"))."
    }

    /// The nickname that somebody gives themselves (XEP-0172).
    static func nickname(_ presence: Element) -> String {
        presence.child("nick", nick)?.text.trimmed.nonEmpty.map { " It calls itself \($0.quoted(limit: 60))." } ?? ""
    }

    /// What a server says of an account of its own, to judge it by (XEP-0489).
    static func affiliation(_ presence: Element) -> String {
        guard let info = presence.child("info", accountAffiliation) else { return "" }
        let told = AccountAffiliation.told(info)
        return told.isEmpty ? "" : " Its server says: \(told)."
    }

    /// The token of an invitation, by which the other side knows that it gave it (XEP-0379).
    static func token(_ presence: Element, _ scene: inout Scene) -> String {
        presence.child("preauth", "urn:xmpp:pars:0") == nil
            ? "" : " With it comes the token of an invitation\(scene.cite("XEP-0379"))."
    }

    /// When it was sent first, if that is some time ago (XEP-0203).
    static func since(_ presence: Element) -> String {
        guard let stamp = presence.child("delay", NS.delay)?["stamp"] else { return "" }
        return " That is so since \(Say.time(stamp))."
    }
}
