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
    case "error"?:
        return tellSubscriptionBounce(presence, packet, &scene)
            ?? tellBounce(presence, packet, scene, what: "Presence")
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
        let whom = target.role == speaker.role && target.role == .client ? "itself" : target.name
        let text = "\(speaker.start) lets \(whom) alone know that it is \(state).\(says)\(extras.text)"
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
    if speaker.isAccount { return "The client's own account" }
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
    if speaker.role == .contact, packet.direction == .serverToClient, speaker.address?.contains("/") == false {
        return Telling("\(speaker.start) is offline, as far as the client may see.\(says)".collapsingStops)
    }
    let since = packet.direction == .clientToServer ? " from now on" : ""
    return Telling("\(whose(speaker, packet)) is offline\(since).\(says)".collapsingStops)
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
    static let presences: [FindingCode] = [
        presenceType, presenceShow, presencePriority, subscriptionAddress, subscriptionResource,
    ]
}
