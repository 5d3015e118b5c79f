import Session
import XMLStream
import XMPP

/// What is wrong with a request or answer about the contact list, beside what its sentences tell (RFC 6121 section 2).
func rosterFaults(_ iq: Element, _ packet: Packet, _ scene: Scene) -> [Finding] {
    guard iq.name == "iq", scene.streamKind == .client, let query = iq.firstChild, query.is("query", NS.roster) else {
        return []
    }
    let isClients = packet.direction == .clientToServer
    switch iq["type"] {
    case "get", "set":
        let other = scene.other(in: iq, packet)
        if let finding = foreign(iq, other, isClients) { return [finding] }
        guard other.role == .server else { return [] }
        if iq["type"] == "get" { return heldByQuestion(query) }
        return isClients ? serversOwn(query) : senderForm(iq, packet, scene) + values(query, isPush: true)
    case "result": return isClients ? [] : values(query, isPush: false)
    default: return []
    }
}

/// Who asks somebody else than the own server, or is none and asks.
private func foreign(_ iq: Element, _ other: Party, _ isClients: Bool) -> Finding? {
    switch other.role {
    case .contact, .room, .occupant: break
    // Services may manage contact lists (XEP-0321), and of servers it is told elsewhere.
    case .service, .server, .client, .component, .peerServer, .ownSession: return nil
    }
    // A change that a stranger sends is told already.
    if !isClients, iq["type"] == "set" { return nil }
    return Finding(
        .rosterForeign,
        isClients
            ? "\(other.name) is asked for a contact list or to change one, but a client has to do with its own server's list only; the request goes without a to (RFC 6121 section 2.1)."
            : "\(other.start) asks for the contact list, which is nobody else's business; the client must not give it away (RFC 6121 section 2.1)."
    )
}

private func heldByQuestion(_ query: Element) -> [Finding] {
    guard query.child("item", NS.roster) != nil else { return [] }
    return [Finding(.rosterItems, "a question for the contact list must not hold contacts (RFC 6121 section 2.1.3).")]
}

/// What only the server may say of a contact.
private func serversOwn(_ query: Element) -> [Finding] {
    guard let item = query.child("item", NS.roster),
        let name = ["ask", "approved"].first(where: { item[$0] != nil })
    else { return [] }
    let types = name == "ask" ? "subscribe or unsubscribe" : "subscribed or unsubscribed"
    return [
        Finding(
            .rosterServersOwn,
            "the client sends \(name)=, which only the server may set; the client sends presence of type \(types) instead (RFC 6121 section 2.1.2)."
        )
    ]
}

/// The server's own address, or the client's full one, where a push has none or the account's.
private func senderForm(_ iq: Element, _ packet: Packet, _ scene: Scene) -> [Finding] {
    guard let from = iq["from"]?.nonEmpty, let own = scene.bareJID, !isSameAddress(own, from) else { return [] }
    return [
        Finding(
            .rosterSenderForm,
            "the change is from \(from.shown(limit: 100)); a client must ignore it unless it has no from, or that of the account, \(own.shown(limit: 100)) (RFC 6121 section 2.1.6)."
        )
    ]
}

private func values(_ query: Element, isPush: Bool) -> [Finding] {
    var findings: [Finding] = []
    var seen: Set<String> = []
    for case .element(let item) in query.nodes where item.is("item", NS.roster) {
        if let finding = fault(of: item, isPush: isPush) ?? repetition(of: item, &seen) {
            findings.append(finding)
            // A list of thousands has them all.
            if findings.count == 2 { break }
        }
    }
    return findings
}

private func repetition(of item: Element, _ seen: inout Set<String>) -> Finding? {
    guard let jid = item["jid"], !seen.insert(jid).inserted else { return nil }
    return Finding(
        .rosterItem,
        "\(jid.shown(limit: 60)) is in it more than once; an entry is known by its address (RFC 6121 section 2.1)."
    )
}

private func fault(of item: Element, isPush: Bool) -> Finding? {
    guard let jid = item["jid"]?.nonEmpty else {
        return Finding(.rosterItem, "a contact has no jid, which it must have (RFC 6121 section 2.1.2.3).")
    }
    let states: Set<String> = isPush ? ["both", "from", "none", "remove", "to"] : ["both", "from", "none", "to"]
    let demands: [(String, Set<String>)] = [
        ("subscription", states), ("ask", ["subscribe"]), ("approved", ["0", "1", "false", "true"]),
    ]
    for (name, words) in demands {
        guard let value = item[name], !words.contains(value) else { continue }
        return Finding(
            .rosterValue,
            "\(name)= of \(jid.shown(limit: 60)) is \(value.quoted(limit: 40)), but must be \(words.sorted().listed("or")); clients ignore it (RFC 6121 section 2.1.2)."
        )
    }
    return nil
}

extension FindingCode {
    static let rosterForeign = warning(
        "roster.request.foreign",
        "RFC 6121 section 2.1.6",
        "A contact list is between an account and its own server. Whoever else asks for one, or is asked, has no right or nothing to give; a client that answers tells a stranger whom its user knows."
    )
    static let rosterServersOwn = warning(
        "roster.item.servers-own",
        "RFC 6121 section 2.1.2",
        "A client may set the name and the groups of a contact. What the subscription is, what is asked and what is granted in advance the server keeps, and changes by presence. Do not send these attributes."
    )
    static let rosterSenderForm = warning(
        "roster.push.sender-form",
        "RFC 6121 section 2.1.6",
        "A roster push comes in the name of the account, by its bare address, or without a from. Clients that keep to the rule ignore any other, even that of the server, and their contact list grows old."
    )
    static let rosterValue = warning(
        "roster.item.value",
        "RFC 6121 section 2.1.2",
        "An attribute of a contact has a value that is not defined. Clients must ignore it, so what it was meant to say is lost."
    )

    static let rosterFaults: [FindingCode] = [rosterForeign, rosterServersOwn, rosterSenderForm, rosterValue]
}
