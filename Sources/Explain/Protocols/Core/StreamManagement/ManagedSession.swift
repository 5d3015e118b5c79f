import Session
import XMLStream
import XMPP

/// One session of stream management (XEP-0198): what was sent in each direction, over all connections that it was resumed on.
///
/// A reference, for it goes from one connection to the next.
final class ManagedSession {
    /// By it another connection can resume it; nil if none can.
    var id: String?
    /// Whose it is, bare, and under which address.
    var account: String?
    var address: String?
    /// The rooms that the client is in.
    var rooms: [String: Room] = [:]
    /// The connection that it is on, and what client and server call themselves there.
    var connection = 0
    var software: (client: SoftwareSigns, server: SoftwareSigns)?
    // Two fields, and asked where they lie: this is done for every stanza, and a copy of a queue is made of all its parts.
    private var clients: StanzaQueue?
    private var servers: StanzaQueue?

    func begin(_ direction: Direction) {
        switch direction {
        case .clientToServer: clients = StanzaQueue()
        case .serverToClient: servers = StanzaQueue()
        }
    }

    /// What was sent in that direction; nil if nobody counts there.
    func queue(_ direction: Direction) -> StanzaQueue? {
        switch direction {
        case .clientToServer: clients
        case .serverToClient: servers
        }
    }

    func isCounting(_ direction: Direction) -> Bool {
        switch direction {
        case .clientToServer: clients != nil
        case .serverToClient: servers != nil
        }
    }

    func count(_ stanza: SentStanza, _ direction: Direction) {
        switch direction {
        case .clientToServer: clients?.append(stanza)
        case .serverToClient: servers?.append(stanza)
        }
    }

    /// What that stanza repeats, if it did not arrive the first time; it is told once.
    func takeLost(_ stanza: SentStanza, _ direction: Direction) -> PacketPlace? {
        switch direction {
        case .clientToServer: clients?.takeLost(stanza)
        case .serverToClient: servers?.takeLost(stanza)
        }
    }

    /// What that stanza repeats, although it had arrived.
    func arrived(_ stanza: SentStanza, _ direction: Direction) -> PacketPlace? {
        switch direction {
        case .clientToServer: clients?.arrived[stanza.mark]
        case .serverToClient: servers?.arrived[stanza.mark]
        }
    }

    func change(_ direction: Direction, _ body: (inout StanzaQueue) -> Void) {
        switch direction {
        case .clientToServer: Self.change(&clients, body)
        case .serverToClient: Self.change(&servers, body)
        }
    }

    private static func change(_ queue: inout StanzaQueue?, _ body: (inout StanzaQueue) -> Void) {
        guard var taken = queue.take() else { return }
        body(&taken)
        queue = taken
    }
}

/// A packet of any connection of a recording.
struct PacketPlace: Equatable {
    let connection: Int
    let packet: Int

    /// `014`, or `014 of connection 1` where that is another connection than the present one.
    func told(from present: Int) -> String {
        connection == present ? padded(packet) : "\(padded(packet)) of connection \(connection)"
    }
}

extension Collection<PacketPlace> {
    /// The first ones, as `013, 014 and 2 others of connection 1`.
    func told(from present: Int) -> String {
        let shown = prefix(count == 5 ? 5 : 4)
        let numbers = shown.map { padded($0.packet) }
        let others = count - shown.count
        let list = (others > 0 ? numbers + ["\(others) others"] : numbers).listed()
        guard let connection = first?.connection, connection != present,
            allSatisfy({ $0.connection == connection })
        else { return list }
        return "\(list) of connection \(connection)"
    }
}

/// A stanza that was sent, with what it is known by when it is sent again.
struct SentStanza {
    let place: PacketPlace
    /// Equal in what is the same stanza.
    let mark: Int
    /// True if its mark is that of no other one: a message with an id, but none that may be a room's history, which comes again with each join.
    let isUnique: Bool

    init(_ element: Element, _ place: PacketPlace, isClients: Bool) {
        self.place = place
        var (id, type, other): (String?, String?, String?)
        for attribute in element.attributes where attribute.namespace.isEmpty {
            switch attribute.name {
            case "id": id = attribute.value
            case "type": type = attribute.value
            case "to" where isClients, "from" where !isClients: other = attribute.value
            default: break
            }
        }
        var hasher = Hasher()
        hasher.combine(element.name)
        hasher.combine(id)
        hasher.combine(type)
        hasher.combine(other?.withoutResource)
        // Servers add when it was said to what they send again (XEP-0203).
        for case .element(let child) in element.nodes where child.namespace != NS.delay {
            hasher.combine(child.name)
            if child.name == "body" { hasher.combine(child.text) }
        }
        mark = hasher.finalize()
        let isHistory = type == "groupchat" && element.child("delay", NS.delay) != nil
        isUnique = element.name == "message" && id?.isEmpty == false && !isHistory
    }
}
