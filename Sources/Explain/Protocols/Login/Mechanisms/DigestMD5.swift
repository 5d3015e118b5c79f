import SASL
import XMPP

/// DIGEST-MD5 (RFC 2831, historic): the client answers with a digest of password and nonces.
struct DigestMD5Explainer: MechanismExplainer {
    private var nonce: String?
    private var realms: [String] = []
    private var hasProof = false
    private var hasResponded = false

    var meaning: String { ", which carries a digest of the password" }

    mutating func read(_ data: [UInt8], from sender: Side, in scene: Scene) -> MechanismMessage {
        // An initial response without data, or the one that takes note of the server's proof, says nothing.
        if sender == .client, data.isEmpty, nonce == nil || hasResponded { return MechanismMessage() }
        guard let fields = DigestDirectives(data, .lenient) else { return MechanismMessage() }
        switch sender {
        case .client: return response(fields, scene)
        case .server: return fields["rspauth"] != nil ? proof() : challenge(fields)
        }
    }

    func doubtsAboutSuccess() -> [Finding] {
        if hasProof { return [] }
        return [
            Finding(
                .saslNoProof,
                "the server did not prove that it knows the password (rspauth=); RFC 2831 asks for that."
            )
        ]
    }

    func refused(_ condition: SASLFailure, in scene: Scene) -> Cause? {
        switch condition {
        case .notAuthorized:
            Cause(
                why: "user name, password or realm is wrong, or the account does not exist",
                remedy:
                    "Check user name, password and realm; or let the client use another mechanism, since a server that "
                    + "keeps hashes only cannot check a digest."
            )
        case .malformedRequest:
            Cause(
                why: "the digest's fields are not as the server wants them",
                remedy: "Look at realm, digest-uri and nonce of the response."
            )
        case .aborted, .accountDisabled, .credentialsExpired, .encryptionRequired, .incorrectEncoding, .invalidAuthzid,
            .invalidMechanism, .mechanismTooWeak, .temporaryAuthFailure:
            nil
        }
    }

    private mutating func challenge(_ fields: DigestDirectives) -> MechanismMessage {
        nonce = fields["nonce"]
        realms = fields.all("realm")
        var parts = [fields["realm"].map { "the realm is \($0.quoted(limit: 100))" } ?? "no realm is named"]
        if let nonce { parts.append("the nonce has \(counted(nonce.count, "character"))") }
        if let qop = fields["qop"] { parts.append("the quality of protection may be \(qop.quoted(limit: 60))") }
        if let charset = fields["charset"] { parts.append("names are in \(charset.shown(limit: 20))") }
        var message = MechanismMessage([capitalized(parts.listed()) + "."])
        if nonce == nil {
            message.findings.append(Finding(.saslMalformed, "the challenge has no nonce; the client must give up."))
        }
        if let algorithm = fields["algorithm"], algorithm.lowercased() != "md5-sess" {
            message.findings.append(
                Finding(.digestAlgorithm, "the algorithm must be md5-sess, not \(algorithm.quoted(limit: 40)).")
            )
        }
        return message
    }

    private mutating func response(_ fields: DigestDirectives, _ scene: Scene) -> MechanismMessage {
        hasResponded = true
        var message = MechanismMessage()
        message.user = fields["username"]
        var parts: [String] = []
        if let realm = fields["realm"] { parts.append("realm \(realm.quoted(limit: 100))") }
        if let uri = fields["digest-uri"] { parts.append("digest-uri \(uri.quoted(limit: 100))") }
        if let count = fields["nc"] { parts.append("nc \(count.shown(limit: 20)), how often the nonce was used") }
        if !parts.isEmpty { message.sentences.append("It gives \(parts.joined(separator: "; ")).") }
        message.sentences += toldAuthorization(fields["authzid"], user: message.user, in: scene)
        examine(fields, &message, scene)
        return message
    }

    private func examine(_ fields: DigestDirectives, _ message: inout MechanismMessage, _ scene: Scene) {
        let missing = ["username", "nonce", "cnonce", "digest-uri", "response"].filter { fields[$0] == nil }
        if !missing.isEmpty {
            message.blame(
                .digestIncomplete,
                "the response lacks \(missing.listed())",
                "The client must send all of it (RFC 2831)."
            )
        }
        if let nonce, let used = fields["nonce"], used != nonce {
            message.blame(
                .saslNonce,
                "its nonce is not the server's",
                "The client must repeat the server's nonce as it is."
            )
        }
        examineRealm(fields, &message)
        if let uri = fields["digest-uri"] { examine(uri: uri, &message, scene) }
        if let qop = fields["qop"], qop != "auth" {
            message.findings.append(
                Finding(
                    .digestLayer,
                    "with qop \(qop.quoted(limit: 40)), what follows the login is wrapped and can no longer be read."
                )
            )
        }
    }

    private func examineRealm(_ fields: DigestDirectives, _ message: inout MechanismMessage) {
        // Where the challenge offers none, the client takes one of its own, mostly the domain (RFC 2831 section 2.1.1).
        guard nonce != nil, !realms.isEmpty, let realm = fields["realm"], !realms.contains(realm) else { return }
        let offered = "the challenge offers \(realms.prefix(6).map { $0.quoted(limit: 60) }.listed("or"))"
        message.blame(
            .digestRealm,
            "the realm \(realm.quoted(limit: 60)) is not one that was offered: \(offered)",
            "The client must use a realm of the challenge (RFC 2831 section 2.1.2)."
        )
    }

    private func examine(uri: String, _ message: inout MechanismMessage, _ scene: Scene) {
        let parts = uri.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.first != "xmpp" {
            message.blame(
                .digestURI,
                "the digest-uri is \(uri.quoted(limit: 60)), but must begin with xmpp/, the name of the service",
                "The client must send xmpp/ and the domain (RFC 2831 section 2.1.2)."
            )
        } else if let domain = scene.domain, parts.count > 1, !isSameAddress(String(parts[1]), domain) {
            message.findings.append(
                Finding(.digestURIDomain, "the digest-uri does not name the domain \(domain.quoted(limit: 100)).")
            )
        }
    }

    private mutating func proof() -> MechanismMessage {
        hasProof = true
        return MechanismMessage(["It proves that it knows the password too (rspauth)."])
    }
}
