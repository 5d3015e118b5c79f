import XMLStream
import XMPP

extension ProtocolEntry {
    /// Ids of messages that last (XEP-0359).
    static let stanzaIDs: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0359", "Unique and Stable Stanza IDs", [MessageNS.stanzaIDs])
        entry.part = addStanzaID
        return entry
    }()
}

/// The id that a room or a server gave is what its archive can be asked for (XEP-0313 section 3.5); the sender's own says nothing to a reader.
private func addStanzaID(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    guard element.name == "stanza-id", let id = element["id"], !id.isEmpty, let by = element["by"], !by.isEmpty else {
        return
    }
    // The archive's id is told already.
    if parts.message.child("archived", "urn:xmpp:mam:tmp")?["id"] == id { return }
    let isRooms = parts.message["type"] == "groupchat" && parts.message["from"].map { isAddress($0, of: by) } == true
    let isAccounts = scene.bareJID.map { isSameAddress($0, by) } == true
    let who = isRooms ? "The room" : isAccounts ? "The account's server" : by.shown(limit: 100)
    parts.remarks.append("\(who) knows it as \(id.shown(limit: 60))\(scene.cite("XEP-0359")).")
}
