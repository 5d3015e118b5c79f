import Session
import XMLStream
import XMPP

/// Why a registration request was refused, as far as the recording shows it, and what would have to change.
///
/// What was seen beats the general meaning of the condition: whoever sent attributes instead of elements is told so, whatever
/// the server calls it.
struct RegistrationEvidence {
    let exchange: RegistrationExchange
    /// The form of the error, which asks for more.
    let wantsMore: DataForm?
    let scene: Scene

    private var query: RegistrationQuery { exchange.asked }
    /// What was asked for, told by an earlier answer.
    private var asked: RegistrationQuery? { scene.registration.asked[exchange.registrar.key]?.query }
    private var name: String { query.value("username") ?? "" }

    /// Why, without the condition's name; and what would help.
    func cause(_ error: StanzaError?) -> Cause {
        guard let error else {
            return Cause(
                why: "\(exchange.registrar.name) gives no reason",
                remedy: ofOwn("Look into the server's log.")
            )
        }
        if let wantsMore, exchange.use != .fields { return more(wantsMore) }
        guard let condition = error.known else {
            return Cause(why: error.specialMeaning ?? error.meaning, remedy: ofOwn("Look into the server's log."))
        }
        if let general = unreachable(condition) { return general }
        switch exchange.use {
        case .fields: return ofFields(condition)
        case .availability: return ofAvailability(condition)
        case .account: return exchange.registrar == .own ? ofAccount(condition) : ofService(condition)
        case .passwordChange: return ofPasswordChange(condition)
        case .removal: return exchange.registrar == .own ? ofRemoval(condition) : ofService(condition)
        case .cancellation: return Cause(why: condition.meaning, remedy: "")
        }
    }

    private func ofOwn(_ remedy: String) -> String { exchange.registrar == .own ? remedy : "" }

    private func more(_ form: DataForm) -> Cause {
        let names = form.questions.map { $0.name.shown(limit: 40) }
        return Cause(
            why: "\(exchange.registrar.name) wants \(names.isEmpty ? "a form filled in" : names.listed()) first",
            remedy: "Fill in the form that came with the error."
        )
    }

    /// Of a service behind the own server: that it cannot be reached at all.
    private func unreachable(_ condition: StanzaErrorCondition) -> Cause? {
        guard exchange.registrar != .own else { return nil }
        let name = exchange.registrar.name
        switch condition {
        case .remoteServerNotFound:
            return Cause(why: "\(name) cannot be found", remedy: "Check its name and its DNS.")
        case .remoteServerTimeout: return Cause(why: "\(name) did not answer in time", remedy: "Try again later.")
        case .itemNotFound: return Cause(why: "there is nobody of the name \(name)", remedy: "Check the name.")
        default: return nil
        }
    }

    private func general(_ condition: StanzaErrorCondition) -> Cause {
        switch condition {
        case .resourceConstraint, .internalServerError, .remoteServerTimeout:
            Cause(why: condition.meaning, remedy: ofOwn("Try again later; if it stays, look into the server's log."))
        default: Cause(why: condition.meaning, remedy: "")
        }
    }

    // MARK: Questions

    private func ofFields(_ condition: StanzaErrorCondition) -> Cause {
        guard exchange.registrar == .own else { return ofServiceFields(condition) }
        let isLoggedIn = scene.account.isAuthenticated
        switch condition {
        case .serviceUnavailable, .featureNotImplemented:
            return Cause(
                why: "the server does not support in-band registration, or it is turned off",
                remedy:
                    "Register on the server's web page, ask its operator, or turn registration on in its configuration."
            )
        case .notAllowed, .forbidden:
            return isLoggedIn
                ? Cause(why: "the server does not tell its registration data to this client", remedy: "")
                : Cause(
                    why: "registration is closed to this client, often for its address",
                    remedy: "Have the server's operator permit it."
                )
        case .policyViolation:
            return scene.encryption.isEncrypted
                ? Cause(
                    why: "the server's policy forbids it",
                    remedy: "Wait if there were many attempts, or ask the server's operator."
                )
                : Cause(
                    why: "the server's policy forbids it, often because the connection is not encrypted",
                    remedy: "Start TLS first, or wait if there were many attempts."
                )
        case .resourceConstraint:
            return Cause(why: "the server is busy or there were too many attempts", remedy: "Wait, then try again.")
        default: return general(condition)
        }
    }

