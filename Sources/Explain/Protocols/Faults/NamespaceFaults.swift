import Session
import XMLStream
import XMPP

/// Namespaces that were lost or misspelt, in a packet of which the XML is sound (RFC 6120 sections 4.8 and 8.4).
func namespaceFaults(_ element: Element, _ packet: Packet, _ scene: Scene) -> [Finding] {
    // An unknown prefix or a relative namespace is told already.
    if packet.problem != nil { return [] }
    guard NS.stanzas.contains(element.namespace) else {
        return (foreignStanza(element, scene) ?? misspelt(element)).map { [$0] } ?? []
    }
    // Who sends an error back sends along what he was sent: the faults are another's.
    if element["type"] == "error" { return [] }
    if let finding = otherStream(element, scene) { return [finding] }
    for case .element(let child) in element.nodes {
        if let finding = fault(ofChild: child, in: element) { return [finding] }
    }
    return []
}

/// What is called as a stanza is and stands where they do, but is none.
private func foreignStanza(_ element: Element, _ scene: Scene) -> Finding? {
    guard ["iq", "message", "presence"].contains(element.name), !element.namespace.isEmpty, !scene.beginsInMiddle else {
        return nil
    }
    return Finding(
        .stanzaNamespace,
        "<\(element.name)/> is in the namespace \(element.namespace.quoted(limit: 100)), so it is no stanza: those are in that of the stream (RFC 6120 section 4.8)."
    )
}

/// A stanza of servers on a client's stream.
private func otherStream(_ stanza: Element, _ scene: Scene) -> Finding? {
    guard scene.streamKind == .client, stanza.namespace != NS.client, !scene.beginsInMiddle else { return nil }
    return Finding(
        .stanzaNamespace,
        "<\(stanza.name)/> is in \(stanza.namespace), but on the stream of a client stanzas are in \(NS.client) (RFC 6120 section 4.8.2)."
    )
}

private func fault(ofChild child: Element, in stanza: Element) -> Finding? {
    let own = children[stanza.name] ?? []
    if child.namespace == stanza.namespace {
        if stanza.name == "iq" { return stanza["type"] == "result" ? lostPayload(child) : nil }
        return own.contains(child.name) ? nil : lost(child, "is in the namespace of the stanza itself")
    }
    if child.namespace.isEmpty { return lost(child, "is in no namespace") }
    if own.contains(child.name), NS.stanzas.contains(child.namespace) {
        return lost(child, "is in \(child.namespace), not in \(stanza.namespace)")
    }
    if stanza.name != "iq", ofRequests.contains(child.namespace) {
        return Finding(
            .payloadElsewhere,
            "<\(child.name.shown(limit: 60))/> of \(child.namespace) is in a \(stanza.name), but is asked and answered by iq only (RFC 6120 section 8.2.3)."
        )
    }
    return misspelt(child) ?? lostInside(child)
}

/// Protocols that ask and answer; in messages and presence they have no meaning.
private let ofRequests: Set<String> = [
    NS.roster, NS.register, NS.auth, NS.bind, NS.ping, NS.privacy, "jabber:iq:version",
    "http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/disco#items",
]

/// The child of a result; that of a request is told where requests are.
private func lostPayload(_ child: Element) -> Finding? {
    child.name == "error" ? nil : lost(child, "is in the namespace of the stanza itself")
}

private func lost(_ child: Element, _ where: String) -> Finding {
    Finding(
        .childNamespace,
        "<\(child.name.shown(limit: 60))/> \(`where`), where nothing of that name is known to programs; its own xmlns is lost or wrong (RFC 6120 section 8.4)."
    )
}

/// What stanzas have in their own namespace (RFC 6121 sections 4.7.2 and 5.2).
private let children: [String: Set<String>] = [
    "message": ["body", "subject", "thread", "error"],
    "presence": ["show", "status", "priority", "error"],
    "iq": ["error"],
]

