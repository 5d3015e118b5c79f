import XMLStream
import XMPP

extension ProtocolEntry {
    /// What music somebody listens to (XEP-0118).
    static let tune: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0118", "User Tune", ["http://jabber.org/protocol/tune"])
        entry.item = { payload, _ in payload.name == "tune" ? tuneItem(payload) : nil }
        return entry
    }()
}

private func tuneItem(_ tune: Element) -> ItemTelling {
    var item = ItemTelling("tune", "XEP-0118")
    item.withdrawn = "no longer listens to music"
    item.withdrawal = "tells that its user no longer listens to music"
    let artist = tune.textOf("artist")?.shown(limit: 80)
    let source = tune.quotedTextOf("source")
    guard let title = tune.quotedTextOf("title") ?? source ?? tune.quotedTextOf("uri") ?? artist.map({ _ in "music" })
    else {
        return item
    }
    var words = artist.map { "\(title) by \($0)" } ?? title
    if let source, source != title { words += ", from \(source)" }
    item.content = words
    item.state = "is listening to \(words)"
    return item
}
