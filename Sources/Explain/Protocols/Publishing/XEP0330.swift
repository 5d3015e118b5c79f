import XMLStream
import XMPP

extension ProtocolEntry {
    /// What somebody is subscribed to, as a list that may be shown (XEP-0330, XEP-0465).
    static let listedSubscription: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0330",
            "Pubsub Subscription",
            ["urn:xmpp:pubsub:subscription:0", "urn:xmpp:pps:0"]
        )
        entry.item = { payload, _ in
            guard payload.name == "subscription" || payload.name == "subscriber" else { return nil }
            var item = ItemTelling(
                payload.name == "subscriber" ? "public subscriber" : "noted subscription",
                payload.namespace == "urn:xmpp:pps:0" ? "XEP-0465" : "XEP-0330"
            )
            item.isOwn = false
            let node = payload.given("node").map { "the node \($0.quoted(limit: 80))" }
            let place = (payload["server"] ?? payload["service"] ?? payload["jid"]).flatMap(\.nonEmpty)?.shown(
                limit: 100
            )
            let title = payload.quotedTextOf("title").map { " (\($0))" } ?? ""
            let words = [node, place].compactMap { $0 }.joined(separator: " at ")
            item.content = words.isEmpty ? nil : words + title
            item.isNamedByContent = true
            return item
        }
        return entry
    }()
}
