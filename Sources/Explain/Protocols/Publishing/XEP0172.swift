import XMLStream
import XMPP

extension ProtocolEntry {
    /// What somebody wants to be called (XEP-0172).
    static let nickname: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0172", "User Nickname", ["http://jabber.org/protocol/nick"])
        entry.item = { payload, _ in
            guard payload.name == "nick" else { return nil }
            var item = ItemTelling("nickname", "XEP-0172")
            let nick = payload.text.trimmed.nonEmpty?.quoted(limit: 60)
            item.content = nick
            item.state = nick.map { "wants to be called \($0)" }
            item.withdrawn = "no longer has a nickname"
            return item
        }
        return entry
    }()
}
