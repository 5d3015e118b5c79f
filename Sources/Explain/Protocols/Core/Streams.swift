import Session
import XMLStream
import XMPP

/// A stream header (RFC 6120 section 4.7); `restart` counts the streams before it in this direction.
func tellHeader(_ header: Element, restart: Int, _ packet: Packet, _ scene: inout Scene) -> Telling {
    guard header.name == "stream", header.namespace == NS.streams else { return tellForeignRoot(header, packet, scene) }
    let side = packet.direction.sender
    scene.noteHeader(header, side)
    var telling =
        side == .client
        ? clientHeader(header, restart: restart, packet, scene) : serverHeader(header, restart: restart, packet, scene)
    telling.findings += headerFindings(header)
    return telling
}

extension Scene {
    fileprivate mutating func noteHeader(_ header: Element, _ side: Side) {
        versions[side] = header["version"]
        headers.insert(side)
        switch header.declarations.first(where: { $0.prefix.isEmpty })?.uri {
        case NS.server?: streamKind = .server
        case NS.component?, NS.componentConnect?: streamKind = .component
        case .some, nil: if headers.count == 1 { streamKind = .client }
        }
        if side == .client, let to = header["to"] { domain = to }
        if side == .server, domain == nil { domain = header["from"] }
        if streamKind == .server, side == .client, let from = header["from"] { account.user = from }
    }
}

private func clientHeader(_ header: Element, restart: Int, _ packet: Packet, _ scene: Scene) -> Telling {
    let sender = scene.sender(of: packet).start
    let target = header["to"].map { "to \($0.shown(limit: 100))" } ?? "without saying to which domain"
    var findings: [Finding] = []
    if header["to"] == nil, scene.streamKind != .component {
        findings.append(Finding(.headerTo, "the stream header has no 'to'; most servers answer with a stream error."))
    }
    if restart > 0 { return clientRestart(header, target, packet, scene, findings) }
    switch scene.streamKind {
    case .component:
        let name = header["to"].map { $0.quoted(limit: 100) } ?? "without a name"
        return Telling(
            "A component opens a stream as \(name), to prove with a shared secret that it may (XEP-0114).",
            findings
        )
    case .server:
        let version = header["version"] == nil ? " It gives no version, as before XMPP 1.0." : ""
        return Telling("\(sender) opens a stream between servers \(target).\(version)", findings)
    case .client: break
    }
    if scene.encryption.isEncrypted, header["version"] == "1.0" {
        return Telling("\(sender) opens a stream \(target), inside TLS.", findings)
    }
    guard let version = header["version"] else {
        return Telling(
            "\(sender) opens a stream \(target). It gives no version, as before XMPP 1.0: the server lists no features, "
                + "and the client logs in by jabber:iq:auth.",
            findings
        )
    }
    return Telling(
        "\(sender) opens a stream \(target). version='\(version.shown(limit: 10))' says that it speaks XMPP "
            + "\(version.shown(limit: 10)); older Jabber streams carry no version and log in differently.",
        findings
    )
}

private func clientRestart(
    _ header: Element,
    _ target: String,
    _ packet: Packet,
    _ scene: Scene,
    _ findings: [Finding]
) -> Telling {
    let sender = scene.sender(of: packet).start
    if scene.account.isAuthenticated {
        let who = scene.bareJID.map { "as \($0.shown())" } ?? "logged in"
        return Telling("\(sender) opens the stream anew, now \(who).", findings)
    }
    // Only who can read the other side knows that it asked for nothing.
    guard packet.otherDirectionIsReadable, !scene.beginsInMiddle, !scene.order.isAhead else {
        return Telling("\(sender) opens another stream \(target) on the same connection.", findings)
    }
    let needless = Finding(.headerNeedless, "nothing asked for a new stream here; the server will probably refuse it.")
    return Telling("\(sender) opens another stream \(target) on the same connection.", findings + [needless])
}

