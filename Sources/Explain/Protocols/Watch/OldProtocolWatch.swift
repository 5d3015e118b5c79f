import Session
import XMLStream
import XMPP

/// Tells once of each protocol that is out of date, and what took its place. What is only offered or answered is left alone, and so is what stands beside its
/// successor for the sake of old programs.
struct OldProtocolWatch: Watcher {
    private var told: Set<String> = []

    mutating func pass(_ packet: Packet, _ scene: inout Scene) -> [Finding] {
        guard let element = packet.element, !packet.isSentByProxy else { return [] }
        if !NS.stanzas.contains(element.namespace) { return nonza(element, packet) }
        switch element.name {
        case "iq":
            guard ["get", "set"].contains(element["type"]), let payload = element.firstChild else { return [] }
            return obsolete(payload.namespace).map { [$0] } ?? olderForm(payload.namespace, packet)
        case "message", "presence":
            if element["type"] == "error" { return [] }
            var findings: [Finding] = []
            for case .element(let child) in element.nodes where child.namespace != element.namespace {
                guard let entry = OldProtocols.table[child.namespace],
                    !entry.besides.contains(where: { beside in
                        element.firstChild { $0.namespace == beside } != nil
                    })
                else { continue }
                if let finding = obsolete(child.namespace) { findings.append(finding) }
            }
            return findings
        default: return []
        }
    }

    private mutating func nonza(_ element: Element, _ packet: Packet) -> [Finding] {
        guard packet.direction == .clientToServer else { return [] }
        switch (element.namespace, element.name) {
        case (NS.sasl, "auth"), (NS.sasl2, "authenticate"):
            guard let name = element["mechanism"], let words = OldProtocols.mechanisms[name],
                told.insert(name).inserted
            else { return [] }
            return [Finding(.obsolete, "\(name) is \(words).")]
        case (NS.compression, "compress"): return obsolete(element.namespace).map { [$0] } ?? []
        case (NS.streams, _): return []
        default: return olderForm(element.namespace, packet)
        }
    }

    private mutating func obsolete(_ namespace: String) -> Finding? {
        guard let entry = OldProtocols.table[namespace], told.insert(entry.reference).inserted else { return nil }
        return Finding(.obsolete, "\(entry.title) (\(entry.reference)) is \(entry.status); \(entry.today).")
    }

    private mutating func olderForm(_ namespace: String, _ packet: Packet) -> [Finding] {
        guard packet.direction == .clientToServer, let present = OldProtocols.present(of: namespace),
            told.insert(namespace).inserted
        else { return [] }
        return [
            Finding(
                .olderForm,
                "\(namespace.shown(limit: 100)) is an older form of \(protocolName(present)); programs of today have \(present)."
            )
        ]
    }
}

/// What is out of date, by the status of its specification.
enum OldProtocols {
    struct Entry {
        let title: String
        let reference: String
        /// `obsolete` or `deprecated`, as its specification says.
        let status: String
        /// What there is today, a clause.
        let today: String
        /// Namespaces beside which it stands for old programs only.
        var besides: [String] = []
    }

    /// Mechanisms of SASL, what they are.
    static let mechanisms: [String: String] = [
        "DIGEST-MD5": "historic (RFC 6331); SCRAM (RFC 5802) took its place",
        "CRAM-MD5": "from before SCRAM (RFC 5802), which took its place",
    ]

    private static func replaced(_ by: String) -> String { "\(by) took its place" }

