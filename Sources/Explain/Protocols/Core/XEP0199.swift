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
        if let room = ownOccupant(iq["to"], packet, scene) {
            return Telling(
                "\(speaker) asks by a ping to itself whether it is still in the room \(room)\(scene.cite("XEP-0410"))."
            )
        }
        return Telling("\(speaker) asks whether \(scene.addressee(of: iq, in: packet).name) is there (ping, XEP-0199).")
    case .answer(let request?) where ownOccupant(request.element["to"], packet, scene) != nil:
        return tellSelfPing(iq, request, packet, &scene)
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

/// The room, if the address is that of the client itself in it (XEP-0410).
private func ownOccupant(_ address: String?, _ packet: Packet, _ scene: Scene) -> String? {
    guard scene.streamKind == .client, let address, let room = scene.room(of: address),
        let nick = JID(address).resource,
        nick == room.nick
    else { return nil }
    return room.address.shown(limit: 100)
}

/// What the answer to a self-ping says about being in the room (XEP-0410 section 3.2).
private func tellSelfPing(_ iq: Element, _ request: Request, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard packet.direction == .serverToClient, let to = request.element["to"] else { return nil }
    let room = "the room \(JID(to).bare.shown(limit: 100))"
    if iq["type"] == "result" { return Telling("The client is still in \(room).") }
    guard let error = StanzaError(of: iq) else { return nil }
    let outcome: String
    switch error.known {
    case .serviceUnavailable?, .featureNotImplemented?:
        outcome = "The client is still in \(room); the session of it that was pinged knows no ping"
    case .itemNotFound?: outcome = "The client is still in \(room), but its nickname has just changed"
    case .remoteServerNotFound?, .remoteServerTimeout?:
        outcome = "Whether the client is still in \(room) is not known, for its server cannot be reached"
    case .notAcceptable?, .notAllowed?, .badRequest?:
        scene.updateRoom(to) { $0.isInside = false }
        outcome = "The client is no longer in \(room), and has to enter it again"
    default:
        outcome = "The client is most likely no longer in \(room), and should enter it again"
    }
    return Telling("\(outcome)\(error.bracketedName).\(error.says)".collapsingStops, error.findings)
}
