import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Moving to another account (XEP-0283).
    static let moved: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0283", "Moved", ["urn:xmpp:moved:1"])
        entry.item = { payload, _ in
            guard payload.name == "moved" else { return nil }
            var item = ItemTelling("statement of a move", "XEP-0283")
            item.isOwn = false
            guard let address = payload.textOf("new-jid")?.shown(limit: 100) else { return item }
            item.content = "to \(address)"
            item.act = "tells everybody that the account has moved to \(address)"
            item.state = "has moved to \(address)"
            return item
        }
        entry.teller = { StatelessTeller(body: tellMove) }
        return entry
    }()
}

/// A request for a subscription from the new address (XEP-0283 section 4).
private func tellMove(_ moved: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard place == .presence, let presence = packet.element, presence["type"] == "subscribe",
        let old = moved.textOf("old-jid")?.shown(limit: 100)
    else { return nil }
    var telling = tellPresence(presence, packet, &scene)
    let check = packet.direction == .serverToClient ? " Whether that is true has to be asked at the old address." : ""
    telling.text += " The sender says that it has moved here from \(old)\(scene.cite("XEP-0283")).\(check)"
    return telling
}
