import Session
import XMLStream
import XMPP

/// Presence (RFC 6121 sections 3 and 4) in general words.
func tellPresence(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
    if let telling = tellRoomPresence(presence, packet, &scene) { return telling }
    let speaker = scene.speaker(of: presence, in: packet)
    switch presence["type"] {
    case nil: return tellAvailable(presence, speaker, packet, &scene)
    case "unavailable"?: return tellUnavailable(presence, speaker, packet, scene)
    case "subscribe"?, "subscribed"?, "unsubscribe"?, "unsubscribed"?:
        return tellSubscription(presence, packet, &scene)
    case "probe"?:
        return Telling(
            "\(speaker.start) asks for the current presence of \(scene.addressee(of: presence, in: packet).name) (a probe)."
        )
    case "error"?: return tellBounce(presence, packet, scene, what: "Presence")
    case let other?:
        return Telling(
            "Presence of the type \(other.quoted(limit: 40)) from \(speaker.name).",
            [Finding(.presenceType, "RFC 6121 knows no presence of that type.")]
        )
    }
}

/// Presence that has an address goes to one only, and is no general one (RFC 6121 section 4.6).
private func target(_ presence: Element, _ packet: Packet, _ scene: Scene) -> Party? {
    guard scene.streamKind == .client, presence["to"]?.isEmpty == false else { return nil }
    let party = scene.addressee(of: presence, in: packet)
    // The server passes on to the client what was meant for all.
    return party.isAccount || (packet.direction == .serverToClient && party.role == .client) ? nil : party
}

/// Whom presence is for on a stream of servers or of a component, where that is one session or occupant and no contact list.
private func fullAddressee(_ presence: Element, _ packet: Packet, _ scene: Scene) -> String? {
    guard scene.streamKind != .client, let to = presence["to"], JID(to).resource != nil else { return nil }
    return scene.addressee(of: presence, in: packet).name
}

private func tellAvailable(_ presence: Element, _ speaker: Party, _ packet: Packet, _ scene: inout Scene) -> Telling {
    let says = PresenceExtras.status(presence)
    let extras = PresenceExtras.told(presence, packet, &scene)
    let state = PresenceExtras.state(presence)
    if let target = target(presence, packet, scene) {
        let text = "\(speaker.start) lets \(target.name) alone know that it is \(state).\(says)\(extras.text)"
        return Telling(text.collapsingStops, extras.findings)
    }
    if let whom = fullAddressee(presence, packet, scene) {
        return Telling(
            "\(speaker.start) lets \(whom) know that it is \(state).\(says)\(extras.text)".collapsingStops,
            extras.findings
        )
    }
    let text = "\(whose(speaker, packet)) is \(state).\(says)\(extras.text)"
    return Telling(text.collapsingStops, extras.findings)
}

/// Whose presence it is, at the beginning of a sentence: a server hands a client its own one too (RFC 6121 section 4.2.2).
private func whose(_ speaker: Party, _ packet: Packet) -> String {
    let isOwn = speaker.role == .client && packet.direction == .serverToClient
    return isOwn ? "The server hands the client its own presence, as to all sessions of the account: it" : speaker.start
}

private func tellUnavailable(_ presence: Element, _ speaker: Party, _ packet: Packet, _ scene: Scene) -> Telling {
    let says = PresenceExtras.status(presence) + PresenceExtras.since(presence)
    if let target = target(presence, packet, scene) {
        return Telling("\(speaker.start) is no longer there for \(target.name).\(says)".collapsingStops)
    }
    if let whom = fullAddressee(presence, packet, scene) {
        return Telling("\(speaker.start) is no longer there for \(whom).\(says)".collapsingStops)
    }
    // Of somebody else it may be old news: a server says it also in answer to a probe.
    let since = packet.direction == .clientToServer ? " from now on" : ""
    return Telling("\(whose(speaker, packet)) is offline\(since).\(says)".collapsingStops)
}

// MARK: Subscriptions

/// Between whom a subscription is: on a client's stream the other side says it, elsewhere many have some with many.
private func subscriptionKey(_ presence: Element, _ isClients: Bool, _ scene: Scene) -> String {
    let (from, to) = (presence["from"] ?? "", presence["to"] ?? "")
    let (near, far) = isClients ? (from, to) : (to, from)
    let other = JID(far).bare.addressKey
    return scene.streamKind == .client ? other : "\(JID(near).bare.addressKey) \(other)"
}

