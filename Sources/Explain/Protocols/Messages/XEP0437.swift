import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// News of rooms that somebody is not in (XEP-0437).
    static let roomActivity: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0437", "Room Activity Indicators", ["urn:xmpp:rai:0"])
        entry.part = addRoomActivity
        entry.teller = { StatelessTeller(body: tellRoomActivityWish) }
        return entry
    }()
}

private func addRoomActivity(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    let rooms = element.children.filter { $0.name == "activity" }.compactMap { $0.text.trimmed.nonEmpty }
    guard !rooms.isEmpty else {
        parts.others.append(element)
        return
    }
    let which = Say.some(rooms) { $0.shown(limit: 100) }
    let verb = "says that there are new messages in the \(rooms.count == 1 ? "room" : "rooms") \(which)"
    parts.deeds.append(.init(rank: 4, verb: verb, reference: "XEP-0437"))
}

/// With it somebody asks a service to be told.
private func tellRoomActivityWish(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene)
    -> Telling?
{
    guard case .presence = place, let stanza = packet.element, stanza["type"] == nil else { return nil }
    var telling = tellPresence(stanza, packet, &scene)
    let who = scene.speaker(of: stanza, in: packet).start
    telling.text += " \(who) wants to be told in which rooms there are new messages\(scene.cite("XEP-0437"))."
    return telling
}
