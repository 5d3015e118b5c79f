import Session
import XMLStream
import XMPP

/// In-band registration (XEP-0077), step by step: what the client asks, what the server wants, and what became of it.
struct RegistrationExplainer {
    /// What the server asked for, by the address that it was asked of (empty for the account's own server).
    private var asked: [String: RegistrationQuery] = [:]

    mutating func explain(_ iq: Element, _ packet: Packet, _ conversation: inout Conversation) -> Telling {
        let query = iq.child("query", NS.register)
        switch (iq["type"], packet.direction) {
        case ("get", .clientToServer):
            return askedForFields(iq, conversation)
        case ("set", .clientToServer):
            guard let query else { return explainOtherIQ(iq, packet) }
            return submitted(iq, RegistrationQuery(query), packet, &conversation)
        case ("result", _):
            return answered(iq, query.map(RegistrationQuery.init), packet, &conversation)
        case ("error", _):
            return refused(iq, query.map(RegistrationQuery.init), packet, &conversation)
        default:
            return explainOtherIQ(iq, packet)
        }
    }

    // MARK: Step 1

    private func askedForFields(_ iq: Element, _ conversation: Conversation) -> Telling {
        if let service = service(iq["to"], conversation) {
            return Telling(
                "The client asks what it must fill in to register with \(service), which is not its own server."
            )
        }
        if conversation.isAuthenticated {
            return Telling("The client asks its server for its registration data.")
        }
        return Telling("Registration step 1 of 4: the client asks what it must fill in to register a new user.")
    }

    // MARK: Step 2

    private mutating func answered(
        _ iq: Element,
        _ query: RegistrationQuery?,
        _ packet: Packet,
        _ conversation: inout Conversation
    ) -> Telling {
        guard let request = packet.answers?.element else {
            return Telling("A registration answer to a request that was not seen.")
        }
        let use = use(of: request, conversation)
        if case .fields = use {
            guard let query else { return Telling("The server answers with an empty result: it asks for nothing.") }
            asked[service(request["to"], conversation) ?? ""] = query
            return fieldsArrived(query, service: service(request["to"], conversation), conversation)
        }
        settle(packet.answers, .succeeded, &conversation)
        return succeeded(use, request, &conversation)
    }

    private func fieldsArrived(_ query: RegistrationQuery, service: String?, _ conversation: Conversation)
        -> Telling
    {
        let who = service ?? "the server"
        let step = service == nil && !conversation.isAuthenticated ? "Registration step 2 of 4: " : ""
        func sentence(_ clause: String) -> String { step.isEmpty ? capitalized(clause) : step + clause }

        if query.isRegistered { return alreadyRegistered(query, sentence: sentence, who) }
        let says = query.instructions.map { ", and says: \($0.quoted())" } ?? ""
        if let form = query.form { return formArrived(form, query, sentence: sentence, who) }
        if let address = query.redirection, query.fields.isEmpty {
            let text = sentence(
                "\(who) does not register in band but sends the user to the web page \(address.quoted())"
            )
            return Telling("\(text)\(says). There is nothing to submit here.".collapsingStops)
        }
        let names = query.fields.map(\.name)
        let list = names.isEmpty ? "no fields at all" : names.listed()
        let alternative = query.redirection.map { " It can also be done on the web page \($0.quoted())." } ?? ""
        return Telling(
            sentence("\(who) asks for \(list)\(says).").collapsingStops + alternative,
            keyFindings(query)
        )
    }

    private func alreadyRegistered(
        _ query: RegistrationQuery,
        sentence: (String) -> String,
        _ who: String
    ) -> Telling {
        let values = query.fields.filter { !$0.value.isEmpty }.map(\.name)
        let name = query.value("username").flatMap { $0.isEmpty ? nil : " as \($0.shown(limit: 100))" } ?? ""
        let list = values.isEmpty ? "" : " It sends the current values of \(values.listed())."
        var findings: [Finding] = []
        if query.fields.contains(where: { $0.name == "password" && !$0.value.isEmpty }) {
            findings.append(.warning("the server sends the password back; anyone who sees this packet knows it."))
        } else if !values.isEmpty {
            findings.append(.note("these values are personal data."))
        }
        return Telling(sentence("\(who) says that this user is registered already\(name).") + list, findings)
    }

