import XMLStream
import XMPP

extension ProtocolEntry {
    /// In which room somebody is (XEP-0194).
    static let chatting: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0194", "User Chatting", ["urn:xmpp:chatting:0"])
        entry.item = { payload, _ in
            guard payload.name == "room" else { return nil }
            var item = ItemTelling("room", "XEP-0194")
            item.withdrawn = "no longer is in that room"
            item.withdrawal = "tells that its user no longer is in that room"
            guard let room = payload.quotedTextOf("name") ?? payload.quotedTextOf("uri", limit: 120) else {
                return item
            }
            let address = payload.quotedTextOf("uri", limit: 120).map { $0 == room ? "" : " (\($0))" } ?? ""
            let nick = payload.quotedTextOf("nick", limit: 60).map { " as \($0)" } ?? ""
            item.content = "\(room)\(address)\(nick)"
            item.state = "is chatting in the room \(room)\(address)\(nick)"
            item.act = item.state.map { "tells that its user \($0)" }
            return item
        }
        return entry
    }()
}
