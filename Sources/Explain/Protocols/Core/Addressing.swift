import Session
import XMLStream
import XMPP

/// Whether a stanza says rightly whom it is from and for.
extension Scene {
    func addressFindings(_ stanza: Element, _ packet: Packet) -> [Finding] {
        if packet.isSentByProxy { return [] }
        let malformed = ["to", "from"].filter { stanza[$0].map(Self.isMalformed) == true }.map { name in
            Finding(
                .addressMalformed,
                "\(name)= is \((stanza[name] ?? "").quoted(limit: 60)), which is no address (RFC 7622 section 3.1)."
            )
        }
        if !malformed.isEmpty { return malformed }
        switch streamKind {
        case .client: return forged(stanza, packet)
        case .server, .component: return missing(stanza) + foreign(stanza, packet)
        }
    }

    /// An address without a domain, or with something in it that no domain can have. Words in the place of an address, as in a
    /// draft, are none that anybody took for one.
    private static func isMalformed(_ address: String) -> Bool {
        if address.isEmpty { return false }
        let jid = JID(address)
        return jid.domain.isEmpty || jid.local?.isEmpty == true
            || jid.domain.utf8.contains { $0 == UInt8(ascii: "@") || ($0 <= 0x20 && jid.local != nil) }
    }

    /// A client that speaks in the name of somebody else.
    private func forged(_ stanza: Element, _ packet: Packet) -> [Finding] {
        guard packet.direction == .clientToServer, !beginsInMiddle, let own = account.boundBare,
            let from = stanza["from"]?.nonEmpty, !isAddress(from, of: own), JID(from).bare.addressKey != own.addressKey
        else { return [] }
        return [
            Finding(
                .addressForged,
                "the client says that it is from \(from.shown(limit: 100)), but it is \(own.shown(limit: 100)); the server must not pass that on (RFC 6120 section 8.1.2.1)."
            )
        ]
    }

    private func missing(_ stanza: Element) -> [Finding] {
        let names = ["to", "from"].filter { stanza[$0]?.nonEmpty == nil }
        if names.isEmpty { return [] }
        let rule = streamKind == .component ? "XEP-0114 section 3" : "RFC 6120 sections 8.1.1.2 and 8.1.2.2"
        return [
            Finding(
                .addressMissing,
                "it has no \(names.joined(separator: " and no ")), which is a must on this stream (\(rule))."
            )
        ]
    }

    /// What comes from a domain that the other side has not shown to be its own.
    private func foreign(_ stanza: Element, _ packet: Packet) -> [Finding] {
        guard packet.direction == .clientToServer, let from = stanza["from"]?.nonEmpty else { return [] }
        let own = streamKind == .component ? domain : account.user
        let claimed = JID(from).domain
        guard let own, !isSameAddress(own, claimed), own.addressKey != claimed.addressKey,
            !dialbackDomains.contains(claimed.addressKey)
        else { return [] }
        let rule = streamKind == .component ? "XEP-0114 section 3" : "RFC 6120 section 8.1.2.2"
        return [
            Finding(
                .addressForeign,
                "it is from \(claimed.shown(limit: 100)), but this stream is that of \(own.shown(limit: 100)) (\(rule))."
            )
        ]
    }
}

extension FindingCode {
    static let addressMalformed = warning(
        "stanza.address.malformed",
        "RFC 7622 section 3.1",
        "An address consists of an account name and @, which may be missing, a domain, and a resource behind a slash. Servers refuse anything else with jid-malformed."
    )
    static let addressForged = warning(
        "stanza.from.forged",
        "RFC 6120 section 8.1.2.1",
        "A client may only speak for the account that it has logged in as. The server must end the stream with invalid-from or set the address right."
    )
    static let addressMissing = warning(
        "stanza.address.missing",
        "RFC 6120 section 8.1.1.2",
        "Between servers, and from components, each stanza must say whom it is from and for, because nobody else can know. Servers end the stream with improper-addressing."
    )
    static let addressForeign = warning(
        "stanza.from.foreign",
        "RFC 6120 section 8.1.2.2",
        "A server or component may only speak for domains that it has shown to be its own. The receiver ends the stream with invalid-from, or drops the stanza."
    )

    static let addressing: [FindingCode] = [addressMalformed, addressForged, addressMissing, addressForeign]
}
