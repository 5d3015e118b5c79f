import XMPP

/// Why the server refused a login, in the light of the mechanism, and what can be done.
func causeOfRefusal(_ condition: SASLFailure, of login: Login, in scene: Scene) -> Cause {
    if let reported = login.reported { return reported }
    return login.explainer.refused(condition, in: scene)
        ?? Cause(why: meaning(condition, of: login), remedy: remedy(condition, of: login, in: scene))
}

private func meaning(_ condition: SASLFailure, of login: Login) -> String {
    switch condition {
    case .aborted where login.isAborted: "the client gave up, and the server confirms that"
    case .invalidAuthzid where login.name == "EXTERNAL": "the certificate does not allow the account that was asked for"
    case .aborted, .accountDisabled, .credentialsExpired, .encryptionRequired, .incorrectEncoding, .invalidAuthzid,
        .invalidMechanism, .malformedRequest, .mechanismTooWeak, .notAuthorized, .temporaryAuthFailure:
        condition.meaning
    }
}

private func remedy(_ condition: SASLFailure, of login: Login, in scene: Scene) -> String {
    switch condition {
    case .aborted:
        login.isAborted
            ? "Why it gave up, the client may tell." : "The client sent no <abort/>; look at what came just before."
    case .accountDisabled: "The server's administrator can enable it."
    case .credentialsExpired: "Set a new password, by the server's web page or its administrator."
    case .encryptionRequired: encryptionRemedy(scene)
    case .incorrectEncoding:
        login.hadMalformedData
            ? "The client must send base64 without blanks and line breaks, filled up with '='."
            : "The data looks right; the server may want '=' where there is no data, or none."
    case .invalidAuthzid: "Let the client leave the authorization identity away, or give its own address."
    case .invalidMechanism: mechanismRemedy(login, scene)
    case .malformedRequest:
        "Look at the client's last message: its form, its flags, and characters in the name that are not allowed."
    case .mechanismTooWeak: strongerRemedy(login, scene)
    case .notAuthorized: "Check user name and password."
    case .temporaryAuthFailure: "The server's log tells more."
    }
}

private func encryptionRemedy(_ scene: Scene) -> String {
    if scene.encryption.isIntercepted {
        return "The client's side is encrypted, so stanzatap's side to the server is probably not: start it without "
            + "--upstream-tls none."
    }
    return scene.offers.tls
        ? "Let the client use STARTTLS, which the server offers." : "Let the client use STARTTLS or direct TLS."
}

private func mechanismRemedy(_ login: Login, _ scene: Scene) -> String {
    let offered = scene.offers.mechanisms
    if offered.isEmpty { return "Let the client use a mechanism that the server lists in its features." }
    if offered.contains(login.name) {
        return "The server listed it all the same: perhaps it is not to be had for this account or on this connection."
    }
    return "It offers \(shown(offered))."
}

private func strongerRemedy(_ login: Login, _ scene: Scene) -> String {
    let stronger = scene.offers.mechanisms.filter { $0.hasPrefix("SCRAM-") && $0 != login.name }
    return stronger.isEmpty
        ? "Let the client use another mechanism, such as SCRAM-SHA-256."
        : "Let the client use \(shown(stronger))."
}

private func shown(_ mechanisms: [String]) -> String {
    mechanisms.prefix(12).map { $0.shown(limit: 40) }.listed("or")
}
