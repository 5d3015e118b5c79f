import XMLStream
import XMPP

extension ProtocolEntry {
    /// How far each chat was read, for the account's other clients (XEP-0490).
    static let displayedSynchronization: ProtocolEntry = {
        let namespace = "urn:xmpp:mds:displayed:0"
        var entry = ProtocolEntry("XEP-0490", "Message Displayed Synchronization", [namespace])
        entry.item = { payload, id in
            guard payload.name == "displayed" else { return nil }
            var item = ItemTelling("note of what was read", "XEP-0490")
            item.isOwn = false
            item.isPrivate = true
            let chat = id.map { "the chat with \($0.shown(limit: 100))" } ?? "a chat that is not named"
            let message = payload.child("stanza-id")?["id"].flatMap(\.nonEmpty)?.quoted(limit: 60)
            let end = message.map { " up to the message \($0)" } ?? ", but not how far"
            item.name = "note of what was read in \(chat)"
            item.content = message.map { "up to the message \($0)" }
            item.act = "notes for the account's other clients that \(chat) was read\(end)"
            item.state = "notes that \(chat) was read\(end)"
            return item
        }
        return entry
    }()
}
