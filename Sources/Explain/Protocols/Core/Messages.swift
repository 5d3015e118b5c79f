import Session
import XMLStream
import XMPP

/// A message (RFC 6121 section 5) in general words.
func tellMessage(_ message: Element, _ packet: Packet, _ scene: Scene) -> Telling {
    let type = message["type"] ?? "normal"
    if type == "error" { return tellBounce(message, packet, scene, what: "A message") }
    let subject = message.child("subject", message.namespace)?.text
    let body = message.child("body", message.namespace)?.text
    if type == "groupchat", let room = scene.groupchatRoom(message, in: packet) {
        return tellGroupchat(message, in: room, subject, body, packet, scene)
    }
    let start = "\(kind(of: type, scene.other(in: message, packet)))\(parties(message, packet, scene))"
    var telling = Telling(start + said(message, subject, body) + toldDelay(message, packet))
    telling.text = telling.text.collapsingStops
    if !["normal", "chat", "groupchat", "headline"].contains(type) {
        telling.findings.append(
            Finding(.messageType, "RFC 6121 knows no message of type \(type.quoted(limit: 40)); it counts as normal.")
        )
    }
    return telling
}

/// A message to everyone in a room (XEP-0045 section 7.4); one with a subject alone sets that of the room (section 7.2.15).
private func tellGroupchat(
    _ message: Element,
    in room: Party,
    _ subject: String?,
    _ body: String?,
    _ packet: Packet,
    _ scene: Scene
) -> Telling {
    let delay = toldDelay(message, packet)
    let speaker = scene.groupchatSpeaker(message, in: packet, isOld: !delay.isEmpty)
    if let subject, body == nil {
        let set = subject.isEmpty ? "no subject" : "the subject \(subject.quoted(limit: 80))"
        let by = subject.isEmpty ? "" : speaker.map { ", set by \($0.shortName)" } ?? ""
        let text =
            packet.direction == .clientToServer
            ? "The client gives \(room.name) \(set)." : "\(room.start) has \(set)\(by)."
        return Telling((text + delay).collapsingStops)
    }
    let start: String
    switch (packet.direction, speaker) {
    case (.clientToServer, _): start = "A message to everyone in \(room.name)"
    case (.serverToClient, nil): start = "A message of \(room.name) itself to everyone in it"
    case (.serverToClient, let speaker?) where speaker.role == .client:
        start = "The client's own message to everyone in \(room.name)"
    case (.serverToClient, let speaker?): start = "A message from \(speaker.shortName) to everyone in \(room.name)"
    }
    return Telling((start + said(message, subject, body) + delay).collapsingStops)
}

/// What the message says or carries, to stand behind who says it to whom.
private func said(_ message: Element, _ subject: String?, _ body: String?) -> String {
    var text = subject.flatMap(\.nonEmpty).map { ", subject \(quoted($0, limit: 80))" } ?? ""
    if let body { return text + ": \(quoted(body, limit: 120))." }
    let others = message.children.filter { !NS.stanzas.contains($0.namespace) && $0.namespace != NS.delay }
    let names = others.prefix(others.count == 3 ? 3 : 2).map {
        "<\($0.name.shown(limit: 40))/> of \(protocolName($0.namespace))"
    }
    if !names.isEmpty {
        text += "\(text.isEmpty ? "" : ",") with \((others.count > 3 ? names + ["others"] : names).listed())"
    } else if subject == nil {
        text += message.children.isEmpty ? " without any content" : " without a text"
    }
    return text + "."
}

/// In double quotes, without the white space around it, which is mostly that of XML laid out.
private func quoted(_ text: String, limit: Int) -> String { "\"\(text.shown(limit: limit).trimmed)\"" }

private func kind(of type: String, _ other: Party) -> String {
    switch type {
    case "chat": other.role == .occupant ? "A private message" : "A chat message"
    case "groupchat": "A groupchat message"
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
    let (speaker, addressee) = (scene.speaker(of: stanza, in: packet), scene.addressee(of: stanza, in: packet))
    if scene.streamKind != .client { return " from \(speaker.name) to \(addressee.name)" }
    switch packet.direction {
    case .clientToServer:
        // Without an address a message is for the own account (RFC 6120 section 10.3.1).
        let isOwn = addressee.isAccount || (stanza.name == "message" && stanza["to"] == nil)
        return isOwn ? " to the client's own account" : " to \(addressee.name)"
    case .serverToClient:
        let from = speaker.isAccount ? "the client's own account" : speaker.name
        let itself = speaker.role == .client ? " itself" : ""
        return " from \(from)\(itself)\(addressee.role == .client ? "" : " to \(addressee.name)")"
    }
}

/// When it was really said.
private func toldDelay(_ message: Element, _ packet: Packet) -> String {
    guard let delay = message.child("delay", NS.delay) else { return "" }
    let time = delay["stamp"].map { " \($0.shown(limit: 40))" } ?? ""
    switch packet.direction {
    case .clientToServer: return time.isEmpty ? "" : " It bears the time\(time) (XEP-0203)."
    case .serverToClient:
        return time.isEmpty ? " It is an earlier one (XEP-0203)." : " It is an earlier one, of\(time) (XEP-0203)."
    }
}

extension FindingCode {
    static let messageType = note(
        "message.type",
        "RFC 6121 section 5.2.2",
        "A type of message that RFC 6121 does not define counts as normal."
    )

    static let messages: [FindingCode] = [messageType]
}
