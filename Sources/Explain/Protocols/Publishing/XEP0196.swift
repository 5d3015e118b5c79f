import XMLStream
import XMPP

extension ProtocolEntry {
    /// What somebody plays (XEP-0196).
    static let gaming: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0196", "User Gaming", ["urn:xmpp:gaming:0"])
        entry.item = { payload, _ in
            guard payload.name == "game" else { return nil }
            var item = ItemTelling("game", "XEP-0196")
            item.withdrawn = "no longer plays"
            item.withdrawal = "tells that its user no longer plays"
            guard let name = payload.quotedTextOf("name") ?? payload.quotedTextOf("uri") else { return item }
            let hero = payload.quotedTextOf("character_name").map { " as \($0)" } ?? ""
            let level = payload.quotedTextOf("level", limit: 40).map { ", level \($0)" } ?? ""
            let server =
                (payload.quotedTextOf("server_name") ?? payload.quotedTextOf("server_address")).map { " on \($0)" }
                ?? ""
            item.content = "\(name)\(hero)\(server)\(level)"
            item.state = "is playing \(name)\(hero)\(server)\(level)"
            item.act = item.state.map { "tells that its user \($0)" }
            return item
        }
        return entry
    }()
}