private func serverHeader(_ header: Element, restart: Int, _ packet: Packet, _ scene: Scene) -> Telling {
    let sender = scene.sender(of: packet).start
    var findings: [Finding] = []
    if header["id"]?.isEmpty != false {
        findings.append(
            Finding(.headerID, "the server's stream has no id, which RFC 6120 section 4.7.3 requires.")
        )
    }
    if let from = header["from"], let domain = scene.domain, !isSameAddress(from, domain) {
        findings.append(
            Finding(
                .headerOtherDomain,
                "the server calls itself \(from.quoted(limit: 100)), the \(scene.carrier(.client).name.withoutArticle) asked for "
                    + "\(domain.quoted(limit: 100))."
            )
        )
    }
    if scene.streamKind == .component {
        return Telling("\(sender) answers with a stream of its own; the component's proof is due.", findings)
    }
    if header["version"] == nil {
        let text =
            "\(sender) answers with a stream of its own, without a version: it speaks the protocol from before XMPP 1.0."
        return Telling(text, findings)
    }
    if restart > 0 { return Telling("\(sender) answers the new stream with one of its own.", findings) }
    return Telling("\(sender) answers with a stream of its own.", findings)
}

private func headerFindings(_ header: Element) -> [Finding] {
    var findings = contentNamespaceFindings(header)
    if let from = header["from"], !JID(from).isPlausible {
        findings.append(
            Finding(
                .headerFrom,
                "the 'from' of the header, \(from.quoted(limit: 100)), is no valid address (RFC 7622)."
            )
        )
    }
    return findings
}

private func contentNamespaceFindings(_ header: Element) -> [Finding] {
    switch header.declarations.first(where: { $0.prefix.isEmpty })?.uri {
    case NS.client?, NS.streams?, NS.server?, NS.component?, NS.componentConnect?: return []
    case nil:
        return [
            Finding(
                .headerNoNamespace,
                "the header declares no default namespace; stanzas must then say jabber:client themselves."
            )
        ]
    case .some(let other):
        return [
            Finding(.headerNamespace, "the content namespace \(other.quoted()) is none that XMPP defines.")
        ]
    }
}

private func tellForeignRoot(_ root: Element, _ packet: Packet, _ scene: Scene) -> Telling {
    let name = root.namespace.isEmpty ? root.name : "\(root.name) in the namespace \(root.namespace)"
    return Telling(
        "\(scene.sender(of: packet).start) begins with the element \(name.shown()), which is no XMPP stream.",
        [Finding(.noStream, "an XMPP stream begins with <stream/> in \(NS.streams) (RFC 6120 section 4.2).")]
    )
}

extension JID {
    /// False for an address that no server takes: without a domain, with an empty local part or resource, or with characters
    /// that neither may have (RFC 7622 section 3).
    var isPlausible: Bool {
        if domain.isEmpty || resource?.isEmpty == true { return false }
        if domain.contains(where: { $0.isWhitespace || "\"&'/:<>@".contains($0) }), !domain.hasPrefix("[") {
            return false
        }
        return local.map(JID.isPlausible(local:)) ?? true
    }

    /// True for a name that can stand before the @ of an address (RFC 7622 section 3.3).
    static func isPlausible(local: String) -> Bool {
        !local.isEmpty && local.utf8.count <= 1023 && !local.contains { $0.isWhitespace || "\"&'/:<>@".contains($0) }
    }
}

extension FindingCode {
    static let headerTo = warning(
        "stream.header.to",
        "RFC 6120 section 4.7.2",
        "The header does not say which domain is wanted. A server with several of them cannot go on."
    )
    static let headerFrom = warning(
        "stream.header.from",
        "RFC 6120 section 4.7.1",
        "The header's 'from' is not a valid address; servers answer with improper-addressing or invalid-from."
    )
    static let headerID = warning(
        "stream.header.id",
        "RFC 6120 section 4.7.3",
        "The server's header must have an id that is new for each stream; proofs of older logins are made from it."
    )
    static let headerOtherDomain = note(
        "stream.header.domain",
        "RFC 6120 section 4.7.1",
        "The server answers in the name of another domain than the one that was asked for."
    )
    static let headerNoNamespace = note(
        "stream.header.no-namespace",
        "RFC 6120 section 4.8.2",
        "Without a default namespace each stanza must declare its own."
    )
    static let headerNamespace = warning(
        "stream.header.namespace",
        "RFC 6120 section 4.8.2",
        "The content namespace must be jabber:client, jabber:server or that of a component; servers answer with invalid-namespace."
    )
    static let headerNeedless = warning(
        "stream.header.needless",
        "RFC 6120 section 4.3.3",
        "A second header came although neither TLS nor a login had asked for a new stream."
    )
    static let noStream = warning(
        "stream.none",
        "RFC 6120 section 4.2",
        "What was sent does not begin with a stream header; the connection is perhaps meant for another service."
    )

    static let streams: [FindingCode] = [
        headerTo, headerFrom, headerID, headerOtherDomain, headerNoNamespace, headerNamespace, headerNeedless, noStream,
    ]
}
