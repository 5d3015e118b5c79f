import XMLStream
import XMPP

/// What is odd about a registration request (XEP-0077 sections 3 to 5, and what real clients and servers get wrong).
enum RegistrationFindings {
    /// - Parameter asked: what the server asked for before, nil if nobody asked it.
    static func ofSet(
        _ iq: Element,
        _ query: RegistrationQuery,
        _ use: RegistrationUse,
        asked: RegistrationQuery?,
        _ conversation: Conversation
    ) -> [Finding] {
        var findings: [Finding] = []
        if query.value("password")?.isEmpty == false && !conversation.isEncrypted {
            findings.append(.warning("the password crosses the network unencrypted."))
        }
        switch use {
        case .removal:
            return findings + removal(query, conversation)
        case .passwordChange:
            return findings + passwordChange(query, conversation)
        case .fields:
            return findings
        case .account, .service:
            return findings + account(query, asked: asked)
        }
    }

    private static func removal(_ query: RegistrationQuery, _ conversation: Conversation) -> [Finding] {
        var findings: [Finding] = []
        if query.isRemoval && query.childCount > 1 {
            findings.append(.warning("<remove/> must stand alone; servers differ in what they do with the rest."))
        }
        if !conversation.isAuthenticated {
            findings.append(.warning("the client has not logged in, so the server cannot know whose account is meant."))
        }
        return findings
    }

    private static func passwordChange(_ query: RegistrationQuery, _ conversation: Conversation) -> [Finding] {
        var findings: [Finding] = []
        if query.value("password")?.isEmpty != false {
            findings.append(
                .warning("the new password is empty or missing; it must not change anything (XEP-0077 section 3.3).")
            )
        }
        if let name = query.value("username"), let own = conversation.bareJID.flatMap({ JID($0).local }),
            name.lowercased() != own.lowercased()
        {
            findings.append(
                .warning("the name is not that of the logged-in user; some servers register another account then.")
            )
        }
        return findings
    }

    private static func account(_ query: RegistrationQuery, asked: RegistrationQuery?) -> [Finding] {
        var findings: [Finding] = []
        if query.form != nil && !query.fields.isEmpty {
            findings.append(
                .warning("both a form and plain fields are sent; it must be one or the other (XEP-0077 section 4).")
            )
        }
        if query.value("username")?.isEmpty == true { findings.append(.warning("the user name is empty.")) }
        if query.value("password")?.isEmpty == true { findings.append(.warning("the password is empty.")) }
        guard let asked else {
            return findings + [.note("the client did not ask which fields are required before it sent them.")]
        }
        let wanted = wanted(asked, answeredByForm: query.form != nil)
        let sent = Set(query.form.map { $0.fields.map(\.name) } ?? query.fields.map(\.name))
        let missing = wanted.filter { !sent.contains($0) }.map { $0.shown(limit: 40) }
        if !missing.isEmpty {
            findings.append(
                .warning(
                    "the server asked for \(missing.listed()), but the client did not send \(missing.count == 1 ? "it" : "them")."
                )
            )
        }
        if query.form == nil {
            let offered = Set(asked.fields.map(\.name))
            let extra = (query.fields.map(\.name).filter { !offered.contains($0) && $0 != "key" } + query.unknown).map {
                $0.shown(limit: 40)
            }
            if !extra.isEmpty {
                findings.append(.note("the client sends \(extra.listed()), which the server did not ask for."))
            }
        }
        if query.hasKey {
            findings.append(.note("<key/> is an obsolete transaction key, kept only for very old software."))
        }
        return findings
    }

    private static func wanted(_ asked: RegistrationQuery, answeredByForm: Bool) -> [String] {
        if answeredByForm, let form = asked.form { return form.questions.filter(\.isRequired).map(\.name) }
        // In plain fields the server has no way to say "optional": all of them are asked for (XEP-0077 section 3.1).
        return asked.fields.map(\.name).filter { $0 != "key" }
    }
}
