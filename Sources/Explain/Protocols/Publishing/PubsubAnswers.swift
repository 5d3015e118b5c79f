import Session
import XMLStream
import XMPP

/// An answer of XEP-0060: what is so now, what was asked for, or why not.
func tellPubsubAnswer(
    _ element: Element,
    _ request: Request?,
    _ iq: Element,
    _ packet: Packet,
    _ scene: inout Scene
) -> Telling? {
    let asked = request?.element.firstChild { $0.namespace == Pubsub.namespace || $0.namespace == Pubsub.owner }
    // An error may repeat the request; a result has what was asked for.
    let reply = iq.firstChild { $0.namespace == Pubsub.namespace || $0.namespace == Pubsub.owner }
    guard let action = Pubsub.action(of: asked) ?? Pubsub.action(of: element) else { return nil }
    let answer = Pubsub.action(of: reply)
    let node = PubsubNode(action["node"] ?? answer?["node"], iq, request: request, packet, scene)
    let deed = PubsubDeed(action, asked ?? element, node, isSet: request.map { $0.element["type"] == "set" })
    if iq["type"] == "error" { return tellRefusal(deed, node, iq, packet, &scene) }
    let text = deed.done(answer, reply)
    return text.map { Telling("\($0)\(scene.cite("XEP-0060")).".collapsingStops) }
}

/// What a request wanted, to be told of as done or as not done.
struct PubsubDeed {
    let action: Element
    /// What holds the action, in the request; in an answer without one that is known the answer's.
    let pubsub: Element
    let node: PubsubNode
    /// Nil if the request is not known.
    let isSet: Bool?

    init(_ action: Element, _ pubsub: Element, _ node: PubsubNode, isSet: Bool?) {
        self.action = action
        self.pubsub = pubsub
        self.node = node
        self.isSet = isSet
    }

    private var items: [PublishedItem] { action.children.filter { $0.name == "item" }.map(PublishedItem.init) }

    /// An address stays as it was written, also at the beginning of a sentence.
    private var who: String { action.given("jid")?.shown(limit: 100) ?? "The address" }

    /// Where the request is not known, what it holds tells whether it set something.
    private var sets: Bool {
        isSet ?? (action.childCount > 0 && action.child("x", NS.dataForms)?["type"] != "form")
    }

    private var isOwner: Bool { pubsub.namespace == Pubsub.owner }

    /// What the result says, without its full stop; nil if there are no words for it.
    ///
    /// - Parameters:
    ///   - answer: what stands in its payload.
    ///   - reply: its payload.
    func done(_ answer: Element?, _ reply: Element?) -> String? {
        switch action.name {
        case "publish": return published(answer)
        case "items": return givenItems(answer, reply)
        case "subscribe", "subscription": return subscribed(answer, reply)
        case "options": return givenOptions(answer)
        case "subscriptions", "affiliations": return listed(answer)
        case "create": return created(answer)
        case "default", "configure": return settings(answer)
        case "retract":
            let ids = action.itemIDs
            let isOne = ids.count == 1
            return ids.isEmpty ? nil : "\(capitalized(itemsByID(ids, node))) \(isOne ? "is" : "are") deleted"
        case "unsubscribe": return "\(who) is no longer subscribed to \(node.placed)"
        case "collection":
            return "\(capitalized(node.collection)) is changed as asked"
        case "delete": return "\(capitalized(node.placed)) is deleted"
        case "purge": return "\(capitalized(node.placed)) has no items any more"
        default: return nil
        }
    }

