import Session
import XMLStream
import XMPP

/// A stream header (RFC 6120 section 4.7); `restart` counts the streams before it in this direction.
func explainHeader(
    _ header: Element,
    restart: Int,
    _ direction: Direction,
    _ conversation: inout Conversation
) -> Telling {
    guard header.name == "stream", header.namespace == NS.streams else { return explainForeignRoot(header, direction) }
    let sender = direction.sender
    conversation.versions[sender] = header["version"]
    if direction == .clientToServer, let to = header["to"] { conversation.domain = to }
    if direction == .serverToClient, conversation.domain == nil { conversation.domain = header["from"] }
    var explanation =
        sender == .client
        ? clientHeader(header, restart: restart, conversation) : serverHeader(header, restart: restart, conversation)
    explanation.findings += contentNamespaceFindings(header)
    return explanation
}

private func clientHeader(_ header: Element, restart: Int, _ conversation: Conversation) -> Telling {
    let target = header["to"].map { "to \($0.shown(limit: 100))" } ?? "without saying to which domain"
    var findings: [Finding] = []
    if header["to"] == nil {
        findings.append(.warning("the stream header has no 'to'; most servers answer with a stream error."))
    }
    if restart > 0 {
        if conversation.isAuthenticated {
            return Telling(
                "The client opens the stream anew, now as \(conversation.bareJID?.shown() ?? "logged in").",
                findings
            )
        }
        findings.append(.warning("nothing asked for a new stream here; the server will probably refuse it."))
        return Telling("The client opens another stream \(target) on the same connection.", findings)
    }
    if conversation.isEncrypted, header["version"] == "1.0" {
        return Telling("The client opens a stream \(target), inside TLS.", findings)
    }
    guard let version = header["version"] else {
        return Telling(
            "The client opens a stream \(target). It gives no version, as before XMPP 1.0: the server lists no features, "
                + "and the client logs in by jabber:iq:auth.",
            findings
        )
    }
    return Telling(
        "The client opens a stream \(target). version='\(version.shown(limit: 10))' says that it speaks XMPP "
            + "\(version.shown(limit: 10)); older Jabber streams carry no version and log in differently.",
        findings
    )
}

private func serverHeader(_ header: Element, restart: Int, _ conversation: Conversation) -> Telling {
    var findings: [Finding] = []
    if header["id"]?.isEmpty != false {
        findings.append(.note("the server's stream has no id, which RFC 6120 section 4.7.3 requires."))
    }
    if let from = header["from"], let domain = conversation.domain, from.lowercased() != domain.lowercased() {
        findings.append(
            .note(
                "the server calls itself \(from.quoted(limit: 100)), the client asked for \(domain.quoted(limit: 100))."
            )
        )
    }
    if header["version"] == nil {
        let text =
            "The server answers with a stream of its own, without a version: it speaks the protocol from before XMPP 1.0."
        return Telling(text, findings)
    }
    if restart > 0 { return Telling("The server answers the new stream with one of its own.", findings) }
    return Telling("The server answers with a stream of its own.", findings)
}

private func contentNamespaceFindings(_ header: Element) -> [Finding] {
    let content = header.declarations.first { $0.prefix.isEmpty }?.uri
    switch content {
    case NS.client, NS.streams: return []
    case NS.server: return [.note("its content namespace is jabber:server: this is a stream between two servers.")]
    case NS.component:
        return [.note("its content namespace is jabber:component:accept: this is an external component (XEP-0114).")]
    case nil:
        return [.note("the header declares no default namespace; stanzas must then say jabber:client themselves.")]
    case .some(let other): return [.warning("the content namespace \(other.quoted()) is none that XMPP defines.")]
    }
}

private func explainForeignRoot(_ root: Element, _ direction: Direction) -> Telling {
    let name = root.namespace.isEmpty ? root.name : "\(root.name) in the namespace \(root.namespace)"
    return Telling(
        "The \(direction.sender) begins with the element \(name.shown()), which is no XMPP stream.",
        [.warning("an XMPP stream begins with <stream/> in \(NS.streams) (RFC 6120 section 4.2).")]
    )
}

/// A stream error (RFC 6120 section 4.9): the end of the stream and its reason.
func explainStreamError(_ error: Element, _ direction: Direction, _ conversation: inout Conversation) -> Telling {
    let element = error.children.first { $0.namespace == NS.streamErrors && $0.name != "text" }
    let condition = element?.name ?? "no condition"
    let known = element.flatMap { StreamErrorCondition(rawValue: $0.name) }
    let text = error.child("text", NS.streamErrors)?.text
    let report = StreamErrorReport(
        condition: condition,
        meaning: known?.meaning ?? "a condition that RFC 6120 does not define",
        text: text
    )
    conversation.streamErrors.append((direction.sender, report))
    var sentence = "The \(direction.sender) ends the stream with the error \(condition.shown()): \(report.meaning)."
    if let text, !text.isEmpty { sentence += " It says: \(text.quoted())." }
    var findings: [Finding] = []
    if let last = conversation.outcomes.last, last.what.hasPrefix("Removal"), last.result == .succeeded {
        sentence += " That is expected here: the account was just removed, so its sessions end."
    }
    if known == .seeOtherHost, let host = element?.text {
        findings.append(.note("the client will go to \(host.quoted()) directly, past stanzatap."))
    }
    if let special = error.children.first(where: { $0.namespace != NS.streamErrors }) {
        sentence += " More precisely: \(special.name.shown()) (\(protocolName(special.namespace)))."
    }
    return Telling(sentence, findings)
}

/// A protocol by its title and specification, or by its bare namespace.
func protocolName(_ namespace: String) -> String {
    ProtocolRegistry.lookUp(namespace)?.name ?? "the namespace \(namespace.quoted(limit: 100))"
}
