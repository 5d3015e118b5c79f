import XMLStream
import XMPP

// What inner elements say, each as a sentence without its full stop.

/// A small picture of what is offered (XEP-0264).
func toldThumbnail(_ element: Element) -> String? {
    guard element.name == "thumbnail" else { return nil }
    let size = element.given("width").flatMap { width in
        element.given("height").map { "\(width.shown(limit: 10)) × \($0.shown(limit: 10))" }
    }
    let facts = [element.given("media-type")?.shown(limit: 40), size].compactMap { $0 }
    return "A thumbnail of it is to be had" + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
}

/// In which order a list is wanted (XEP-0413); without `desc` the oldest stand first.
func toldOrder(_ element: Element) -> String? {
    guard element.name == "order" else { return nil }
    let isDescending = ["true", "1"].contains(element["desc"])
    switch element["by"] {
    case "creation"?:
        return "They shall be sorted by when they were made, the \(isDescending ? "newest" : "oldest") first"
    case "modification"?:
        return "They shall be sorted by their last change, the \(isDescending ? "latest" : "earliest") first"
    case let by?: return "They shall be sorted by \(by.quoted(limit: 60))\(isDescending ? ", descending" : "")"
    case nil: return "They shall be sorted, but it does not say by what"
    }
}

/// Which nodes are to be listed (XEP-0462).
func toldNodeFilter(_ element: Element) -> String? {
    guard element.name == "filter", let form = element.child("x", NS.dataForms) else { return nil }
    let fields = DataForm(form).fields
    func types(_ name: String) -> String? {
        let values = fields.first { $0.name == name }?.values.map(\.trimmed) ?? []
        let named = values.map { $0.isEmpty ? "without a type" : "of the type \($0.shown(limit: 80))" }
        return named.isEmpty ? nil : Say.some(named)
    }
    if let wanted = types("included-types") { return "Only nodes \(wanted) are wanted" }
    return types("excluded-types").map { "Nodes \($0) are not wanted" }
}

/// How much of a room's lists of affiliations somebody has (XEP-0463): the room names a version with each change, and one who joins the last it knows.
func toldAffiliationVersion(_ element: Element) -> String? {
    guard element.name == "mav" else { return nil }
    switch (element.given("since"), element.given("until")) {
    case (_, let until?): return "With that the room's affiliations are at the version \(until.shown(limit: 20))"
    case (let since?, nil):
        return "Of the room's affiliations only what changed since the version \(since.shown(limit: 20)) is wanted"
    case (nil, nil): return "All of the room's affiliations are wanted, for no version of them is known yet"
    }
}

/// Who has signed an item (XEP-0475), and by what (XEP-0476).
func toldSignature(_ element: Element) -> String? {
    guard element.name == "signature" else { return nil }
    let signers = element.children.filter { $0.name == "signer" }.compactMap { $0.text.trimmed.nonEmpty }
    let who = signers.isEmpty ? "" : " by \(Say.some(signers.map { $0.shown(limit: 80) }))"
    let isOpenPGP = element.child("sign", "urn:xmpp:pubsub-signing:openpgp:0") != nil
    return "It holds a signature of the item\(who)\(isOpenPGP ? ", made with OpenPGP" : "")"
}

/// Contents that belong together (XEP-0338); that all go over one port is told with the session.
func toldGroup(_ element: Element) -> String? {
    guard element.name == "group", element["semantics"] == "LS" else { return nil }
    let names = element.children.compactMap { $0.given("name")?.quoted(limit: 40) }
    return names.count < 2 ? nil : "\(Say.some(names)) are to be played in step with each other"
}

extension ProtocolEntry {
    /// Items that only some can read (XEP-0477).
    static let targetedItems: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0477", "Pubsub Targeted Encryption", ["urn:xmpp:pte:0"])
        entry.item = { payload, _ in
            guard payload.name == "encrypted" else { return nil }
            var item = ItemTelling("encrypted item", "XEP-0477")
            item.isOwn = false
            let algorithm = payload.given("type").map { " by \(Say.title($0))" } ?? ""
            item.content = "only those can read it for whom it is encrypted\(algorithm)"
            return item
        }
        return entry
    }()
}
