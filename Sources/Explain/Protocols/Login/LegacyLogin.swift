import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Login from before SASL: jabber:iq:auth (XEP-0078, obsolete).
    static let legacyLogin: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0078", "Non-SASL Authentication", [NS.auth, NS.authFeature])
        entry.codes = [.passwordInClear]
        entry.secrets = [.text("password", NS.auth), .text("digest", NS.auth), .text("hash", NS.auth)]
        entry.volatile = [.text("digest", NS.auth)]
        entry.feature = { _ in .clause("logging in the old way (jabber:iq:auth, XEP-0078)") }
        entry.topic = { _ in "a login in the old way (XEP-0078)" }
        entry.teller = { StatelessTeller(body: tellLegacyLogin) }
        return entry
    }()
}

private func tellLegacyLogin(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element, scene.streamKind == .client else { return nil }
    let query = iq.child("query", NS.auth)
    switch (place, packet.direction, iq["type"]) {
    case (.request, .clientToServer, "get"?): return Telling("The client asks how to log in the old way (XEP-0078).")
    case (.request, .clientToServer, _): return requested(query, packet, &scene)
    case (.answer(let request?), .serverToClient, "result"?):
        return request.element["type"] == "set" ? accepted(request, packet, &scene) : listed(query)
    case (.answer(let request?), .serverToClient, _): return refused(iq, request, packet, &scene)
    case (.answer, _, _), (.request, _, _), (.nonza, _, _), (.message, _, _), (.presence, _, _): return nil
    }
}

private func listed(_ query: Element?) -> Telling {
    let fields = query?.children.map { $0.name.shown(limit: 40) } ?? []
    return Telling("The server lists what the old login takes: \(fields.isEmpty ? "nothing" : fields.listed()).")
}

private func requested(_ query: Element?, _ packet: Packet, _ scene: inout Scene) -> Telling {
    let name = query?.child("username")?.text ?? ""
    let resource = query?.child("resource")?.text ?? ""
    let account = scene.account(name)
    _ = scene.stories.begin(.login, "\(account) by jabber:iq:auth", packet, isRequest: true)
    scene.account.mechanism = Account.legacyMechanism
    let who = "\(account)\(resource.isEmpty ? "" : "/" + resource.shown(limit: 60))"
    if query?.child("digest") != nil {
        return Telling("The client logs in the old way as \(who), with a digest of the password and the stream id.")
    }
    var telling = Telling("The client logs in the old way as \(who), with its password.")
    if query?.child("password")?.text.isEmpty == false, !scene.encryption.isEncrypted {
        telling.findings.append(Finding(.passwordInClear, "the password crosses the network unencrypted."))
    }
    return telling
}

private func accepted(_ request: Request, _ packet: Packet, _ scene: inout Scene) -> Telling {
    let query = request.element.child("query", NS.auth)
    let name = query?.child("username")?.text ?? ""
    scene.account.isAuthenticated = true
    scene.account.mechanism = Account.legacyMechanism
    scene.account.user = name
    // This login binds the resource too.
    if let resource = query?.child("resource")?.text, !resource.isEmpty, let bare = scene.bareJID {
        scene.account.boundJID = "\(bare)/\(resource)"
    }
    if let story = scene.stories.take(request: request) { scene.stories.settle(story, .succeeded, packet) }
    return Telling("The server accepts the login.")
}

private func refused(_ iq: Element, _ request: Request, _ packet: Packet, _ scene: inout Scene) -> Telling {
    guard let error = StanzaError(of: iq) else { return tellMissingError(scene.speaker(of: iq, in: packet)) }
    let (why, remedy): (String, String) =
        switch error.known {
        case .notAuthorized?: ("user name or password is wrong", "Check user name and password.")
        case .conflict?: ("the resource is in use", "Choose another resource.")
        case .notAcceptable?: ("a field is missing", "Send user name, resource, and password or digest.")
        default: (error.specialMeaning ?? error.meaning, "")
        }
    let cause = Cause(why: "\(why) (\(error.name))", remedy: remedy)
    if let story = scene.stories.take(request: request) { scene.stories.settle(story, .failed(cause), packet) }
    return Telling("The old login is refused: \(cause.why).\(error.says)".collapsingStops, error.findings)
}

extension FindingCode {
    static let passwordInClear = warning(
        "login.password.in-clear",
        "RFC 6120 section 13.8",
        "A password is readable for everybody on the way. Encrypt the connection first, or use a mechanism that does not send it."
    )
}
