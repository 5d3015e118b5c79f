import Session
import XMLStream
import XMPP

/// Who says a message to whom, in words, and the conversation that it belongs to.
struct MessageFrame {
    /// Who says it, at the beginning of a sentence.
    var subject: String
    /// Behind a verb: ` in the chat with ben@…`, ` in the room …`; empty where the client itself is spoken to.
    var place: String { ownPlace ?? listener.map { " in the chat with \($0)" } ?? "" }
    /// The place where it is not the chat with the listener.
    var ownPlace: String?
    /// Whom something is told; nil for the client itself, and for what a room hands on.
    var listener: String?
    /// What it is: `A chat message to ben@…`.
    var noun: String
    /// How it is told that something was written: `ben@… wrote`; nil for a message that is no copy.
    var wrote: String?
    /// What the ids of one conversation are kept under.
    var conversation: String
    /// Who says it, to be compared with others of the conversation.
    var author: String
    /// True if the client itself says it on this connection.
    var isClients: Bool
    /// True for what a room sends back, which was told when the client sent it.
    var isEcho = false
}

extension Scene {
    /// The frame of a message on the stream itself.
    func messageFrame(_ message: Element, _ packet: Packet) -> MessageFrame {
        let (speaker, addressee) = (speaker(of: message, in: packet), addressee(of: message, in: packet))
        let isClients = packet.direction == .clientToServer
        let listener: String? =
            switch addressee.role {
            case .client where !isClients: nil
            case .server where streamKind == .client && isClients: "its own account"
            default: addressee.name
            }
        let subject =
            streamKind == .client && !isClients && speaker.isAccount
            ? "The client's own account"
            : speaker.role == .client && !isClients ? "The client itself" : speaker.start
        return MessageFrame(
            subject: subject,
            listener: listener,
            noun: "\(messageKind(message, packet))\(parties(message, packet, self))",
            wrote: nil,
            conversation: conversation(of: message, isClients: isClients),
            author: author(of: message, isClients: isClients),
            isClients: isClients && streamKind == .client
        )
    }

    /// The frame of a message to everyone in a room, or of one that the room hands on.
    func roomFrame(_ message: Element, in room: Party, by speaker: Party?, _ packet: Packet) -> MessageFrame {
        var frame = messageFrame(message, packet)
        let place = " in \(room.name)"
        switch (packet.direction, speaker) {
        case (.clientToServer, _):
            frame.noun = "A message to everyone\(place)"
            frame.listener = room.name
            frame.subject = "The client"
        case (.serverToClient, nil):
            frame.noun = "A message of \(room.name) itself to everyone in it"
            (frame.listener, frame.subject) = (nil, room.start)
        case (.serverToClient, let speaker?) where speaker.role == .client:
            frame.noun = "The client's own message to everyone\(place)"
            (frame.listener, frame.subject) = (nil, "The client itself")
        case (.serverToClient, let speaker?):
            frame.noun = "A message from \(speaker.shortName) to everyone\(place)"
            (frame.listener, frame.subject) = (nil, speaker.shortName)
        }
        frame.ownPlace = packet.direction == .serverToClient && speaker == nil ? "" : place
        return frame
    }

    /// The frame of a message within another one, by its own addresses: a copy, or what an archive kept.
    func copiedFrame(_ message: Element) -> MessageFrame {
        let (from, to) = (message["from"], message["to"])
        let isRoom = message["type"] == "groupchat"
        let speaker = copiedName(from, isRoom: isRoom)
        let target = isRoom || to == nil ? nil : copiedName(to, isRoom: false)
        let subject = capitalizedName(speaker ?? "somebody")
        let behind = target.map { " to \($0)" } ?? ""
        return MessageFrame(
            subject: subject,
            listener: target,
            noun: "A message of \(speaker ?? "somebody")\(behind)",
            wrote: "\(subject) wrote\(behind)",
            conversation: conversation(ofCopy: message),
            author: isRoom ? from ?? "" : (from ?? "").withoutResource.description.addressKey,
            isClients: false
        )
    }

    private func copiedName(_ address: String?, isRoom: Bool) -> String? {
        guard let address, !address.isEmpty else { return nil }
        if isRoom {
            let jid = JID(address)
            let room = "the room \(jid.bare.shown(limit: 100))"
            return jid.resource.map { "\($0.quoted(limit: 60)) in \(room)" } ?? room
        }
        guard streamKind == .client else { return address.shown(limit: 100) }
        let party = party(of: address)
        switch party.role {
        case .ownSession, .occupant: return party.name
        case .client, .server, .contact, .room, .service, .component, .peerServer: return address.shown(limit: 100)
        }
    }

    private func capitalizedName(_ name: String) -> String {
        name.hasPrefix("the ") || name == "somebody" ? capitalized(name) : name
    }

    private func messageKind(_ message: Element, _ packet: Packet) -> String {
        switch message["type"] ?? "normal" {
        case "chat":
            let other = other(in: message, packet)
            let isPrivate = other.role == .occupant || message.child("x", NS.mucUser) != nil
            return isPrivate ? "A private message" : "A chat message"
        case "groupchat": return "A groupchat message"
        case "headline": return "A headline"
        default: return "A message"
        }
    }

    // MARK: Conversations

    /// On a client's stream it is named after the other side; elsewhere many talk with many.
    func conversation(of message: Element, isClients: Bool) -> String {
        let (from, to) = (message["from"] ?? "", message["to"] ?? "")
        guard streamKind == .client else { return pair(from, to) }
        let other = isClients ? to : from
        return other.isEmpty ? (bareJID ?? "").addressKey : String(other.withoutResource).addressKey
    }

    private func conversation(ofCopy message: Element) -> String {
        let (from, to) = (message["from"] ?? "", message["to"] ?? "")
        guard streamKind == .client, let own = bareJID else { return pair(from, to) }
        if message["type"] == "groupchat" { return String(from.withoutResource).addressKey }
        let other = !from.isEmpty && !isAddress(from, of: own) ? from : to
        return other.isEmpty ? own.addressKey : String(other.withoutResource).addressKey
    }

    func author(of message: Element, isClients: Bool) -> String {
        let from = message["from"] ?? ""
        if streamKind == .client, isClients || from.isEmpty { return (bareJID ?? "").addressKey }
        return String(from.withoutResource).addressKey
    }

    private func pair(_ one: String, _ other: String) -> String {
        let keys = [one, other].map { String($0.withoutResource).addressKey }.sorted()
        return keys.joined(separator: " ")
    }
}
