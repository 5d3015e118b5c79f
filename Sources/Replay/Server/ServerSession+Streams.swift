import Conversation
import SASL
import XMLStream
import XMPP

extension ServerSession {
    /// Answers the client's header with the recorded header and features of this stage.
    mutating func opened(_ header: Element) {
        syntax = nil
        domain = header["to"] ?? script.server.accounts.domains.first ?? ""
        if let recorded = script.server.accounts.domains.first, !domain.isEmpty, recorded != domain {
            values.set(domain: recorded, to: domain)
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
        say(FeatureTrimmer.trim(features, offersTLS: offersTLS))
    }

    /// What was recorded for this stage; else for one like it.
    private func packet(_ recorded: [StreamStage: RecordedPacket]) -> RecordedPacket? {
        if let exact = recorded[stage] { return exact }
        var other = stage
        other.isSecured.toggle()
        return recorded[other]
    }

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

/// Takes out of features what a replayed server cannot do: STARTTLS inside TLS, compression, and mechanisms that
/// need a certificate, a ticket or the very TLS connection of the recording.
enum FeatureTrimmer {
    static func trim(_ features: [UInt8], offersTLS: Bool) -> [UInt8] {
        let ranges = StreamParser.elementRanges(in: features)
        let unwanted = ranges.filter { isUnwanted(features[$0], offersTLS: offersTLS) }
        var result = features
        for range in unwanted.reversed() { result.removeSubrange(range) }
        return result
    }

    private static func isUnwanted(_ bytes: ArraySlice<UInt8>, offersTLS: Bool) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        let name = text.dropFirst().prefix { !" \t\r\n/>".contains($0) }.split(separator: ":").last ?? ""
        switch name {
        case "starttls": return !offersTLS
        case "compression", "sasl-channel-binding": return true
        case "mechanism":
            guard let start = text.firstIndex(of: ">"), let end = text.lastIndex(of: "<"), start < end else {
                return false
            }
            let mechanism = text[text.index(after: start)..<end].filter { !$0.isWhitespace }
            // Others are left, such as X-OAUTH2: a client that takes one up is refused.
            return mechanism.hasSuffix("-PLUS") || mechanism == "EXTERNAL" || mechanism.hasPrefix("GS")
        default: return false
        }
    }
}
