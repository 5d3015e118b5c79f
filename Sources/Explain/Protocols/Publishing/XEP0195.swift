import XMLStream
import XMPP

extension ProtocolEntry {
    /// Which web page somebody looks at (XEP-0195).
    static let browsing: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0195", "User Browsing", ["urn:xmpp:browsing:0"])
        entry.item = { payload, _ in
            guard payload.name == "page" else { return nil }
            var item = ItemTelling("web page", "XEP-0195")
            item.withdrawn = "no longer looks at a web page"
            item.withdrawal = "tells that its user no longer looks at a web page"
            guard let page = payload.quotedTextOf("uri", limit: 120) ?? payload.quotedTextOf("title") else {
                return item
            }
            let title = payload.quotedTextOf("title").map { $0 == page ? "" : " (\($0))" } ?? ""
            item.content = "\(page)\(title)"
            item.state = "is looking at the web page \(page)\(title)"
            item.act = item.state.map { "tells that its user \($0)" }
            return item
        }
        return entry
    }()
}