    private func ofServiceFields(_ condition: StanzaErrorCondition) -> Cause {
        let name = exchange.registrar.name
        if case .room = exchange.registrar, condition == .notAllowed || condition == .forbidden {
            return Cause(
                why: "the room lets nobody become a member this way",
                remedy: "Ask an admin or owner of the room."
            )
        }
        switch condition {
        case .serviceUnavailable, .featureNotImplemented:
            return Cause(why: "\(name) offers no registration", remedy: "")
        case .notAllowed, .forbidden: return Cause(why: "the client may not register there", remedy: "")
        default: return general(condition)
        }
    }

    private func ofAvailability(_ condition: StanzaErrorCondition) -> Cause {
        condition == .conflict
            ? Cause(why: "the name is taken", remedy: "Choose another user name.") : general(condition)
    }

    // MARK: What is plain to see in the request

    /// What is wrong with the request of a new account, most certain first; nil if nothing is to be seen.
    private var visibleFault: Cause? {
        if !query.attributes.isEmpty, query.fields.isEmpty, query.form == nil {
            return Cause(
                why: "the fields were sent as attributes of <query/>, so for the server there were none",
                remedy: "Send each field as an element inside of <query/> (XEP-0077 section 3.1)."
            )
        }
        if let form = query.form, form.type != "submit" {
            return Cause(
                why: "the form was sent with the type \((form.type ?? "missing").quoted()) instead of \"submit\"",
                remedy: "Send the form that is filled in with type=\"submit\" (XEP-0004)."
            )
        }
        if let asked {
            let missing = scene.missingFields(query, asked)
            if !missing.isEmpty {
                return Cause(
                    why: "\(missing.listed()) \(missing.count == 1 ? "is" : "are") missing",
                    remedy: "Send \(missing.count == 1 ? "it" : "them") as well."
                )
            }
        }
        if name.isEmpty { return Cause(why: "the user name is empty or missing", remedy: "Send a user name.") }
        if !JID.isPlausible(local: name) { return badName }
        if query.value("password")?.isEmpty != false, asked?.fields.contains(where: { $0.name == "password" }) ?? true {
            return Cause(why: "the password is empty or missing", remedy: "Send a password.")
        }
        return nil
    }

    private var badName: Cause {
        Cause(
            why: "the user name is not valid in an address",
            remedy: "Choose a name without blanks and without any of \" & ' / : < > @."
        )
    }

    private var withoutID: Cause? {
        guard exchange.request.element["id"] == nil else { return nil }
        return Cause(
            why: "most likely the server wants an id on the iq",
            remedy: "RFC 6120 section 8.1.3 requires one."
        )
    }

    /// An account that was registered on this very connection before.
    private var earlier: (name: String, packet: Int)? {
        scene.account.registered.filter { $0.value < exchange.request.number }.max { $0.value < $1.value }
            .map { ($0.key.shown(limit: 60), $0.value) }
    }

    // MARK: New accounts

    private func ofAccount(_ condition: StanzaErrorCondition) -> Cause {
        switch condition {
        case .conflict: return taken
        case .jidMalformed: return badName
        case .notAcceptable, .badRequest: return visibleFault ?? unseenFault(condition)
        case .policyViolation:
            return scene.encryption.isEncrypted
                ? tooMany
                : Cause(
                    why: "the server's policy forbids it: it wants encryption first, or there were too many attempts",
                    remedy: "Start TLS first; if that does not help, wait and try again."
                )
        case .resourceConstraint: return tooMany
        case .forbidden, .notAuthorized, .notAllowed, .serviceUnavailable, .featureNotImplemented:
            return closed(condition)
        case .itemNotFound:
            return Cause(why: "a form or invitation is unknown or has expired", remedy: "Ask for the form anew.")
        default: return visibleFault ?? general(condition)
        }
    }

