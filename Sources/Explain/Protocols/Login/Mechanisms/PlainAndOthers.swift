import SASL
import XMPP

/// PLAIN (RFC 4616), and X-OAUTH2, which has the same form with a token instead of the password.
struct PlainExplainer: MechanismExplainer {
    /// What stands where PLAIN has the password.
    let secret: String

    var meaning: String {
        secret == "password" ? ", which carries the password as it is" : ", which carries an access token as it is"
    }
    var exposedSecret: String? { secret }

    func read(_ data: [UInt8], from sender: Side, in scene: Scene) -> MechanismMessage {
        guard sender == .client else {
            if data.isEmpty { return MechanismMessage() }
            return MechanismMessage([], [Finding(.saslUnexpected, "a server has nothing to send here.")])
        }
        guard let plain = PlainMessage(data, .lenient) else {
            return MechanismMessage(
                [],
                [
                    Finding(
                        .saslMalformed,
                        "the data must be an authorization identity, a user and the \(secret), with a zero byte before "
                            + "each of the last two; it has \(counted(data.count { $0 == 0 }, "zero byte")), and the server must refuse."
                    )
                ]
            )
        }
        var message = MechanismMessage()
        message.user = plain.user
        message.sentences = toldAuthorization(plain.authorizationIdentity, user: plain.user, in: scene)
        if plain.user.isEmpty { message.findings.append(Finding(.saslUserEmpty, "the user name is empty.")) }
        if plain.password.isEmpty { message.findings.append(Finding(.saslSecretEmpty, "the \(secret) is empty.")) }
        if !plain.isUTF8 {
            message.findings.append(
                Finding(.saslEncoding, "the data is not valid UTF-8; the server must refuse (RFC 4616).")
            )
        }
        return message
    }

    func refused(_ condition: SASLFailure, in scene: Scene) -> Cause? {
        switch condition {
        case .notAuthorized where secret != "password": refusedToken
        case .credentialsExpired where secret != "password": expiredToken
        case .malformedRequest:
            Cause(
                why: "the server does not understand the data",
                remedy:
                    "It must be an authorization identity or nothing, a zero byte, the user, a zero byte, the \(secret)."
            )
        case .aborted, .accountDisabled, .credentialsExpired, .encryptionRequired, .incorrectEncoding, .invalidAuthzid,
            .invalidMechanism, .mechanismTooWeak, .notAuthorized, .temporaryAuthFailure:
            nil
        }
    }
}

/// ANONYMOUS (RFC 4505): no account, perhaps a trace of who it is.
struct AnonymousExplainer: MechanismExplainer {
    var meaning: String { ", without an account" }

    func read(_ data: [UInt8], from sender: Side, in scene: Scene) -> MechanismMessage {
        guard sender == .client, !data.isEmpty else { return MechanismMessage() }
        let trace = String(decoding: data, as: UTF8.self)
        var message = MechanismMessage(["It leaves \(trace.quoted(limit: 100)) for the server's records."])
        if trace.unicodeScalars.count > 255 {
            message.findings = [
                Finding(
                    .saslMalformed,
                    "what it leaves may have 255 characters at most; the server must refuse (RFC 4505)."
                )
            ]
        }
        return message
    }

    func refused(_ condition: SASLFailure, in scene: Scene) -> Cause? {
        guard condition == .notAuthorized else { return nil }
        return Cause(
            why: "the server lets nobody in without an account",
            remedy: "Give the client an account, or allow anonymous logins at the server."
        )
    }
}

/// EXTERNAL (RFC 4422 appendix A): who the client is follows from its certificate (XEP-0178).
struct ExternalExplainer: MechanismExplainer {
    var meaning: String { ", by what is known outside of XMPP, such as a client certificate" }

    func read(_ data: [UInt8], from sender: Side, in scene: Scene) -> MechanismMessage {
        guard sender == .client else { return MechanismMessage() }
        var message = MechanismMessage()
        if data.isEmpty {
            message.sentences = ["It names no account: the server shall take it from the certificate."]
        } else {
            let identity = String(decoding: data, as: UTF8.self)
            message.user = identity
            message.sentences = ["The certificate must be for \(identity.quoted(limit: 100))."]
        }
        if scene.encryption.isIntercepted {
            message.findings = [
                Finding(
                    .externalIntercepted,
                    "the client's certificate reaches stanzatap only, not the server, so the server cannot know the client. "
                        + "\(capitalized(untouchedTLS)), or log in by another mechanism."
                )
            ]
        }
        return message
    }

    func refused(_ condition: SASLFailure, in scene: Scene) -> Cause? {
        guard condition == .notAuthorized || condition == .invalidAuthzid else { return nil }
        if scene.encryption.isIntercepted {
            return Cause(
                why: "the client's certificate reaches stanzatap only, not the server",
                remedy: "\(capitalized(untouchedTLS)), or log in by another mechanism."
            )
        }
        return Cause(
            why: "the server does not accept the client's certificate for this account",
            remedy:
                "Check that the client shows a certificate, that it names the account, and that the server trusts its issuer."
        )
    }
}

/// A mechanism that is known by its name at best.
struct OtherMechanismExplainer: MechanismExplainer {
    let name: String

    var meaning: String {
        switch name {
        case "GSSAPI", "GS2-KRB5", "GS2-KRB5-PLUS", "GSS-SPNEGO": ", by Kerberos"
        case "CRAM-MD5": ", which carries a digest of the password"
        case "LOGIN": ", which carries the password as it is"
        default: ""
        }
    }
    var exposedSecret: String? { name == "LOGIN" ? "password" : nil }

    func read(_ data: [UInt8], from sender: Side, in scene: Scene) -> MechanismMessage {
        if data.isEmpty { return MechanismMessage() }
        return MechanismMessage(["Its data are not explained (\(counted(data.count, "byte")))."])
    }
}
