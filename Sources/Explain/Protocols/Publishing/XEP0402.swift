import XMLStream
import XMPP

extension ProtocolEntry {
    /// Bookmarks as items of their own (XEP-0402), with what clients note about a room (XEP-0469, XEP-0492).
    static let nativeBookmarks: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0402", "PEP Native Bookmarks", ["urn:xmpp:bookmarks:1", "urn:xmpp:bookmarks:0"])
        entry.secrets = entry.namespaces.map { .text("password", $0) }
        entry.item = { payload, id in payload.name == "conference" ? bookmarkItem(payload, id, "XEP-0402") : nil }
        return entry
    }()
}

/// A bookmark that is an item of its own; its id is the room's address, which the older form has as an attribute.
func bookmarkItem(_ conference: Element, _ id: String?, _ reference: String) -> ItemTelling {
    var item = ItemTelling("bookmark", reference)
    item.isOwn = false
    item.isPrivate = true
    let room = (id ?? conference["jid"]).flatMap(\.nonEmpty)
    let name = conference.given("name")?.quoted(limit: 60)
    let how = entering(conference) + extensions(conference)
    let called = room.map { "the room \($0.shown(limit: 100))" } ?? "a room without an address"
    item.name = room.map { "bookmark for the room \($0.shown(limit: 100))" }
    let facts = [name, how.isEmpty ? nil : String(how.dropFirst(2))].compactMap { $0 }
    item.content = facts.isEmpty ? nil : facts.joined(separator: ", ")
    item.act = "bookmarks \(called)\(name.map { " (\($0))" } ?? "")\(how)"
    item.state = "has \(called)\(name.map { " (\($0))" } ?? "") bookmarked\(how)"
    return item
}

private func extensions(_ conference: Element) -> String {
    guard let extensions = conference.child("extensions") else { return "" }
    var words = ""
    for child in extensions.children {
        switch child.namespace {
        case "urn:xmpp:bookmarks-pinning:0": words += ", pinned"
        case "urn:xmpp:notification-settings:1", "urn:xmpp:notification-settings:0": words += notifications(child)
        default: continue
        }
        if words.utf8.count > 200 { break }
    }
    return words
}

/// When the user wants to be told of messages (XEP-0492).
private func notifications(_ notify: Element) -> String {
    switch notify.firstChild()?.name {
    case "always"?: ", with a notice for each message"
    case "on-mention"?: ", with a notice where the user is mentioned"
    case "never"?: ", without notices"
    default: ""
    }
}
