import XMLStream
import XMPP

extension ProtocolEntry {
    /// Several addressees (XEP-0033).
    static let addresses: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0033", "Extended Stanza Addressing", ["http://jabber.org/protocol/address"])
        entry.part = addAddresses
        return entry
    }()

    /// Asking for attention (XEP-0224).
    static let attention: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0224", "Attention", ["urn:xmpp:attention:0"])
        entry.part = { element, parts, _ in
            guard element.name == "attention" else { return parts.others.append(element) }
            parts.deeds.append(.init(rank: 7, verb: "asks for attention", glue: "", reference: "XEP-0224"))
        }
        return entry
    }()

    /// What is to happen to a message on its way (XEP-0079).
    static let advancedProcessing: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0079",
            "Advanced Message Processing",
            ["http://jabber.org/protocol/amp", "http://jabber.org/protocol/amp#errors"]
        )
        entry.conditions = [
            "failed-rules": "a rule for the message's way applied, and says that it is to come back",
            "unsupported-actions": "the server does not know an action that a rule for the message's way wants",
            "unsupported-conditions": "the server does not know a condition of a rule for the message's way",
            "invalid-rules": "the server does not accept a rule for the message's way",
        ]
        entry.part = addRules
        return entry
    }()

    /// What became of a message, as it was told first (XEP-0022).
    static let oldEvents: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0022", "Message Events", ["jabber:x:event"])
        entry.part = addOldEvents
        return entry
    }()
}

private func addAddresses(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    var names: [String: [String]] = [:]
    for address in element.children.prefix(50) where address.name == "address" {
        guard let type = address["type"] else { continue }
        let whom = address["jid"] ?? address["uri"] ?? address["desc"] ?? (type == "noreply" ? "" : nil)
        guard let whom else { continue }
        names[type, default: []].append(whom.shown(limit: 100))
    }
    let words = [
        ("to", "for"), ("cc", "with a copy for"), ("bcc", "with a hidden copy for"),
        ("replyto", "answers are to go to"),
        ("replyroom", "answers are to go to the room"), ("ofrom", "at first from"),
    ]
    var clauses = words.compactMap { type, word -> String? in
        guard let whom = names[type] else { return nil }
        let shown = whom.count > 3 ? whom.prefix(3) + ["\(whom.count - 3) more"] : whom
        return "\(word) \(shown.listed())"
    }
    if names["noreply"] != nil { clauses.append("no answer is wanted") }
    guard !clauses.isEmpty else { return }
    parts.remarks.append("It bears addresses: \(clauses.joined(separator: "; "))\(scene.cite("XEP-0033")).")
}

// MARK: Rules

private func addRules(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    guard element.name == "amp" else { return }
    let rules = element.children.filter { $0.name == "rule" }
    let shown = rules.prefix(3).map(told)
    guard let status = element["status"]?.nonEmpty else {
        guard !shown.isEmpty else { return }
        let more = rules.count > 3 ? "; and \(rules.count - 3) more" : ""
        parts.remarks.append("Rules for its way: \(shown.joined(separator: "; "))\(more)\(scene.cite("XEP-0079")).")
        return
    }
    let whose = element["to"]?.nonEmpty.map { " to \($0.shown(limit: 100))" } ?? ""
    let id = parts.message["id"].flatMap {
        scene.messages.find($0, in: String((element["to"] ?? "").withoutResource).addressKey)
    }
    let what = id.map { "the message of \(padded($0.packet))\(whose)" } ?? "a message\(whose)"
    let why = shown.isEmpty ? "" : ": \(shown.joined(separator: "; "))"
    parts.deeds.append(
        .init(
            rank: 1,
            verb: "reports that a rule (\(status.shown(limit: 40))) applied to \(what)",
            tail: why,
            subject: parts.frame.subject,
            reference: "XEP-0079"
        )
    )
}

/// `drop it if it is not delivered until 2004-01-01 00:00 UTC`.
private func told(_ rule: Element) -> String {
    let value = rule["value"] ?? ""
    let condition: String
    switch rule["condition"] {
    case "deliver"?:
        let ways = [
            "direct": "would be delivered at once", "forward": "would be forwarded to another account",
            "gateway": "would go through a gateway", "none": "cannot be delivered",
            "stored": "would be stored for later",
        ]
        condition = "if it \(ways[value] ?? "meets the delivery \(value.quoted(limit: 40))")"
    case "expire-at"?: condition = "if it is not delivered by \(Say.time(value))"
    case "match-resource"?:
        let targets = [
            "any": "any session of the addressee", "exact": "the very session it is for",
            "other": "another session than it is for",
        ]
        condition = "if it would reach \(targets[value] ?? "a session by the rule \(value.quoted(limit: 40))")"
    case let other?: condition = "if \(other.shown(limit: 60)) is \(value.quoted(limit: 40))"
    case nil: condition = "on a condition that is not named"
    }
    let action: String
    switch rule["action"] {
    case "drop"?: action = "drop it silently"
    case "alert"?: action = "tell the sender and drop it"
    case "error"?: action = "send it back as an error"
    case "notify"?: action = "tell the sender"
    case let other?: action = "do \(other.quoted(limit: 40))"
    case nil: action = "do something that is not named"
    }
    return "\(action) \(condition)"
}

// MARK: Events of XEP-0022

private func addOldEvents(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    let events = element.children.map(\.name).filter {
        ["offline", "delivered", "displayed", "composing"].contains($0)
    }
    guard let id = element.child("id") else {
        guard !events.isEmpty else { return }
        let words = [
            "offline": "stored for later", "delivered": "delivered", "displayed": "displayed",
            "composing": "being answered",
        ]
        let who = parts.frame.isClients ? "The client" : "The sender"
        let listed = events.compactMap { words[$0] }.listed("or")
        parts.remarks.append("\(who) wants to know when it is \(listed)\(scene.cite("XEP-0022")).")
        return
    }
    let meant = parts.meant(id.text.trimmed, scene)
    let verb =
        switch events.first {
        case "offline"?: "keeps \(meant) for later, for it is offline"
        case "delivered"?: "has received \(meant)"
        case "displayed"?: "has displayed \(meant)"
        case "composing"?: "is typing an answer to \(meant)"
        default: "has stopped typing an answer to \(meant)"
        }
    parts.deeds.append(.init(rank: 12, verb: verb, isClaim: true, reference: "XEP-0022"))
}
