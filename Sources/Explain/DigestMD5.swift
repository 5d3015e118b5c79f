import SASL
import XMPP

/// DIGEST-MD5 (RFC 2831, historic): the client answers with a digest of password and nonces.
struct DigestMD5Explainer: MechanismExplainer {
    private var nonce: String?
    private var hasProof = false

    var meaning: String { ", which carries a digest of the password" }

    mutating func read(_ data: [UInt8], from sender: Side, in conversation: Conversation) -> MechanismMessage {
        guard let fields = DigestDirectives(data, .lenient) else { return MechanismMessage() }
        switch sender {
        case .client: return response(fields, conversation)
        case .server: return fields["rspauth"] != nil ? proof() : challenge(fields)
        }
    }

    func doubtsAboutSuccess() -> [Finding] {
        if hasProof { return [] }
        return [.warning("the server did not prove that it knows the password (rspauth=); RFC 2831 asks for that.")]
    }

    func refused(_ condition: SASLFailure, in conversation: Conversation) -> Cause? {
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
        var parts = [fields["realm"].map { "the realm is \($0.quoted(limit: 100))" } ?? "no realm is named"]
        if let nonce { parts.append("the nonce has \(counted(nonce.count, "character"))") }
        if let qop = fields["qop"] { parts.append("the quality of protection may be \(qop.quoted(limit: 60))") }
        if let charset = fields["charset"] { parts.append("names are in \(charset.shown(limit: 20))") }
        var message = MechanismMessage([capitalized(parts.listed()) + "."])
        if nonce == nil { message.findings.append(.warning("the challenge has no nonce; the client must give up.")) }
        if let algorithm = fields["algorithm"], algorithm.lowercased() != "md5-sess" {
            message.findings.append(.warning("the algorithm must be md5-sess, not \(algorithm.quoted(limit: 40))."))
        }
        return message
    }

    private mutating func response(_ fields: DigestDirectives, _ conversation: Conversation) -> MechanismMessage {
        var message = MechanismMessage()
        message.user = fields["username"]
        var parts: [String] = []
        if let realm = fields["realm"] { parts.append("realm \(realm.quoted(limit: 100))") }
        if let uri = fields["digest-uri"] { parts.append("digest-uri \(uri.quoted(limit: 100))") }
        if let count = fields["nc"] { parts.append("nc \(count.shown(limit: 20)), how often the nonce was used") }
        if !parts.isEmpty { message.sentences.append("It gives \(parts.joined(separator: "; ")).") }
        message.sentences += toldAuthorization(fields["authzid"], user: message.user, in: conversation)
        message.findings = responseFindings(fields, conversation)
        return message
    }

    private func responseFindings(_ fields: DigestDirectives, _ conversation: Conversation) -> [Finding] {
        var findings: [Finding] = []
        let missing = ["username", "nonce", "cnonce", "digest-uri", "response"].filter { fields[$0] == nil }
        if !missing.isEmpty {
            findings.append(.warning("the response lacks \(missing.listed()); the server must refuse (RFC 2831)."))
        }
        if let nonce, let used = fields["nonce"], used != nonce {
            findings.append(.warning("its nonce is not the server's; the server must refuse."))
        }
        if let uri = fields["digest-uri"] {
            let parts = uri.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.first != "xmpp" {
                findings.append(.warning("the digest-uri must begin with xmpp/, the name of the service."))
            } else if let domain = conversation.domain, parts.count > 1, parts[1].lowercased() != domain.lowercased() {
                findings.append(.note("the digest-uri does not name the domain \(domain.quoted(limit: 100))."))
            }
        }
        if let qop = fields["qop"], qop != "auth" {
            findings.append(
                .note("with qop \(qop.quoted(limit: 40)), what follows the login is wrapped and can no longer be read.")
            )
        }
        return findings
    }

    private mutating func proof() -> MechanismMessage {
        hasProof = true
        return MechanismMessage(["It proves that it knows the password too (rspauth)."])
    }
}
