import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Searching for rooms (XEP-0433).
    static let channelSearch: ProtocolEntry = {
        let namespaces = ["urn:xmpp:channel-search:0:search", "urn:xmpp:channel-search:0:error"]
        var entry = ProtocolEntry("XEP-0433", "Extended Channel Search", namespaces)
        entry.conditions = [
            "invalid-sort-key": "it does not sort by what was asked for",
            "invalid-search-terms": "it cannot search for these words",
            "rate-limit": "the client has asked too often",
            "full-set-retrieval-rejected": "it does not give out all that it has",
            "conflicting-fields": "what was filled in contradicts itself",
            "no-search-conditions": "nothing was filled in to search by",
        ]
        entry.teller = { StatelessTeller(body: tellSearch) }
        return entry
    }()
}

private func tellSearch(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    let (speaker, addressee) = (scene.speaker(of: iq, in: packet), scene.addressee(of: iq, in: packet))
    switch place {
    case .request:
        guard let form = element.child("x", NS.dataForms).map({ DataForm($0) }) else {
            return Telling(
                "\(speaker.start) asks \(addressee.name) how to search for rooms there\(scene.cite("XEP-0433"))."
            )
        }
        let words = form.value("q")?.nonEmpty.map { " for \($0.quoted(limit: 80))" } ?? ""
        return Telling(
            "\(speaker.start) searches\(words) among the rooms that \(addressee.name) knows\(scene.cite("XEP-0433"))."
        )
    case .answer where iq["type"] == "error":
        return People.refusal(iq, packet, scene, does: "does not search", noun: "the search for rooms")
    case .answer where element.name == "result":
        let items = element.children.filter { $0.name == "item" }
        if items.isEmpty { return Telling("\(speaker.start) finds no room.") }
        let rooms = items.map { item -> String in
            let name = People.text(item, "name").map { " (\($0.quoted(limit: 60)))" } ?? ""
            let users = People.text(item, "nusers").flatMap { Int($0) }.map { ", \(counted($0, "user"))" } ?? ""
            return People.address(item["address"]) + name + users
        }
        return Telling(
            "\(speaker.start) finds \(counted(items.count, "room")): \(rooms.prefix(3).joined(separator: "; "))\(items.count > 3 ? "; and \(items.count - 3) more" : "")."
        )
    case .answer where element.child("x", NS.dataForms) != nil && element.name == "search":
        let form = element.child("x", NS.dataForms).map { DataForm($0) }
        let fields = form?.questions.map { ($0.label?.nonEmpty ?? $0.name).quoted(limit: 60) } ?? []
        if fields.isEmpty { return nil }
        return Telling("\(speaker.start) sends the form for the search: \(People.firstOnes(fields)).")
    case .answer, .nonza, .message, .presence: return nil
    }
}
