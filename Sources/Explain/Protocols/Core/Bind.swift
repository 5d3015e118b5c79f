import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Binding a resource (RFC 6120 section 7).
    static let bind: ProtocolEntry = {
        var entry = ProtocolEntry("RFC 6120", "resource binding", [NS.bind])
        entry.feature = { feature in
            switch feature.name {
            case "bind": .clause("binding a resource")
            case "unbind": .clause("giving a resource back")
            default: nil
            }
        }
        entry.topic = { _ in "the binding of a resource" }
        entry.teller = { StatelessTeller(body: tellBind) }
        return entry
    }()

    /// Opening a session (RFC 3921 section 3), a formality of older servers.
    static let session: ProtocolEntry = {
        var entry = ProtocolEntry("RFC 3921", "session establishment", [NS.session])
        entry.feature = { feature in
            .clause(
                feature.child("optional") != nil ? "opening a session (a formality, optional)" : "opening a session"
            )
        }
        entry.topic = { _ in "the opening of a session" }
        entry.teller = { StatelessTeller(body: tellSession) }
        return entry
    }()
}

private func tellBind(_ bind: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard bind.name == "bind", let iq = packet.element else { return nil }
    switch place {
    case .request:
        guard packet.direction == .clientToServer, iq["type"] == "set" else { return nil }
        let resource = bind.child("resource")?.text ?? ""
        _ = scene.stories.begin(.bind, resource.shown(limit: 100), packet, isRequest: true)
        return Telling(
            resource.isEmpty
                ? "The client asks for a resource of the server's choice, to get a full address."
                : "The client asks for the resource \(resource.quoted(limit: 100)), to get a full address."
        )
    case .answer(let request):
        return packet.direction == .serverToClient ? tellAnswer(iq, to: request, packet, &scene) : nil
    case .nonza, .message, .presence: return nil
    }
}

private func tellAnswer(_ iq: Element, to request: Request?, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    let story = scene.stories.take(request: request)
    if iq["type"] == "result" {
        guard let jid = iq.child("bind", NS.bind)?.child("jid")?.text.trimmed, !jid.isEmpty else { return nil }
        scene.account.boundJID = jid
        // Only a logged-in client is given one, also where the recording does not have the login.
        scene.account.isAuthenticated = true
        if let story { scene.stories.settle(story, .succeeded, packet) }
        return Telling("The server gives the client the address \(jid.shown()).")
    }
    guard let error = StanzaError(of: iq) else { return nil }
    let why =
        switch error.known {
        case .conflict?: "the resource is in use by another session"
        case .notAllowed?: "the client may not bind a resource, or has one already"
        case .resourceConstraint?: "the account has too many resources bound"
        default: error.specialMeaning ?? error.meaning
        }
    let cause = Cause(why: "\(why) (\(error.name))", remedy: "")
    if let story { scene.stories.settle(story, .failed(cause), packet) }
    return Telling("The server binds no resource: \(cause.why).\(error.says)".collapsingStops, error.findings)
}

private func tellSession(_ session: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    switch (place, packet.direction) {
    case (.request, .clientToServer):
        return Telling("The client opens a session, a formality that only old servers need (RFC 3921).")
    case (.answer, .serverToClient) where packet.element?["type"] == "result":
        return Telling("The server confirms the session.")
    default: return nil
    }
}