    static let table: [String: Entry] = [
        NS.auth: Entry(
            title: "Non-SASL Authentication",
            reference: "XEP-0078",
            status: "obsolete",
            today: replaced("SASL (RFC 6120)")
        ),
        "jabber:x:delay": Entry(
            title: "Legacy Delayed Delivery",
            reference: "XEP-0091",
            status: "obsolete",
            today: replaced("Delayed Delivery (XEP-0203)"),
            besides: [NS.delay]
        ),
        "jabber:iq:time": Entry(
            title: "Legacy Entity Time",
            reference: "XEP-0090",
            status: "obsolete",
            today: replaced("Entity Time (XEP-0202)")
        ),
        "jabber:iq:browse": Entry(
            title: "Jabber Browsing",
            reference: "XEP-0011",
            status: "obsolete",
            today: replaced("Service Discovery (XEP-0030)")
        ),
        "jabber:iq:agents": Entry(
            title: "Agent Information",
            reference: "XEP-0094",
            status: "obsolete",
            today: replaced("Service Discovery (XEP-0030)")
        ),
        "jabber:x:event": Entry(
            title: "Message Events",
            reference: "XEP-0022",
            status: "obsolete",
            today: "Chat State Notifications (XEP-0085) and Message Delivery Receipts (XEP-0184) took its place",
            besides: ["http://jabber.org/protocol/chatstates", "urn:xmpp:receipts"]
        ),
        "jabber:x:expire": Entry(
            title: "Message Expiration",
            reference: "XEP-0023",
            status: "obsolete",
            today: replaced("Advanced Message Processing (XEP-0079)")
        ),
        "jabber:x:roster": Entry(
            title: "Roster Item Exchange in jabber:x:roster",
            reference: "XEP-0093",
            status: "deprecated",
            today: replaced("Roster Item Exchange (XEP-0144)"),
            besides: ["http://jabber.org/protocol/rosterx"]
        ),
        NS.privacy: Entry(
            title: "Privacy Lists",
            reference: "XEP-0016",
            status: "deprecated",
            today: replaced("Blocking Command (XEP-0191)")
        ),
        "urn:xmpp:archive": Entry(
            title: "Message Archiving",
            reference: "XEP-0136",
            status: "deprecated",
            today: replaced("Message Archive Management (XEP-0313)")
        ),
        "http://jabber.org/protocol/archive": Entry(
            title: "Message Archiving",
            reference: "XEP-0136",
            status: "deprecated",
            today: replaced("Message Archive Management (XEP-0313)")
        ),
        "jabber:x:encrypted": Entry(
            title: "Current Jabber OpenPGP Usage",
            reference: "XEP-0027",
            status: "obsolete",
            today: "today there are OpenPGP for XMPP (XEP-0373) and OMEMO (XEP-0384)"
        ),
        "jabber:x:signed": Entry(
            title: "Current Jabber OpenPGP Usage",
            reference: "XEP-0027",
            status: "obsolete",
            today: "today there are OpenPGP for XMPP (XEP-0373) and OMEMO (XEP-0384)"
        ),
        "http://jabber.org/protocol/xhtml-im": Entry(
            title: "XHTML-IM",
            reference: "XEP-0071",
            status: "deprecated",
            today: "today there is Message Styling (XEP-0393)"
        ),
        "http://jabber.org/protocol/si": Entry(
            title: "Stream Initiation",
            reference: "XEP-0095",
            status: "deprecated",
            today: "Jingle (XEP-0166), for files Jingle File Transfer (XEP-0234), took its place"
        ),
        "http://jabber.org/protocol/physloc": Entry(
            title: "User Physical Location",
            reference: "XEP-0112",
            status: "obsolete",
            today: replaced("User Location (XEP-0080)")
        ),
        "jabber:x:avatar": Entry(
            title: "IQ-Based Avatars",
            reference: "XEP-0008",
            status: "obsolete",
            today: "User Avatar (XEP-0084) and vCard-Based Avatars (XEP-0153) took its place"
        ),
        "jabber:iq:avatar": Entry(
            title: "IQ-Based Avatars",
            reference: "XEP-0008",
            status: "obsolete",
            today: "User Avatar (XEP-0084) and vCard-Based Avatars (XEP-0153) took its place"
        ),
        "http://jabber.org/protocol/rc": Entry(
            title: "Remote Controlling Clients",
            reference: "XEP-0146",
            status: "obsolete",
            today: "nothing took its place"
        ),
        "http://jabber.org/protocol/waitinglist": Entry(
            title: "Waiting Lists",
            reference: "XEP-0130",
            status: "deprecated",
            today: "nothing took its place"
        ),
        "http://jabber.org/protocol/offline": Entry(
            title: "Flexible Offline Message Retrieval",
            reference: "XEP-0013",
            status: "deprecated",
            today: "today messages are fetched from the archive (XEP-0313)"
        ),
        "http://jabber.org/protocol/sipub": Entry(
            title: "Publishing Stream Initiation Requests",
            reference: "XEP-0137",
            status: "deprecated",
            today: "today there is Publishing Available Jingle Sessions (XEP-0358)"
        ),
        NS.compression: Entry(
            title: "Stream Compression",
            reference: "XEP-0138",
            status: "obsolete",
            today:
                "nothing took its place, for what is compressed and encrypted together can give secrets away by its length"
        ),
    ]

    /// Namespaces that took the place of others, some of which have a higher number.
    private static let presentOnes = Set(OtherForms.today.values)

    /// The namespace of today of a protocol that had another one; nil if this is today's.
    static func present(of namespace: String) -> String? {
        if let today = OtherForms.today[namespace] { return today }
        guard !presentOnes.contains(namespace), let known = ProtocolRegistry.lookUp(namespace), known.isCertain,
            let colon = namespace.utf8.lastIndex(of: UInt8(ascii: ":")),
            let version = Int(namespace[namespace.utf8.index(after: colon)...])
        else { return nil }
        let stem = namespace[...colon]
        return (0..<10).map { "\(stem)\(version + 10 - $0)" }
            .first { later in
                guard let other = ProtocolRegistry.lookUp(later), other.isCertain, other.status != nil,
                    OtherForms.today[later] == nil
                else { return false }
                return other.specification == known.specification
            }
    }
}

extension FindingCode {
    static let obsolete = note(
        "protocol.obsolete",
        "",
        "A protocol is used that its specification calls obsolete or deprecated, or that is historic. It may still work; new programs should do without."
    )
    static let olderForm = note(
        "protocol.older-form",
        "",
        "The client uses an older form of a protocol. A server that has only the form of today does not know it."
    )
}
