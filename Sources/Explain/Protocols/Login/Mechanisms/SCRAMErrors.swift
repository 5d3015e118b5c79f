import SASL
import XMPP

extension SCRAMError {
    /// What it means and what can be done.
    var cause: Cause {
        switch self {
        case .invalidEncoding: Cause(why: "a message was not encoded as it must be", remedy: "The client is at fault.")
        case .extensionsNotSupported:
            Cause(why: "the server does not know an extension that the client insists on", remedy: "")
        case .invalidProof: Cause(why: "the proof was wrong, so the password is", remedy: "Check the password.")
        case .bindingsDontMatch:
            Cause(
                why: "client and server see different TLS connections (channel binding)",
                remedy: "Something between them takes TLS apart; if not, switch channel binding off in the client."
            )
        case .serverDoesSupportBinding:
            Cause(
                why:
                    "the client said that the server offers no channel binding, but it does, which looks like an attack",
                remedy: "Something between them changed the list of mechanisms; if not, the client read it wrongly."
            )
        case .bindingNotSupported:
            Cause(
                why: "the client uses channel binding, which the server cannot do",
                remedy: "Switch channel binding off in the client."
            )
        case .unsupportedBindingType:
            Cause(
                why: "the client uses a type of channel binding that the server cannot do",
                remedy: "Choose another type, or switch channel binding off in the client."
            )
        case .unknownUser:
            Cause(why: "the server does not know the user", remedy: "Check the user name and the domain.")
        case .invalidUsernameEncoding:
            Cause(why: "the user name is not encoded as it must be", remedy: "Check the user name for odd characters.")
        case .noResources: Cause(why: "the server has no resources left", remedy: "Try again later.")
        case .otherError: Cause(why: "the server does not tell more", remedy: "Its log may.")
        }
    }
}
