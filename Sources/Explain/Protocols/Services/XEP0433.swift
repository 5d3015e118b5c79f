import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Searching for rooms (XEP-0433).
    static let channelSearch: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0433",
            "Extended Channel Search",
            ["urn:xmpp:channel-search:0:search", "urn:xmpp:channel-search:0:error", "urn:xmpp:channel-search:0"]
        )
        entry.conditions = [
            "invalid-sort-key": "the order that is wanted is not supported",
            "invalid-search-terms": "the words to search for are not accepted",
            "rate-limit": "too many searches in too short a time",
            "full-set-retrieval-rejected": "the whole list is not given out",
            "conflicting-fields": "the conditions of the search contradict each other",
            "no-search-conditions": "no condition of a search is given",
        ]
        entry.tells(tellChannelSearch)
        return entry
    }()
}

private func tellChannelSearch(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    switch exchange.turn {
    case .get, .set:
        guard exchange.element.name == "search" else { return nil }
        guard let form = FormWords(in: exchange.element) else {
            return Telling(
                "\(exchange.who) asks \(exchange.whom) by which fields rooms can be searched\(scene.cite("XEP-0433"))."
            )
        }
        return Telling(
            "\(exchange.who) searches at \(exchange.whom) for rooms\(form.bracketed)\(scene.cite("XEP-0433"))."
        )
    case .result:
        guard let answer = exchange.answer else { return nil }
        if let form = FormWords(in: answer), answer.name == "search" {
            return Telling("\(exchange.who) answers with \(form.asks), to search by.\(form.says)".collapsingStops)
        }
        let items = answer.children.filter { $0.name == "item" }.map { item -> String in
            let name = item.child("name")?.text.trimmed.nonEmpty.map { " (\($0.quoted(limit: 60)))" } ?? ""
            return "\(item["address"]?.nonEmpty?.shown(limit: 80) ?? "a room without an address")\(name)"
        }
        return Telling(
            items.isEmpty
                ? "\(exchange.who) found no room."
                : "\(exchange.who) found \(counted(items.count, "room")): \(Say.some(items))."
        )
    case .refusal(let error):
        let wait = error.special?["retry-after"]?.nonEmpty.map {
            " It may be asked again in \(Say.number($0)) seconds."
        }
        return exchange.refused("the search for rooms", error, remedy: wait ?? "")
    case .message, .presence: return nil
    }
}
