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
    private(set) var counts: [Direction: StanzaQueue] = [:]

    func begin(_ direction: Direction) { counts[direction] = StanzaQueue() }

    func count(_ stanza: SentStanza, _ direction: Direction) { counts[direction]?.append(stanza) }

    func change(_ direction: Direction, _ body: (inout StanzaQueue) -> Void) {
        guard var queue = counts[direction] else { return }
        body(&queue)
        counts[direction] = queue
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
    /// True if its mark is that of no other one: a message with an id.
    let isUnique: Bool

    init(_ element: Element, _ place: PacketPlace, isClients: Bool) {
        self.place = place
        var hasher = Hasher()
        hasher.combine(element.name)
        hasher.combine(element["id"])
        hasher.combine(element["type"])
        hasher.combine((isClients ? element["to"] : element["from"]).map { JID($0).bare })
        hasher.combine(element.child("body", element.namespace)?.text)
        // Servers add when it was said to what they send again (XEP-0203).
        for child in element.children where child.namespace != NS.delay {
            hasher.combine(child.name)
            hasher.combine(child.namespace)
        }
        mark = hasher.finalize()
        isUnique = element.name == "message" && element["id"]?.isEmpty == false
    }
}