/// A namespace that nobody knows, but which differs from a known one in the letter case, blanks or a slash at its end.
private func misspelt(_ element: Element) -> Finding? {
    let written = element.namespace
    guard !written.isEmpty, ProtocolTable.row(of: written) == nil, !isListed(written) else { return nil }
    var candidate = written.trimmed
    if candidate.hasPrefix("https://") { candidate = "http://" + candidate.dropFirst(8) }
    while let last = candidate.last, "/# ".contains(last) { candidate.removeLast() }
    let known = ProtocolRegistry.spelling(of: candidate) ?? ProtocolRegistry.spelling(likeLettersOf: candidate)
    guard let known, known != written else { return nil }
    return Finding(
        .namespaceMisspelt,
        "the namespace of <\(element.name.shown(limit: 60))/> is \(written.quoted(limit: 100)), which nobody knows; it is perhaps meant to be \(known.quoted(limit: 100))."
    )
}

private func isListed(_ namespace: String) -> Bool { ProtocolRegistry.lookUp(namespace)?.isCertain == true }

/// A child of a payload that fell out of the payload's namespace, where the protocol has no place for what is foreign.
private func lostInside(_ payload: Element) -> Finding? {
    guard closed.contains(payload.namespace) else { return nil }
    for case .element(let child) in payload.nodes {
        guard child.namespace.isEmpty || child.namespace == NS.client, !bodies.contains(child.name) else { continue }
        let place = child.namespace.isEmpty ? "in no namespace" : "in \(child.namespace)"
        return Finding(
            .childNamespace,
            "<\(child.name.shown(limit: 60))/> in <\(payload.name.shown(limit: 60))/> is \(place), not in \(payload.namespace): whoever reads it does not find it."
        )
    }
    return nil
}

/// Protocols whose elements hold elements of their own.
private let closed: Set<String> = [
    NS.roster, NS.register, NS.discoInfo, NS.discoItems, NS.bind, NS.dataForms, NS.mucUser, NS.softwareVersion, NS.auth,
    "http://jabber.org/protocol/muc#admin", "urn:xmpp:blocking", "urn:xmpp:time", "vcard-temp",
]

/// What may stand in the stream's namespace anywhere.
private let bodies: Set<String> = ["iq", "message", "presence", "error", "body", "subject", "thread"]

/// Text that stands in a stanza, or in features, beside the elements (RFC 6120 section 8).
func mixedText(_ element: Element) -> [Finding] {
    let isStanza = NS.stanzas.contains(element.namespace) && children[element.name] != nil
    guard isStanza || element.is("features", NS.streams), element["type"] != "error" else { return [] }
    for case .text(let text) in element.nodes where text.utf8.contains(where: { $0 > 0x20 }) {
        return [
            Finding(
                .stanzaText,
                "\(text.trimmed.quoted(limit: 60)) stands directly in <\(element.name.shown(limit: 60))/>, where only elements may stand; nobody reads it."
            )
        ]
    }
    return []
}

extension FindingCode {
    static let stanzaNamespace = warning(
        "stanza.namespace",
        "RFC 6120 section 4.8.2",
        "A stanza is not in the content namespace of its stream, jabber:client between a client and its server. The receiver takes it for something unknown and ignores it, or ends the stream with invalid-namespace. Leave its xmlns out, or make it that of the stream."
    )
    static let childNamespace = warning(
        "stanza.child.namespace",
        "RFC 6120 section 8.4",
        "An element is in the namespace of the stanza, or in none, where its own is due. Programs know elements by name and namespace together, so that they pass it over. Often a library loses the xmlns where it builds, copies or prints elements."
    )
    static let namespaceMisspelt = warning(
        "namespace.misspelt",
        "RFC 6120 section 8.4",
        "A namespace is not known, but nearly that of a known protocol. Namespaces are compared letter by letter, so it means nothing to the receiver. Correct its spelling."
    )
    static let payloadElsewhere = warning(
        "stanza.payload.elsewhere",
        "RFC 6120 section 8.2.3",
        "What is asked or changed by a request stands in a message or a presence. Whoever gets it does not look for it there; send it in an iq of type get or set."
    )
    static let stanzaText = warning(
        "stanza.text",
        "RFC 6120 section 8",
        "A stanza holds elements only; text belongs into one of them, that of a message into <body/>. Text beside them is lost, and some servers end the stream because of it."
    )

    static let namespaceFaults: [FindingCode] = [
        stanzaNamespace, childNamespace, namespaceMisspelt, payloadElsewhere, stanzaText,
    ]
}
