import XMPP

/// What a client wanted of registration when it was refused: the same condition means different things (XEP-0077 section 3).
enum RegistrationUse: Equatable {
    case fields
    case account
    case service(String)
    case passwordChange
    case removal
}

/// Why a registration request was refused, and what would have to change.
struct RegistrationRefusal: Equatable {
    /// A clause without a full stop.
    let why: String
    /// A sentence.
    let remedy: String

    init(_ why: String, _ remedy: String) {
        self.why = why
        self.remedy = remedy
    }

    static func of(_ condition: StanzaErrorCondition?, _ use: RegistrationUse, isEncrypted: Bool) -> RegistrationRefusal
    {
        guard let condition else {
            return RegistrationRefusal("the server gives no reason", "Look into the server's log.")
        }
        switch use {
        case .fields: return ofFields(condition)
        case .account: return ofAccount(condition, isEncrypted: isEncrypted)
        case .service(let name): return ofService(condition, name)
        case .passwordChange: return ofPasswordChange(condition)
        case .removal: return ofRemoval(condition)
        }
    }

    private static func ofFields(_ condition: StanzaErrorCondition) -> RegistrationRefusal {
        switch condition {
        case .serviceUnavailable, .featureNotImplemented:
            RegistrationRefusal(
                "the server does not support in-band registration, or it is turned off",
                "Register on the server's web page, ask its operator, or turn registration on in its configuration."
            )
        case .notAllowed, .forbidden:
            RegistrationRefusal(
                "registration is closed to this client, for its address or because it has logged in already",
                "Register before logging in, or have the server's operator permit it."
            )
        case .policyViolation:
            RegistrationRefusal(
                "the server's policy forbids it, often because the connection is not encrypted",
                "Start TLS first, or wait if there were many attempts."
            )
        case .resourceConstraint:
            RegistrationRefusal("the server is busy or there were too many attempts", "Wait, then try again.")
        default:
            general(condition)
        }
    }

    private static func ofAccount(_ condition: StanzaErrorCondition, isEncrypted: Bool) -> RegistrationRefusal {
        switch condition {
        case .conflict:
            RegistrationRefusal("the name is taken", "Choose another user name.")
        case .notAcceptable:
            RegistrationRefusal(
                "something required is missing, empty or not accepted (also: too many attempts, or a second account)",
                "Fill in every field that the server asked for, with a valid name and a good password."
            )
        case .badRequest:
            RegistrationRefusal(
                "the request is not built as the server wants it, often because a field is missing",
                "Send every field that the server asked for, and an id on the iq."
            )
        case .jidMalformed:
            RegistrationRefusal(
                "the user name is not valid in an address",
                "Choose a name without blanks and without any of \" & ' / : < > @."
            )
        case .policyViolation where !isEncrypted:
            RegistrationRefusal(
                "the server's policy forbids it: it wants encryption first, or there were too many attempts",
                "Start TLS first; if it is on, wait and try again."
            )
        case .policyViolation, .resourceConstraint:
            RegistrationRefusal(
                "there were too many registrations from this address, or the server is busy",
                "Wait some minutes, then try again."
            )
        case .forbidden, .notAuthorized:
            RegistrationRefusal(
                "this client may not register here",
                "Ask the server's operator to permit registration from this address."
            )
        case .notAllowed:
            RegistrationRefusal(
                "registration is closed, or a CAPTCHA was answered wrongly",
                "Answer the CAPTCHA again, or ask the server's operator for an account."
            )
        case .serviceUnavailable, .featureNotImplemented:
            RegistrationRefusal(
                "the server does not support in-band registration, or it is turned off",
                "Register on the server's web page, or turn registration on in its configuration."
            )
        case .itemNotFound:
            RegistrationRefusal(
                "an invitation or form is unknown or has expired",
                "Ask for the form anew, or for a new invitation."
            )
        default: general(condition)
        }
    }

    private static func ofService(_ condition: StanzaErrorCondition, _ name: String) -> RegistrationRefusal {
        switch condition {
        case .conflict: RegistrationRefusal("that name is taken at \(name)", "Choose another name.")
        case .notAcceptable:
            RegistrationRefusal("\(name) misses a field or does not accept one", "Fill in what it asked for.")
        case .registrationRequired, .unexpectedRequest:
            RegistrationRefusal("this user is not registered at \(name)", "Register there first.")
        default: general(condition)
        }
    }

    private static func ofPasswordChange(_ condition: StanzaErrorCondition) -> RegistrationRefusal {
        switch condition {
        case .badRequest:
            RegistrationRefusal(
                "the request lacks the password or names another user",
                "Send the own user name and the new password."
            )
        case .notAuthorized:
            RegistrationRefusal(
                "the server does not think the channel safe enough, or wants the old password as well",
                "Start TLS first, or fill in the form that came with the error."
            )
        case .notAllowed, .forbidden:
            RegistrationRefusal(
                "the server does not let this user change the password, or not to this one",
                "Choose a longer password that is not empty, or ask the server's operator."
            )
        case .notAcceptable: RegistrationRefusal("the server does not accept the new password", "Choose a better one.")
        case .unexpectedRequest:
            RegistrationRefusal("the user is not registered with this server", "Log in as a registered user first.")
        case .serviceUnavailable, .featureNotImplemented:
            RegistrationRefusal(
                "the server does not let passwords be changed in band",
                "Change it with the server's own tools."
            )
        default: general(condition)
        }
    }

    private static func ofRemoval(_ condition: StanzaErrorCondition) -> RegistrationRefusal {
        switch condition {
        case .badRequest:
            RegistrationRefusal(
                "<remove/> was not alone, or the client has not logged in",
                "Log in, then send <remove/> and nothing else."
            )
        case .forbidden, .notAuthorized, .registrationRequired:
            RegistrationRefusal("the client is not logged in as the user to be removed", "Log in as that user first.")
        case .notAllowed:
            RegistrationRefusal(
                "the server does not let users remove themselves, or wants more data first",
                "Fill in the form that came with the error, or ask the server's operator."
            )
        case .unexpectedRequest:
            RegistrationRefusal("the user is not registered with this server", "Nothing is left to remove.")
        case .serviceUnavailable, .featureNotImplemented:
            RegistrationRefusal(
                "the server does not let accounts be removed in band",
                "Remove it with the server's own tools."
            )
        default: general(condition)
        }
    }

    private static func general(_ condition: StanzaErrorCondition) -> RegistrationRefusal {
        switch condition {
        case .resourceConstraint, .internalServerError, .remoteServerTimeout:
            RegistrationRefusal(condition.meaning, "Try again later; if it stays, look into the server's log.")
        default:
            RegistrationRefusal(condition.meaning, "Compare the request with what the server asked for.")
        }
    }
}
