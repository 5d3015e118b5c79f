import XMLStream
import XMPP

/// A message (RFC 6121 section 5).
func explainMessage(_ message: Element, _ direction: Direction, _ conversation: inout Conversation) -> Telling {
    conversation.counts.messages[direction, default: 0] += 1
    let who = parties(message, direction)
    let type = message["type"] ?? "normal"
    if type == "error" {
        guard let error = StanzaError(of: message) else {
            return Telling("A message error\(who) without <error/>.")
        }
        return Telling(
            "A message could not be delivered\(who): \(error.condition.shown(limit: 60)), \(error.meaning).\(error.says)"
                .collapsingStops,
            error.findings
        )
    }
    var findings: [Finding] = []
    let known = ["normal", "chat", "groupchat", "headline"]
    if !known.contains(type) {
        findings.append(.note("RFC 6121 knows no message of type \(type.quoted(limit: 40)); it counts as normal."))
    }
    let kind =
        switch type {
        case "chat": "A chat message"
        case "groupchat": "A message to everyone in a room"
        case "headline": "A headline"
        default: "A message"
        }
    var text = "\(kind)\(who)"
    if let subject = message.child("subject")?.text, !subject.isEmpty {
        text += ", subject \(subject.quoted(limit: 80))"
    }
    if let body = message.child("body")?.text {
        text += ": \(body.quoted(limit: 120))."
    } else {
        text += " without a text\(extensions(message))."
    }
    if message.child("delay", NS.delay) != nil { text += " It was stored and is delivered late (XEP-0203)." }
    return Telling(text.collapsingStops, findings)
}

/// Presence (RFC 6121 sections 3 and 4).
func explainPresence(_ presence: Element, _ direction: Direction, _ conversation: inout Conversation) -> Telling {
    conversation.counts.presences += 1
    let sender = direction.sender == .client ? "The client" : presence["from"]?.shown(limit: 100) ?? "The server"
    let to = presence["to"].map { " to \($0.shown(limit: 100))" } ?? ""
    switch presence["type"] {
    case nil: return available(presence, direction, sender)
    case "unavailable"?:
        return Telling("\(sender) is offline from now on\(direction == .clientToServer ? to : "").")
    case "subscribe"?: return Telling("\(sender) asks\(to) to see when the other is online (subscription).")
    case "subscribed"?: return Telling("\(sender) allows the subscription\(to).")
    case "unsubscribe"?: return Telling("\(sender) ends its subscription\(to).")
    case "unsubscribed"?: return Telling("\(sender) refuses or withdraws the subscription\(to).")
    case "probe"?: return Telling("A server asks for the current presence\(to).")
    case "error"?:
        guard let error = StanzaError(of: presence) else { return Telling("A presence error without <error/>.") }
        return Telling(
            "Presence was refused: \(error.condition.shown(limit: 60)), \(error.meaning).\(error.says)".collapsingStops,
            error.findings
        )
    case let other?:
        return Telling(
            "Presence of the type \(other.quoted(limit: 40)).",
            [.warning("RFC 6121 knows no presence of that type.")]
        )
    }
}

private func available(_ presence: Element, _ direction: Direction, _ sender: String) -> Telling {
    if let to = presence["to"], direction == .clientToServer, presence.child("x", NS.muc) != nil {
        return Telling(
            "The client enters the room \(JID(to).bare.shown(limit: 100)) as \((JID(to).resource ?? "").quoted(limit: 60)) (XEP-0045)."
        )
    }
    let state =
        switch presence.child("show")?.text {
        case "away"?: "online, but away"
        case "chat"?: "online and wants to chat"
        case "dnd"?: "online, but does not want to be disturbed"
        case "xa"?: "online, but away for long"
        default: "online"
        }
    let status = presence.child("status")?.text ?? ""
    let says = status.isEmpty ? "" : " Status: \(status.quoted(limit: 120))."
    return Telling("\(sender) is \(state).\(says)".collapsingStops)
}

private func parties(_ stanza: Element, _ direction: Direction) -> String {
    switch direction {
    case .clientToServer: stanza["to"].map { " to \($0.shown(limit: 100))" } ?? " to the own account"
    case .serverToClient: stanza["from"].map { " from \($0.shown(limit: 100))" } ?? " from the server"
    }
}

/// The protocols of a message's children, for one without a body.
private func extensions(_ stanza: Element) -> String {
    let names = stanza.children.filter { $0.namespace != NS.client }.prefix(3).map { protocolName($0.namespace) }
    return names.isEmpty ? "" : ", with \(names.listed())"
}
