import XMLStream
import XMPP

extension ProtocolEntry {
    /// What somebody watches (XEP-0197).
    static let viewing: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0197", "User Viewing", ["urn:xmpp:viewing:0"])
        entry.item = { payload, _ in
            guard payload.name == "video" else { return nil }
            var item = ItemTelling("video", "XEP-0197")
            item.withdrawn = "no longer watches anything"
            item.withdrawal = "tells that its user no longer watches anything"
            guard let name = payload.quotedTextOf("name") ?? payload.quotedTextOf("uri") else { return item }
            let episode = payload.textOf("episode").map { ", episode \($0.shown(limit: 40))" } ?? ""
            item.content = "\(name)\(episode)"
            item.state = "is watching \(name)\(episode)"
            item.act = item.state.map { "tells that its user \($0)" }
            return item
        }
        return entry
    }()
}
