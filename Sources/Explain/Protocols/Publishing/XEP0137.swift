import XMLStream
import XMPP

extension ProtocolEntry {
    /// A file that may be fetched from its owner (XEP-0137).
    static let publishedStream: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0137", "Publishing Stream Initiation Requests", ["http://jabber.org/protocol/sipub"])
        entry.item = { payload, _ in
            guard payload.name == "sipub" else { return nil }
            var item = ItemTelling("offer of a file", "XEP-0137")
            item.isOwn = false
            let file = payload.firstChild { $0.name == "file" }
            let facts = [payload["mime-type"]?.shown(limit: 60), byteCount(file?["size"])].compactMap { $0 }
            let name = file?["name"].flatMap(\.nonEmpty)?.quoted(limit: 80)
            let owner = payload["from"].flatMap(\.nonEmpty).map { ", from \($0.shown(limit: 100))" } ?? ""
            let id = payload["id"].flatMap(\.nonEmpty).map { ", to be asked for as \($0.quoted(limit: 60))" } ?? ""
            item.content = "\(name ?? "a file without a name")\(facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")\(owner)\(id)"
            return item
        }
        return entry
    }()
}
