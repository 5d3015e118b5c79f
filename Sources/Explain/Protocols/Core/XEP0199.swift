import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Ping (XEP-0199).
    static let ping: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0199", "XMPP Ping", [NS.ping])
        entry.topic = { _ in "a ping (XEP-0199)" }
        entry.teller = { StatelessTeller(body: tellPing) }
        return entry
    }()
}

private func tellPing(_ ping: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    let speaker = scene.speaker(of: iq, in: packet).start
    switch place {
    case .request:
        return Telling("\(speaker) asks whether \(scene.addressee(of: iq, in: packet).name) is there (ping, XEP-0199).")
    case .answer(let request?) where iq["type"] == "result" || request.element["type"] != "get":
        return Telling("\(speaker) is there: it answers the ping.")
    case .answer where iq["type"] == "error":
        // Whoever can refuse is there; but a server refuses in the name of who is not.
        guard let error = StanzaError(of: iq), !error.isOfDelivery else { return nil }
        return Telling(
            "\(speaker) answers the ping with an error: \(error.told).\(error.says)".collapsingStops,
            error.findings
        )
    case .answer, .nonza, .message, .presence: return nil
    }
}
