import Session
import XMLStream
import XMPP

/// A message (RFC 6121 section 5): what is said in it, and what else it carries.
func tellMessage(_ message: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
    let type = message["type"] ?? "normal"
    if type == "error" { return tellBouncedMessage(message, packet, scene) }
    if type == "groupchat", let room = scene.groupchatRoom(message, in: packet) {
        return tellGroupchat(message, in: room, packet, &scene)
    }
    var telling = composeMessage(message, scene.messageFrame(message, packet), packet, &scene)
    switch type {
    case "normal", "chat", "groupchat", "headline": break
    default:
        telling.findings.append(
            Finding(.messageType, "RFC 6121 knows no message of type \(type.quoted(limit: 40)); it counts as normal.")
        )
    }
    return telling
}

/// A message to everyone in a room (XEP-0045 section 7.4); one with a subject alone sets that of the room (section 7.2.15).
private func tellGroupchat(_ message: Element, in room: Party, _ packet: Packet, _ scene: inout Scene) -> Telling {
    let isOld = (message.child("delay", NS.delay) ?? message.child("x", MessageNS.oldDelay)) != nil
    let speaker = scene.groupchatSpeaker(message, in: packet, isOld: isOld)
    if let subject = message.child("subject", message.namespace)?.text, message.child("body", message.namespace) == nil
    {
        return tellRoomSubject(subject, message, in: room, by: speaker, packet, &scene)
    }
    var frame = scene.roomFrame(message, in: room, by: speaker, packet)
    if packet.direction == .serverToClient, speaker?.role == .client,
        let original = scene.original(of: message, in: frame.conversation)
    {
        frame.isEcho = true
        let isState =
            message.child("body", message.namespace) == nil
            && message.firstChild { $0.namespace == "http://jabber.org/protocol/chatstates" } != nil
        frame.noun =
            "The client's own \(isState ? "chat state" : "message") of \(padded(original)), which \(room.name) has accepted and sends to everyone in it"
    }
    return composeMessage(message, frame, packet, &scene)
}

/// The subject of a room; the first one after the client came in ends the history (XEP-0045 section 7.2.2).
private func tellRoomSubject(
    _ subject: String,
    _ message: Element,
    in room: Party,
    by speaker: Party?,
    _ packet: Packet,
    _ scene: inout Scene
) -> Telling {
    let set = subject.isEmpty ? "no subject" : "the subject \(subject.quoted(limit: 80))"
    let by = subject.isEmpty ? "" : speaker.map { ", set by \($0.shortName)" } ?? ""
    var text =
        packet.direction == .clientToServer
        ? "The client gives \(room.name) \(set)." : "\(room.start) has \(set)\(by)."
    text += toldDelay(message, packet, depth: 0, &scene)
    if packet.direction == .serverToClient, let known = scene.room(of: message["from"]), known.isInside,
        !known.hasSentSubject
    {
        scene.updateRoom(known.address) { $0.hasSentSubject = true }
        text += " With it the room's history ends: what follows is new."
    }
    return Telling(text.collapsingStops)
}

extension Scene {
    /// The packet in which the client sent what a room sends back; nil if that was not seen.
    fileprivate func original(of message: Element, in conversation: String) -> Int? {
        let ids = [message["id"], message.child("origin-id", MessageNS.stanzaIDs)?["id"]]
        let entry = messages.findAny(ids, in: conversation)
        return entry?.isClients == true ? entry?.packet : nil
    }
}

private func tellBouncedMessage(_ message: Element, _ packet: Packet, _ scene: Scene) -> Telling {
    let conversation = scene.conversation(of: message, isClients: packet.direction == .clientToServer)
    let sent = scene.messages.find(message["id"], in: conversation)
    let isBack = sent.map { $0.isClients == (packet.direction == .serverToClient) } == true
    let what = isBack ? sent.map { "The message of \(padded($0.packet))" } ?? "A message" : "A message"
    return tellBounce(message, packet, scene, what: what)
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

/// When it was really said (XEP-0203), also in the older way (XEP-0091).
func toldDelay(_ message: Element, _ packet: Packet, depth: Int, _ scene: inout Scene) -> String {
    guard let delay = message.child("delay", NS.delay) ?? message.child("x", MessageNS.oldDelay) else { return "" }
    let reference = scene.cite(delay.namespace == NS.delay ? "XEP-0203" : "XEP-0091")
    let time = delay["stamp"].map { " \(Say.time($0))" } ?? ""
    if depth == 0, packet.direction == .clientToServer {
        return time.isEmpty ? "" : " It bears the time\(time)\(reference)."
    }
    if depth == 0, message["type"] == "groupchat", isKeptByRoom(delay, message) {
        return " It is from the room's history\(time.isEmpty ? "" : ", of" + time)\(reference)."
    }
    let keeper = delay["from"].map { ", kept by \($0.shown(limit: 100))" } ?? ""
    let reason = delay.text.trimmed.isEmpty ? "" : ": \(delay.text.trimmed.quoted(limit: 60))"
    return " It is an earlier one\(time.isEmpty ? "" : ", of" + time)\(keeper)\(reason)\(reference)."
}

/// A room marks what it repeats to those who enter by its own address (XEP-0045 section 7.2.14); other keepers have theirs.
private func isKeptByRoom(_ delay: Element, _ message: Element) -> Bool {
    guard let keeper = delay["from"]?.nonEmpty, let from = message["from"]?.nonEmpty else { return false }
    return JID(keeper).bare == JID(from).bare
}

extension FindingCode {
    static let messageType = note(
        "message.type",
        "RFC 6121 section 5.2.2",
        "A type of message that RFC 6121 does not define counts as normal."
    )

    static let messages: [FindingCode] = [messageType]
}
