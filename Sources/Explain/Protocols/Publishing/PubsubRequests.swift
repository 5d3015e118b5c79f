import Session
import XMLStream
import XMPP

/// A request of XEP-0060 that anybody may make.
func tellPubsubRequest(
    _ action: Element,
    _ pubsub: Element,
    _ iq: Element,
    _ packet: Packet,
    _ scene: inout Scene
) -> Telling? {
    let speaker = scene.speaker(of: iq, in: packet)
    let node = PubsubNode(action["node"], iq, packet, scene)
    let clause: String
    switch action.name {
    case "publish": return tellPublishing(action, pubsub, node, iq, packet, &scene)
    case "retract": clause = retracting(action, node)
    case "items": clause = "asks for \(askedItems(action, pubsub, node, isOwn: speaker.role == .client))"
    case "subscribe", "unsubscribe": clause = subscribing(action, pubsub, node, speaker)
    case "options": clause = optioning(action, node, isSet: iq["type"] == "set")
    case "subscriptions":
        clause = "asks \(node.asked) what it is subscribed to\(node.name == nil ? "" : " of the \(node.called)")"
    case "affiliations":
        clause =
            "asks \(node.asked) what it is\(node.name == nil ? " in each node" : " in the \(node.called)"): owner, publisher or another"
    case "create": clause = creating(action, pubsub, node)
    case "default":
        clause =
            "asks \(node.asked) for the default options of subscriptions\(node.name == nil ? "" : " to the \(node.called)")"
    case "configure", "delete", "purge":
        return Telling(
            "\(speaker.start) sends <\(action.name)/> for \(node.placed).",
            [
                Finding(
                    .pubsubOwnerNamespace,
                    "<\(action.name)/> belongs into \(Pubsub.owner) (XEP-0060 section 8); services refuse it here."
                )
            ]
        )
    default: return nil
    }
    return Telling("\(speaker.start) \(clause)\(scene.cite("XEP-0060")).".collapsingStops)
}

// MARK: Publishing

private func tellPublishing(
    _ publish: Element,
    _ pubsub: Element,
    _ node: PubsubNode,
    _ iq: Element,
    _ packet: Packet,
    _ scene: inout Scene
) -> Telling {
    let speaker = scene.speaker(of: iq, in: packet)
    let items = publish.children.filter { $0.name == "item" }.map(PublishedItem.init)
    let isOwn = node.holder == .own
    let demands = PubsubSettings(pubsub.child("publish-options"), isOwn: isOwn)
    let clause: String
    if items.count == 1, let item = items.first {
        clause = publishing(item, node, &scene)
    } else if items.isEmpty {
        clause = "announces in \(node.placed) that something happened, without an item\(scene.cite("XEP-0060"))"
    } else {
        clause =
            "publishes \(items.count) items in \(node.placed): \(items.firstOnes(\.listed))\(scene.cite("XEP-0060"))"
    }
    let demanded = demands.told
    let second = demanded.isEmpty ? "" : " It demands this of the node: \(demanded)."
    return Telling(
        "\(speaker.start) \(clause).\(second)".collapsingStops,
        privateFindings(items.first, node, demands, isOwn: isOwn)
    )
}

/// A predicate.
private func publishing(_ item: PublishedItem, _ node: PubsubNode, _ scene: inout Scene) -> String {
    guard let telling = item.telling else {
        let content = item.content
        let article = item.id == nil ? "an" : "the"
        let ending = content.isEmpty ? ", without content" : ": \(content)"
        return "publishes \(article) \(item.name) in \(node.placed)\(ending)\(scene.cite("XEP-0060"))"
    }
    let reference = telling.reference.isEmpty ? "" : scene.cite(telling.reference)
    let place: String
    switch node.holder {
    case .own:
        place = telling.name != nil ? "" : " (\(node.called)\(item.id.map { ", item \($0.quoted(limit: 60))" } ?? ""))"
    case .other, .unknown: place = " in \(node.placed)\(item.id.map { ", as the item \($0.quoted(limit: 60))" } ?? "")"
    }
    if let kind = node.kind, kind.namesItem, node.holder == .own {
        return "publishes the \(kind.noun)\(telling.content.map { ": \($0)" } ?? "")\(reference)"
    }
    if let act = telling.act { return "\(act)\(node.holder == .own ? "" : place)\(reference)" }
    let noun = telling.name ?? telling.noun
    let called = telling.isOwn ? "its \(noun)" : withArticle(noun)
    if telling.isEmpty, let withdrawal = telling.withdrawal { return "\(withdrawal)\(reference)" }
    if telling.isEmpty { return "takes back \(called)\(reference)" }
    if node.holder != .own {
        return "publishes \(called)\(place)\(telling.content.map { ": \($0)" } ?? "")\(reference)"
    }
    let content = telling.content.map { ": \($0)" } ?? ""
    if place.hasSuffix(")"), !reference.isEmpty {
        return "publishes \(called)\(content)\(place.dropLast()), \(telling.reference))"
    }
    return "publishes \(called)\(content)\(place)\(reference)"
}

/// With `a` or `an`.
func withArticle(_ noun: String) -> String {
    let isVowel = noun.first.map { "aeiouAEIO".contains($0) } ?? false
    return "\(isVowel ? "an" : "a") \(noun)"
}

private func privateFindings(
    _ item: PublishedItem?,
    _ node: PubsubNode,
    _ demands: PubsubSettings,
    isOwn: Bool
) -> [Finding] {
    guard isOwn, let telling = item?.telling, telling.isPrivate else { return [] }
    let model = demands.values["access_model"]
    guard model != "whitelist" else { return [] }
    let reference = telling.reference.isEmpty ? "XEP-0223" : telling.reference
    let why =
        model.map { "the access model \($0.quoted(limit: 40)) is demanded" }
        ?? "publish-options do not demand the access model whitelist"
    return [
        Finding(
            .pubsubPrivateOptions,
            "\(why), so others may be able to read the \(telling.noun): if the node does not exist yet, the server makes it with its defaults (\(reference), XEP-0223 section 2)."
        )
    ]
}

