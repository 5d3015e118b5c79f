import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// How long ago somebody left, so that a service sends what was missed since then (XEP-0312).
    static let since: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0312", "PubSub Since", ["urn:xmpp:ago:0"])
        entry.teller = { StatelessTeller(body: tellSince) }
        return entry
    }()
}

private func tellSince(_ ago: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard place == .presence, let presence = packet.element, presence["type"] == nil,
        let seconds = ago.given("secs").flatMap({ Int($0) }), seconds >= 0
    else { return nil }
    var telling = tellPresence(presence, packet, &scene)
    telling.text +=
        " It was last here \(seconds == 1 ? "1 second" : "\(inThousands(seconds)) seconds") ago\(scene.cite("XEP-0312"))."
    return telling
}
