import XMLStream
import XMPP

extension ProtocolEntry {
    /// How somebody feels (XEP-0107).
    static let mood: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0107", "User Mood", ["http://jabber.org/protocol/mood"])
        entry.item = { payload, _ in payload.name == "mood" ? moodItem(payload) : nil }
        entry.part = { element, parts, scene in
            guard let mood = moodItem(element).content else { return }
            parts.remarks.append("The sender's mood: \(mood)\(scene.cite("XEP-0107")).".collapsingStops)
        }
        return entry
    }()
}

private func moodItem(_ mood: Element) -> ItemTelling {
    var item = ItemTelling("mood", "XEP-0107")
    item.content = toldWithText(mood, mood.firstChild { $0.name != "text" }.map { inWords($0.name) })
    item.withdrawn = "no longer tells a mood"
    return item
}

/// Values that are named by elements are told with blanks: `in_love`.
func inWords(_ name: String) -> String {
    String(decoding: name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: " ") : $0 }, as: UTF8.self).shown(limit: 60)
}

/// What the elements say, and the text that stands with them; nil for neither.
func toldWithText(_ element: Element, _ words: String?) -> String? {
    let text = element.quotedTextOf("text", limit: 120)
    guard let words else { return text }
    return text.map { "\(words), \($0)" } ?? words
}
