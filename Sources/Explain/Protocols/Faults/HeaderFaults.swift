import Session
import XMLStream
import XMPP

/// What is wrong with the addresses and the version of a stream header (RFC 6120 section 4.7); to be asked after it was told.
func headerFaults(_ header: Element, _ packet: Packet, _ scene: Scene) -> [Finding] {
    guard header.is("stream", NS.streams), !packet.isSentByProxy else { return [] }
    let ofSide =
        packet.direction == .clientToServer ? clientsFaults(header, scene) : serversFaults(header, scene)
    return ofSide + versionFaults(header, packet, scene)
}

private func clientsFaults(_ header: Element, _ scene: Scene) -> [Finding] {
    var findings: [Finding] = []
    if let to = header["to"], let fault = domainFault(to) {
        findings.append(
            Finding(
                .headerDomain,
                "the to of the header is \(to.quoted(limit: 100)), but must be the domain of the server alone: \(fault) (RFC 6120 section 4.7.2)."
            )
        )
    }
    if header["id"] != nil {
        findings.append(
            Finding(.headerClientID, "the header has an id, which only the server's may have (RFC 6120 section 4.7.3).")
        )
    }
    if scene.streamKind == .client, let from = header["from"]?.nonEmpty, JID(from).isPlausible,
        JID(from).local == nil || JID(from).resource != nil
    {
        findings.append(
            Finding(
                .headerFromForm,
                "the from of the header is \(from.quoted(limit: 100)), but a client gives the address of its account, name@domain (RFC 6120 section 4.7.1)."
            )
        )
    }
    return findings
}

/// Why it is no domain, a clause; nil if it may be one.
private func domainFault(_ text: String) -> String? {
    let jid = JID(text)
    if text.isEmpty { return "it is empty" }
    if text.contains("://") { return "it is the address of a web page" }
    if jid.resource != nil { return "there is a resource behind a slash" }
    if jid.local != nil { return "there is an account before the @" }
    return jid.isPlausible ? nil : "it has characters that no domain has"
}

private func serversFaults(_ header: Element, _ scene: Scene) -> [Finding] {
    guard let from = header["from"]?.nonEmpty else {
        // Who was not told for whom it is meant, or speaks the protocol from before XMPP, may leave it out.
        guard scene.headers.contains(.client), scene.domain != nil, header["version"] != nil,
            scene.streamKind == .client
        else { return [] }
        return [
            Finding(
                .headerServer,
                "the server's header has no from, in which it must say who it is (RFC 6120 section 4.7.1)."
            )
        ]
    }
    guard JID(from).local != nil || JID(from).resource != nil else { return [] }
    return [
        Finding(
            .headerServer,
            "the server's header is from \(from.quoted(limit: 100)), but must be from a domain alone (RFC 6120 section 4.7.1)."
        )
    ]
}

private func versionFaults(_ header: Element, _ packet: Packet, _ scene: Scene) -> [Finding] {
    guard let version = header["version"] else {
        guard packet.direction == .serverToClient, scene.versions[.client] == "1.0", scene.streamKind != .component
        else { return [] }
        return [
            Finding(
                .headerVersion,
                "the client speaks XMPP 1.0, but the server's header has no version: no features will follow (RFC 6120 section 4.7.5)."
            )
        ]
    }
    if version == "1.0" { return [] }
    let parts = version.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isVersion = parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
    return [
        Finding(
            .headerVersion,
            isVersion
                ? "the version is \(version.quoted(limit: 20)); there is none but 1.0 (RFC 6120 section 4.7.5)."
                : "\(version.quoted(limit: 20)) is no version, which is two numbers with a dot between them: 1.0 (RFC 6120 section 4.7.5)."
        )
    ]
}

