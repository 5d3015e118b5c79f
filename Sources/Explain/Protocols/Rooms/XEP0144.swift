import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Contacts that somebody suggests to another one (XEP-0144).
    static let rosterExchange: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0144", "Roster Item Exchange", ["http://jabber.org/protocol/rosterx"])
        entry.teller = { StatelessTeller(body: tellExchange) }
        return entry
    }()
}

private func tellExchange(_ x: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let stanza = packet.element, x.name == "x" else { return nil }
    let items = x.children.filter { $0.name == "item" }
    switch place {
    case .message, .request: break
    case .answer:
        let speaker = scene.speaker(of: stanza, in: packet).start
        guard stanza["type"] == "error" else {
            return Telling("\(speaker) has received the suggestions for the contact list.")
        }
        return People.refusal(
            stanza,
            packet,
            scene,
            does: "does not take the suggestions for the contact list",
            noun: "the suggestions"
        ) {
            $0 == .notAuthorized ? "it knows the sender too little" : nil
        }
    case .nonza, .presence: return nil
    }
    guard !items.isEmpty else { return nil }
    let (speaker, addressee) = (scene.speaker(of: stanza, in: packet), scene.addressee(of: stanza, in: packet))
    let parts = [("add", "to add", "to"), ("modify", "to change", "in"), ("delete", "to remove", "from")].compactMap {
        action,
        verb,
        place -> String? in
        let some = items.filter { ($0["action"] ?? "add") == action }
        return some.isEmpty ? nil : "\(verb) \(People.firstOnes(some.map(shown))) \(place) the contact list"
    }
    if parts.isEmpty { return nil }
    let says =
        stanza.child("body", stanza.namespace)?.text.trimmed.nonEmpty.map { ", and says: \($0.quoted(limit: 120))" }
        ?? ""
    return Telling(
        "\(speaker.start) suggests to \(addressee.name) \(parts.listed())\(scene.cite("XEP-0144"))\(says)."
            .collapsingStops
    )
}

private func shown(_ item: Element) -> String {
    let groups = item.children.filter { $0.name == "group" }.compactMap { $0.text.trimmed.nonEmpty?.quoted(limit: 40) }
    let group = groups.isEmpty ? "" : " (\(groups.count == 1 ? "group" : "groups") \(People.firstOnes(groups)))"
    let name = item["name"]?.nonEmpty.map { $0.quoted(limit: 60) }
    if item["action"] == "delete" { return People.address(item["jid"]) + (name.map { " (\($0))" } ?? "") }
    return People.address(item["jid"]) + (name.map { " as \($0)" } ?? "") + group
}
