import Session
import XMLStream
import XMPP

extension Scene {
    /// Domains with a dot at their end or in capital letters; each is told once in a connection.
    mutating func spellingFindings(_ element: Element) -> [Finding] {
        var findings: [Finding] = []
        if let finding = spellingFinding(element["to"]) { findings.append(finding) }
        if let finding = spellingFinding(element["from"]) { findings.append(finding) }
        return findings
    }

    private mutating func spellingFinding(_ address: String?) -> Finding? {
        guard let address else { return nil }
        let (hasDot, hasCapitals) = domainSigns(address)
        // Nearly all addresses end here.
        guard hasDot || hasCapitals, toldDomains.count < 64 else { return nil }
        let domain = JID(address).domain
        guard domain.utf8.count > 1, toldDomains.insert("spelling of \(domain)").inserted else { return nil }
        if hasDot {
            return Finding(
                .addressDot,
                "the domain \(domain.quoted(limit: 100)) ends with a dot, which belongs to the DNS and must be taken off in XMPP (RFC 7622 section 3.2)."
            )
        }
        return Finding(
            .addressCapitals,
            "the domain \(domain.quoted(limit: 100)) has capital letters; addresses are compared in small ones (RFC 7622 section 3.2)."
        )
    }

    /// A `from` with another resource than the one that was bound.
    func otherResource(_ stanza: Element, _ packet: Packet) -> [Finding] {
        guard streamKind == .client, packet.direction == .clientToServer, !beginsInMiddle, !packet.isSentByProxy,
            let bound = account.boundJID, let own = account.boundBare, let from = stanza["from"],
            let resource = JID(from).resource?.nonEmpty, isAddress(from, of: own), resource != JID(bound).resource
        else { return [] }
        return [
            Finding(
                .addressForged,
                "the client says that it is the session \(resource.quoted(limit: 60)), but it is \(bound.shown(limit: 100)) (RFC 6120 section 8.1.2.1)."
            )
        ]
    }

    /// What the server hands to a client that is addressed to somebody else.
    func otherAddressee(_ stanza: Element, _ packet: Packet) -> [Finding] {
        guard streamKind == .client, packet.direction == .serverToClient, !beginsInMiddle, !packet.isSentByProxy,
            let bound = account.boundJID, let own = account.boundBare, let to = stanza["to"]?.nonEmpty, to != bound,
            !account.isResumed
        else { return [] }
        let isForeign = !isAddress(to, of: own) && JID(to).bare.addressKey != own.addressKey
        // A message to a session that is gone may go to another one, but a request or answer may not.
        let isOtherSession =
            stanza.name == "iq" && !isForeign && JID(to).resource.map { $0 != JID(bound).resource } == true
        guard isForeign || isOtherSession else { return [] }
        return [
            Finding(
                .addresseeForeign,
                "it is addressed to \(to.shown(limit: 100)), but the server hands it to \(bound.shown(limit: 100))."
            )
        ]
    }
}

/// Whether the domain ends with a dot or has capital letters of ASCII, by bytes: it is asked of every stanza.
private func domainSigns(_ address: String) -> (hasDot: Bool, hasCapitals: Bool) {
    var hasCapitals = false
    let bare = address.withoutResource.utf8
    for byte in bare {
        if byte == UInt8(ascii: "@") {
            hasCapitals = false
        } else if (0x41...0x5A).contains(byte) {
            hasCapitals = true
        }
    }
    return (bare.last == UInt8(ascii: "."), hasCapitals)
}

/// A client's own presence about subscriptions, or the server's, with a resource where there should be none.
func subscriptionForm(_ presence: Element, _ packet: Packet, _ scene: Scene) -> [Finding] {
    guard presence.name == "presence", scene.streamKind == .client,
        let type = presence["type"], ["subscribe", "subscribed", "unsubscribe", "unsubscribed"].contains(type)
    else { return [] }
    let isClients = packet.direction == .clientToServer
    guard let address = isClients ? presence["to"] : presence["from"], JID(address).resource?.nonEmpty != nil else {
        return []
    }
    // A request of the client's is told already.
    if isClients, type == "subscribe" { return [] }
    return [
        Finding(
            .subscriptionForm,
            isClients
                ? "\(type) is addressed to one session, \(address.shown(limit: 100)); subscriptions are between accounts, by their bare addresses (RFC 6121 section 3.1)."
                : "\(type) comes from one session, \(address.shown(limit: 100)); the sender's server should have put the bare address there (RFC 6121 section 3.1)."
        )
    ]
}

/// A probe, which servers send for their clients.
func probeFault(_ presence: Element, _ packet: Packet, _ scene: Scene) -> [Finding] {
    guard presence.name == "presence", presence["type"] == "probe", scene.streamKind == .client,
        packet.direction == .clientToServer
    else { return [] }
    return [
        Finding(
            .presenceProbe,
            "a client should not send probes; its server does so when the client comes online (RFC 6121 section 4.7.1)."
        )
    ]
}

extension FindingCode {
    static let addressDot = warning(
        "address.trailing-dot",
        "RFC 7622 section 3.2",
        "A domain name in an address ends with a dot, as names may in the DNS. In XMPP the dot must be taken off before an address is used; servers that do not do so take it for another domain."
    )
    static let addressCapitals = note(
        "address.capitals",
        "RFC 7622 section 3.2",
        "Domains are compared in small letters. Software that compares an address as it is written does not recognise one with capitals; write them small."
    )
    static let addresseeForeign = warning(
        "stanza.to.foreign",
        "RFC 6120 section 8.1.1",
        "The server delivered a stanza whose to is not the address of this client. It was meant for somebody else, or changed on the way; a client should not act on it."
    )
    static let subscriptionForm = note(
        "presence.subscription.form",
        "RFC 6121 section 3.1",
        "Who sees whose presence is agreed between accounts, so presence of these types bears bare addresses. With a resource some servers do not find the contact."
    )
    static let presenceProbe = note(
        "presence.probe",
        "RFC 6121 section 4.7.1",
        "A probe asks for somebody's presence. Servers send it on behalf of their users; one of a client is often ignored or refused."
    )

    static let addressFaults: [FindingCode] = [
        addressDot, addressCapitals, addresseeForeign, subscriptionForm, presenceProbe,
    ]
}