    private func formArrived(
        _ form: DataForm,
        _ query: RegistrationQuery,
        sentence: (String) -> String,
        _ who: String
    ) -> Telling {
        let questions = form.questions.map { $0.name.shown(limit: 40) + ($0.isRequired ? " (required)" : "") }
        var text = sentence("\(who) sends a form that asks for \(questions.isEmpty ? "nothing" : questions.listed()).")
        if let words = form.instructions ?? query.instructions, !words.isEmpty {
            text += " It says: \(words.quoted())."
        }
        if !query.fields.isEmpty {
            text +=
                " The plain fields \(query.fields.map(\.name).listed()) are there for older clients; the form takes precedence."
        }
        if let address = query.redirection { text += " It can also be done on the web page \(address.quoted())." }
        if form.isCaptcha { text += " It contains a CAPTCHA, to be solved by a human being (XEP-0158)." }
        var findings = keyFindings(query)
        if form.formType == NS.captcha {
            findings.append(
                .warning("the FORM_TYPE is \(NS.captcha), but must be \(NS.register) in a registration (XEP-0158).")
            )
        }
        if form.type != "form" {
            findings.append(
                .warning("the form's type is \((form.type ?? "missing").quoted()), but must be \"form\" (XEP-0004).")
            )
        }
        return Telling(text.collapsingStops, findings)
    }

    // MARK: Step 3

    private mutating func submitted(
        _ iq: Element,
        _ query: RegistrationQuery,
        _ packet: Packet,
        _ conversation: inout Conversation
    ) -> Telling {
        let use = use(of: iq, conversation)
        let name = query.value("username") ?? ""
        let text: String
        switch use {
        case .fields:
            text = "The client sends registration data."
        case .account:
            text =
                "Registration step 3 of 4: the client sends what the server asked for, to register the user \(name.isEmpty ? "with an empty name" : name.shown(limit: 100))."
            conversation.outcomes.append(
                Outcome(what: "Registration of \(conversation.account(name))", result: .pending)
            )
        case .service(let service):
            text =
                "The client registers with \(service), which is not its own server\(name.isEmpty ? "" : ", as \(name.shown(limit: 100))")."
            conversation.outcomes.append(Outcome(what: "Registration with \(service)", result: .pending))
        case .passwordChange:
            text =
                "The client is logged in and sends user name and password again: that changes the password of \(name.shown(limit: 100))."
            conversation.outcomes.append(
                Outcome(what: "Password change of \(conversation.account(name))", result: .pending)
            )
        case .removal:
            let whose = conversation.bareJID?.shown(limit: 100) ?? "the account that is logged in"
            text =
                service(iq["to"], conversation).map { "The client cancels its registration with \($0)." }
                ?? "The client asks to remove \(conversation.bareJID == nil ? "its account" : "the account \(whose)") from the server."
            let what =
                service(iq["to"], conversation).map { "Removal of the registration with \($0)" }
                ?? "Removal of \(whose)"
            conversation.outcomes.append(Outcome(what: what, result: .pending))
        }
        let known = asked[service(iq["to"], conversation) ?? ""]
        return Telling(text, RegistrationFindings.ofSet(iq, query, use, asked: known, conversation))
    }

    // MARK: Step 4

    private func succeeded(_ use: RegistrationUse, _ request: Element, _ conversation: inout Conversation)
        -> Telling
    {
        let name = request.child("query", NS.register).map(RegistrationQuery.init)?.value("username") ?? ""
        switch use {
        case .fields: return Telling("The server answers.")
        case .account:
            return Telling(
                "Registration step 4 of 4: the server confirms that \(conversation.account(name)) now exists. The client can log in."
            )
        case .service(let service): return Telling("\(service) confirms the registration.")
        case .passwordChange:
            return Telling("The server confirms that the password of \(conversation.account(name)) is changed.")
        case .removal:
            return Telling(
                "The server confirms that the account \(conversation.bareJID?.shown(limit: 100) ?? "") is removed. It will now end the account's sessions."
                    .collapsingBlanks
            )
        }
    }

