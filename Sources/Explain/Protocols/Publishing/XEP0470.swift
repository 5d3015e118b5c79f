import XMLStream
import XMPP

extension ProtocolEntry {
    /// What readers attach to an item of somebody else (XEP-0470).
    static let attachments: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0470",
            "Pubsub Attachments",
            ["urn:xmpp:pubsub-attachments:1", "urn:xmpp:pubsub-attachments:summary:1"]
        )
        entry.item = { payload, id in
            switch payload.name {
            case "attachments": return attachmentItem(payload, id)
            case "summary": return summaryItem(payload)
            default: return nil
            }
        }
        return entry
    }()
}

private func attachmentItem(_ attachments: Element, _ id: String?) -> ItemTelling {
    var item = ItemTelling("attachment", "XEP-0470")
    item.isOwn = false
    item.name = id.map { "attachment of \($0.shown(limit: 100))" }
    let reactions =
        attachments.child("reactions")?.children.filter { $0.name == "reaction" && !$0.text.trimmed.isEmpty } ?? []
    var parts: [String] = []
    if attachments.child("noticed") != nil { parts.append("the item was noticed") }
    if !reactions.isEmpty {
        parts.append(
            "the reaction\(reactions.count == 1 ? "" : "s") \(reactions.firstOnes { $0.text.trimmed.shown(limit: 20) })"
        )
    }
    item.content = parts.isEmpty ? nil : parts.joined(separator: "; ")
    return item
}

private func summaryItem(_ summary: Element) -> ItemTelling {
    var item = ItemTelling("summary of attachments", "XEP-0470")
    item.isOwn = false
    var parts: [String] = []
    if let count = summary.child("noticed")?.given("count") { parts.append("noticed by \(count.shown(limit: 20))") }
    let reactions =
        summary.child("reactions")?.children.filter { $0.name == "reaction" && !$0.text.trimmed.isEmpty } ?? []
    if !reactions.isEmpty {
        parts.append(
            "reactions "
                + reactions.firstOnes {
                    "\($0.text.trimmed.shown(limit: 20)) × \(($0.given("count") ?? "1").shown(limit: 20))"
                }
        )
    }
    item.content = parts.isEmpty ? nil : parts.joined(separator: "; ")
    return item
}