private func tellSubscription(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
    let speaker = scene.speaker(of: presence, in: packet)
    let isClients = packet.direction == .clientToServer
    let peer = subscriptionKey(presence, isClients, scene)
    let status = presence.child("status", presence.namespace)?.text ?? ""
    let says =
        (status.isEmpty ? "" : " It says: \(status.quoted(limit: 120)).") + PresenceExtras.nickname(presence)
        + PresenceExtras.affiliation(presence)
    let (who, whom) = (speaker.name, scene.addressee(of: presence, in: packet).name)
    let known = scene.subscriptions[peer]
    let clause: String
    switch presence["type"] {
    case "subscribe": clause = "asks \(whom) for permission to see when \(whom) is online (subscription)"
    case "subscribed":
        clause = grant(from: who, to: whom, asked: isClients ? known?.wasAsked : known?.asked, isClients, scene)
    case "unsubscribe": clause = "no longer wants to see when \(whom) is online, and ends its subscription"
    default: clause = withdrawal(from: who, to: whom, known, isClients)
    }
    let next =
        presence["type"] == "subscribe" && !isClients && scene.streamKind == .client && known?.granted == nil
        && scene.addressee(of: presence, in: packet).role == .client
    let due = next ? " The client has to grant or refuse it." : ""
    noteSubscription(presence["type"] ?? "", peer, isClients, packet, &scene)
    return Telling("\(speaker.start) \(clause).\(says)\(due)".collapsingStops)
}

private func grant(from who: String, to whom: String, asked: Int?, _ isClients: Bool, _ scene: Scene) -> String {
    if let asked { return "grants the request of \(padded(asked)): \(whom) may see when \(who) is online" }
    let allowed = "allows \(whom) to see when \(who) is online"
    // Whoever asked may have done so before the recording, or while the client was offline.
    return !isClients || scene.beginsInMiddle
        ? allowed
        : "\(allowed); no request for that was seen on this connection, so this may be a permission in advance (RFC 6121 section 3.4)"
}

private func withdrawal(from who: String, to whom: String, _ known: Subscription?, _ isClients: Bool) -> String {
    let (asked, granted) = isClients ? (known?.wasAsked, known?.granted) : (known?.asked, known?.wasGranted)
    if let granted {
        return "takes back the permission of \(padded(granted)): \(whom) no longer sees when \(who) is online"
    }
    if let asked { return "refuses the request of \(padded(asked)): \(whom) may not see when \(who) is online" }
    return "does not let \(whom) see when \(who) is online, or no longer"
}

private func noteSubscription(_ type: String, _ peer: String, _ isClients: Bool, _ packet: Packet, _ scene: inout Scene)
{
    // No real contact list is longer; a hostile one shall not cost much.
    guard scene.subscriptions.count < 10_000 || scene.subscriptions[peer] != nil else { return }
    var known = scene.subscriptions[peer] ?? Subscription()
    switch (type, isClients) {
    case ("subscribe", true):
        (known.asked, known.wasGranted) = (packet.number, nil)
        known.story = scene.stories.begin(.subscription, peer.shown(limit: 100), packet)
    case ("subscribe", false): (known.wasAsked, known.granted) = (packet.number, nil)
    case ("subscribed", true): known.granted = packet.number
    case ("unsubscribed", true): (known.wasAsked, known.granted) = (nil, nil)
    case ("subscribed", false):
        known.wasGranted = packet.number
        if let story = known.story { scene.stories.settle(story, .succeeded, packet) }
        known.story = nil
    case ("unsubscribed", false):
        if let story = known.story {
            scene.stories.settle(story, .failed(Cause(why: "the other side refused", remedy: "")), packet)
        }
        (known.story, known.asked, known.wasGranted) = (nil, nil, nil)
    default: break
    }
    scene.subscriptions[peer] = known
}

/// What passed about seeing each other's presence, by packet numbers.
struct Subscription {
    /// The client asked.
    var asked: Int?
    /// The client was asked.
    var wasAsked: Int?
    /// The client allowed it.
    var granted: Int?
    /// The other side allowed it.
    var wasGranted: Int?
    var story: Int?
}

extension FindingCode {
    static let presenceType = warning(
        "presence.type",
        "RFC 6121 section 4.7.1",
        "The type is none that RFC 6121 defines; servers answer with bad-request."
    )
    static let presenceShow = warning(
        "presence.show",
        "RFC 6121 section 4.7.2.1",
        "The content of <show/> must be away, chat, dnd or xa. Anything else is ignored, or taken for simply online, by whoever receives it."
    )
    static let presencePriority = warning(
        "presence.priority",
        "RFC 6121 section 4.7.2.3",
        "A priority must be a whole number from -128 to 127. Servers may refuse another one or take it for 0."
    )
    static let presences: [FindingCode] = [presenceType, presenceShow, presencePriority]
}
