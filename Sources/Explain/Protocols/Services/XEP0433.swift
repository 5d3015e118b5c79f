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

    /// Meetings elsewhere (XEP-0483).
    static let onlineMeetings: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0483", "HTTP Online Meetings", ["urn:xmpp:http:online-meetings:0"])
        entry.tells(tellMeeting)
        return entry
    }()

    /// A name for a room that nobody has (XEP-0307).
    static let uniqueRoomNames: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0307",
            "Unique Room Names for Multi-User Chat",
            ["http://jabber.org/protocol/muc#unique"]
        )
        entry.tells(tellUniqueName)
        return entry
    }()

    /// How much a stream takes (XEP-0478).
    static let streamLimits: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0478", "Stream Limits Advertisement", ["urn:xmpp:stream-limits:0"])
        entry.feature = { .clause(limits($0)) }
        return entry
    }()
}

private func limits(_ element: Element) -> String {
    let most = Say.bytes(element.child("max-bytes")?.text).map { "stanzas of at most \($0)" }
    let idle = element.child("idle-seconds")?.text.trimmed.nonEmpty.map {
        "an end after \($0 == "1" ? "1 second" : "\(Say.number($0)) seconds") of silence"
    }
    let parts = [most, idle].compactMap { $0 }
    return "its limits (XEP-0478)\(parts.isEmpty ? "" : ": \(parts.listed())")"
}

private func tellChannelSearch(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    switch exchange.turn {
    case .get, .set:
        guard exchange.element.name == "search" else { return nil }
        guard let form = FormWords(in: exchange.element) else {
            return Telling(
                "\(exchange.who) asks \(exchange.whom) by what rooms can be searched for\(scene.cite("XEP-0433"))."
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
    case .refusal(let error): return exchange.refused("the search for rooms", error)
    case .message, .presence: return nil
    }
}

private func tellMeeting(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let query = exchange.asked ?? exchange.element
    let type = query["type"]?.nonEmpty.map { " by \($0.shown(limit: 40))" } ?? ""
    let id = query["id"]?.nonEmpty.map { " \($0.quoted(limit: 60))" } ?? ""
    switch exchange.turn {
    case .get, .set:
        return Telling(
            "\(exchange.who) asks \(exchange.whom) for an online meeting\(id)\(type)\(Say.quote(exchange.text("desc")))\(scene.cite("XEP-0483"))."
                .collapsingStops
        )
    case .result:
        guard let start = exchange.answer?.child("initiate") else { return nil }
        let url = start.child("url")?.text.trimmed.nonEmpty?.shown(limit: 200) ?? "an address that is missing"
        return Telling(
            "\(exchange.who) has made the meeting: \(url)\(Say.quote(start.child("desc")?.text, ", ")).".collapsingStops
        )
    case .refusal(let error): return exchange.refused("the online meeting\(id)\(type)", error)
    case .message, .presence: return nil
    }
}

private func tellUniqueName(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    switch exchange.turn {
    case .get, .set:
        return Telling(
            "\(exchange.who) asks \(exchange.whom) for the name of a room that does not exist yet\(scene.cite("XEP-0307"))."
        )
    case .result:
        guard let answer = exchange.answer else { return nil }
        return Telling("\(exchange.who) gives the name \(Say.value(answer.text, or: "(an empty one)")) for a new room.")
    case .refusal(let error): return exchange.refused("a name for a new room", error)
    case .message, .presence: return nil
    }
}
