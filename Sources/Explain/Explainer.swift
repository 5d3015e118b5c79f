import Session
import XMLStream
import XMPP

/// Tells in sentences what the packets of one connection do. Packets must come in the order of their numbers.
public struct Explainer {
    private var conversation = Conversation()
    private var registration = RegistrationExplainer()
    private var authentication = SASLExplainer()
    private var legacyAuthentication = LegacyAuthenticationExplainer()
    private var management = StreamManagementExplainer()

    public init() {}

    /// The domain that the connection is about, once a stream header told it.
    public var domain: String? { conversation.domain }

    public mutating func explain(_ packet: Packet) -> Telling {
        // As it was before the packet, which may itself be the end of a login.
        let restart = packet.direction == .clientToServer ? conversation.restartFindings(packet) : []
        var explanation = explanationOfKind(packet)
        explanation.findings += restart
        if let delay = packet.answerDelay, let answers = packet.answers {
            explanation.text += " Answer to \(padded(answers.number)) after \(span(delay))."
        }
        if packet.isSentByProxy { tellSender(&explanation, packet) }
        if let original = packet.original {
            explanation.findings.append(.note("\(original.reason.shown(limit: 500))."))
        }
        if packet.isAfterEnd, case .element = packet.kind {
            explanation.findings.append(
                .warning("the \(packet.direction.sender) has closed its stream already; nothing may follow.")
            )
        }
        if conversation.awaitsTLS, packet.direction == .clientToServer, !isSTARTTLS(packet) {
            explanation.findings.append(
                .warning("sent between <starttls/> and the server's answer; it must not be (RFC 6120 section 5.4.3.3).")
            )
        }
        if let problem = packet.problem {
            explanation.findings.append(
                .warning("\(problem.reason.shown()) (\(problem.condition.rawValue)); a server may refuse it.")
            )
        }
        return explanation
    }

    /// Told when the bytes of both directions can no longer be read.
    public mutating func becameOpaque(_ reason: Opaque) {
        switch reason {
        case .startTLS, .directTLS: conversation.isEncrypted = true
        case .compression: break
        }
        conversation.awaitsTLS = false
    }

    /// Told when TLS with that side was established by stanzatap, which decrypts it.
    ///
    /// - Parameter hidesChannelBinding: false if stanzatap leaves the mechanisms of channel binding in what the client sees
    ///   (`--channel-binding keep`).
    public mutating func tlsBegan(with side: Side, hidesChannelBinding: Bool) {
        conversation.awaitsTLS = false
        guard side == .client else { return }
        conversation.isEncrypted = true
        conversation.isIntercepted = true
        conversation.hidesPlus = hidesChannelBinding
    }

    /// What happened on the whole, in a sentence or two; `facts` is the account of packets, time and encryption.
    public func summary(facts: String, unanswered: [Request]) -> String {
        conversation.summary(facts: facts, unanswered: unanswered)
    }

    /// A packet of stanzatap's own must not be told as the server's.
    private mutating func tellSender(_ explanation: inout Telling, _ packet: Packet) {
        let sender = "The \(packet.direction.sender) "
        if explanation.text.hasPrefix(sender) {
            explanation.text =
                "stanzatap, in place of the \(packet.direction.sender), "
                + explanation.text.dropFirst(sender.count)
        }
        if packet.element?.is("error", NS.streams) == true, let last = conversation.streamErrors.indices.last {
            conversation.streamErrors[last].1.isSentByProxy = true
        }
    }

    // MARK: Which explanation

    private mutating func explanationOfKind(_ packet: Packet) -> Telling {
        switch packet.kind {
        case .header(let element, let restart):
            return explainHeader(element, restart: restart, packet.direction, &conversation)
        case .end:
            return Telling("The \(packet.direction.sender) closes its stream.")
        case .oversized(let limit):
            return Telling("A packet of \(packet.byteCount) bytes that is not taken apart, because \(limit).")
        case .element(let element):
            return explainChange(element, packet) ?? explain(element, packet)
        }
    }

    /// What the server really offers is told by its own features; that stanzatap refuses TLS in its place is a case of its own.
    private mutating func explainChange(_ element: Element, _ packet: Packet) -> Telling? {
        guard let original = packet.original?.element else { return nil }
        if original.is("features", NS.streams) { return explainFeatures(original, &conversation) }
        guard original.is("proceed", NS.tls) else { return nil }
        _ = explainTLS(element, packet.direction, &conversation)
        return Telling(
            "The server agrees to start TLS, but stanzatap could not, and refuses it in the server's place."
        )
    }

    private mutating func explain(_ element: Element, _ packet: Packet) -> Telling {
        switch element.namespace {
        case NS.streams where element.name == "features":
            return explainFeatures(element, &conversation)
        case NS.streams where element.name == "error":
            return explainStreamError(element, packet.direction, &conversation)
        case NS.tls:
            return explainTLS(element, packet.direction, &conversation)
        case NS.sasl, NS.sasl2:
            management.began(with: element)
            return authentication.explain(element, packet.direction, &conversation)
        case NS.streamManagement2, NS.streamManagement3:
            return management.explain(element, packet.direction)
        case NS.compression, NS.clientState,
            NS.component where element.name == "handshake", NS.dialback:
            return explainNonza(element, packet.direction, &conversation)
        case NS.client, NS.server, NS.component:
            return stanza(element, packet)
        default:
            return explainUnknown(element, packet.direction)
        }
    }

    private mutating func stanza(_ element: Element, _ packet: Packet) -> Telling {
        management.counted(packet.direction)
        switch element.name {
        case "iq": return iq(element, packet)
        case "message": return explainMessage(element, packet.direction, &conversation)
        case "presence": return explainPresence(element, packet.direction, &conversation)
        default: return explainUnknown(element, packet.direction)
        }
    }

    private mutating func iq(_ iq: Element, _ packet: Packet) -> Telling {
        // An answer without a payload is understood by its request's.
        let request = packet.answers?.element
        let payload = iq.children.first { $0.name != "error" } ?? request?.children.first
        var explanation =
            switch payload?.namespace {
            case NS.register?: registration.explain(iq, packet, &conversation)
            case NS.auth?: legacyAuthentication.explain(iq, packet, &conversation)
            case NS.bind?: explainBind(iq, packet, &conversation)
            case NS.session?: explainSession(iq, packet)
            case NS.roster?: explainRoster(iq, packet)
            default: explainOtherIQ(iq, packet)
            }
        explanation.findings += iqFindings(iq, packet)
        if iq["type"] == "error" { conversation.counts.iqErrors += 1 }
        return explanation
    }

    private func isSTARTTLS(_ packet: Packet) -> Bool { packet.element?.is("starttls", NS.tls) == true }
}
