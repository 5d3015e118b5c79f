import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Service discovery (XEP-0030).
    static let discovery: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0030", "service discovery", [NS.discoInfo, NS.discoItems])
        entry.topic = { _ in "service discovery (XEP-0030)" }
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
    let speaker = scene.speaker(of: iq, in: packet).start
    let node = query["node"].map { " (of its node \($0.quoted(limit: 100)))" } ?? ""
    let isInfo = query.namespace == NS.discoInfo
    switch place {
    case .request:
        let addressee = scene.addressee(of: iq, in: packet).name
        let what = isInfo ? "what it is and what it supports" : "which items it has"
        return Telling("\(speaker) asks \(addressee) \(what)\(node) (service discovery, XEP-0030).")
    case .answer:
        guard let own = iq.child("query", query.namespace) else { return nil }
        return Telling("\(speaker) \(isInfo ? toldInfo(own) : toldItems(own))\(node).")
    case .nonza, .message, .presence: return nil
    }
}

private func toldInfo(_ query: Element) -> String {
    let identities = query.children.filter { $0.name == "identity" }.prefix(2).map { identity in
        let kind = [identity["category"], identity["type"]].compactMap { $0?.shown(limit: 40) }.joined(separator: "/")
        return identity["name"].map { "\($0.quoted(limit: 60)) (\(kind))" } ?? kind
    }
    let count = query.children.count { $0.name == "feature" }
    let supports = count == 1 ? "1 feature" : "\(count) features"
    return identities.isEmpty ? "supports \(supports)" : "is \(identities.listed()) and supports \(supports)"
}

private func toldItems(_ query: Element) -> String {
    let items = query.children.filter { $0.name == "item" }
    if items.isEmpty { return "has no items" }
    let names = items.prefix(3).map { item in
        [item["jid"], item["node"]].compactMap { $0?.shown(limit: 60) }.joined(separator: ", node ")
    }
    let more = items.count > 3 ? ", …" : ""
    return "has \(items.count == 1 ? "1 item" : "\(items.count) items"): \(names.joined(separator: "; "))\(more)"
}
