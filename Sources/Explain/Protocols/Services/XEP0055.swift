import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Searching in a directory of users (XEP-0055).
    static let search: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0055", "Jabber Search", ["jabber:iq:search"])
        entry.tells(tellSearch)
        return entry
    }()
}

private let rsm = "http://jabber.org/protocol/rsm"

private func tellSearch(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    switch exchange.turn {
    case .get:
        return Telling(
            "\(exchange.who) asks \(exchange.whom) by which fields its users can be searched\(scene.cite("XEP-0055"))."
        )
    case .set:
        return Telling(
            "\(exchange.who) searches at \(exchange.whom) for users\(criteria(exchange.element))\(askedPage(exchange.element))\(scene.cite("XEP-0055"))."
        )
    case .result:
        guard let answer = exchange.answer else {
            guard exchange.asked != nil else { return nil }
            return Telling("\(exchange.who) found nobody\(exchange.asked.map(criteria) ?? "").")
        }
        let isForm = FormWords(in: answer).map { $0.type == "form" } ?? false
        let isResult =
            exchange.request?.element["type"] == "set" || answer.child("item") != nil || answer.child("set", rsm) != nil
            || (exchange.request == nil && !isForm && answer.children.allSatisfy { $0.namespace == NS.dataForms })
        return Telling(isResult ? found(exchange, answer) : fields(exchange, answer))
    case .refusal(let error):
        // Without its request a refusal may still repeat what was searched for.
        let isSearch =
            exchange.request.map { $0.element["type"] == "set" } ?? (exchange.asked?.childCount ?? 0 > 0)
        return exchange.refused(isSearch ? "the search" : "to say by what can be searched", error)
    case .message, .presence: return nil
    }
}

/// ` with last "Capulet"`; empty for none.
private func criteria(_ query: Element) -> String {
    let words: String
    if let form = FormWords(in: query) {
        words = form.filled
    } else {
        let given = query.children.filter {
            $0.namespace == query.namespace && !$0.text.trimmed.isEmpty && !["key", "instructions"].contains($0.name)
        }
        words = Say.some(given.map { "\($0.name.shown(limit: 40)): \($0.text.trimmed.quoted(limit: 60))" })
    }
    return words.isEmpty ? " without naming anything to search for" : " with \(words)"
}

private func found(_ exchange: Exchange, _ answer: Element) -> String {
    if let form = FormWords(in: answer) {
        let results = form.results
        return "\(exchange.who) found: \(results.isEmpty ? "nobody" : results)."
    }
    let items = answer.children.filter { $0.name == "item" }
    let count = answer.child("set", rsm)?.child("count")?.text.trimmed.nonEmpty
    let all = count.map { " on this page, of \(Say.number($0))" } ?? ""
    if items.isEmpty { return "\(exchange.who) found nobody\(all)." }
    let users = items.map { item -> String in
        let names = [item.child("first")?.text, item.child("last")?.text].compactMap { $0?.trimmed.nonEmpty }
        let name = names.isEmpty ? item.child("nick")?.text.trimmed.nonEmpty : names.joined(separator: " ")
        let jid = item["jid"]?.nonEmpty?.shown(limit: 80) ?? "somebody without an address"
        return name.map { "\(jid) (\($0.shown(limit: 60)))" } ?? jid
    }
    return "\(exchange.who) found \(counted(items.count, "user"))\(all): \(Say.some(users))."
}

private func fields(_ exchange: Exchange, _ answer: Element) -> String {
    if let form = FormWords(in: answer) {
        return "\(exchange.who) answers with \(form.asks), to search by.\(form.says)".collapsingStops
    }
    let names = answer.children.filter {
        !["instructions", "key", "item"].contains($0.name) && $0.namespace == answer.namespace
    }
    .map { $0.name.shown(limit: 40) }
    let says = Say.quote(answer.child("instructions")?.text, " It says: ", limit: 160)
    let by = names.isEmpty ? "nothing" : Say.some(names, 6)
    return "At \(exchange.speaker.name) users can be searched by \(by).\(says.isEmpty ? "" : says + ".")"
        .collapsingStops
}