    private var taken: Cause {
        // Who sends name and password without having asked may mean to change the password of an account that exists.
        let isChange = asked == nil && scene.registration.pending[exchange.registrar.key] == nil
        let login = isChange ? " To change the password of that user, log in first." : ""
        return Cause(why: "the name is taken", remedy: "Choose another user name.\(login)")
    }

    private var tooMany: Cause {
        Cause(
            why: "there were too many registrations from this address, or the server is busy",
            remedy: "Wait some minutes, then try again."
        )
    }

    /// The request looks right; what else the condition can mean.
    private func unseenFault(_ condition: StanzaErrorCondition) -> Cause {
        if let earlier {
            return Cause(
                why:
                    "most likely this connection may have one account only, and has registered \(earlier.name) in \(padded(earlier.packet))",
                remedy: "Connect anew for another account (XEP-0077 section 3.1)."
            )
        }
        if condition == .badRequest, let withoutID { return withoutID }
        if asked?.form?.isCaptcha == true {
            return Cause(
                why: "most likely the CAPTCHA was answered wrongly",
                remedy: "Ask for the form anew (XEP-0158)."
            )
        }
        if asked == nil {
            return Cause(
                why: "something that the server wants is missing or not accepted",
                remedy: "Ask which fields it wants, and fill in every one of them."
            )
        }
        return condition == .badRequest
            ? Cause(
                why: "the server does not understand the request",
                remedy: "Compare it with what the server asked for."
            )
            : Cause(
                why: "the server does not accept the name or the password, or there were too many attempts",
                remedy: "Try another name and a better password."
            )
    }

    private func closed(_ condition: StanzaErrorCondition) -> Cause {
        if let fault = visibleFault { return fault }
        if case .refused(let packet) = scene.registration.invitation {
            return Cause(
                why: "the server registers nobody without an invitation, and that of \(padded(packet)) was refused",
                remedy: "Ask for a new invitation."
            )
        }
        if asked?.form?.isCaptcha == true, condition == .notAllowed {
            return Cause(
                why: "most likely the CAPTCHA was answered wrongly",
                remedy: "Ask for the form anew (XEP-0158)."
            )
        }
        if scene.account.isAuthenticated {
            return Cause(
                why: "the client has logged in already",
                remedy: "Register on a connection of its own, before any login."
            )
        }
        switch condition {
        case .serviceUnavailable, .featureNotImplemented:
            // Whoever told the fields does support it.
            return asked == nil
                ? Cause(
                    why: "the server does not support in-band registration, or it is turned off",
                    remedy: "Register on the server's web page, or turn registration on in its configuration."
                )
                : Cause(
                    why: "the server told what it wants, but takes no registration now",
                    remedy: "Its log may tell why."
                )
        default:
            return Cause(
                why: "this client may not register here",
                remedy: "Ask the server's operator to permit registration from this address."
            )
        }
    }

    // MARK: Services and rooms

    private func ofService(_ condition: StanzaErrorCondition) -> Cause {
        let name = exchange.registrar.name
        switch condition {
        case .conflict:
            if case .room = exchange.registrar {
                return Cause(why: "the nickname is reserved for somebody else", remedy: "Choose another one.")
            }
            return Cause(why: "that name is taken at \(name)", remedy: "Choose another name.")
        case .notAcceptable, .badRequest:
            if let form = query.form, form.type != "submit" { return visibleFault ?? general(condition) }
            if let asked {
                let missing = scene.missingFields(query, asked)
                if !missing.isEmpty {
                    return Cause(why: "\(missing.listed()) \(missing.count == 1 ? "is" : "are") missing", remedy: "")
                }
            }
            return Cause(why: "\(name) does not accept what was filled in", remedy: "")
        case .registrationRequired, .unexpectedRequest:
            return Cause(
                why: "this user is not registered there",
                remedy: exchange.use == .removal ? "" : "Register there first."
            )
        case .notAllowed, .forbidden:
            if case .room = exchange.registrar { return ofServiceFields(condition) }
            return Cause(why: "the client may not do that there", remedy: "")
        case .serviceUnavailable, .featureNotImplemented: return ofServiceFields(condition)
        default: return general(condition)
        }
    }

