import Session
import XMLStream
import XMPP

/// Whether a stanza says rightly whom it is from and for.
extension Scene {
    func addressFindings(_ stanza: Element, _ packet: Packet) -> [Finding] {
        if packet.isSentByProxy { return [] }
        let malformed = ["to", "from"].compactMap { name -> Finding? in
            guard let address = stanza[name], let fault = Self.fault(of: address) else { return nil }
            return Finding(
                .addressMalformed,
                "\(name)= is \(address.quoted(limit: 60)), which is no address: \(fault) (RFC 7622 section 3.1)."
            )
        }
        if !malformed.isEmpty { return malformed }
        switch streamKind {
        case .client: return forged(stanza, packet)
        case .server, .component: return missing(stanza) + foreign(stanza, packet)
        }
    }

    /// Why it can be no address, a clause, as far as that is known without tables of letters; nil if it may be one. Words in the place of an
    /// address, as in a draft, are none that anybody took for one.
    private static func fault(of address: String) -> String? {
        if isOrdinary(address) { return nil }
        if address.isEmpty { return "it is empty" }
        let jid = JID(address)
        let space = { (text: String) in text.utf8.contains { $0 <= 0x20 } }
        if jid.domain.isEmpty { return "it has no domain" }
        if jid.domain.utf8.contains(UInt8(ascii: "@")) { return "it has more than one @" }
        if jid.resource?.isEmpty == true { return "nothing stands behind its slash" }
        if let local = jid.local {
            if local.isEmpty { return "nothing stands before its @" }
            if space(local) || space(jid.domain) { return "there is a space in it before the resource" }
            if let letter = local.first(where: { "\"&':<>".contains($0) }) {
                return "\(letter) may not stand before its @"
            }
        }
        if space(jid.domain) { return "there is a space in its domain" }
        if let fault = domainFault(jid.domain) { return fault }
        let isTooLong = [jid.local, jid.domain, jid.resource].contains { $0.map { $0.utf8.count > 1023 } == true }
        return isTooLong ? "one of its parts has more than 1,023 bytes" : nil
    }

    private static func domainFault(_ domain: String) -> String? {
        let bytes = domain.utf8
        // Between brackets stands an address of IPv6.
        if bytes.contains(UInt8(ascii: ":")), bytes.first != UInt8(ascii: "[") {
            return "there is a colon in its domain"
        }
        if bytes.first == UInt8(ascii: ".") || domain.contains("..") {
            return "there is nothing between dots of its domain"
        }
        return domain.first { "\"&'<>".contains($0) }.map { "\($0) may not stand in its domain" }
    }

    /// True for an address whose parts are there, short and without blanks, which is told by bytes: it is asked of every stanza.
    private static func isOrdinary(_ address: String) -> Bool {
        let bare = address.withoutResource.utf8
        guard address.utf8.count <= 1023, let first = bare.first, first != UInt8(ascii: "@"),
            bare.last != UInt8(ascii: "@"), address.utf8.last != UInt8(ascii: "/")
        else { return false }
        var (ats, last) = (0, UInt8(ascii: "."))
        for byte in bare {
            if byte <= 0x20 || isOdd(byte) || byte == UInt8(ascii: ".") && (last == byte || last == UInt8(ascii: "@")) {
                return false
            }
            if byte == UInt8(ascii: "@") { ats += 1 }
            last = byte
        }
        return ats < 2
    }

    /// A byte that neither the account's name nor the domain has (RFC 7622 section 3.3.1), but for addresses of IPv6.
    private static func isOdd(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: ":"), UInt8(ascii: "<"),
            UInt8(ascii: ">"):
            true
        default: false
        }
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
