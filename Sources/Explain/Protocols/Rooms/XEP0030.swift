import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Service discovery (XEP-0030).
    static let discovery: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0030", "service discovery", [NS.discoInfo, NS.discoItems])
        entry.topic = { query in
            query["node"].map { "its node \($0.quoted(limit: 100)) (service discovery, XEP-0030)" }
                ?? "service discovery (XEP-0030)"
        }
        entry.codes = [.capabilitiesHash, .capabilitiesIllFormed]
        entry.teller = { StatelessTeller(body: tellDiscovery) }
        return entry
    }()
}

/// Nodes that have a meaning of their own.
enum DiscoveryNode {
    static let commands = "http://jabber.org/protocol/commands"
    static let roomUser = "x-roomuser-item"
    static let rooms = "http://jabber.org/protocol/muc#rooms"
    static let traffic = "http://jabber.org/protocol/muc#traffic"
}

private func tellDiscovery(_ query: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element, query.name == "query" else { return nil }
    let isInfo = query.namespace == NS.discoInfo
    switch place {
    case .request:
        let speaker = scene.speaker(of: iq, in: packet).start
        let addressee = scene.addressee(of: iq, in: packet)
        guard iq["type"] == "get" else { return nil }
        let what =
            isInfo ? askedInfo(query, addressee, packet, scene) : askedItems(query, addressee, packet, scene)
        let isServer = addressee.role == .server && !addressee.isAccount && iq["to"]?.nonEmpty != nil
        let whom = isServer ? "\(addressee.name) \(People.address(iq["to"]))" : addressee.name
        return Telling("\(speaker) asks \(whom) \(what)\(scene.cite("XEP-0030")).")
    case .answer(let request):
        let asked = request?.element.child("query", query.namespace)
        if iq["type"] == "error" { return tellRefusal(iq, asked ?? query, isInfo, packet, scene) }
        guard let own = iq.child("query", query.namespace) else { return nil }
        return isInfo ? tellInfo(own, iq, packet, &scene) : tellItems(own, iq, packet, scene)
    case .message:
        // Commands may be pushed so (XEP-0050 section 2.2).
        guard !isInfo, query["node"] == DiscoveryNode.commands, iq["type"] != "error" else { return nil }
        return tellItems(query, iq, packet, scene)
    case .nonza, .presence: return nil
    }
}

// MARK: Questions

/// What is asked for, a clause.
private func askedInfo(_ query: Element, _ addressee: Party, _ packet: Packet, _ scene: Scene) -> String {
    guard let node = query["node"] else {
        return addressee.isAccount
            ? "what the client's own account is and what that supports" : "what it is and what it supports"
    }
    if let known = scene.people.capabilities[node] {
        return "what stands behind the capabilities hash of \(padded(known.packet))"
    }
    if let hash = CapabilityNode(node) {
        return "what stands behind the capabilities hash \(hash.short)\(hash.of)"
    }
    switch node {
    case DiscoveryNode.roomUser:
        return
            "under which nickname \(packet.direction == .clientToServer ? "the client" : "the asker") is registered there"
    case DiscoveryNode.traffic: return "which stanzas it lets through"
    case DiscoveryNode.commands: return "what it says of its commands"
    default: return "what its node \(node.quoted(limit: 100)) is and what that supports"
    }
}

private func askedItems(_ query: Element, _ addressee: Party, _ packet: Packet, _ scene: Scene) -> String {
    let more = query.children.contains { $0.name == "set" } ? ", a page of them" : ""
    switch query["node"] {
    case DiscoveryNode.commands?: return "which commands it offers\(more)"
    case DiscoveryNode.rooms?: return "in which rooms it is\(more)"
    case DiscoveryNode.roomUser?: return "which items are registered there\(more)"
    case let node?: return "which items its node \(node.quoted(limit: 100)) has\(more)"
    case nil: break
    }
    if addressee.isAccount { return "which items the client's own account has\(more)" }
    return "which \(kindOfItems(addressee, scene)) it has\(more)"
}

/// What the items of somebody are called, as far as that is known.
private func kindOfItems(_ party: Party, _ scene: Scene) -> String {
    switch party.role {
    case .server: return "services"
    case .room: return "occupants it shows, or other items"
    case .client, .ownSession, .contact, .occupant, .component, .peerServer, .service: break
    }
    switch party.address.flatMap({ scene.people.category(of: $0) }) {
    case "conference"?: return party.address?.contains("@") == true ? "occupants it shows, or other items" : "rooms"
    case "pubsub"?: return "nodes"
    case "server"?: return "services"
    default: return "items"
    }
}

// MARK: Items

