import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Services that manage somebody's contact list (XEP-0321).
    static let remoteRoster: ProtocolEntry = {
        let namespace = "urn:xmpp:tmp:roster-management:0"
        var entry = ProtocolEntry("XEP-0321", "Remote Roster Management", [namespace])
        entry.teller = { StatelessTeller(body: tellManagement) }
        return entry
    }()
}

private func tellManagement(_ query: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    let (speaker, addressee) = (scene.speaker(of: iq, in: packet), scene.addressee(of: iq, in: packet))
    switch place {
    case .request where iq["type"] == "get":
        return Telling(
            "\(speaker.start) asks \(addressee.name) who may manage its contact list\(scene.cite("XEP-0321"))."
        )
    case .request: return tellPermission(query, speaker, addressee, &scene)
    case .answer where iq["type"] == "error":
        return People.refusal(
            iq,
            packet,
            scene,
            does: "does not allow the contact list to be managed",
            noun: "the request to manage the contact list"
        )
    case .answer:
        let items = iq.child("query")?.children.filter { $0.name == "item" } ?? []
        if items.isEmpty {
            return Telling("\(speaker.start) has received the request about managing the contact list.")
        }
        let verb = items.count == 1 ? "manages" : "manage"
        return Telling("\(People.firstOnes(items.map { People.address($0["jid"]) })) \(verb) the contact list.")
    case .nonza, .message, .presence: return nil
    }
}

private func tellPermission(_ query: Element, _ speaker: Party, _ addressee: Party, _ scene: inout Scene) -> Telling? {
    let why = query["reason"]?.nonEmpty.map { ": \($0.quoted(limit: 120))" } ?? ""
    switch query["type"] {
    case "request"?:
        return Telling(
            "\(speaker.start) asks to be allowed to manage the contact list of \(addressee.name)\(scene.cite("XEP-0321"))\(why)."
                .collapsingStops
        )
    case "allowed"?:
        return Telling("\(speaker.start) allows \(addressee.name) to manage its contact list\(scene.cite("XEP-0321")).")
    case "rejected"?:
        return Telling(
            "\(speaker.start) does not allow \(addressee.name) to manage its contact list\(scene.cite("XEP-0321"))."
        )
    case "reject"?:
        return Telling(
            "\(speaker.start) takes back that \(addressee.name) may manage its contact list\(scene.cite("XEP-0321"))."
        )
    default: return nil
    }
}
