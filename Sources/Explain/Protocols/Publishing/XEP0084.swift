import XMLStream
import XMPP

extension ProtocolEntry {
    /// What somebody's avatar is like (XEP-0084).
    static let avatarMetadata: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0084", "User Avatar", ["urn:xmpp:avatar:metadata"])
        entry.item = { payload, _ in payload.name == "metadata" ? metadataItem(payload) : nil }
        return entry
    }()

    /// The avatar itself (XEP-0084).
    static let avatarData: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0084", "User Avatar", ["urn:xmpp:avatar:data"])
        entry.item = { payload, id in
            guard payload.name == "data" else { return nil }
            var item = ItemTelling("avatar picture", "XEP-0084")
            let count = base64ByteCount(payload.text)
            item.content = count == 0 ? nil : byteCount("\(count)")
            item.act =
                "uploads its avatar picture\(item.content.map { ", \($0)" } ?? ", but without any data")\(id.map { ", as \($0.quoted(limit: 60))" } ?? "")"
            return item
        }
        return entry
    }()
}

private func metadataItem(_ metadata: Element) -> ItemTelling {
    var item = ItemTelling("avatar description", "XEP-0084")
    item.withdrawn = "no longer shows an avatar"
    let infos = metadata.children.filter { $0.name == "info" }
    guard let first = infos.first else { return item }
    let words = infos.count == 1 ? picture(first) : "in \(infos.count) forms, the first \(picture(first))"
    item.content = words
    item.state = "has this avatar: \(words)"
    item.act = "announces its avatar: \(words)"
    return item
}

private func picture(_ info: Element) -> String {
    let size = info.given("width").flatMap { width in
        info.given("height").map { "\(width.shown(limit: 10)) × \($0.shown(limit: 10))" }
    }
    let parts = [
        info.given("type")?.shown(limit: 60), size, byteCount(info["bytes"]),
        info.given("id").map { "id \($0.shown(limit: 60))" },
        info.given("url").map { "at \($0.shown(limit: 120))" },
    ].compactMap { $0 }
    return parts.isEmpty ? "a picture of which nothing is said" : parts.joined(separator: ", ")
}
