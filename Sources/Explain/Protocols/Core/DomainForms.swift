import Session
import XMLStream
import XMPP

/// What is wrong with the form of a name in SNI, which has it in ASCII and without a dot at its end (RFC 6066 section 3): a
/// clause that follows the name; nil if nothing is.
func formFault(ofServerName name: String) -> String? {
    guard !name.utf8.allSatisfy({ $0 < 0x80 }) || name.utf8.last == UInt8(ascii: ".") else { return nil }
    guard let domain = try? Domain(name) else { return "there only names of hosts in ASCII may stand" }
    return "there it must be written as \(domain.ascii.quoted(limit: 100))"
}

extension Scene {
    /// Names in the form that belongs elsewhere; each is told once in a connection.
    mutating func domainFormFindings(_ packet: Packet) -> [Finding] {
        let element: Element
        switch packet.kind {
        case .header(let header, _): element = header
        case .element(let stanza): element = stanza
        case .end, .oversized: return []
        }
        var findings: [Finding] = []
        if case .header = packet.kind, packet.direction == .clientToServer { findings += serverNameFindings(packet) }
        // One after the other: this is asked of every packet, and a list of them would be made for each.
        if let finding = formFinding(element["to"]) { findings.append(finding) }
        if let finding = formFinding(element["from"]) { findings.append(finding) }
        if let finding = formFinding(boundAddress(in: element)) { findings.append(finding) }
        return findings
    }

    private mutating func serverNameFindings(_ packet: Packet) -> [Finding] {
        guard let name = encryption.serverName else { return [] }
        guard let fault = formFault(ofServerName: name) else { return otherServerName(name) }
        encryption.serverName = nil
        return [
            Finding(
                .serverNameForm,
                "\(carrier(.client).name) asked for \(name.quoted(limit: 100)) in its TLS handshake (SNI); \(fault)"
                    + " (RFC 6066 section 3)."
            )
        ]
    }

    /// A name in SNI that is not that of the stream; asked of its header, behind which the domain is known.
    private mutating func otherServerName(_ name: String) -> [Finding] {
        guard streamKind == .client, let domain, JID(domain).local == nil, !Domain.areSame(domain, name) else {
            return []
        }
        encryption.serverName = nil
        return [
            Finding(
                .serverNameOther,
                "\(carrier(.client).name) asked for \(name.quoted(limit: 100)) in its TLS handshake (SNI), but opens its stream to \(domain.quoted(limit: 100)); both must be the domain of the account (XEP-0368 section 3)."
            )
        ]
    }

    /// The address that a server binds, or that a login by SASL2 has.
    private func boundAddress(in element: Element) -> String? {
        switch element.namespace {
        case NS.client: element.firstChild.flatMap { $0.is("bind", NS.bind) ? $0.child("jid", NS.bind)?.text : nil }
        case NS.sasl2: element.child("authorization-identifier", NS.sasl2)?.text
        default: nil
        }
    }

    private mutating func formFinding(_ address: String?) -> Finding? {
        // Nearly all addresses end here.
        guard let address, address.mayHaveALabel else { return nil }
        guard let domain = try? Domain(JID(address).domain), domain.isWrittenInALabels else { return nil }
        // A hostile peer shall not make it grow.
        guard toldDomains.count < 64, toldDomains.insert(domain.ascii).inserted else { return nil }
        return Finding(
            .addressForm,
            "XMPP addresses have the domain \(domain.written.quoted(limit: 100)) as \(domain.unicode.quoted(limit: 100)); the form with xn--"
                + " is for the DNS and TLS (RFC 7622 section 3.2.1)."
        )
    }
}

extension FindingCode {
    static let addressForm = warning(
        "address.a-label",
        "RFC 7622 section 3.2.1",
        "An address must have an internationalised domain in its own characters. Servers that compare addresses without converting them take the form with xn-- for another domain."
    )
    static let serverNameForm = warning(
        "tls.sni.form",
        "RFC 6066 section 3",
        "In its TLS handshake the client must name the server in ASCII, an internationalised domain in its form with xn--, and without a dot at the end. Servers that do not know the name show another certificate or end the handshake."
    )

    static let serverNameOther = note(
        "tls.sni.domain",
        "XEP-0368 section 3",
        "In its TLS handshake the client names the server whose certificate it wants to see: the domain of the account, not the host that the DNS leads to. A server of several domains shows the wrong certificate otherwise."
    )

    static let domainForms: [FindingCode] = [addressForm, serverNameForm, serverNameOther]
}