/// What is wrong with the content of a binding (RFC 6120 section 7), beside its sentence.
func bindFaults(_ iq: Element, _ packet: Packet, _ scene: Scene) -> [Finding] {
    guard iq.name == "iq", scene.streamKind == .client, let bind = iq.firstChild, bind.is("bind", NS.bind) else {
        return []
    }
    switch (iq["type"], packet.direction) {
    case ("set", .clientToServer):
        let resources = bind.children.count { $0.is("resource", NS.bind) }
        if resources > 1 || bind.child("jid", NS.bind) != nil {
            return [
                Finding(.bindRequest, "a client asks for one <resource/>, or for none (RFC 6120 section 7.7).")
            ]
        }
        guard resources == 1, bind.child("resource", NS.bind)?.text.trimmed.isEmpty == true else { return [] }
        return [
            Finding(
                .bindRequest,
                "the resource that it asks for is empty; without <resource/> the server chooses one (RFC 6120 section 7.6)."
            )
        ]
    case ("get", .serverToClient), ("set", .serverToClient):
        return [Finding(.bindRequest, "only clients ask for a resource, never servers (RFC 6120 section 7).")]
    case ("result", .serverToClient): return boundFaults(bind, scene)
    default: return []
    }
}

private func boundFaults(_ bind: Element, _ scene: Scene) -> [Finding] {
    guard let address = bind.child("jid", NS.bind)?.text.trimmed.nonEmpty else {
        return [Finding(.bindResult, "the answer names no address in <jid/> (RFC 6120 section 7.6).")]
    }
    let jid = JID(address)
    if jid.resource?.nonEmpty == nil || jid.local?.nonEmpty == nil {
        return [
            Finding(
                .bindResult,
                "the server gives the address \(address.shown(limit: 100)), which is no full one, name@domain/resource (RFC 6120 section 7.6)."
            )
        ]
    }
    guard let user = scene.account.user?.nonEmpty, !user.contains("@"), let local = jid.local,
        scene.account.mechanism != "ANONYMOUS", !scene.beginsInMiddle,
        scene.account(user).addressKey != jid.bare.addressKey
    else { return [] }
    let isOtherName = user.lowercased() != local.lowercased()
    guard isOtherName || scene.domain != nil else { return [] }
    return [
        Finding(
            .bindOther,
            "the client has logged in as \(scene.account(user)), but the server gives it an address of \(jid.bare.shown(limit: 100))."
        )
    ]
}

extension FindingCode {
    static let headerDomain = warning(
        "stream.header.to-form",
        "RFC 6120 section 4.7.2",
        "A stream is opened to a domain. Servers do not know an address with an account, a resource or a port, and answer with host-unknown or improper-addressing."
    )
    static let headerClientID = warning(
        "stream.header.client-id",
        "RFC 6120 section 4.7.3",
        "The id of a stream is given by who accepts it. Servers must ignore one from a client; leave it out."
    )
    static let headerFromForm = note(
        "stream.header.from-form",
        "RFC 6120 section 4.7.1",
        "Who opens a client's stream may say in it who it is, by the address of the account without a resource. Servers may refuse anything else with invalid-from."
    )
    static let headerServer = warning(
        "stream.header.server",
        "RFC 6120 section 4.7.1",
        "A server must say in its header which of its domains answers. Clients that compare it with what they asked for cannot go on."
    )
    static let headerVersion = note(
        "stream.header.version",
        "RFC 6120 section 4.7.5",
        "The version tells whether a side speaks XMPP 1.0, which is the only one. Without it, or with another, the other side may fall back to the protocol from before XMPP, which has no features."
    )
    static let bindRequest = warning(
        "bind.request",
        "RFC 6120 section 7.7",
        "The request for a resource is not made as it should be: a client asks, for one resource by its name, or for one of the server's choice by an empty <bind/>."
    )
    static let bindResult = warning(
        "bind.result",
        "RFC 6120 section 7.6",
        "When a resource is bound the server must tell the client its full address. Without it the client does not know who it is."
    )
    static let bindOther = note(
        "bind.other-account",
        "RFC 6120 section 7.6",
        "The server gave an address of another account than the one that logged in. Servers may do so, for guests or where names are translated; otherwise somebody is in the wrong account."
    )

    static let headerFaults: [FindingCode] = [
        headerDomain, headerClientID, headerFromForm, headerServer, headerVersion, bindRequest, bindResult, bindOther,
    ]
}
