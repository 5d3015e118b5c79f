import XMLStream
import XMPP

/// What the forms of XEP-0060 section 16.4 settle about a node or a subscription.
struct PubsubSettings {
    /// What they settle, clauses: `only the own account may read it`.
    private var clauses: [String] = []
    /// How many settings have no words of their own.
    private var others = 0
    private(set) var values: [String: String] = [:]

    /// - Parameters:
    ///   - form: the element that holds the form, or the form; nil for no settings.
    ///   - isOwn: true for a node of the client's own account, which only that is on the whitelist of.
    init(_ form: Element?, isOwn: Bool) {
        guard let form = form.flatMap({ $0.namespace == NS.dataForms ? $0 : $0.child("x", NS.dataForms) }) else {
            return
        }
        for field in form.children where field.name == "field" {
            guard let name = field["var"], name != "FORM_TYPE" else { continue }
            let value = field.textOf("value") ?? ""
            let short = name.hasPrefix("pubsub#") ? String(name.dropFirst(7)) : name
            if values.count < 200 { values[short] = value }
            if let clause = Self.clause(short, value, isOwn: isOwn) { clauses.append(clause) } else { others += 1 }
        }
    }

    var isEmpty: Bool { clauses.isEmpty && others == 0 }

    /// All of it, to stand behind a colon; empty if nothing is settled.
    var told: String {
        if clauses.isEmpty { return others == 0 ? "" : counted(others, "setting") }
        let shown = clauses.prefix(4)
        let rest = clauses.count - shown.count + others
        if rest == 0 { return Array(shown).listed() }
        return shown.joined(separator: ", ") + " and \(counted(rest, "other setting"))"
    }

    private static func clause(_ name: String, _ value: String, isOwn: Bool) -> String? {
        switch name {
        case "access_model": readers(value, isOwn: isOwn)
        case "persist_items": value.isXMLTrue ? "its items are kept" : "its items are not kept"
        case "max_items": value == "max" ? "it keeps as many items as it can" : keeps(value)
        case "publish_model": publishers(value)
        case "title": value.isEmpty ? nil : "its title is \(value.quoted(limit: 60))"
        case "deliver_notifications": value.isXMLTrue ? nil : "nobody is told of its items"
        case "deliver_payloads": value.isXMLTrue ? nil : "events come without what is in the items"
        case "collection": value.isEmpty ? nil : "it belongs to the collection \(value.quoted(limit: 60))"
        case "node_type": value == "collection" ? "it is a collection of nodes" : nil
        case "send_last_published_item": lastItem(value)
        default: nil
        }
    }

    private static func readers(_ model: String, isOwn: Bool) -> String? {
        switch model {
        case "open": "anybody may read it"
        case "presence":
            isOwn ? "whoever sees the own presence may read it" : "whoever sees the owner's presence may read it"
        case "roster": "only some groups of the owner's contact list may read it"
        case "authorize": "only those whom the owner approves may read it"
        case "whitelist": isOwn ? "only the own account may read it" : "only those on its whitelist may read it"
        default: nil
        }
    }

    private static func keeps(_ value: String) -> String? {
        Int(value).map { "it keeps at most \(counted($0, "item"))" }
    }

    private static func publishers(_ model: String) -> String? {
        switch model {
        case "open": "anybody may publish"
        case "publishers": "only its publishers may publish"
        case "subscribers": "its subscribers may publish"
        default: nil
        }
    }

    private static func lastItem(_ value: String) -> String? {
        switch value {
        case "never": "its last item is not sent unasked"
        case "on_sub": "new subscribers are sent its last item"
        case "on_sub_and_presence": "its last item is sent to new subscribers and to those who come online"
        default: nil
        }
    }
}

/// The options of a subscription (XEP-0060 section 16.4.2), to stand behind a colon; empty without any.
func subscriptionOptions(_ holder: Element?) -> String {
    guard let form = holder?.child("x", NS.dataForms) else { return "" }
    let fields = form.children.filter { $0.name == "field" && $0.given("var").map { $0 != "FORM_TYPE" } ?? false }
    return fields.firstOnes { field in
        let name = field["var"] ?? ""
        let values = field.children.filter { $0.name == "value" }.compactMap {
            $0.text.trimmed.nonEmpty.map(optionValue)
        }
        let short = name.hasPrefix("pubsub#") ? String(name.dropFirst(7)) : name
        return values.isEmpty
            ? short.shown(limit: 40) : "\(short.shown(limit: 40)) \(values.prefix(3).joined(separator: ", "))"
    }
}

/// A value of an option in quotes; a time in words.
private func optionValue(_ value: String) -> String {
    let time = Say.time(value)
    return time.hasSuffix(" UTC") ? time : value.quoted(limit: 40)
}