    /// What does not happen, a sentence without its full stop.
    func undone(asked: String) -> String {
        switch action.name {
        case "publish":
            return
                "\(capitalized(publishedName)) \(items.count > 1 ? "are" : "is") not \(isPrivate ? "stored" : "published")"
        case "items":
            return "\(asked) does not give \(askedItems(action, pubsub, PubsubNode(node.name, .unknown), isOwn: false))"
        case "subscribe", "subscription": return "\(who) is not subscribed to \(node.placedOrRoot)"
        case "options":
            return sets
                ? "The options of the subscription to \(node.placed) stay as they are"
                : "\(asked) does not give the options of the subscription to the \(node.called)"
        case "subscriptions", "affiliations":
            let what = action.name == "subscriptions" ? "is subscribed" : "may do what"
            if sets, isOwner { return "Who \(what) in \(node.placed) stays as it was" }
            return isOwner
                ? "\(asked) does not say who \(what)\(node.name == nil ? "" : " in the \(node.called)")"
                : "\(asked) does not list the \(action.name)"
        case "create": return "\(node.name == nil ? "The node" : capitalized(node.placed)) is not created"
        case "default": return "\(asked) does not give its default settings"
        case "configure":
            return sets
                ? "The settings of \(node.placed) stay as they are"
                : "\(asked) does not give the settings of the \(node.called)"
        case "retract": return "Nothing is deleted from \(node.placed)"
        case "unsubscribe":
            return
                "The subscription\(action.given("jid").map { " of \($0.shown(limit: 100))" } ?? "") to \(node.placed) does not end"
        case "collection": return "\(capitalized(node.collection)) stays as it was"
        case "delete": return "\(capitalized(node.placed)) is not deleted"
        case "purge": return "The items of \(node.placed) are not deleted"
        default: return "\(asked) refuses what was asked of \(node.placed)"
        }
    }

    // MARK: Publishing

    private var isPrivate: Bool { items.first?.telling?.isPrivate == true }

    private var publishedName: String {
        let items = items
        if items.count > 1 { return "the \(items.count) items" }
        if items.count == 1, let kind = node.kind, kind.namesItem { return "the \(kind.noun)" }
        return items.first.map { $0.telling?.named ?? "the \($0.name)" } ?? "the notification"
    }

    private func published(_ answer: Element?) -> String {
        let ids = answer?.itemIDs ?? []
        let isNew = items.count == 1 && items[0].id == nil && ids.count == 1
        let name = isNew ? ", under the id \(ids[0].quoted(limit: 60))" : ""
        let verb = "\(items.count > 1 ? "are" : "is") \(isPrivate ? "stored" : "published")"
        // What has a name of its own needs no node's; neither does what stands in a node of the known kinds.
        let isKnown = items.count == 1 && items[0].telling != nil && node.holder == .own
        return "\(capitalized(publishedName)) \(verb)\(isKnown ? "" : " in \(node.placed)")\(name)"
    }

    // MARK: Lists

    private func givenItems(_ answer: Element?, _ reply: Element?) -> String {
        let items = answer?.children.filter { $0.name == "item" }.map(PublishedItem.init) ?? []
        let noun = node.kind?.noun
        if items.isEmpty {
            let ids = action.itemIDs
            if let noun { return "There \(node.kind?.isPlural == true ? "are" : "is") no \(noun)\(node.place)" }
            return ids.isEmpty ? "There are no items in \(node.placed)" : "There is no such item in \(node.placed)"
        }
        let more = page(reply, of: items.count)
        let whose = node.holder == .own ? "The client's own " : ""
        let place = node.holder == .own ? "" : node.place
        if items.count == 1, let item = items.first {
            guard let telling = item.telling, telling.noun != "form" || noun != nil,
                node.kind != nil || node.isOfAccount
            else {
                let content = item.content
                let ending = content.isEmpty ? " has no content" : ": \(content)"
                return "\(capitalized("the \(item.name)")) of \(node.placed)\(ending)\(more)"
            }
            let isOfNode = telling.noun == "form" || node.kind?.namesItem == true
            let name = isOfNode ? noun ?? telling.noun : telling.name ?? telling.noun
            let start = "\(whose.isEmpty ? "The " : whose)\(name)\(place)"
            return "\(start)\(telling.isEmpty ? " is empty" : telling.content.map { ": \($0)" } ?? "")\(more)"
        }
        let nouns = Set(items.prefix(20).map { $0.telling?.noun ?? "item" })
        let what = nouns.count == 1 ? plural(nouns.first ?? "item") : "items"
        let known = node.kind == nil ? " of \(node.placed)" : node.place
        return "\(items.count) \(what)\(known): \(items.firstOnes(\.listed))\(more)"
    }

