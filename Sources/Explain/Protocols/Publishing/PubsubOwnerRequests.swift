import Session
import XMLStream
import XMPP

/// A request of XEP-0060 section 8, which only the owner of a node may make.
func tellOwnerRequest(_ action: Element, _ iq: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    let node = PubsubNode(action["node"], iq, packet, scene)
    let isSet = iq["type"] == "set"
    let clause: String
    switch action.name {
    case "configure": clause = configuring(action, node, isSet: isSet)
    case "default":
        clause =
            "asks \(node.asked) for the default settings of new \(action["type"] == "collection" ? "collections" : "nodes")"
    case "delete":
        let redirect =
            action.child("redirect")?["uri"].flatMap(\.nonEmpty).map {
                "; subscribers are sent to \($0.quoted(limit: 100))"
            } ?? ""
        clause = "deletes \(node.placed) with everything in it\(redirect)"
    case "collection": clause = collecting(action, node)
    case "purge": clause = "deletes all items of \(node.placed)"
    case "subscriptions":
        clause =
            isSet
            ? "changes who is subscribed to \(node.placed): \(standings(action))"
            : "asks who is subscribed to \(node.placed)"
    case "affiliations":
        clause =
            isSet
            ? "changes who may do what in \(node.placed): \(standings(action))"
            : "asks who may do what in \(node.placed)"
    default: return nil
    }
    return Telling("\(scene.speaker(of: iq, in: packet).start) \(clause)\(scene.cite("XEP-0060")).".collapsingStops)
}

/// A node is put into a collection or taken out of one (XEP-0248 section 7.3).
private func collecting(_ action: Element, _ collection: PubsubNode) -> String {
    func node(of change: Element) -> String {
        change.given("node").map { "the node \($0.quoted(limit: 80))" } ?? "a node without a name"
    }
    if let added = action.child("associate") { return "puts \(node(of: added)) into \(collection.collection)" }
    let removed = action.child("dissociate") ?? action.child("disassociate")
    return removed.map { "takes \(node(of: $0)) out of \(collection.collection)" } ?? "changes \(collection.collection)"
}

private func configuring(_ action: Element, _ node: PubsubNode, isSet: Bool) -> String {
    guard isSet else { return "asks for the settings of \(node.placed)" }
    let form = action.child("x", NS.dataForms)
    if form?["type"] == "cancel" { return "leaves the settings of \(node.placed) as they are" }
    let settings = PubsubSettings(form, isOwn: node.holder == .own).told
    return settings.isEmpty
        ? "sends new settings of \(node.placed)" : "changes the settings of \(node.placed): \(settings)"
}

/// Who is what in a node, or which nodes somebody is what in: subscriptions and affiliations, to stand behind a colon.
func standings(_ list: Element) -> String {
    let entries = list.children.filter { $0.name == "affiliation" || $0.name == "subscription" }
    if entries.isEmpty { return "nobody" }
    return entries.firstOnes { entry in
        let who = entry.given("jid")?.shown(limit: 100)
        let node = entry.given("node")?.quoted(limit: 80)
        if entry["jid"] == nil, entry["node"] != nil, entry["node"] == list["node"] { return standing(entry) }
        let subject = list["node"] == nil && node != nil ? node : who ?? node
        return "\(subject ?? "one without a name") \(standing(entry))"
    }
}

/// `as publisher`, `no longer subscribed`.
private func standing(_ entry: Element) -> String {
    if let affiliation = entry.given("affiliation") {
        return affiliation == "none" ? "without a role" : "as \(affiliation.shown(limit: 40))"
    }
    switch entry.given("subscription") {
    case "none"?: return "not subscribed"
    case "subscribed"?: return "subscribed"
    case "pending"?: return "waiting for approval"
    case "unconfigured"?: return "subscribed (not configured yet)"
    case let other?: return other.quoted(limit: 40)
    case nil: return "in a state that is not given"
    }
}