    // MARK: The own account

    private func ofPasswordChange(_ condition: StanzaErrorCondition) -> Cause {
        if let other = scene.otherUser(query.value("username")) {
            return Cause(
                why: "the client is logged in as \(other.own) and cannot change the password of \(other.name)",
                remedy: "Send the name of the user who is logged in."
            )
        }
        if query.value("password")?.isEmpty != false, [.badRequest, .notAcceptable, .notAllowed].contains(condition) {
            return Cause(
                why: "the new password is empty or missing",
                remedy: "Send the name of the user who is logged in and the new password."
            )
        }
        let isEncrypted = scene.encryption.isEncrypted
        switch condition {
        case .badRequest:
            return name.isEmpty
                ? Cause(
                    why: "the request lacks the user name",
                    remedy: "Send the name of the user who is logged in and the new password."
                )
                : withoutID
                    ?? Cause(
                        why: "the server does not understand the request, though it is as XEP-0077 wants it",
                        remedy: ""
                    )
        case .notAuthorized: return ofPasswordNotAuthorized(isEncrypted)
        case .notAllowed, .forbidden:
            return scene.account.isAuthenticated
                ? Cause(
                    why: "the server does not let this user change the password, or does not take this one",
                    remedy: "Choose another password, or ask the server's operator."
                )
                : Cause(why: "the client has not logged in", remedy: "Log in first.")
        case .notAcceptable where query.form != nil && query.value("old_password") == nil:
            return Cause(why: "the server does not accept the new password, or misses the old one", remedy: "")
        case .notAcceptable:
            return Cause(why: "the server does not accept the new password", remedy: "Choose a better one.")
        case .unexpectedRequest: return Cause(why: "the user is not registered with this server", remedy: "")
        case .serviceUnavailable, .featureNotImplemented:
            return Cause(
                why: "the server does not let passwords be changed in band",
                remedy: "Change it with the server's own tools."
            )
        default: return general(condition)
        }
    }

    private func ofPasswordNotAuthorized(_ isEncrypted: Bool) -> Cause {
        if query.value("old_password") != nil {
            return Cause(
                why: "the server does not take the old password, or does not think that the client may do this",
                remedy: "Compare the old password with that of the login."
            )
        }
        return isEncrypted
            ? Cause(
                why: "the server does not think that the client may do this, or not in this way",
                remedy: "Its log may tell why."
            )
            : Cause(
                why: "the server does not let the client do this, perhaps because the connection is not encrypted",
                remedy: "Start TLS first."
            )
    }

    private func ofRemoval(_ condition: StanzaErrorCondition) -> Cause {
        if query.isRemoval, query.childCount > 1, condition == .badRequest {
            return Cause(why: "<remove/> was not alone", remedy: "Send <remove/> and nothing else.")
        }
        if !scene.account.isAuthenticated, !scene.beginsInMiddle,
            [.badRequest, .forbidden, .notAuthorized, .notAllowed, .registrationRequired].contains(condition)
        {
            return Cause(
                why: "the client has not logged in as the user to be removed",
                remedy: "Log in as that user first."
            )
        }
        switch condition {
        case .badRequest:
            return withoutID
                ?? Cause(
                    why: "the server does not understand the request, though it is as XEP-0077 wants it",
                    remedy: ""
                )
        case .forbidden, .notAuthorized:
            return Cause(
                why: "the server does not give this user the right to remove the account",
                remedy: "Ask the server's operator."
            )
        case .registrationRequired, .unexpectedRequest:
            return Cause(why: "the user is not registered with this server", remedy: "Nothing is left to remove.")
        case .notAllowed:
            return Cause(why: "the server does not let users remove themselves", remedy: "Ask the server's operator.")
        case .serviceUnavailable, .featureNotImplemented:
            return Cause(
                why: "the server does not let accounts be removed in band",
                remedy: "Remove it with the server's own tools."
            )
        default: return general(condition)
        }
    }
}
