import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// What somebody wants to be called (XEP-0172).
    static let nickname: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0172", "User Nickname", ["http://jabber.org/protocol/nick"])
        entry.item = { payload, _ in
            guard payload.name == "nick" else { return nil }
            var item = ItemTelling("nickname", "XEP-0172")
            let nick = payload.text.trimmed.nonEmpty?.quoted(limit: 60)
            item.content = nick
            item.state = nick.map { "wants to be called \($0)" }
            item.withdrawn = "no longer has a nickname"
            return item
        }
        entry.part = { element, parts, scene in
            guard let name = element.text.trimmed.nonEmpty?.quoted(limit: 60) else { return }
            parts.remarks.append("The sender wants to be called \(name)\(scene.cite("XEP-0172")).")
        }
        entry.teller = { StatelessTeller(body: tellNickname) }
        return entry
    }()
}

/// In a request for a subscription, or alone in a message (XEP-0172 section 4); beside a text it is told by others or not at all.
private func tellNickname(_ nick: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let stanza = packet.element, let name = nick.text.trimmed.nonEmpty?.quoted(limit: 60) else { return nil }
    let reference = "XEP-0172"
    switch place {
    case .message where stanza.childCount == 1 && stanza["type"] != "error":
        let (who, whom) = (scene.speaker(of: stanza, in: packet), scene.addressee(of: stanza, in: packet).name)
        return Telling("\(who.start) tells \(whom) that it wants to be called \(name)\(scene.cite(reference)).")
    case .presence, .message, .request, .answer, .nonza: return nil
    }
}
