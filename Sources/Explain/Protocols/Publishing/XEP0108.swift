import XMLStream
import XMPP

extension ProtocolEntry {
    /// What somebody does (XEP-0108).
    static let activity: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0108", "User Activity", ["http://jabber.org/protocol/activity"])
        entry.item = { payload, _ in payload.name == "activity" ? activityItem(payload) : nil }
        return entry
    }()
}

private func activityItem(_ activity: Element) -> ItemTelling {
    var item = ItemTelling("activity", "XEP-0108")
    let general = activity.firstChild { $0.name != "text" }
    let words = general.map { general in
        [inWords(general.name), general.firstChild().map { inWords($0.name) }].compactMap { $0 }.joined(separator: ", ")
    }
    item.content = toldWithText(activity, words)
    item.withdrawn = "no longer tells an activity"
    return item
}
