import Transcript
import XMLStream
import XMPP

/// What a filter is asked about: a packet or an event, with what is known of it.
public struct FilterSubject {
    /// What kind of record it is.
    enum Content {
        case packet(PacketRecord)
        case event(EventRecord)
        /// A packet that is in no recording.
        case element(Element, Direction)
    }

    let content: Content
    let connection: Int
    /// The packet's outermost element; nil if it has none.
    let root: PacketRecord.Root?
    /// The packet taken apart, where a filter needs it.
    var element: Element?
    /// Those in the packet and in the request that it answers; only where a filter asks for them.
    var namespaces: Set<String> = []
    /// The addresses of its sender and its addressee, said or implied; only where a filter asks for them.
    var addresses: [String] = []

    init(_ packet: PacketRecord, connection: Int) {
        content = .packet(packet)
        self.connection = connection
        root = packet.root ?? PacketRecord.Root(xml: packet.xml)
    }

    init(_ event: EventRecord, connection: Int) {
        content = .event(event)
        self.connection = connection
        root = nil
    }

    init(_ element: Element, _ direction: Direction) {
        content = .element(element, direction)
        connection = 1
        root = PacketRecord.Root(element)
        self.element = element
        namespaces = PacketNamespaces.of(element)
        addresses = StanzaAddresses.said(in: element)
    }
}

/// The namespaces in a packet, also those of what it carries.
enum PacketNamespaces {
    /// Those of stanzas and streams themselves are no protocol that anybody asks for.
    private static let own = NS.stanzas.union([NS.streams, NS.stanzaErrors])

    static func of(_ element: Element) -> Set<String> {
        var found: Set<String> = []
        var waiting = [element]
        while let next = waiting.popLast() {
            found.insert(next.namespace)
            waiting += next.children
        }
        return found.subtracting(own)
    }

    /// Of a packet that is too long to be read whole.
    static func of(_ root: PacketRecord.Root?) -> Set<String> {
        Set([root?.namespace, root?.contentNamespace].compactMap(\.self)).subtracting(own)
    }
}

/// The addresses of stanzas.
enum StanzaAddresses {
    /// Those that stand on a stanza and on stanzas that it carries (XEP-0297).
    static func said(in element: Element) -> [String] {
        var found: [String] = []
        var waiting = [element]
        while let next = waiting.popLast() {
            if NS.stanzas.contains(next.namespace) {
                found += [next["from"], next["to"]].compactMap(\.self)
            }
            waiting += next.children
        }
        return found
    }

    /// Those that a stanza without them has all the same: its own address, that of the client's account (RFC 6120 section 8.1.2.1, 10.3).
    ///
    /// - Parameter client: the client's address, once it is known.
    static func implied(_ root: PacketRecord.Root, _ direction: Direction, client: String) -> [String] {
        guard NS.stanzas.contains(root.namespace) else { return [] }
        let account = JID(client).bare
        switch direction {
        case .clientToServer: return (root.from == nil ? [client] : []) + (root.to == nil ? [account] : [])
        case .serverToClient: return (root.from == nil ? [account] : []) + (root.to == nil ? [client] : [])
        }
    }
}
