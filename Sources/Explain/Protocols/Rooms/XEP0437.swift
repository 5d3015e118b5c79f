import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// In which rooms something happens, without being in them (XEP-0437).
    static let roomActivity: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0437", "Room Activity Indicators", ["urn:xmpp:rai:0"])
        entry.teller = { StatelessTeller(body: tellActivity) }
        return entry
    }()
}

private func tellActivity(_ rai: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let stanza = packet.element, rai.name == "rai", stanza["type"] != "error" else { return nil }
    let (speaker, addressee) = (scene.speaker(of: stanza, in: packet), scene.addressee(of: stanza, in: packet))
    switch place {
    case .presence where stanza["type"] == nil:
        return Telling(
            "\(speaker.start) asks \(addressee.name) to tell of new messages in its rooms, without being in them\(scene.cite("XEP-0437"))."
        )
    case .presence where stanza["type"] == "unavailable":
        return Telling(
            "\(speaker.start) no longer wants to hear from \(addressee.name) of new messages in its rooms\(scene.cite("XEP-0437"))."
        )
    case .message:
        let rooms = rai.children.filter { $0.name == "activity" }.compactMap {
            $0.text.trimmed.nonEmpty?.shown(limit: 100)
        }
        if rooms.isEmpty { return nil }
        return Telling(
            "\(speaker.start) tells \(addressee.name) of new messages in \(rooms.count == 1 ? "the room" : "\(rooms.count) rooms:") \(Say.some(rooms))\(scene.cite("XEP-0437"))."
        )
    case .presence, .nonza, .request, .answer: return nil
    }
}
