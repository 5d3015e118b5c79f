import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// External components (XEP-0114). Its namespace is also that of a component's stanzas.
    static let component: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0114", "Jabber Component Protocol", [NS.component, NS.componentConnect])
        entry.secrets = [.text("handshake", NS.component)]
        entry.volatile = [.text("handshake", NS.component)]
        entry.codes = [.componentProof]
        entry.teller = { ComponentTeller() }
        return entry
    }()
}

extension FindingCode {
    static let componentProof = warning(
        "component.proof",
        "XEP-0114 section 3",
        "The handshake is the SHA-1 hash of the stream's id and the secret, in lower case and hexadecimal. No server accepts anything else."
    )
}

/// A digit of a hash in lower case.
private func isHexDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}

private struct ComponentTeller: Teller {
    private var story: Int?

    mutating func tell(_ element: Element, at place: Place, in packet: Packet, _ scene: inout Scene) -> Telling? {
        guard place == .nonza else { return nil }
        guard element.name == "handshake" else { return inner(element, packet, scene) }
        guard packet.direction == .serverToClient else {
            story = scene.stories.begin(.component, scene.serverName, packet)
            let proof = element.text.trimmed
            let isHash = proof.utf8.count == 40 && proof.utf8.allSatisfy(isHexDigit)
            return Telling(
                "The component proves that it knows the shared secret: SHA-1 of stream id and secret (XEP-0114).",
                isHash
                    ? []
                    : [
                        Finding(
                            .componentProof,
                            "the proof is no SHA-1 hash in lower case, which has 40 hexadecimal digits (XEP-0114 section 3)."
                        )
                    ]
            )
        }
        scene.account.isAuthenticated = true
        if let story { scene.stories.settle(story, .succeeded, packet) }
        return Telling("The server accepts the component.")
    }

    /// What only the parts of old servers say to each other (jabberd 1.4 and 2).
    private func inner(_ element: Element, _ packet: Packet, _ scene: Scene) -> Telling? {
        let sender = scene.sender(of: packet).start
        let name = element.name.shown(limit: 40)
        switch element.name {
        case "route":
            return Telling(
                "\(sender) routes a packet inside the server (<route/>, which only jabberd's own parts know)."
            )
        case "log":
            return Telling(
                "\(sender) writes a line for the server's log (<log/>, which only jabberd's own parts know)."
            )
        case "xdb":
            return Telling(
                "\(sender) asks for stored data of the server (<xdb/>, which only jabberd's own parts know)."
            )
        default: return Telling("\(sender) sends <\(name)/>, which is no stanza and which XEP-0114 does not have.")
        }
    }
}
