import Session
import XMLStream
import XMPP

/// Who speaks to whom. Nobody else makes a name out of an address.
extension Scene {
    /// The party that carries what is sent in that direction: a nonza's sender.
    func carrier(_ side: Side) -> Party {
        switch (streamKind, side) {
        case (.client, .client): Party(.client)
        case (.component, .client): Party(.component)
        case (.server, .client): Party(.peerServer, peerName)
        case (.client, .server), (.component, .server), (.server, .server): Party(.server)
        }
    }

    /// A server that opened a stream to another one, by its name if it said one.
    private var peerName: String { account.user ?? "the other server" }

    /// The sender of a packet that is no stanza.
    func sender(of packet: Packet) -> Party {
        var party = carrier(packet.direction.sender)
        party.isProxied = packet.isSentByProxy
        return party
    }

    func receiver(of packet: Packet) -> Party { carrier(packet.direction.receiver) }

    /// Who says a stanza: from the client it is the client; from the server its `from` tells.
    func speaker(of stanza: Element, in packet: Packet) -> Party {
        if let speaking, speaking.packet == packet.number { return speaking.speaker }
        var party = party(stanza["from"], in: packet, isSender: true)
        // Some servers answer in the client's own name; only what the client asked itself does it answer.
        if party.role == .client, packet.direction == .serverToClient, let request = packet.answers,
            request.element["to"] != stanza["from"]
        {
            party = Party(.server)
        }
        // And some ask it in its own name, what it has not asked itself.
        if party.role == .client, packet.direction == .serverToClient, stanza.name == "iq",
            ["get", "set"].contains(stanza["type"]), !requestsToItself.contains(stanza["id"] ?? "")
        {
            party = Party(.server)
        }
        party.isProxied = packet.isSentByProxy
        return party
    }

    /// Whom a stanza is for: from the client its `to` tells; from the server it is the client.
    func addressee(of stanza: Element, in packet: Packet) -> Party {
        if let speaking, speaking.packet == packet.number { return speaking.addressee }
        return party(stanza["to"], in: packet, isSender: false)
    }

    /// The other one than the client.
    func other(in stanza: Element, _ packet: Packet) -> Party {
        packet.direction == .clientToServer ? addressee(of: stanza, in: packet) : speaker(of: stanza, in: packet)
    }

    private func party(_ address: String?, in packet: Packet, isSender: Bool) -> Party {
        let isClientsEnd = isSender == (packet.direction == .clientToServer)
        switch streamKind {
        case .client:
            if isClientsEnd { return isSender ? Party(.client) : clientOrOther(address) }
            return self.party(of: address)
        case .component:
            guard let address, !address.isEmpty else { return carrier(isClientsEnd ? .client : .server) }
            if isClientsEnd {
                return domain.map { isSameAddress($0, address) } == true
                    ? Party(.component) : Party(.component, address)
            }
            return Party(address.withoutResource.utf8.contains(UInt8(ascii: "@")) ? .contact : .service, address)
        case .server:
            guard let address, !address.isEmpty else { return carrier(isClientsEnd ? .client : .server) }
            return Party(address.withoutResource.utf8.contains(UInt8(ascii: "@")) ? .contact : .service, address)
        }
    }

    /// In a recording that begins in the middle: what the server hands to the client is addressed to it.
    mutating func learnOwnAddress(from stanza: Element, _ packet: Packet) {
        guard streamKind == .client, packet.direction == .serverToClient, account.boundJID == nil,
            let to = stanza["to"], let local = JID(to).local, !local.isEmpty
        else { return }
        if JID(to).resource != nil { account.boundJID = to }
        domain = domain ?? JID(to).domain
    }

    /// Whom the server hands a stanza to: the client, unless the address is of somebody else's account.
    private func clientOrOther(_ address: String?) -> Party {
        guard let address, !address.isEmpty, let own = account.boundBare, !isAddress(address, of: own) else {
            return Party(.client)
        }
        return party(of: address)
    }

    /// The room that a message of type groupchat comes from or goes to; it is one, whether or not it was seen to be entered.
    func groupchatRoom(_ message: Element, in packet: Packet) -> Party? {
        let address = packet.direction == .clientToServer ? message["to"] : message["from"]
        guard streamKind == .client, let address, !address.isEmpty else { return nil }
        // What goes to somebody else may also be on its way to a room.
        let isClients = packet.direction == .clientToServer || addressee(of: message, in: packet).role == .client
        return isClients ? Party(.room, JID(address).bare) : nil
    }

    /// Who says it in that room; nil for the room itself. Of old messages nobody knows who had the nickname then.
    func groupchatSpeaker(_ message: Element, in packet: Packet, isOld: Bool) -> Party? {
        guard packet.direction == .serverToClient else { return Party(.client) }
        guard let from = message["from"], let nick = JID(from).resource, !nick.isEmpty else { return nil }
        let room = room(of: from)
        return room?.isInside == true && room?.nick == nick && !isOld ? Party(.client) : Party(.occupant, from)
    }

    /// What an address is to the client. None, the own domain and the own bare address are the server, which answers for them.
    func party(of address: String?) -> Party {
        guard let address, !address.isEmpty else { return Party(.server) }
        if let domain, isSameAddress(domain, address) { return Party(.server) }
        let bare = address.withoutResource
        let hasResource = bare.endIndex != address.endIndex
        if let own = bareJID, isSameAddress(own, bare) {
            if !hasResource { return Party(.server, address) }
            return Party(address == account.boundJID ? .client : .ownSession, address)
        }
        if !rooms.isEmpty, rooms[String(bare).addressKey] != nil {
            return Party(hasResource ? .occupant : .room, address)
        }
        return Party(bare.utf8.contains(UInt8(ascii: "@")) ? .contact : .service, address)
    }

    /// The room that an address belongs to, if the client has to do with it.
    func room(of address: String?) -> Room? {
        guard let address, !rooms.isEmpty else { return nil }
        return rooms[JID(address).bare.addressKey]
    }

    mutating func updateRoom(_ address: String, _ change: (inout Room) -> Void) {
        let bare = JID(address).bare
        let key = bare.addressKey
        var room = rooms[key] ?? Room(address: bare)
        change(&room)
        // No real client is in as many; a hostile one shall not cost much.
        if rooms.count < 4096 || rooms[key] != nil { rooms[key] = room }
    }
}