private func tellItems(_ query: Element, _ iq: Element, _ packet: Packet, _ scene: Scene) -> Telling {
    let speaker = scene.speaker(of: iq, in: packet)
    let items = query.children.filter { $0.name == "item" }
    let total = query.children.first { $0.name == "set" }.flatMap { People.text($0, "count") }.flatMap { Int($0) }
    let page = total.map { $0 > items.count ? ", a page of \($0)" : "" } ?? ""
    let start = speaker.start
    switch query["node"] {
    case DiscoveryNode.commands?:
        if items.isEmpty { return Telling("\(start) offers no commands.") }
        let names = items.map {
            $0["name"].flatMap(\.nonEmpty)?.quoted(limit: 60) ?? People.address($0["node"], or: "one without a name")
        }
        return Telling("\(start) offers \(counted(items.count, "command"))\(page): \(People.firstOnes(names)).")
    case DiscoveryNode.rooms?:
        if items.isEmpty { return Telling("\(start) names no room that it is in.") }
        return Telling(
            "\(start) is in \(counted(items.count, "room"))\(page): \(People.firstOnes(items.map(shownItem)))."
        )
    case let node?:
        let its = "its node \(node.quoted(limit: 100))"
        if items.isEmpty { return Telling("\(start) says that \(its) has no items.") }
        return Telling(
            "\(start) says that \(its) has \(counted(items.count, "item"))\(page): \(People.firstOnes(items.map { shownItem($0, of: iq["from"]) }))."
        )
    case nil: break
    }
    if items.isEmpty {
        return Telling(
            speaker.isAccount ? "The server says that the client's own account has no items." : "\(start) has no items."
        )
    }
    let unit = unit(of: items, speaker, scene)
    let has = speaker.isAccount ? "The server says that the client's own account has" : "\(start) names"
    return Telling(
        "\(has) \(counted(items.count, unit))\(page): \(People.firstOnes(items.map { shownItem($0, of: iq["from"]) }))."
    )
}

/// What the items are, by their addresses: one of them.
private func unit(of items: [Element], _ speaker: Party, _ scene: Scene) -> String {
    let jids = items.map { JID($0["jid"] ?? "") }
    if items.contains(where: { $0["node"] != nil }) {
        return speaker.address.flatMap({ scene.people.category(of: $0) }) == "pubsub" ? "node" : "item"
    }
    let category = speaker.address.flatMap { scene.people.category(of: $0) }
    if let own = speaker.address, jids.allSatisfy({ $0.resource != nil && isSameAddress($0.bare, own) }) {
        // Of an account these are its sessions (XEP-0030 section 4.3).
        return speaker.role == .room || category == "conference"
            ? "occupant" : own.contains("@") ? "connected client" : "item"
    }
    if jids.allSatisfy({ $0.local == nil && !$0.domain.isEmpty }) { return "service" }
    if category == "conference", jids.allSatisfy({ $0.local != nil && $0.resource == nil }) { return "room" }
    return "item"
}

private func shownItem(_ item: Element) -> String { shownItem(item, of: nil) }

/// - Parameter own: who lists it: of its own items the node is enough.
private func shownItem(_ item: Element, of own: String?) -> String {
    let node = item["node"]?.nonEmpty?.quoted(limit: 80)
    let jid = item["jid"]?.nonEmpty
    let isOwn = node != nil && own != nil && own == jid
    let parts = [isOwn ? nil : jid?.shown(limit: 80), node.map { isOwn ? $0 : "node \($0)" }].compactMap { $0 }
    let place = parts.isEmpty ? "one without an address" : parts.joined(separator: " ")
    return item["name"].flatMap(\.nonEmpty).map { "\(place) (\($0.quoted(limit: 60)))" } ?? place
}

// MARK: Info

private func tellInfo(_ query: Element, _ iq: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
    let speaker = scene.speaker(of: iq, in: packet)
    var info = DiscoveryInfo(query)
    info.address = iq["from"]
    if query["node"] == nil, let address = iq["from"], let category = info.category {
        scene.people.note(category: category, of: address)
    }
    if query["node"] == DiscoveryNode.roomUser {
        return tellRoomUser(info, speaker, scene.addressee(of: iq, in: packet))
    }
    if query["node"] == DiscoveryNode.traffic {
        return Telling(
            "\(speaker.start) tells which stanzas it lets through: \(info.names.nonEmpty ?? "none that it names")."
        )
    }
    let check = query["node"].flatMap { checkCapabilities(query, $0, packet, &scene) }
    let who: String
    let it: String
    if check == nil, let node = query["node"] {
        (who, it) = ("\(speaker.start) says that its node \(node.quoted(limit: 100))", "That")
    } else if speaker.isAccount {
        (who, it) = ("The server says that the client's own account", "That")
    } else {
        (who, it) = (speaker.start, "It")
    }
    let text = "\(who) \(info.told(it))\(check?.text ?? "")"
    return Telling(text.collapsingStops, check?.findings ?? [])
}

private func tellRoomUser(_ info: DiscoveryInfo, _ speaker: Party, _ addressee: Party) -> Telling {
    let who = addressee.start
    guard let name = info.name else { return Telling("\(who) has no nickname registered with \(speaker.name).") }
    return Telling("\(who) is registered with \(speaker.name) under the nickname \(name.quoted(limit: 60)).")
}

// MARK: Errors

private func tellRefusal(_ iq: Element, _ asked: Element, _ isInfo: Bool, _ packet: Packet, _ scene: Scene) -> Telling {
    let speaker = scene.speaker(of: iq, in: packet)
    if let node = asked["node"], let error = StanzaError(of: iq), error.known == .itemNotFound, error.special == nil {
        let what =
            CapabilityNode(node) != nil
            ? "knows nothing of the capabilities hash that was asked for" : "has no node \(node.quoted(limit: 100))"
        return Telling("\(speaker.start) \(what)\(error.bracketedName).\(error.says)".collapsingStops, error.findings)
    }
    let node = asked["node"].map { "its node \($0.quoted(limit: 100))" }
    let what =
        isInfo
        ? "what \(node ?? "it") is and what \(node == nil ? "it" : "that") supports" : "which items \(node ?? "it") has"
    return People.refusal(iq, packet, scene, does: "does not tell \(what)", noun: "the question \(what)")
}
