import Session
import XMLStream
import XMPP

/// A message (RFC 6121 section 5) in general words.
func tellMessage(_ message: Element, _ packet: Packet, _ scene: Scene) -> Telling {
    let type = message["type"] ?? "normal"
    if type == "error" { return tellBounce(message, packet, scene, what: "A message") }
    var telling = Telling("\(kind(of: type))\(parties(message, packet, scene))")
    let subject = message.child("subject", message.namespace)?.text ?? ""
    if !subject.isEmpty { telling.text += ", subject \(subject.quoted(limit: 80))" }
    if let body = message.child("body", message.namespace)?.text {
        telling.text += ": \(body.quoted(limit: 120))."
    } else {
        telling.text += "\(content(message, hasSubject: !subject.isEmpty))."
    }
    if let delay = message.child("delay", NS.delay) { telling.text += toldDelay(delay) }
    telling.text = telling.text.collapsingStops
    if !["normal", "chat", "groupchat", "headline"].contains(type) {
        telling.findings.append(
            Finding(.messageType, "RFC 6121 knows no message of type \(type.quoted(limit: 40)); it counts as normal.")
        )
    }
    return telling
}

private func kind(of type: String) -> String {
    switch type {
    case "chat": "A chat message"
    case "groupchat": "A message to everyone in a room"
    case "headline": "A headline"
    default: "A message"
    }
}

/// A stanza that came back: what could not be delivered, to whom, and why. A client that refuses somebody's stanza is told as such.
func tellBounce(_ stanza: Element, _ packet: Packet, _ scene: Scene, what: String) -> Telling {
    let speaker = scene.speaker(of: stanza, in: packet)
    let isClients = packet.direction == .serverToClient
    // The error comes from the address that was written to, whoever made it (RFC 6120 section 8.3.1).
    let isUnaddressed = isClients && stanza["from"] == nil
    let whose =
        isUnaddressed ? "" : isClients ? " to \(speaker.name)" : " of \(scene.addressee(of: stanza, in: packet).name)"
    guard let error = StanzaError(of: stanza) else {
        return Telling("\(what)\(whose) comes back without any reason.", [StanzaError.missingFinding])
    }
    let result = isClients ? "could not be delivered" : "is refused by \(speaker.name)"
    return Telling("\(what)\(whose) \(result): \(error.told).\(error.says)".collapsingStops, error.findings)
}

/// From whom or to whom.
func parties(_ stanza: Element, _ packet: Packet, _ scene: Scene) -> String {
    switch packet.direction {
    case .clientToServer:
        if scene.streamKind != .client {
            return
                " from \(scene.speaker(of: stanza, in: packet).name) to \(scene.addressee(of: stanza, in: packet).name)"
        }
        let addressee = scene.addressee(of: stanza, in: packet)
        return addressee.role == .server && JID(stanza["to"] ?? "@").local != nil
            ? " to the own account" : " to \(addressee.name)"
    case .serverToClient:
        let to = scene.streamKind == .client ? "" : " to \(scene.addressee(of: stanza, in: packet).name)"
        let speaker = scene.speaker(of: stanza, in: packet)
        let itself = speaker.role == .client ? " itself" : ""
        return " from \(speaker.name)\(itself)\(to)"
    }
}

/// What a message without a body carries.
private func content(_ message: Element, hasSubject: Bool) -> String {
    let others = message.children.filter { !NS.stanzas.contains($0.namespace) && $0.namespace != NS.delay }
    let names = others.prefix(3).map { "<\($0.name.shown(limit: 40))/> of \(protocolName($0.namespace))" }
    if !names.isEmpty { return " with \(names.listed())" }
    return hasSubject ? "" : " without any content"
}

private func toldDelay(_ delay: Element) -> String {
    let time = delay["stamp"].map { ", from \($0.shown(limit: 40))" } ?? ""
    return " It was stored and is delivered late\(time) (XEP-0203)."
}

extension FindingCode {
    static let messageType = note(
        "message.type",
        "RFC 6121 section 5.2.2",
        "A type of message that RFC 6121 does not define counts as normal."
    )

    static let messages: [FindingCode] = [messageType]
}
