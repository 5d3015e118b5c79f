import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// The contact list (RFC 6121 section 2).
    static let roster: ProtocolEntry = {
        var entry = ProtocolEntry("RFC 6121", "contact list (roster)", [NS.roster])
        entry.codes = [.rosterSender, .rosterItems, .rosterItem]
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
    let own = iq.child("query", NS.roster)
    let items = own?.children.filter { $0.name == "item" } ?? []
    switch (place, packet.direction) {
    case (.request, .clientToServer): return tellClients(iq, items, packet, scene)
    case (.request, .serverToClient):
        return iq["type"] == "set" ? tellPush(iq, items, packet, scene) : tellForeignGet(iq, packet, scene)
    case (.answer(let request), _): return tellAnswer(iq, items, to: request, packet, scene)
    case (.nonza, _), (.message, _), (.presence, _): return nil
    }
}

// MARK: The client

private func tellClients(_ iq: Element, _ items: [Element], _ packet: Packet, _ scene: Scene) -> Telling? {
    let addressee = scene.addressee(of: iq, in: packet)
    let speaker = scene.speaker(of: iq, in: packet)
    guard addressee.role == .server, speaker.role == .client else { return tellRemote(iq, items, packet, scene) }
    if iq["type"] == "get" {
        switch iq.child("query", NS.roster)?["ver"] {
        case nil: return Telling("The client asks for its contact list (roster).")
        case ""?: return Telling("The client asks for its contact list (roster); it has no copy of it yet.")
        case let version?:
            return Telling(
                "The client asks for its contact list (roster), unless that is still version \(version.shown(limit: 40)), of which it has a copy."
            )
        }
    }
    guard let item = items.first else {
        return Telling("The client changes its contact list (roster) without naming a contact.", flaws(items))
    }
    let contact = shownContact(item)
    if item["subscription"] == "remove" {
        return Telling(
            "The client removes \(contact) from its contact list; with that the subscriptions end, too.",
            flaws(items)
        )
    }
    return Telling(
        "The client adds \(contact)\(named(item)) to its contact list\(grouped(item)), or changes the entry.",
        flaws(items)
    )
}

/// What is wrong with a change that the client asks for.
private func flaws(_ items: [Element]) -> [Finding] {
    var findings: [Finding] = []
    if items.count != 1 {
        findings.append(
            Finding(
                .rosterItems,
                "a change must hold exactly one contact, not \(items.count); the server refuses it with bad-request (RFC 6121 section 2.3.3)."
            )
        )
    }
    for item in items.prefix(1) {
        if item["jid"]?.nonEmpty == nil {
            findings.append(
                Finding(.rosterItem, "the contact has no jid, which it must have (RFC 6121 section 2.1.2.3).")
            )
        }
        let groups = item.children.filter { $0.name == "group" }.map(\.text)
        if groups.contains("") {
            findings.append(
                Finding(
                    .rosterItem,
                    "a group has no name; the server refuses that with not-acceptable (RFC 6121 section 2.3.3)."
                )
            )
        }
        if Set(groups).count != groups.count {
            findings.append(
                Finding(
                    .rosterItem,
                    "a group is named twice; the server refuses that with bad-request (RFC 6121 section 2.3.3)."
                )
            )
        }
    }
    return findings
}

/// Somebody who manages the contact list of another one (XEP-0321), or a request that went to the wrong place.
private func tellRemote(_ iq: Element, _ items: [Element], _ packet: Packet, _ scene: Scene) -> Telling? {
    let (speaker, addressee) = (scene.speaker(of: iq, in: packet), scene.addressee(of: iq, in: packet))
    if iq["type"] == "get" { return Telling("\(speaker.start) asks \(addressee.name) for a contact list (roster).") }
    guard let item = items.first else { return nil }
    let contact = shownContact(item)
    let verb = item["subscription"] == "remove" ? "removed from" : "in"
    return Telling(
        "\(speaker.start) tells \(addressee.name) that \(contact)\(named(item)) is to be \(verb) a contact list."
    )
}

private func tellForeignGet(_ iq: Element, _ packet: Packet, _ scene: Scene) -> Telling {
    Telling(
        "\(scene.speaker(of: iq, in: packet).start) asks for the contact list (roster) of \(scene.addressee(of: iq, in: packet).name)."
    )
}

// MARK: Pushes

