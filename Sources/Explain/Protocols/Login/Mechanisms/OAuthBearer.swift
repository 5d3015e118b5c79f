import SASL
import XMPP

/// OAUTHBEARER (RFC 7628): the client shows an access token that somebody else gave it.
struct OAuthBearerExplainer: MechanismExplainer {
    private var hasFailed = false

    var meaning: String { ", which carries an access token as it is" }
    var exposedSecret: String? { "access token" }

    mutating func read(_ data: [UInt8], from sender: Side, in scene: Scene) -> MechanismMessage {
        switch sender {
        case .client where hasFailed: acknowledgement(data)
        case .client: request(data, scene)
        case .server: error(data)
        }
    }

    func refused(_ condition: SASLFailure, in scene: Scene) -> Cause? {
        switch condition {
        case .notAuthorized: refusedToken
        case .credentialsExpired: expiredToken
        case .malformedRequest:
            Cause(
                why: "the server does not understand the data",
                remedy: "It must be a GS2 header, and key=value pairs between bytes of value 1 (RFC 7628 section 3.1)."
            )
        case .aborted, .accountDisabled, .encryptionRequired, .incorrectEncoding, .invalidAuthzid, .invalidMechanism,
            .mechanismTooWeak, .temporaryAuthFailure:
            nil
        }
    }

    private func request(_ data: [UInt8], _ scene: Scene) -> MechanismMessage {
        guard let request = OAuthBearerMessage(data, .lenient) else {
            return MechanismMessage(
                [],
                [
                    Finding(
                        .saslMalformed,
                        "the data must begin with a GS2 header such as \"n,a=user@example.com,\" (RFC 7628 section 3.1)."
                    )
                ]
            )
        }
        var message = MechanismMessage()
        // The authorization identity is the only user that this mechanism names.
        message.user = request.header.authorizationIdentity
        let place = ["host", "port"].compactMap { key in
            request[key].map { "\(key) \(String(decoding: $0.prefix(400), as: UTF8.self).quoted(limit: 100))" }
        }
        if !place.isEmpty { message.sentences.append("It means to talk to \(place.listed()).") }
        if data.suffix(2) != [1, 1] {
            message.findings.append(
                Finding(
                    .saslMalformed,
                    "the data must end with two bytes of value 1; the server must refuse (RFC 7628 section 3.1)."
                )
            )
        }
        guard let credentials = request["auth"] else {
            message.findings.append(Finding(.saslMalformed, "there is no token (auth=); the server must refuse."))
            return message
        }
        tellToken(credentials, &message)
        return message
    }

    private func tellToken(_ credentials: ArraySlice<UInt8>, _ message: inout MechanismMessage) {
        if credentials.isEmpty {
            message.sentences.append("It shows no token yet: it wants to hear from the server how to get one.")
            return
        }
        let words = credentials.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard words.count == 2, String(decoding: words[0].prefix(20), as: UTF8.self).lowercased() == "bearer" else {
            message.findings.append(
                Finding(
                    .saslMalformed,
                    "what it shows (auth=) does not begin with \"Bearer \"; the server must refuse."
                )
            )
            return
        }
        message.sentences.append("Its bearer token has \(counted(words[1].count, "character")).")
    }

    private func acknowledgement(_ data: [UInt8]) -> MechanismMessage {
        if data == OAuthBearerMessage.acknowledgement {
            return MechanismMessage(["It has understood that the token is refused."])
        }
        return MechanismMessage(
            [],
            [Finding(.oauthAcknowledgement, "after an error the client must answer with a single byte of value 1.")]
        )
    }

    private mutating func error(_ data: [UInt8]) -> MechanismMessage {
        hasFailed = true
        guard let report = OAuthBearerError(data) else {
            return MechanismMessage(
                [],
                [Finding(.saslMalformed, "this is not the error in JSON that RFC 7628 section 3.2.2 allows here.")]
            )
        }
        var sentence = "It refuses the token: \(report.meaning)"
        if let scope = report.scope { sentence += "; the token should be for \(scope.quoted(limit: 100))" }
        if let place = report.configuration { sentence += "; how to get one is told at \(place.quoted())" }
        var message = MechanismMessage([sentence + "."])
        message.error = Cause(why: report.meaning, remedy: refusedToken.remedy)
        return message
    }
}

extension OAuthBearerError {
    /// A clause.
    fileprivate var meaning: String {
        let known =
            switch status {
            case "invalid_token": "the token is not valid, or no longer"
            case "insufficient_scope": "the token is not for what the client wants to do"
            case "invalid_request": "the request is not as it should be"
            default: "for a reason that RFC 7628 does not name"
            }
        return "\(known) (\(status.shown(limit: 60)))"
    }
}

let refusedToken = Cause(
    why: "the server does not accept the access token for this account",
    remedy: "Fetch a new access token, and check that it is for this account and this server."
)
let expiredToken = Cause(why: "the access token has expired", remedy: "Fetch a new access token.")
