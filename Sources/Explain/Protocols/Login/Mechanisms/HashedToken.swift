import SASL
import XMPP

/// The mechanisms HT-* of FAST (XEP-0484): a token of an earlier login, hashed, instead of the password.
struct HashedTokenExplainer: MechanismExplainer {
    let name: String
    private var hasProof = false

    init(name: String) { self.name = name }

    var meaning: String { ", with a hash of a token that the server gave it at an earlier login (FAST, XEP-0484)" }

    var exposedSecret: String? { "the hashed token" }

    /// The length of the hash that the name of the mechanism tells; nil if it is not known.
    private var hashBytes: Int? {
        let function = name.dropFirst("HT-".count).split(separator: "-").dropLast().joined(separator: "-")
        return SCRAMMechanism("SCRAM-" + function)?.hashBytes
    }

    private func lengthFindings(_ count: Int) -> [Finding] {
        guard let hashBytes, count != hashBytes else { return [] }
        return [
            Finding(
                .tokenLength,
                "the hash has \(counted(count, "byte")), but \(name.shown(limit: 40)) makes \(hashBytes)."
            )
        ]
    }

    /// The type of channel binding that stands at the end of the mechanism's name; nil if there is none to stand there.
    var binding: ChannelBinding? { HashedTokenMessage.binding(of: name) }

    mutating func read(_ data: [UInt8], from sender: Side, in scene: Scene) -> MechanismMessage {
        if sender == .server {
            hasProof = !data.isEmpty
            if !hasProof { return MechanismMessage() }
            return MechanismMessage(["It proves that it knows the token too."], lengthFindings(data.count))
        }
        var message = MechanismMessage()
        message.binding = binding
        if let binding {
            message.sentences = [bindingSentence(binding)]
        } else {
            message.findings = [
                Finding(.tokenMechanism, "the mechanism's name does not end with NONE, UNIQ, EXPR or ENDP (XEP-0484).")
            ]
        }
        guard let token = HashedTokenMessage(data, .lenient) else {
            message.findings.append(
                Finding(
                    .saslMalformed,
                    "the data must be the user, a zero byte and the hashed token; there is no zero byte."
                )
            )
            return message
        }
        message.user = token.user
        message.findings += lengthFindings(token.tokenRange.count)
        return message
    }

    func doubtsAboutSuccess() -> [Finding] {
        if hasProof { return [] }
        return [
            Finding(
                .saslNoProof,
                "the server did not prove that it knows the token; a client must not go on (XEP-0484)."
            )
        ]
    }

    func refused(_ condition: SASLFailure, in scene: Scene) -> Cause? {
        switch condition {
        case .notAuthorized:
            Cause(
                why: "the server does not know the token, or it has been used up",
                remedy: "The client should log in with its password once and ask for a new token."
            )
        case .credentialsExpired:
            Cause(
                why: "the token has expired",
                remedy: "The client should log in with its password once and ask for a new token."
            )
        case .aborted, .accountDisabled, .encryptionRequired, .incorrectEncoding, .invalidAuthzid, .invalidMechanism,
            .malformedRequest, .mechanismTooWeak, .temporaryAuthFailure:
            nil
        }
    }

    private func bindingSentence(_ binding: ChannelBinding) -> String {
        switch binding {
        case .unused, .notOffered: "The hash is not bound to the TLS connection (NONE)."
        case .used(let type): "The hash is bound to the TLS connection by \(ChannelBinding.described(type))."
        }
    }
}
