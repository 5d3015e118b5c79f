import XMPP

extension ProtocolEntry {
    /// Bookmarks (XEP-0048 and XEP-0402): passwords of rooms may stand in them.
    static let bookmarks: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0048", "Bookmarks", ["storage:bookmarks", "urn:xmpp:bookmarks:1"])
        entry.secrets = [.text("password", "storage:bookmarks"), .text("password", "urn:xmpp:bookmarks:1")]
        return entry
    }()
}
