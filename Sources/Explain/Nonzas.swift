import XMLStream
import XMPP

/// STARTTLS (RFC 6120 section 5).
func explainTLS(_ element: Element, _ direction: Direction, _ conversation: inout Conversation) -> Telling {
    switch (element.name, direction) {
    case ("starttls", .clientToServer):
        conversation.awaitsTLS = true
        var findings: [Finding] = []
        if !conversation.offersTLS { findings.append(.note("the server's features did not offer STARTTLS.")) }
        return Telling("The client asks to encrypt the connection.", findings)
    case ("proceed", .serverToClient):
        return Telling("The server agrees: TLS begins now.")
    case ("failure", .serverToClient):
        conversation.awaitsTLS = false
        conversation.outcomes.append(
            Outcome(
                what: "Encryption by STARTTLS",
                result: .failed(
                    why: "the server refused it",
                    remedy: "Look into the server's certificate and TLS settings."
                )
            )
        )
        return Telling(
            "The server refuses to start TLS, and the connection ends with that (RFC 6120 section 5.4.2.2)."
        )
    default:
        return explainUnknown(element, direction)
    }
}

/// Small protocols whose elements stand alone on the stream.
func explainNonza(_ element: Element, _ direction: Direction, _ conversation: inout Conversation) -> Telling {
    let sender = direction.sender
    switch (element.namespace, element.name) {
    case (NS.compression, "compress"):
        let method = element.child("method")?.text.shown(limit: 40) ?? "an unnamed method"
        return Telling("The client asks to compress the stream by \(method).")
    case (NS.compression, "compressed"):
        return Telling("The server agrees: everything after this is compressed.")
    case (NS.compression, "failure"):
        let reason = element.children.first?.name.shown(limit: 60) ?? "no reason given"
        return Telling("The server does not compress the stream: \(reason).")
    case (NS.clientState, "active"): return Telling("The client says that somebody is looking at it (XEP-0352).")
    case (NS.clientState, "inactive"):
        return Telling(
            "The client says that nobody is looking at it; the server may hold back what is not urgent (XEP-0352)."
        )
    case (NS.component, "handshake"):
        guard direction == .clientToServer else { return Telling("The server accepts the component.") }
        return Telling(
            "The component proves that it knows the shared secret: SHA-1 of stream id and secret (XEP-0114)."
        )
    case (NS.dialback, let name):
        return Telling("The \(sender) uses server dialback (\(name.shown(limit: 40)), XEP-0220).")
    default:
        return explainUnknown(element, direction)
    }
}

/// An element at the top of the stream that stanzatap knows by its namespace at best.
func explainUnknown(_ element: Element, _ direction: Direction) -> Telling {
    let protocolName = element.namespace.isEmpty ? "no namespace" : protocolName(element.namespace)
    return Telling("The \(direction.sender) sends <\(element.name.shown(limit: 60))/>: \(protocolName).")
}
