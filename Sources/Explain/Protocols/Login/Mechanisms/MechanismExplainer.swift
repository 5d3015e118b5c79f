import SASL
import XMPP

/// How one mechanism's messages are understood. The mechanism sees them in order, decoded from base64.
protocol MechanismExplainer {
    /// What the mechanism does, a clause to stand behind its name: `, which carries the password as it is`.
    var meaning: String { get }
    /// What crosses the network readably: `password`, `access token`; nil if nothing that is secret.
    var exposedSecret: String? { get }
    mutating func read(_ data: [UInt8], from sender: Side, in scene: Scene) -> MechanismMessage
    /// What is wrong with a success after the messages so far.
    func doubtsAboutSuccess() -> [Finding]
    /// Why the server refused, as far as the mechanism tells more than the condition alone.
    func refused(_ condition: SASLFailure, in scene: Scene) -> Cause?
}

extension MechanismExplainer {
    var exposedSecret: String? { nil }
    func doubtsAboutSuccess() -> [Finding] { [] }
    func refused(_ condition: SASLFailure, in scene: Scene) -> Cause? { nil }
}

/// What one message of a mechanism says.
struct MechanismMessage {
    /// Sentences to stand behind the one that tells what kind of message it is.
    var sentences: [String] = []
    var findings: [Finding] = []
    /// Who logs in, where the message tells it.
    var user: String?
    /// What the client says about channel binding.
    var binding: ChannelBinding?
    /// The letter of the attribute by which the server hashes what it offered (XEP-0474).
    var hashOfOffers: String?
    /// That hash in base64, where it is one that XEP-0474 defines today.
    var offersHash: String?
    /// The part of the nonce that the sender made.
    var nonce: [UInt8]?
    /// The error that the message reports.
    var error: Cause?
    /// True if that error is about channel binding.
    var blamesBinding = false
    /// What is so wrong with it that the server must refuse.
    var fault: Cause?

    init(_ sentences: [String] = [], _ findings: [Finding] = []) {
        self.sentences = sentences
        self.findings = findings
    }

    /// Adds what is wrong with a client's message, which will be why the server refuses.
    mutating func blame(_ code: FindingCode, _ why: String, _ remedy: String) {
        findings.append(Finding(code, "\(why); the server must refuse."))
        fault = fault ?? Cause(why: why, remedy: remedy)
    }
}

/// The explainer of the mechanism of that name.
func mechanismExplainer(_ name: String) -> any MechanismExplainer {
    switch name {
    case "PLAIN": PlainExplainer(secret: "password")
    case "X-OAUTH2": PlainExplainer(secret: "access token")
    case "OAUTHBEARER": OAuthBearerExplainer()
    case "DIGEST-MD5": DigestMD5Explainer()
    case "ANONYMOUS": AnonymousExplainer()
    case "EXTERNAL": ExternalExplainer()
    case _ where name.hasPrefix("SCRAM-"): SCRAMExplainer(name: name)
    case _ where name.hasPrefix("HT-"): HashedTokenExplainer(name: name)
    default: OtherMechanismExplainer(name: name)
    }
}
