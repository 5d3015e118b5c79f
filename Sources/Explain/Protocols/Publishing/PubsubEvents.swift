import Session
import XMLStream
import XMPP

/// An event of XEP-0060: what changed in a node that somebody is subscribed to, or hears of by presence (XEP-0163).
func tellPubsubEvent(_ event: Element, _ message: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let change = event.firstChild(where: { $0.namespace == event.namespace }) else { return nil }
    let node = PubsubNode(change["node"], message, packet, scene)
    let speaker = scene.speaker(of: message, in: packet)
    let to = scene.streamKind == .client ? "" : " It goes to \(scene.addressee(of: message, in: packet).name)."
    if change.name == "items" { return tellItems(change, node, speaker, message, packet, &scene, to: to) }
    let who = node.holder == .own ? "The client's own account" : speaker.start
    guard let clause = eventClause(change, node) else { return nil }
    return Telling("\(who) announces: \(clause)\(scene.cite("XEP-0060")).\(to)".collapsingStops)
}

/// What happened to the node, a clause.
private func eventClause(_ change: Element, _ node: PubsubNode) -> String? {
    let called = "the \(node.called)"
    switch change.name {
    case "delete":
        let uri = change.child("redirect")?["uri"].flatMap(\.nonEmpty)
        return "\(called) is deleted\(uri.map { "; it goes on at \($0.quoted(limit: 100))" } ?? "")"
    case "purge": return "all items of \(called) are deleted"
    case "configuration":
        let settings = PubsubSettings(change, isOwn: node.holder == .own).told
        return "the settings of \(called) have changed\(settings.isEmpty ? "" : "; now \(settings)")"
    case "create": return "\(called) is new"
    case "subscription": return subscriptionNews(change, node)
    case "collection":
        if let added = change.child("associate") ?? change.child("node") {
            return "\(PubsubNode(node.name, .unknown).collection) now holds \(nodeOf(added))"
        }
        if let removed = change.child("dissociate") ?? change.child("disassociate") {
            return "\(PubsubNode(node.name, .unknown).collection) no longer holds \(nodeOf(removed))"
        }
        return nil
    default: return nil
    }
}

private func nodeOf(_ element: Element) -> String {
    (element["node"] ?? element["id"]).flatMap(\.nonEmpty).map { "the node \($0.quoted(limit: 100))" } ?? "another node"
}

private func subscriptionNews(_ change: Element, _ node: PubsubNode) -> String? {
    let who = change.given("jid")?.shown(limit: 100) ?? "the subscriber"
    let expiry = change.given("expiry").map { ", until \(Say.time($0))" } ?? ""
    switch change["subscription"] {
    case "subscribed"?: return "\(who) is subscribed to the \(node.called)\(expiry)"
    case "none"?: return "\(who) is not subscribed to the \(node.called), or no longer"
    case "pending"?: return "the subscription of \(who) to the \(node.called) waits for the owner's approval"
    case "unconfigured"?: return "\(who) is subscribed to the \(node.called), but the options must be set first"
    case let state?:
        return "the subscription of \(who) to the \(node.called) is in the state \(state.quoted(limit: 40))"
    case nil: return nil
    }
}

// MARK: Items

private func tellItems(
    _ list: Element,
    _ node: PubsubNode,
    _ speaker: Party,
    _ message: Element,
    _ packet: Packet,
    _ scene: inout Scene,
    to: String
) -> Telling {
    let items = list.children.filter { $0.name == "item" }.map(PublishedItem.init)
    let gone = list.children.filter { $0.name == "retract" }.compactMap { $0.given("id") }
    let when = eventTime(message)
    let who = node.holder == .own ? "The client's own account" : speaker.start
    if items.count == 1, gone.isEmpty, let item = items.first, let telling = item.telling, node.isPersonal(message) {
        let reference = telling.reference.isEmpty ? "" : scene.cite(telling.reference)
        let text = "\(personal(telling, node, speaker))\(reference).\(when)\(to)".collapsingStops
        return Telling(text, foreignFindings(telling, speaker, packet, scene))
    }
    let parts = announced(items) + retracted(gone, node)
    let what = parts.isEmpty ? "something happened, without an item" : parts.joined(separator: "; ")
    let place = node.kind?.itemNoun != nil && items.isEmpty && !gone.isEmpty ? "" : " in the \(node.called)"
    return Telling("\(who) announces\(place): \(what)\(scene.cite("XEP-0060")).\(when)\(to)".collapsingStops)
}

