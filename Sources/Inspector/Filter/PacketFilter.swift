import Transcript
import XMLStream
import XMPP

/// What is displayed: a record that one of the words of `only` fits, if there are any, and none of `hide`.
public struct PacketFilter: Sendable, Equatable {
    public var only: [FilterWord]
    public var hide: [FilterWord]

    public init(only: [FilterWord] = [], hide: [FilterWord] = []) {
        self.only = only
        self.hide = hide
    }

    /// True if it hides nothing.
    public var isEmpty: Bool { only.isEmpty && hide.isEmpty }

    /// True if protocols are asked for, so that answers have to be known by their requests.
    var asksForProtocols: Bool { (only + hide).contains(where: \.isNamespace) }

    func shows(_ packet: FilteredPacket) -> Bool {
        (only.isEmpty || only.contains { $0.fits(packet) }) && !hide.contains { $0.fits(packet) }
    }

    /// Events have no address, protocol or finding.
    func showsEvents() -> Bool { (only.isEmpty || only.contains(.kind(.event))) && !hide.contains(.kind(.event)) }
}

/// A packet with what filters ask about.
struct FilteredPacket {
    let record: PacketRecord
    let root: PacketRecord.Root?
    /// Of the packet, and of the request that it answers; empty if no filter asks for protocols.
    let namespaces: Set<String>
}

extension FilterWord {
    var isNamespace: Bool {
        if case .namespace = self { true } else { false }
    }

    func fits(_ packet: FilteredPacket) -> Bool {
        switch self {
        case .kind(let kind): kind.fits(packet)
        case .address(let address):
            [packet.root?.from, packet.root?.to].compactMap(\.self).contains { Self.belongs($0, to: address) }
        case .namespace(let name): packet.namespaces.contains { ProtocolRegistry.matches($0, name: name) }
        case .finding(let code): packet.record.telling.findings.contains { $0.code == code }
        case .severity(let severity): packet.record.telling.findings.contains { $0.severity == severity }
        }
    }

    /// A domain has all its accounts, an account all its sessions.
    private static func belongs(_ text: String, to address: String) -> Bool {
        let (one, wanted) = (JID(text), JID(address))
        if let resource = wanted.resource, one.resource != resource { return false }
        return wanted.local == nil && wanted.resource == nil
            ? one.domain.addressKey == wanted.domain.addressKey : one.bare.addressKey == wanted.bare.addressKey
    }
}

extension FilterWord.Kind {
    fileprivate func fits(_ packet: FilteredPacket) -> Bool {
        guard let root = packet.root else { return self == .stream && packet.record.xml.starts(with: "</".utf8) }
        let isStanza = NS.stanzas.contains(root.namespace)
        let isOfStream = root.namespace == NS.streams || root.namespace == NS.framing
        switch self {
        case .iq, .message, .presence: return isStanza && root.name == rawValue
        case .stream: return isOfStream
        case .nonza: return !isStanza && !isOfStream
        case .event: return false
        case .error: return root.isError
        }
    }
}

/// The namespaces in a packet, also those of what it carries.
enum PacketNamespaces {
    /// Those of stanzas and streams themselves are no protocol that anybody asks for.
    private static let own = NS.stanzas.union([NS.streams, NS.stanzaErrors])

    /// - Parameter root: what is known of a packet that is too long to be read whole.
    static func of(_ xml: [UInt8], _ root: PacketRecord.Root?) -> Set<String> {
        let parser = StreamParser()
        parser.append(Array("<s xmlns='\(NS.client)' xmlns:stream='\(NS.streams)'>".utf8))
        _ = parser.next()
        parser.append(xml)
        guard case .element(let element)? = parser.next()?.kind else {
            return Set([root?.namespace, root?.contentNamespace].compactMap(\.self)).subtracting(own)
        }
        var found: Set<String> = []
        var waiting = [element]
        while let next = waiting.popLast() {
            found.insert(next.namespace)
            waiting += next.children
        }
        return found.subtracting(own)
    }
}
