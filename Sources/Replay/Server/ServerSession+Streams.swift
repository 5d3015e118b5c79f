import Conversation
import SASL
import XMLStream
import XMPP

extension ServerSession {
    /// Answers the client's header with the recorded header and features of this stage.
    mutating func opened(_ header: Element) {
        syntax = nil
        domain = header["to"] ?? script.server.accounts.domains.first ?? ""
        let recorded = script.server.accounts.domains
        if let first = recorded.first, !domain.isEmpty, !recorded.contains(domain) {
            values.set(domain: first, to: domain)
        }
        if header.name != "stream" || header.namespace != NS.streams {
            differ("recorded: a stream header / now: \(header.summary)")
        }
        guard !hasClosed else { return }
        send(header: serverHeader())
        if header["version"] != nil { sendFeatures() }
    }

    func serverHeader() -> [UInt8] {
        let id = SASLNonce.make()
        guard let recorded = packet(script.server.headers) else {
            let text =
                "<?xml version='1.0'?><stream:stream xmlns='\(NS.client)' xmlns:stream='\(NS.streams)' id='\(id)'"
                + " from='\(XMLText.escaped(domain))' version='1.0'>"
            return Array(text.utf8)
        }
        return ValueRewriter.rewrite(values.rewrite(recorded.receivedBytes)) { $0.slot.attribute == "id" ? id : nil }
    }

    private mutating func sendFeatures() {
        guard let recorded = packet(script.server.features) else { return send(madeUpFeatures) }
        let offersTLS = !stage.isSecured && script.hasTLS
        let features = fitting(values.rewrite(recorded.receivedBytes), recorded.receivedElement)
        let checksProofs = script.accounts.knowsPassword
        say(FeatureTrimmer.trim(features, offersTLS: offersTLS, checksProofs: checksProofs))
    }

    /// What was recorded for this place; else for one like it.
    private func packet(_ recorded: [StreamPlace: RecordedPacket]) -> RecordedPacket? {
        var place = self.place
        if !script.server.accounts.domains.contains(domain) {
            place.domain = script.server.accounts.domains.first ?? ""
        }
        if let exact = recorded[place] { return exact }
        place.stage.isSecured.toggle()
        return recorded[place]
    }

    /// Where in which session this is.
    var place: StreamPlace { StreamPlace(domain: domain, stage: stage) }

    /// The recording has no features, as the text of a registration may not.
    private var madeUpFeatures: String {
        let content =
            stage.isLoggedIn
            ? "<bind xmlns='\(NS.bind)'/>"
            : "<mechanisms xmlns='\(NS.sasl)'>"
                + ["SCRAM-SHA-1", "PLAIN"].map { "<mechanism>\($0)</mechanism>" }.joined()
                + "</mechanisms><register xmlns='\(NS.registerFeature)'/>"
        return "<stream:features>\(content)</stream:features>"
    }

    /// True if the recorded server demanded TLS at this place (RFC 6120 section 5.3.1), and there can be TLS.
    var requiresTLS: Bool {
        guard !stage.isSecured, script.hasTLS else { return false }
        return packet(script.server.features)?.receivedElement?.child("starttls", NS.tls)?.child("required") != nil
    }

    /// What was recorded inside TLS only, where the server demanded that.
    mutating func refuseInTheClear() {
        differ("recorded: inside TLS, which the server requires / now: in the clear")
        fail("policy-violation")
    }

    mutating func startTLS(_ element: Element) {
        guard element.name == "starttls", !stage.isSecured else {
            return differ("recorded: nothing of the kind / now: \(element.summary)")
        }
        guard script.hasTLS else {
            send("<failure xmlns='\(NS.tls)'/>")
            sendEnd()
            return close()
        }
        if script.server.proceed == nil { differ("recorded: no STARTTLS / now: the client asks for it") }
        guard !hasClosed else { return }
        if let recorded = script.server.proceed { send(recorded) } else { send("<proceed xmlns='\(NS.tls)'/>") }
        isSecuring = true
        actions.append(.startTLS(domain: domain))
    }
}

extension RecordedPacket {
    /// The bytes that the recorded client got.
    var receivedBytes: [UInt8] { received?.bytes ?? bytes }

    /// The element that the recorded client got.
    var receivedElement: Element? { received?.element ?? element }
}