private func tellPush(_ iq: Element, _ items: [Element], _ packet: Packet, _ scene: Scene) -> Telling? {
    let speaker = scene.speaker(of: iq, in: packet)
    let addressee = scene.addressee(of: iq, in: packet)
    let contact = items.first.map(shownContact) ?? "no contact"
    guard scene.streamKind == .client else { return tellRemote(iq, items, packet, scene) }
    switch speaker.role {
    case .server, .client, .component, .peerServer:
        let verb =
            items.first?["subscription"] == "remove"
            ? "is no longer in it"
            : "is in it\(items.first.map { named($0) + grouped($0) + subscription($0, scene) } ?? "")"
        let version = iq.child("query", NS.roster)?["ver"]?.nonEmpty.map { " (version \($0.shown(limit: 40)))" } ?? ""
        return Telling(
            "The server tells \(addressee.role == .client ? "the client" : addressee.name) that its contact list changed\(version): \(contact) \(verb).",
            items.count == 1
                ? []
                : [
                    Finding(
                        .rosterItems,
                        "a change that the server reports must hold exactly one contact, not \(items.count) (RFC 6121 section 2.1.6)."
                    )
                ]
        )
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

// MARK: Answers

private func tellAnswer(_ iq: Element, _ items: [Element], to request: Request?, _ packet: Packet, _ scene: Scene)
    -> Telling?
{
    if iq["type"] == "error" { return tellRefusal(iq, request, packet, scene) }
    guard iq["type"] == "result", let request else {
        // A result with a contact list is one, whoever asked.
        return iq["type"] == "result" && !items.isEmpty ? Telling(contents(items, iq)) : nil
    }
    let speaker = scene.speaker(of: iq, in: packet)
    switch (request.element["type"], packet.direction) {
    case ("set", .serverToClient): return Telling("\(speaker.start) confirms the change of the contact list.")
    case ("set", .clientToServer): return Telling("\(speaker.start) acknowledges the change of the contact list.")
    case (_, .serverToClient):
        guard iq.child("query", NS.roster) != nil else {
            return Telling("The client's copy of the contact list is up to date.")
        }
        return Telling(contents(items, iq))
    case (_, .clientToServer): return nil
    }
}

/// How long a contact list is, who is in it and what waits.
private func contents(_ items: [Element], _ iq: Element) -> String {
    if items.isEmpty { return "The contact list is empty." }
    let version = iq.child("query", NS.roster)?["ver"]?.nonEmpty.map { " (version \($0.shown(limit: 40)))" } ?? ""
    let count = "\(items.count) \(items.count == 1 ? "entry" : "entries")"
    let waiting = items.filter { $0["ask"] == "subscribe" }.map(shownContact)
    let waits = waiting.isEmpty ? "" : " A request to see when they are online waits with \(People.firstOnes(waiting))."
    return "The contact list\(version) has \(count): \(People.firstOnes(items.prefix(2000).map(shownContact))).\(waits)"
}

private func tellRefusal(_ iq: Element, _ request: Request?, _ packet: Packet, _ scene: Scene) -> Telling? {
    let item = (request?.element ?? iq).child("query", NS.roster)?.child("item")
    guard request != nil || item != nil else { return nil }
    let contact = item.map(shownContact) ?? "the contact"
    let isRemoval = item?["subscription"] == "remove"
    let (does, noun) =
        switch ((request?.element["type"]), isRemoval) {
        case ("set"?, true): ("does not remove \(contact) from the contact list", "the change of the contact list")
        case ("set"?, false): ("does not change \(contact) in the contact list", "the change of the contact list")
        default: ("does not give the contact list", "the question for the contact list")
        }
    return People.refusal(iq, packet, scene, does: does, noun: noun) { condition in
        // RFC 6121 sections 2.3.3 and 2.5.3.
        switch condition {
        case .itemNotFound? where isRemoval: "it is not in the list"
        case .notAcceptable? where item != nil:
            "a group's name is empty or too long, or the name of the contact is too long"
        case .notAllowed? where item != nil:
            "this address may not stand in the list, for it is the own one or the server forbids it"
        default: nil
        }
    }
}

// MARK: Words

private func shownContact(_ item: Element) -> String { item["jid"]?.shown(limit: 60) ?? "a contact without an address" }

private func named(_ item: Element) -> String { item["name"]?.nonEmpty.map { " as \($0.quoted(limit: 60))" } ?? "" }

private func grouped(_ item: Element) -> String {
    let groups = item.children.filter { $0.name == "group" }.compactMap { $0.text.trimmed.nonEmpty?.quoted(limit: 40) }
    if groups.isEmpty { return "" }
    return ", in the \(groups.count == 1 ? "group" : "groups") \(People.firstOnes(groups))"
}

/// Who sees whom, a clause to stand behind the contact.
private func subscription(_ item: Element, _ scene: Scene) -> String {
    var asks = ""
    if item["ask"] == "subscribe" {
        let packet = item["jid"].flatMap { scene.subscription(JID($0).bare.addressKey)?.asked }
        let request =
            packet.map { "the request of \($0.told(from: scene.connection))" }
            ?? "the client's request to see when it is online"
        asks = ", and \(request) is waiting"
    }
    if ["true", "1"].contains(item["approved"]) { asks += ", and its own request is granted in advance" }
    switch item["subscription"] {
    case "both"?: return "; each sees when the other is online"
    case "to"?: return "; the client sees when it is online, but not the other way round\(asks)"
    case "from"?: return "; it sees when the client is online, but not the other way round\(asks)"
    case "none"?: return "; neither sees when the other is online\(asks)"
    default: return asks
    }
}

extension FindingCode {
    static let rosterItems = warning(
        "roster.items",
        "RFC 6121 section 2.1.5",
        "A change of the contact list is about exactly one contact. Servers and clients refuse or ignore any other."
    )
    static let rosterItem = warning(
        "roster.item",
        "RFC 6121 section 2.1.2",
        "A contact must have an address, and be in each group once; a group must have a name. Servers refuse anything else."
    )
    static let rosterSender = warning(
        "roster.push.wrong-sender",
        "RFC 6121 section 2.1.6",
        "A roster push came from somebody who is neither the client's own account nor its server. A client that believes it lets strangers into the contact list."
    )
}