// MARK: The others

private func retracting(_ retract: Element, _ node: PubsubNode) -> String {
    let ids = retract.itemIDs
    if ids.isEmpty { return "asks to delete something of \(node.placed), but names no item" }
    let what = itemsByID(ids, node)
    return
        "deletes \(what)\(retract["notify"].map(\.isXMLTrue) == true ? "; subscribers are to be told" : "")"
}

/// Items by their ids with the node: `the item "x" of the node "y" at z`, `the bookmark for the room …`.
func itemsByID(_ ids: [String], _ node: PubsubNode) -> String {
    let quoted = ids.firstOnes { $0.quoted(limit: 60) }
    if let noun = node.kind?.itemNoun, !ids.isEmpty {
        let own = node.holder == .own ? "" : node.place
        return "the \(ids.count == 1 ? noun : plural(noun)) \(quoted)\(own)"
    }
    if ids.isEmpty { return "items of \(node.placed)" }
    return "the \(ids.count == 1 ? "item" : "items") \(quoted) of \(node.placed)"
}

/// The noun's plural; what belongs to it may stand behind it.
func plural(_ noun: String) -> String {
    for mark in [" for ", " of ", " with "] where noun.hasPrefix("bookmark\(mark)") || noun.hasPrefix("note\(mark)") {
        let head = noun.hasPrefix("bookmark") ? "bookmark" : "note"
        return head + "s" + noun.dropFirst(head.count)
    }
    if noun.hasSuffix("entry") { return noun.dropLast() + "ies" }
    return noun.hasPrefix("OMEMO key bundle") ? "OMEMO key bundles" + noun.dropFirst(16) : noun + "s"
}

/// What a request for items wants, for the middle of a sentence.
///
/// - Parameter isOwn: true if `its own` is the sentence's subject.
func askedItems(_ items: Element, _ pubsub: Element, _ node: PubsubNode, isOwn: Bool) -> String {
    let ids = items.itemIDs
    let page = askedPage(pubsub)
    guard let kind = node.kind else {
        if !ids.isEmpty { return itemsByID(ids, node) }
        let newest = items["max_items"].flatMap { Int($0) }.map { $0 == 1 ? "last item" : "last \($0) items" }
        return "the \(newest ?? "items") of \(node.placed)\(page)"
    }
    let noun = kind.itemNoun.flatMap { noun in
        ids.isEmpty ? nil : "\(ids.count == 1 ? noun : plural(noun)) \(ids.firstOnes { $0.quoted(limit: 60) })"
    }
    let newest =
        kind.isPlural
        ? items["max_items"].flatMap { Int($0) }.map { $0 == 1 ? "the last one of " : "the last \($0) of " } ?? "" : ""
    let whole = noun ?? kind.noun
    return node.holder == .own && isOwn
        ? "\(newest)its own \(whole)\(page)" : "\(newest)the \(whole)\(node.place)\(page)"
}

/// Which page of a long list is wanted (XEP-0059); empty for all of it.
func askedPage(_ pubsub: Element) -> String {
    guard let set = pubsub.child("set", "http://jabber.org/protocol/rsm") else { return "" }
    let max = set.textOf("max").flatMap { Int($0) }
    if max == 0 { return ", to be told only how many there are" }
    let count = max.map { "at most \($0)" }
    if let after = set.quotedTextOf("after") { return ", \(count ?? "those") after \(after)" }
    if let before = set.child("before") {
        let end = before.text.trimmed
        return end.isEmpty
            ? ", the last \(max.map { "\($0)" } ?? "page")" : ", \(count ?? "those") before \(end.quoted(limit: 80))"
    }
    return count.map { ", \($0) at once" } ?? ""
}

private func subscribing(_ action: Element, _ pubsub: Element, _ node: PubsubNode, _ speaker: Party) -> String {
    let who = action.given("jid")?.shown(limit: 100)
    let subid = action.given("subid").map { " (subscription \($0.quoted(limit: 60)))" } ?? ""
    if action.name == "unsubscribe" {
        return "ends \(who.map { "the subscription of \($0)" } ?? "a subscription") to \(node.placedOrRoot)\(subid)"
    }
    let options = subscriptionOptions(pubsub.child("options"))
    return
        "\(who.map { "subscribes \($0)" } ?? "subscribes, without naming an address,") to \(node.placedOrRoot)\(options.isEmpty ? "" : ", with the options \(options)")"
}

private func optioning(_ action: Element, _ node: PubsubNode, isSet: Bool) -> String {
    let whose = action.given("jid").map { " of \($0.shown(limit: 100))" } ?? ""
    guard isSet else { return "asks for the options of the subscription\(whose) to \(node.placed)" }
    let options = subscriptionOptions(action)
    return "sets the options of the subscription\(whose) to \(node.placed)\(options.isEmpty ? "" : ": \(options)")"
}

private func creating(_ create: Element, _ pubsub: Element, _ node: PubsubNode) -> String {
    let settings = PubsubSettings(pubsub.child("configure"), isOwn: node.holder == .own).told
    let kind = create["type"] == "collection" ? "collection" : "node"
    let called = node.name.map { "the \(kind) \($0.quoted(limit: 100))" } ?? "a \(kind) whose name the service chooses"
    return "creates \(called)\(node.place)\(settings.isEmpty ? "" : "; its settings: \(settings)")"
}
