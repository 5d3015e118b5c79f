import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Direct invitations into rooms (XEP-0249).
    static let directInvitation: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0249", "Direct MUC Invitations", ["jabber:x:conference"])
        entry.secrets = [.attribute("password", of: "x", "jabber:x:conference")]
        entry.teller = { StatelessTeller(body: tellDirectInvitation) }
        return entry
    }()
}

private func tellDirectInvitation(_ x: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard place == .message, let message = packet.element, x.name == "x", let room = x["jid"]?.nonEmpty else {
        return nil
    }
    // A room that passes on an invitation may say it in this form as well; that one names who invites.
    if message.child("x", NS.mucUser)?.child("invite") != nil { return nil }
    let (speaker, addressee) = (scene.speaker(of: message, in: packet), scene.addressee(of: message, in: packet))
    let with = x["password"] == nil ? "" : ", with the password for it"
    let goesOn = ["true", "1"].contains(x["continue"]) ? ", to go on with the present conversation there" : ""
    let body = message.child("body", message.namespace)?.text.trimmed.nonEmpty
    let reason = (x["reason"]?.trimmed.nonEmpty ?? body).map { ": \($0.quoted(limit: 120))" } ?? ""
    return Telling(
        "\(speaker.start) invites \(addressee.name) directly into the room \(room.shown(limit: 100))\(with)\(goesOn)\(scene.cite("XEP-0249"))\(reason)."
            .collapsingStops
    )
}
