import XMLStream
import XMPP

extension ProtocolEntry {
    /// Bookmarks in one piece (XEP-0048, and XEP-0411 between the storages): passwords of rooms may stand in them.
    static let bookmarks: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0048", "Bookmarks", ["storage:bookmarks"])
        entry.secrets = [.text("password", "storage:bookmarks")]
        entry.item = { payload, _ in
            if payload.name == "conference" { return bookmarkItem(payload, nil, "XEP-0048") }
            guard payload.name == "storage" else { return nil }
            var item = ItemTelling("list of bookmarks", "XEP-0048")
            item.isPrivate = true
            item.content = bookmarkList(payload)
            item.act = "stores its bookmarks: \(bookmarkList(payload))"
            return item
        }
        return entry
    }()
}

/// All bookmarks of a storage: `2 bookmarks: the room …`.
func bookmarkList(_ storage: Element) -> String {
    let entries = storage.children.filter { $0.name == "conference" || $0.name == "url" }
    if entries.isEmpty { return "none" }
    return "\(counted(entries.count, "bookmark")): \(entries.firstOnes(bookmark))"
}

private func bookmark(_ entry: Element) -> String {
    let name = entry.given("name").map { " (\($0.quoted(limit: 60)))" } ?? ""
    if entry.name == "url" {
        return "\(entry.given("url").map { "the page \($0.quoted(limit: 100))" } ?? "a page without an address")\(name)"
    }
    let room = entry.given("jid")?.shown(limit: 100)
    return "\(room.map { "the room \($0)" } ?? "a room without an address")\(name)\(entering(entry))"
}

/// Under which name and when a bookmarked room is entered; a password is never told, only that there is one.
func entering(_ conference: Element) -> String {
    let nick = conference.quotedTextOf("nick", limit: 60).map { " as \($0)" } ?? ""
    let isAutomatic = conference["autojoin"].map(\.isXMLTrue) ?? false
    let password = conference.textOf("password") == nil ? "" : ", with a password"
    if isAutomatic { return ", to be entered\(nick) at each login\(password)" }
    return nick.isEmpty ? password : ", to be entered\(nick)\(password)"
}