    /// How many there are in all (XEP-0059); empty if that is not said.
    private func page(_ reply: Element?, of shown: Int) -> String {
        guard let count = reply?.child("set", "http://jabber.org/protocol/rsm")?.textOf("count").flatMap({ Int($0) }),
            count > shown
        else { return "" }
        return "; there are \(inThousands(count)) in all"
    }

    private func listed(_ answer: Element?) -> String? {
        if isSet == true, isOwner { return "That is changed: \(standings(action)) in \(node.placed)" }
        guard let answer else { return nil }
        let place = node.name == nil ? node.place : " in \(node.placed)"
        let isEmpty = answer.childCount == 0
        if isOwner {
            let what = action.name == "subscriptions" ? "Subscriptions" : "Roles"
            return isEmpty
                ? "Nobody has any \(what == "Roles" ? "role" : "subscription")\(place)"
                : "\(what)\(place): \(standings(answer))"
        }
        let what = action.name == "subscriptions" ? "subscription" : "role"
        return isEmpty ? "There is no \(what)\(place)" : "\(capitalized(plural(what)))\(place): \(standings(answer))"
    }

    // MARK: Subscriptions

    private func subscribed(_ answer: Element?, _ reply: Element?) -> String {
        let result = answer?.name == "subscription" ? answer : nil
        let who = result?.given("jid")?.shown(limit: 100) ?? who
        let ofWhom = (result?.given("jid") ?? action.given("jid")).map { " of \($0.shown(limit: 100))" } ?? ""
        let subid = result?.given("subid").map { ", as the subscription \($0.quoted(limit: 60))" } ?? ""
        let needsOptions = result?.child("subscribe-options")?.child("required") != nil
        switch result?.given("subscription") {
        case "pending"?:
            return "The subscription\(ofWhom) to \(node.placedOrRoot) waits for the owner's approval (pending)\(subid)"
        case "unconfigured"?:
            return
                "\(who) is subscribed to \(node.placedOrRoot), but gets nothing before the options are set (unconfigured)\(subid)"
        case "none"?: return "\(who) is not subscribed to \(node.placedOrRoot)"
        case "subscribed"?, nil:
            let options = needsOptions ? "; its options must be set first" : ""
            return "\(who) is subscribed to \(node.placedOrRoot)\(subid)\(options)"
        case let other?:
            return
                "The subscription\(ofWhom) to \(node.placedOrRoot) is in the state \(other.quoted(limit: 40))\(subid)"
        }
    }

    private func givenOptions(_ answer: Element?) -> String? {
        if isSet == true { return "The options of the subscription to \(node.placed) are set" }
        let options = subscriptionOptions(answer)
        return options.isEmpty ? nil : "The options of the subscription to \(node.placed): \(options)"
    }

    // MARK: Nodes

    private func created(_ answer: Element?) -> String {
        if action.given("node") == nil, let name = answer?.given("node") {
            return "\(capitalized(PubsubNode(name, node.holder).placed)) exists now"
        }
        return node.name == nil ? "A new node exists now\(node.place)" : "\(capitalized(node.placed)) exists now"
    }

    private func settings(_ answer: Element?) -> String? {
        if isSet == true { return "The new settings of \(node.placed) are in force" }
        let form = answer?.child("x", NS.dataForms)
        let isOfSubscription = action.name == "default" && pubsub.namespace == Pubsub.namespace
        if isOfSubscription {
            let options = subscriptionOptions(answer)
            return options.isEmpty ? nil : "The default options of subscriptions\(node.place): \(options)"
        }
        let told = PubsubSettings(form, isOwn: node.holder == .own).told
        guard !told.isEmpty else { return nil }
        return action.name == "default"
            ? "The default settings of a new node\(node.place): \(told)" : "The settings of \(node.placed): \(told)"
    }
}
