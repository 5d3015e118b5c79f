import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// The archive from before MAM (XEP-0136).
    static let oldArchive: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0136", "Message Archiving", ["urn:xmpp:archive"])
        entry.feature = { _ in .clause("the old archive of messages (XEP-0136)") }
        entry.tells(tellOldArchive)
        return entry
    }()
}

/// Which conversations: ` with juliet@capulet.com from 1469-07-21 02:56:15 UTC`.
private func which(_ element: Element) -> String {
    let with = element["with"]?.nonEmpty.map { " with \($0.shown(limit: 100))" } ?? ""
    let start = element["start"]?.nonEmpty.map { " from \(Say.time($0))" } ?? ""
    let end = element["end"]?.nonEmpty.map { " until \(Say.time($0))" } ?? ""
    return with + start + end
}

private func page(_ element: Element) -> String {
    guard let set = element.child("set", "http://jabber.org/protocol/rsm") else { return "" }
    let most = set.child("max")?.text.trimmed.nonEmpty.map { ", at most \(Say.number($0))" } ?? ""
    let after = set.child("after")?.text.trimmed.nonEmpty.map { ", after \($0.shown(limit: 60))" } ?? ""
    return most + after
}

private func tellOldArchive(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.asked ?? exchange.element
    switch exchange.turn {
    case .get, .set:
        guard let what = request(element, exchange) else { return nil }
        return Telling("\(what)\(scene.cite("XEP-0136")).")
    case .result: return tellAnswer(exchange, element)
    case .refusal(let error): return exchange.refused(name(element), error)
    case .message, .presence: return nil
    }
}

private func request(_ element: Element, _ exchange: Exchange) -> String? {
    let who = exchange.who
    switch element.name {
    case "pref":
        if exchange.stanza["type"] == "get" { return "\(who) asks which messages are archived" }
        let isPush = exchange.packet.direction == .serverToClient
        return "\(who) \(isPush ? "tells the client of new" : "sets the") rules for what is archived\(rules(element))"
    case "itemremove", "sessionremove":
        let names = element.children.compactMap { ($0["jid"] ?? $0["thread"])?.nonEmpty?.shown(limit: 80) }
        return "\(who) removes the rules for what is archived of \(names.isEmpty ? "nobody" : Say.some(names))"
    case "auto":
        return
            "\(who) turns archiving by the server \(element["save"] == "true" || element["save"] == "1" ? "on" : "off")"
    case "save":
        guard let chat = element.child("chat") else { return "\(who) stores nothing in the archive" }
        let count = chat.children.count { $0.name == "from" || $0.name == "to" }
        if count == 0 { return "\(who) changes what the archive says of the conversation\(which(chat))" }
        return "\(who) stores in the archive \(counted(count, "message")) of the conversation\(which(chat))"
    case "list": return "\(who) asks the archive for the list of conversations\(which(element))\(page(element))"
    case "retrieve": return "\(who) asks the archive for the conversation\(which(element))\(page(element))"
    case "remove":
        let open = element["open"] == "true" || element["open"] == "1" ? " that are being recorded" : ""
        return "\(who) removes from the archive the conversations\(which(element))\(open)"
    case "modified": return "\(who) asks the archive what has changed\(which(element).replacingFrom)\(page(element))"
    default: return nil
    }
}

extension String {
    fileprivate var replacingFrom: String { hasPrefix(" from ") ? " since " + dropFirst(6) : self }
}

private func rules(_ pref: Element) -> String {
    let rules = pref.children.compactMap { rule -> String? in
        let save: String
        switch rule["save"] {
        case "false"?: save = "nothing"
        case "body"?: save = "the texts"
        case "message"?: save = "whole messages"
        case "stream"?: save = "everything"
        default: return nil
        }
        switch rule.name {
        case "default": return "\(save) by default"
        case "item": return "\(save) of \(rule["jid"]?.nonEmpty?.shown(limit: 80) ?? "somebody unnamed")"
        case "session": return "\(save) of one conversation"
        default: return nil
        }
    }
    return rules.isEmpty ? "" : ": \(Say.some(rules))"
}

private func tellAnswer(_ exchange: Exchange, _ asked: Element) -> Telling? {
    guard let answer = exchange.answer else {
        guard exchange.asked != nil else { return nil }
        return Telling(
            asked.name == "remove"
                ? "The conversations are removed from the archive." : "\(exchange.who) has noted that."
        )
    }
    switch answer.name {
    case "pref": return Telling("\(exchange.who) tells what is archived\(rules(answer)).")
    case "list":
        let chats = answer.children.filter { $0.name == "chat" }
        if chats.isEmpty { return Telling("The archive has no such conversations.") }
        let total = answer.child("set")?.child("count")?.text.trimmed.nonEmpty.map { " of \(Say.number($0))" } ?? ""
        let names = chats.map { ($0["with"] ?? "somebody").shown(limit: 80) }
        return Telling(
            "The archive names \(chats.count)\(total) \(chats.count == 1 && total.isEmpty ? "conversation" : "conversations"), with \(Say.some(names))."
        )
    case "chat":
        let count = answer.children.count { $0.name == "from" || $0.name == "to" }
        return Telling(
            "The archive sends \(count == 0 ? "no message" : counted(count, "message")) of the conversation\(which(answer))."
        )
    case "save": return Telling("The conversation\(answer.child("chat").map(which) ?? "") is stored in the archive.")
    case "modified":
        let changed = answer.children.count { $0.name == "changed" }
        let removed = answer.children.count { $0.name == "removed" }
        return Telling(
            "Since then \(changed == 1 ? "1 conversation was" : "\(changed) conversations were") changed in the archive, and \(removed) removed."
        )
    default: return nil
    }
}

private func name(_ element: Element) -> String {
    switch element.name {
    case "save": "to store in the archive"
    case "list": "the list of archived conversations"
    case "retrieve": "the archived conversation\(which(element))"
    case "remove": "to remove from the archive"
    case "auto": "to change whether the server archives"
    case "modified": "the list of changes in the archive"
    default: "the rules for what is archived"
    }
}
