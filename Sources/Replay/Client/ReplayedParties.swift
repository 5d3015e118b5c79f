import Conversation
import XMLStream
import XMPP

/// Who takes part in a replay as the client: the recorded accounts that log in again, by their sessions and by their names in
/// rooms. What anybody else said in the recording does not come again because of the replay, so nothing waits for it.
struct ReplayedParties {
    private let accounts: Set<String>
    /// Full JIDs that were bound.
    private let sessions: Set<String>
    private var rooms: Set<String> = []
    /// The addresses in rooms, nickname and all.
    private var occupants: Set<String> = []

    init(_ steps: [RecordedConversation.Step], _ recorded: RecordedAccounts) {
        sessions = Set(recorded.sessions.values.map(\.description))
        accounts = Set(recorded.sessions.values.map(\.bare))
        for step in steps {
            guard case .packet(let packet) = step.event, let element = packet.element, element.name == "presence"
            else { continue }
            switch packet.direction {
            case .clientToServer: readDirected(element)
            case .serverToClient: readOwnPlace(element)
            }
        }
    }

    /// A presence to a room, under a nickname.
    private mutating func readDirected(_ presence: Element) {
        guard let to = presence["to"].map({ JID($0) }), to.resource != nil else { return }
        rooms.insert(to.bare)
        occupants.insert(to.description)
    }

    /// The room may have given another nickname (XEP-0045 section 7.2.2: status 110 is on one's own presence).
    private mutating func readOwnPlace(_ presence: Element) {
        guard let from = presence["from"], let user = presence.child("x", NS.mucUser),
            user.children.contains(where: { $0.name == "status" && $0["code"] == "110" })
        else { return }
        rooms.insert(JID(from).bare)
        occupants.insert(from)
    }

    /// The address of somebody who is not part of the replay and by whom the recorded packet of the server was said; nil if
    /// the server says it, or what is replayed brings it about.
    func stranger(in packet: Element) -> String? {
        guard packet.namespace == NS.client, packet["type"] != "error", !packet.isAnswer else { return nil }
        if let item = packet.child("query", NS.roster)?.child("item") { return approved(item) }
        if let said = Self.forwarded(in: packet) { return said["from"].flatMap(stranger) }
        if let invitation = packet.child("x", NS.mucUser)?.firstChild(where: { $0["from"] != nil }) {
            return invitation["from"].flatMap(stranger)
        }
        return packet["from"].flatMap(stranger)
    }

    /// A contact whose approval, or whose question, the server tells by a change of the contact list (RFC 6121 section 3.1).
    private func approved(_ item: Element) -> String? {
        guard ["to", "from", "both"].contains(item["subscription"]) else { return nil }
        return item["jid"].flatMap(stranger)
    }

    /// The message in a carbon copy (XEP-0280) or in a result of an archive (XEP-0313).
    private static func forwarded(in packet: Element) -> Element? {
        let carrier = packet.firstChild {
            $0.namespace.hasPrefix("urn:xmpp:carbons:") || $0.namespace.hasPrefix("urn:xmpp:mam:")
        }
        return carrier?.child("forwarded")?.child("message")
    }

    private func stranger(_ address: String) -> String? {
        let jid = JID(address)
        // Servers, services and rooms speak for themselves.
        guard jid.local != nil, jid.resource != nil || !rooms.contains(jid.bare) else { return nil }
        if rooms.contains(jid.bare) { return occupants.contains(address) ? nil : address }
        guard accounts.contains(jid.bare) else { return jid.bare }
        return jid.resource == nil || sessions.contains(address) ? nil : address
    }
}
