import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// A joke of 2004 that clients may get: a prod in the ribs (XEP-0132).
    static let poke: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0132",
            "Presence Obtained via Kinesthetic Excitation (POKE)",
            ["http://jabber.org/protocol/poke"]
        )
        entry.teller = { StatelessTeller(body: tellPoke) }
        return entry
    }()
}

private func tellPoke(_ poke: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let stanza = packet.element, poke.name == "poke" else { return nil }
    let (who, whom) = (scene.speaker(of: stanza, in: packet), scene.addressee(of: stanza, in: packet).name)
    switch place {
    case .request:
        return Telling("\(who.start) pokes \(whom), to see whether somebody is there\(scene.cite("XEP-0132")).")
    case .presence where stanza["type"] == "probe":
        return Telling(
            "\(who.start) asks for the presence of \(whom), and for a poke if there is none\(scene.cite("XEP-0132"))."
        )
    case .answer where stanza["type"] == "result": return Telling("\(who.start) answers the poke: somebody is there.")
    case .answer, .presence, .message, .nonza: return nil
    }
}
