import XMLStream
import XMPP

/// What is odd about a registration request (XEP-0077 sections 3 to 5, and what real clients get wrong).
struct RegistrationRules {
    let query: RegistrationQuery
    let use: RegistrationUse
    let registrar: Registrar
    let iq: Element
    let scene: Scene

    var findings: [Finding] {
        var findings: [Finding] = []
        if query.hasPassword, !scene.encryption.isEncrypted, !scene.beginsInMiddle {
            findings.append(Finding(.passwordInClear, "the password crosses the network unencrypted."))
        }
        switch use {
        case .fields, .availability, .cancellation: return findings
        case .removal: return findings + removal
        case .passwordChange: return findings + passwordChange
        case .account: return findings + account
        }
    }

    private var removal: [Finding] {
        var findings: [Finding] = []
        if case .user(let party) = registrar, let domain = scene.domain,
            isSameAddress(JID(party.address ?? "").domain, domain)
        {
            findings.append(
                Finding(
                    .removalOfOther,
                    "an account is removed by its own user at its own server only; \(party.name) has nothing to do with it (XEP-0077 section 3.2)."
                )
            )
        }
        if query.isRemoval && query.childCount > 1 {
            findings.append(
                Finding(.removalNotAlone, "<remove/> must stand alone; servers differ in what they do with the rest.")
            )
        }
        if registrar == .own, !scene.account.isAuthenticated, !scene.beginsInMiddle {
            findings.append(
                Finding(
                    .removalBeforeLogin,
                    "the client has not logged in, so the server cannot know whose account is meant."
                )
            )
        }
        return findings
    }

    private var passwordChange: [Finding] {
        var findings: [Finding] = []
        if query.value("password")?.isEmpty != false {
            findings.append(
                Finding(
                    .newPasswordEmpty,
                    "the new password is empty or missing; it must not change anything (XEP-0077 section 3.3)."
                )
            )
        }
        if let other = scene.otherUser(query.value("username")) {
            findings.append(
                Finding(
                    .passwordOfOther,
                    "the client is logged in as \(other.own), so it cannot change the password of \(other.name); some servers register another account then."
                )
            )
        }
        return findings
    }

    // MARK: New accounts

    private var account: [Finding] {
        var findings = attributes + form
        if query.value("username")?.isEmpty == true {
            findings.append(Finding(.userNameEmpty, "the user name is empty."))
        } else if registrar == .own, let name = query.value("username"), !JID.isPlausible(local: name) {
            findings.append(
                Finding(
                    .userNameInvalid,
                    "\(name.quoted(limit: 60)) cannot be the name before the @ of an address: blanks and \" & ' / : < > @ may not be in it (RFC 7622)."
                )
            )
        }
        if query.value("password")?.isEmpty == true {
            findings.append(Finding(.passwordEmpty, "the password is empty."))
        }
        if query.attributes.isEmpty { findings += wanted }
        if query.hasKey {
            findings.append(
                Finding(.registrationKey, "<key/> is an obsolete transaction key, kept only for very old software.")
            )
        }
        return findings
    }

    private var attributes: [Finding] {
        if query.attributes.isEmpty { return [] }
        return [
            Finding(
                .fieldsAsAttributes,
                "\(query.attributes.listed()) \(query.attributes.count == 1 ? "stands" : "stand") as attributes of <query/>, where "
                    + "nobody looks for them; each must be an element inside of it (XEP-0077 section 3.1)."
            )
        ]
    }

    private var form: [Finding] {
        guard let form = query.form else { return [] }
        var findings: [Finding] = []
        if !query.fields.isEmpty {
            findings.append(
                Finding(
                    .formAndFields,
                    "both a form and plain fields are sent; it must be one or the other (XEP-0077 section 4)."
                )
            )
        }
        if form.type != "submit" {
            findings.append(
                Finding(
                    .submittedType,
                    "the form's type is \((form.type ?? "missing").quoted()), but must be \"submit\" when it is filled in (XEP-0004)."
                )
            )
        }
        if form.formType == nil {
            findings.append(
                Finding(.formTypeMissing, "the form has no FORM_TYPE, which tells what it is for (XEP-0068).")
            )
        }
        return findings
    }

    /// What was asked for and what is sent, compared.
    private var wanted: [Finding] {
        if let pending = scene.registration.pending[registrar.key] {
            // The answer may be in what was not recorded.
            if scene.unreadable.contains(.serverToClient) { return [] }
            return [
                Finding(
                    .registrationPipelined,
                    "the client does not wait for the answer to \(padded(pending)), which tells what is wanted."
                )
            ]
        }
        guard let asked = scene.registration.asked[registrar.key]?.query else {
            if scene.beginsInMiddle || registrar != .own { return [] }
            return [
                Finding(.registrationNotAsked, "the client did not ask which fields are required before it sent them.")
            ]
        }
        let missing = scene.missingFields(query, asked)
        var findings: [Finding] = []
        if !missing.isEmpty {
            let them = missing.count == 1 ? "it" : "them"
            findings.append(
                Finding(
                    .fieldsMissing,
                    "\(registrar.name) asked for \(missing.listed()), but the client did not send \(them)."
                )
            )
        }
        if query.form == nil {
            let offered = Set(asked.fields.map(\.name) + (asked.form?.questions.map(\.name) ?? []))
            let extra = (query.fields.map(\.name).filter { !offered.contains($0) && $0 != "key" } + query.unknown)
                .map { $0.shown(limit: 40) }
            if !extra.isEmpty {
                findings.append(
                    Finding(
                        .fieldsExtra,
                        "the client sends \(extra.listed()), which \(registrar.name) did not ask for."
                    )
                )
            }
        }
        return findings
    }
}

extension Scene {
    /// The fields that were asked for and that the client did not send.
    func missingFields(_ query: RegistrationQuery, _ asked: RegistrationQuery) -> [String] {
        let names: [String]
        if query.form != nil, let form = asked.form {
            names = form.questions.filter(\.isRequired).map(\.name)
        } else {
            // In plain fields the server has no way to say "optional": all of them are asked for (XEP-0077 section 3.1).
            names = asked.fields.map(\.name).filter { $0 != "key" }
        }
        let sent = Set(query.sent)
        return names.filter { !sent.contains($0) }.map { $0.shown(limit: 40) }
    }

    /// The name of somebody else than the logged-in user, and that one's own; nil if it is the own name or nobody knows.
    func otherUser(_ name: String?) -> (name: String, own: String)? {
        guard let name, !name.isEmpty, let own = bareJID, let local = JID(own).local else { return nil }
        // Both the name alone and the whole address are the own one.
        if isSameName(name, local[...]) || isAddress(name, of: own) { return nil }
        return (name.shown(limit: 60), local.shown(limit: 60))
    }
}