extension PubsubNode {
    /// True for a node of an account, as far as its holder's name tells.
    var isOfAccount: Bool {
        switch holder {
        case .own: true
        case .other(let name): name.contains("@")
        case .unknown: false
        }
    }

    /// True for a node of an account, which tells of its owner; a service's node is of many.
    func isPersonal(_ message: Element) -> Bool {
        holder == .own || message.given("from").map { JID($0).local != nil } ?? false
    }
}

/// What somebody is or has now, a sentence without its full stop.
private func personal(_ telling: ItemTelling, _ node: PubsubNode, _ who: Party) -> String {
    let whose = node.holder == .own ? "The client's own account" : who.start
    if telling.isEmpty, let withdrawn = telling.withdrawn { return "\(whose) \(withdrawn)" }
    if let state = telling.state { return "\(whose) \(state)" }
    let content = telling.content.map { ": \($0)" } ?? ""
    if !telling.isOwn { return "\(whose) has published \(withArticle(telling.name ?? telling.noun))\(content)" }
    let name = telling.name ?? telling.noun
    let verb = content.isEmpty ? " is published anew" : " is now"
    return node.holder == .own
        ? "The client's own \(name)\(verb)\(content)" : "The \(name) of \(who.name)\(verb)\(content)"
}

private func announced(_ items: [PublishedItem]) -> [String] {
    if items.isEmpty { return [] }
    if items.count > 1 { return ["\(items.count) items: \(items.firstOnes(\.listed))"] }
    let content = items[0].content
    let by = items[0].publisher.map { " by \($0.shown(limit: 100))" } ?? ""
    return ["the \(items[0].name)\(by)\(content.isEmpty ? ", whose content is not sent along" : ", \(content)")"]
}

private func retracted(_ ids: [String], _ node: PubsubNode) -> [String] {
    if ids.isEmpty { return [] }
    let quoted = ids.firstOnes { $0.quoted(limit: 60) }
    if let noun = node.kind?.itemNoun {
        return ["the \(ids.count == 1 ? noun : plural(noun)) \(quoted) \(ids.count == 1 ? "is" : "are") deleted"]
    }
    return ["the \(ids.count == 1 ? "item" : "items") \(quoted) \(ids.count == 1 ? "is" : "are") deleted"]
}

private func eventTime(_ message: Element) -> String {
    guard let stamp = message.child("delay", NS.delay)?["stamp"].flatMap(\.nonEmpty) else { return "" }
    return " It was published at \(Say.time(stamp))."
}

private func foreignFindings(_ telling: ItemTelling, _ speaker: Party, _ packet: Packet, _ scene: Scene) -> [Finding] {
    guard telling.isPrivate, speaker.role == .contact, packet.direction == .serverToClient,
        scene.streamKind == .client,
        scene.account.boundBare != nil
    else { return [] }
    return [
        Finding(
            .pubsubPrivateFromOthers,
            "a \(telling.noun) is for the own account only, and this one is somebody else's; the client must not take it for its own (XEP-0223 section 6)."
        )
    ]
}

/// A service tells somebody what they are in a node now (XEP-0060 section 8.9.4).
func tellAffiliationNews(_ pubsub: Element, _ message: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    let isDirect = pubsub.child("affiliation") != nil
    guard let list = isDirect ? pubsub : pubsub.child("affiliations") ?? pubsub.child("subscriptions") else {
        return nil
    }
    let node = PubsubNode(list["node"], message, packet, scene)
    let entries = list.children
    guard !entries.isEmpty else { return nil }
    let who = scene.speaker(of: message, in: packet).start
    let told = entries.firstOnes { entry in
        let name = entry.given("jid")?.shown(limit: 100) ?? "somebody"
        let role = entry.given("affiliation") ?? entry.given("subscription") ?? "none"
        return "\(name) now \(role == "none" ? "has no role" : "is \(role.shown(limit: 40))")"
    }
    return Telling("\(who) announces what changed in the \(node.called): \(told)\(scene.cite("XEP-0060")).")
}