    private mutating func refused(
        _ iq: Element,
        _ echoed: RegistrationQuery?,
        _ packet: Packet,
        _ conversation: inout Conversation
    ) -> Telling {
        guard let error = StanzaError(of: iq) else { return Telling("An error without <error/>.") }
        let request = packet.answers?.element
        let use = request.map { self.use(of: $0, conversation) } ?? .fields
        let refusal = RegistrationRefusal.of(error.known, use, isEncrypted: conversation.isEncrypted)
        settle(
            packet.answers,
            .failed(why: "\(refusal.why) (\(error.condition.shown(limit: 60)))", remedy: refusal.remedy),
            &conversation
        )

        var findings = error.findings
        if let form = echoed?.form {
            asked[service(request?["to"], conversation) ?? ""] = echoed
            let questions = form.questions.map { $0.name.shown(limit: 40) }
            findings.append(
                .note(
                    "the error carries a form that asks for more: \(questions.isEmpty ? "nothing" : questions.listed())."
                )
            )
        } else if let echoed, echoed.fields.contains(where: { $0.name == "password" && !$0.value.isEmpty }) {
            findings.append(.warning("the server echoes the password in its error (XEP-0077 section 3.3 says not to)."))
        }
        if use == .fields, conversation.outcomes.last?.result != .pending, request != nil {
            conversation.outcomes.append(
                Outcome(
                    what: "Registration",
                    result: .failed(why: "\(refusal.why) (\(error.condition.shown(limit: 60)))", remedy: refusal.remedy)
                )
            )
        }
        let text =
            "\(title(use, conversation)) refused: \(refusal.why) (\(error.condition.shown(limit: 60))).\(error.says) \(refusal.remedy)"
        return Telling(text.collapsingStops, findings)
    }

    private func title(_ use: RegistrationUse, _ conversation: Conversation) -> String {
        switch use {
        case .fields: conversation.isAuthenticated ? "Request for registration data" : "Registration"
        case .account: "Registration"
        case .service(let name): "Registration with \(name)"
        case .passwordChange: "Password change"
        case .removal: "Removal"
        }
    }

    // MARK: What a request is for

    /// A get asks for fields. A set removes, changes a password, or registers, with the server or a service behind it.
    private func use(of request: Element, _ conversation: Conversation) -> RegistrationUse {
        guard request["type"] == "set", let element = request.child("query", NS.register) else { return .fields }
        let query = RegistrationQuery(element)
        if query.isRemoval || query.form?.formType == NS.register + ":cancel" { return .removal }
        if query.form?.type == "cancel" { return .fields }
        if let service = service(request["to"], conversation) { return .service(service) }
        if conversation.isAuthenticated || query.form?.formType == NS.register + ":changepassword" {
            return .passwordChange
        }
        return .account
    }

    /// The service that an iq is addressed to, if that is not the account's own server.
    private func service(_ to: String?, _ conversation: Conversation) -> String? {
        guard let to, !to.isEmpty, let domain = conversation.domain else { return nil }
        if to.lowercased() == domain.lowercased() { return nil }
        if let own = conversation.bareJID, JID(to).bare.lowercased() == own.lowercased() { return nil }
        return to.shown(limit: 100)
    }

    private func settle(_ request: Request?, _ result: Outcome.Result, _ conversation: inout Conversation) {
        guard request != nil, let index = conversation.outcomes.lastIndex(where: { $0.result == .pending }) else {
            return
        }
        if request?.element["type"] == "get" { return }
        conversation.outcomes[index].result = result
    }

    private func keyFindings(_ query: RegistrationQuery) -> [Finding] {
        query.hasKey ? [.note("<key/> is an obsolete transaction key, kept only for very old software.")] : []
    }
}
