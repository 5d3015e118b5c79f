import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// The contact list (RFC 6121 section 2).
    static let roster: ProtocolEntry = {
        var entry = ProtocolEntry("RFC 6121", "contact list (roster)", [NS.roster])
        entry.codes = [.rosterSender]
        entry.volatile = [.attribute("ver", of: "query", NS.roster)]
        entry.topic = { _ in "a contact list (roster)" }
        entry.teller = { StatelessTeller(body: tellRoster) }
        return entry
    }()

    static let rosterVersioning: ProtocolEntry = {
        var entry = ProtocolEntry("RFC 6121", "roster versioning", [NS.rosterVersioning])
        entry.feature = { _ in .clause("roster versioning") }
        return entry
    }()

    static let preApproval: ProtocolEntry = {
        var entry = ProtocolEntry("RFC 6121", "subscription pre-approval", [NS.preApproval])
        entry.feature = { _ in .clause("approving subscriptions in advance") }
        return entry
    }()
}

private func tellRoster(_ query: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    let items = iq.child("query", NS.roster)?.children.filter { $0.name == "item" } ?? []
    switch (place, packet.direction) {
    case (.request, .clientToServer): return tellClients(iq, items, packet, scene)
    case (.request, .serverToClient): return iq["type"] == "set" ? tellPush(iq, items, packet, scene) : nil
    case (.answer(let request), _): return tellAnswer(iq, items, to: request, packet, scene)
    case (.nonza, _), (.message, _), (.presence, _): return nil
    }
}

private func tellClients(_ iq: Element, _ items: [Element], _ packet: Packet, _ scene: Scene) -> Telling? {
    let addressee = scene.addressee(of: iq, in: packet)
    guard addressee.role == .server else { return nil }
    if iq["type"] == "get" { return Telling("The client asks for its contact list (roster).") }
    guard let item = items.first else { return nil }
    let contact = shownContact(item)
    if item["subscription"] == "remove" { return Telling("The client removes \(contact) from its contact list.") }
    let name = item["name"].map { $0.isEmpty ? "" : " as \($0.quoted(limit: 60))" } ?? ""
    return Telling("The client adds \(contact)\(name) to its contact list, or changes the entry.")
}

private func tellPush(_ iq: Element, _ items: [Element], _ packet: Packet, _ scene: Scene) -> Telling? {
    let speaker = scene.speaker(of: iq, in: packet)
    let contact = items.first.map(shownContact) ?? "no contact"
    switch speaker.role {
    case .server, .client, .component, .peerServer:
        let verb =
            items.first?["subscription"] == "remove"
            ? "is no longer in it" : "is in it\(items.first.map(subscription) ?? "")"
        return Telling("The server tells the client that its contact list changed: \(contact) \(verb).")
    case .ownSession, .contact, .room, .occupant, .service:
        return Telling(
            "\(speaker.start) tries to change the client's contact list: \(contact).",
            [
                Finding(
                    .rosterSender,
                    "a change of the contact list must come from the client's own account or its server, not from \(speaker.name); the client "
                        + "must ignore it (RFC 6121 section 2.1.6)."
                )
            ]
        )
    }
}

private func tellAnswer(_ iq: Element, _ items: [Element], to request: Request?, _ packet: Packet, _ scene: Scene)
    -> Telling?
{
    guard iq["type"] == "result", let request else { return nil }
    let speaker = scene.speaker(of: iq, in: packet)
    switch (request.element["type"], packet.direction) {
    case ("set", .serverToClient): return Telling("\(speaker.start) confirms the change of the contact list.")
    case ("set", .clientToServer): return Telling("\(speaker.start) acknowledges the change of the contact list.")
    case (_, .serverToClient):
        guard iq.child("query", NS.roster) != nil else {
            return Telling("The client's copy of the contact list is up to date.")
        }
        let names = items.prefix(3).map(shownContact)
        let shown = names.isEmpty ? "" : ": \(names.joined(separator: ", "))\(items.count > 3 ? ", …" : "")"
        return Telling("The contact list has \(items.count) \(items.count == 1 ? "entry" : "entries")\(shown).")
    case (_, .clientToServer): return nil
    }
}

private func shownContact(_ item: Element) -> String { item["jid"]?.shown(limit: 60) ?? "a contact without an address" }

/// Who sees whom, a clause to stand behind the contact.
private func subscription(_ item: Element) -> String {
    let asks = item["ask"] == "subscribe" ? ", and the client's request to see when it is online is waiting" : ""
    switch item["subscription"] {
    case "both"?: return "; each sees when the other is online"
    case "to"?: return "; the client sees when it is online, but not the other way round"
    case "from"?: return "; it sees when the client is online, but not the other way round\(asks)"
    case "none"?: return "; neither sees when the other is online\(asks)"
    default: return asks
    }
}

extension FindingCode {
    static let rosterSender = warning(
        "roster.push.wrong-sender",
        "RFC 6121 section 2.1.6",
        "A roster push came from somebody who is neither the client's own account nor its server. A client that believes it lets strangers into the contact list."
    )
}
