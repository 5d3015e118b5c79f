import XMLStream
import XMPP

extension ProtocolEntry {
    /// Entries of Atom (RFC 4287), of which blogs are made (XEP-0277, XEP-0472).
    static let atom: ProtocolEntry = {
        var entry = ProtocolEntry("RFC 4287", "Atom", ["http://www.w3.org/2005/Atom"])
        entry.item = { payload, _ in
            switch payload.name {
            case "entry": return atomItem(payload, "entry")
            case "feed": return atomItem(payload, "description of the blog")
            default: return nil
            }
        }
        return entry
    }()
}

private func atomItem(_ entry: Element, _ noun: String) -> ItemTelling {
    var item = ItemTelling(noun, "")
    item.isOwn = false
    let title = ["title", "summary", "content"].lazy.compactMap { entry.child($0)?.wholeText() }.first?.quoted(
        limit: 120
    )
    let author = entry.child("author")?.textOf("name").map { " by \($0.shown(limit: 60))" } ?? ""
    item.isNamedByContent = noun == "entry"
    item.content = title.map { $0 + author }
    return item
}
