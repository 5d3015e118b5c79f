import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Which picture of the vCard is somebody's avatar, in presence (XEP-0153); of avatars by XEP-0084 the server puts it in (XEP-0398).
    static let vCardAvatar: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0153", "vCard-Based Avatars", ["vcard-temp:x:update"])
        entry.teller = { StatelessTeller(body: tellAvatarHash) }
        return entry
    }()
}

private func tellAvatarHash(_ update: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard place == .presence, update.name == "x", let presence = packet.element, presence["type"] == nil else {
        return nil
    }
    var telling = tellPresence(presence, packet, &scene)
    let whose = packet.direction == .clientToServer && scene.streamKind == .client ? "Its" : "The sender's"
    let said: String
    if let photo = update.child("photo") {
        let hash = photo.text.trimmed
        said =
            hash.isEmpty
            ? "It has no avatar."
            : "\(whose) avatar is the picture with the SHA-1 \(hash.shown(limit: 64))."
    } else {
        said = "It is not ready to say which avatar it has."
    }
    telling.text += " " + said.dropLast() + scene.cite("XEP-0153") + "."
    return telling
}
