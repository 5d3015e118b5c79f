import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// STARTTLS (RFC 6120 section 5).
    static let startTLS: ProtocolEntry = {
        var entry = ProtocolEntry("RFC 6120", "STARTTLS", [NS.tls])
        entry.codes = [.tlsNotOffered, .beforeTLSAnswer]
        entry.feature = { feature in
            guard feature.name == "starttls" else { return nil }
            let isRequired = feature.child("required") != nil
            return .clause(isRequired ? "encryption by STARTTLS, which it requires" : "encryption by STARTTLS")
        }
        entry.teller = { StatelessTeller(body: tellTLS) }
        return entry
    }()
}

private func tellTLS(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard place == .nonza else { return nil }
    let sender = scene.sender(of: packet)
    switch (element.name, packet.direction) {
    case ("starttls", .clientToServer):
        scene.offers.awaitsTLS = true
        let story = scene.stories.begin(.encryption, "", packet)
        scene.encryption.story = story
        var findings: [Finding] = []
        if !scene.offers.tls, scene.offers.features != nil, !scene.encryption.isEncrypted {
            findings.append(Finding(.tlsNotOffered, "the server's features did not offer STARTTLS."))
        }
        return Telling("\(sender.start) asks to encrypt the connection.", findings)
    case ("proceed", .serverToClient):
        if let story = scene.encryption.story { scene.stories.settle(story, .succeeded, packet) }
        return Telling("\(sender.start) agrees: TLS begins now.")
    case ("failure", .serverToClient):
        return tellFailure(sender, packet, &scene)
    default:
        return nil
    }
}

private func tellFailure(_ sender: Party, _ packet: Packet, _ scene: inout Scene) -> Telling {
    if packet.isSentByProxy { return tellRefusedTLS(packet, &scene) }
    let cause = Cause(why: "the server refused it", remedy: "Look into the server's certificate and TLS settings.")
    scene.refuseTLS(cause, packet)
    return Telling(
        "\(sender.start) refuses to start TLS, and the connection ends with that (RFC 6120 section 5.4.2.2)."
    )
}

/// stanzatap refuses TLS in the place of a server, which may have agreed to it.
func tellRefusedTLS(_ packet: Packet, _ scene: inout Scene) -> Telling {
    let hasAgreed = packet.original?.element?.is("proceed", NS.tls) == true
    let cause = Cause(
        why: "stanzatap could not do it\(hasAgreed ? ", although the server agreed" : "")",
        remedy: "The lines in brackets before it tell why."
    )
    scene.refuseTLS(cause, packet)
    return Telling(
        hasAgreed
            ? "The server agrees to start TLS, but stanzatap could not, and refuses it in the server's place."
            : "stanzatap could not start TLS, and refuses it in the server's place."
    )
}

extension Scene {
    fileprivate mutating func refuseTLS(_ cause: Cause, _ packet: Packet) {
        offers.awaitsTLS = false
        let story = encryption.story ?? stories.begin(.encryption, "", packet)
        stories.settle(story, .failed(cause), packet)
    }
}

extension FindingCode {
    static let tlsNotOffered = note(
        "tls.not-offered",
        "RFC 6120 section 5.4.2",
        "The client asks for STARTTLS although the features that came before do not list it."
    )
}
