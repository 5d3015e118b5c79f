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
        entry.teller = { StatelessTeller(body: tellDiscovery) }
        return entry
    }()

    /// The hash of capabilities (XEP-0115).
    static let capabilities: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0115", "Entity Capabilities", [NS.capabilities])
        entry.feature = { _ in .clause("a hash of its capabilities (XEP-0115)") }
        return entry
    }()
}

private func tellDiscovery(_ query: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element, iq["type"] != "error" else { return nil }
    let speaker = scene.speaker(of: iq, in: packet)
    let isInfo = query.namespace == NS.discoInfo
    switch place {
    case .request:
        let addressee = scene.addressee(of: iq, in: packet)
        let who = part(of: addressee, query)
        let what: String
        switch (isInfo, who) {
        case (true, nil): what = "what it is and what it supports"
        case (true, let who?): what = "what \(who) is and what that supports"
        case (false, let who): what = "which items \(who ?? "it") has"
        }
        return Telling("\(speaker.start) asks \(addressee.name) \(what) (service discovery, XEP-0030).")
    case .answer:
        guard let own = iq.child("query", query.namespace) else { return nil }
        let told = isInfo ? toldInfo(own) : toldItems(own)
        return Telling(
            part(of: speaker, own).map { "\(speaker.start) says that \($0) \(told)." } ?? "\(speaker.start) \(told)."
        )
    case .nonza, .message, .presence: return nil
    }
}

/// What is meant, where it is not the whole of who is asked: a node, or the client's account of its server.
private func part(of party: Party, _ query: Element) -> String? {
    query["node"].map { "its node \($0.quoted(limit: 100))" } ?? (party.isAccount ? "the client's own account" : nil)
}

private func toldInfo(_ query: Element) -> String {
    let identities = query.children.filter { $0.name == "identity" }
    let kinds = identities.prefix(3).map { identity in
        let kind = [identity["category"], identity["type"]].compactMap { $0?.shown(limit: 40) }.joined(separator: "/")
        return identity["name"].map { "\($0.quoted(limit: 60)) (\(kind))" } ?? "of the kind \(kind)"
    }
    let count = query.children.count { $0.name == "feature" }
    let supports = count == 0 ? "names no feature" : "supports \(counted(count, "feature"))"
    if kinds.isEmpty { return supports }
    return "is \((identities.count > 3 ? kinds + ["others"] : kinds).listed()), and \(supports)"
}

private func toldItems(_ query: Element) -> String {
    let items = query.children.filter { $0.name == "item" }
    if items.isEmpty { return "has no items" }
    let names = items.prefix(3).map { item in
        [item["jid"], item["node"]].compactMap { $0?.shown(limit: 60) }.joined(separator: ", node ")
    }
    let more = items.count > 3 ? "; and \(items.count - 3) more" : ""
    return "has \(counted(items.count, "item")): \(names.joined(separator: "; "))\(more)"
}
