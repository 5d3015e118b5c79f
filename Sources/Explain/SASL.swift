import SASL
import XMLStream
import XMPP

/// A login that is going on: its mechanism, and what its messages have told so far.
struct Login {
    /// The mechanism's name as the client gave it.
    let name: String
    var explainer: any MechanismExplainer
    /// Challenges so far.
    var rounds = 0
    var binding: ChannelBinding?
    /// Set if the server's hash of its offers will make the client give up.
    var hashSuspicion: Cause?
    /// The error that the mechanism itself reported.
    var reported: Cause?
    var blamesBinding = false
    var isAborted = false
    var hadMalformedData = false

    init(name: String) {
        self.name = name
        explainer = mechanismExplainer(name)
    }

    var shownName: String { name.isEmpty ? "an unnamed mechanism" : name.shown(limit: 40) }
}

/// Logging in by SASL (RFC 6120 section 6) and SASL2 (XEP-0388): who, by which mechanism, step by step, and how it ended.
struct SASLExplainer {
    private var login: Login?

    mutating func explain(_ element: Element, _ direction: Direction, _ conversation: inout Conversation) -> Telling {
        let isSASL2 = element.namespace == NS.sasl2
        switch (element.name, direction) {
        case ("auth", .clientToServer) where !isSASL2: return began(element, element.text, &conversation)
        case ("authenticate", .clientToServer) where isSASL2:
            return began(element, element.child("initial-response", NS.sasl2)?.text, &conversation)
        case ("challenge", .serverToClient): return challenged(element, &conversation)
        case ("response", .clientToServer): return responded(element, &conversation)
        case ("success", .serverToClient): return succeeded(element, &conversation)
        case ("failure", .serverToClient): return failed(element, &conversation)
        case ("abort", .clientToServer): return aborted(element)
        case ("continue", .serverToClient) where isSASL2: return continued(element, &conversation)
        case ("next", .clientToServer) where isSASL2, ("task-data", _) where isSASL2:
            return explainTask(element, direction)
        default: return explainUnknown(element, direction)
        }
    }

    // MARK: The client

    private mutating func began(
        _ element: Element,
        _ data: String?,
        _ conversation: inout Conversation
    ) -> Telling {
        var login = Login(name: element["mechanism"] ?? "")
        conversation.user = nil
        conversation.mechanism = login.shownName
        conversation.outcomes.append(Outcome(what: "Login by \(login.shownName)", result: .pending))
        let message = read(SASLData(data, .lenient), from: .client, &login, &conversation)
        let whom = message.user.map { " as \($0.isEmpty ? "(an empty name)" : $0.shown(limit: 100))" } ?? ""
        var sentences = ["The client logs in\(whom) by \(login.shownName)\(login.explainer.meaning)."]
        sentences += message.sentences
        var findings = choiceFindings(login, conversation) + message.findings
        if element.namespace == NS.sasl2 {
            let inline = explainInlineRequests(element)
            sentences += inline.sentences
            findings += inline.findings
        }
        self.login = login
        return Telling(sentences.joined(separator: " ").collapsingStops, findings)
    }

    /// What is to be said about the choice of the mechanism.
    private func choiceFindings(_ login: Login, _ conversation: Conversation) -> [Finding] {
        var findings: [Finding] = []
        let offered = conversation.offeredMechanisms
        if !offered.isEmpty, !offered.contains(login.name) {
            findings.append(.note("the server's list does not have that mechanism."))
        }
        if let secret = login.explainer.exposedSecret, !conversation.isEncrypted {
            findings.append(.warning("the \(secret) crosses the network unencrypted."))
        }
        return findings
    }

    private mutating func responded(_ element: Element, _ conversation: inout Conversation) -> Telling {
        var login = login ?? Login(name: "")
        let isNew = conversation.user == nil
        let data = SASLData(element.text, .lenient)
        let message = read(data, from: .client, &login, &conversation)
        let findings = self.login == nil ? [noLogin] + message.findings : message.findings
        if self.login != nil { self.login = login }
        let whom = isNew ? message.user.map { ", as \($0.shown(limit: 100))" } ?? "" : ""
        let nothing = data.isEmpty ? ", with nothing to add" : ""
        let sentences = ["The client answers the challenge\(whom)\(nothing)."] + message.sentences
        return Telling(sentences.joined(separator: " "), findings)
    }

    private mutating func aborted(_ element: Element) -> Telling {
        login?.isAborted = true
        let text = element.child("text")?.text ?? ""
        let says = text.isEmpty ? "" : " It says: \(text.quoted())."
        guard let suspicion = login?.hashSuspicion else {
            return Telling("The client gives up this login.\(says)".collapsingStops)
        }
        return Telling(
            "The client gives up this login.\(says)".collapsingStops,
            [.warning("\(suspicion.why). \(suspicion.remedy)")]
        )
    }

    // MARK: The server

    private mutating func challenged(_ element: Element, _ conversation: inout Conversation) -> Telling {
        guard var login else { return Telling("The server sends a challenge.", [noLogin]) }
        login.rounds += 1
        let data = SASLData(element.text, .lenient)
        let message = read(data, from: .server, &login, &conversation)
        self.login = login
        let nothing = data.isEmpty ? ", which is empty: it waits for the client" : ""
        let sentences = ["The server sends challenge \(login.rounds) of the \(login.shownName)\(nothing)."]
        return Telling((sentences + message.sentences).joined(separator: " "), message.findings)
    }

    private mutating func succeeded(_ element: Element, _ conversation: inout Conversation) -> Telling {
        let isSASL2 = element.namespace == NS.sasl2
        let data = isSASL2 ? element.child("additional-data", NS.sasl2)?.text : element.text
        let message = readSuccess(SASLData(data, .lenient), &conversation)
        conversation.isAuthenticated = true
        conversation.afterLogin = isSASL2 ? .streamGoesOn : .newStreamDue
        if let identifier = element.child("authorization-identifier", NS.sasl2)?.text {
            conversation.user = JID(identifier).bare
            if JID(identifier).resource != nil { conversation.boundJID = identifier }
        }
        conversation.updateLogin { $0.result = .succeeded }
        let who = conversation.bareJID.map { " as \($0.shown(limit: 100))" } ?? ""
        let inline = isSASL2 ? explainInlineAnswers(element, conversation) : InlineAccount()
        let stream =
            isSASL2
            ? "The stream goes on as it is (XEP-0388); new features follow." : "Both sides now open their streams anew."
        let sentences = ["The server accepts the login\(who)."] + message.sentences + inline.sentences + [stream]
        return Telling(sentences.joined(separator: " "), message.findings + inline.findings)
    }

    private mutating func readSuccess(_ data: SASLData, _ conversation: inout Conversation) -> MechanismMessage {
        guard var login else { return MechanismMessage() }
        self.login = nil
        var message = read(data, from: .server, &login, &conversation)
        if login.reported != nil {
            message.findings.append(.warning("a success that carries an error: the client must not go on."))
        } else {
            message.findings += login.explainer.doubtsAboutSuccess()
        }
        return message
    }

    private mutating func continued(_ element: Element, _ conversation: inout Conversation) -> Telling {
        var message = MechanismMessage()
        if var login {
            let data = element.child("additional-data", NS.sasl2)?.text
            message = read(SASLData(data, .lenient), from: .server, &login, &conversation)
            self.login = login
        }
        let explanation = explainContinue(element)
        let sentences = [explanation.text] + message.sentences
        return Telling(sentences.joined(separator: " ").collapsingStops, explanation.findings + message.findings)
    }

    private mutating func failed(_ element: Element, _ conversation: inout Conversation) -> Telling {
        var failed = login ?? Login(name: "")
        login = nil
        let data = SASLData(element.child("additional-data")?.text, .lenient)
        let message = read(data, from: .server, &failed, &conversation)
        let children = element.children.filter { $0.name != "text" && $0.name != "additional-data" }
        let condition = children.first { $0.namespace == NS.sasl } ?? children.first
        let name = condition?.name.shown(limit: 60) ?? "no condition"
        let text = element.child("text")?.text ?? ""
        let (cause, isBinding) = cause(of: condition, says: text, failed, conversation)
        conversation.updateLogin { $0.result = .failed(why: "\(cause.why) (\(name))", remedy: cause.remedy) }
        var sentences = ["The server refuses the login\(isBinding ? "" : ": \(cause.why)") (\(name))."]
        if !text.isEmpty { sentences.append("It says: \(text.quoted()).") }
        for other in children.prefix(10) where other != condition {
            sentences.append("More precisely: \(other.name.shown(limit: 60)) (\(protocolName(other.namespace))).")
        }
        if !isBinding, !cause.remedy.isEmpty { sentences.append(cause.remedy) }
        sentences += message.sentences
        // The doctor's findings are long: they stand on lines of their own.
        let findings: [Finding] = isBinding ? [.warning("\(cause.why). \(cause.remedy)")] : []
        return Telling(sentences.joined(separator: " ").collapsingStops, message.findings + findings)
    }

    /// Why the login failed, and whether channel binding is to blame.
    private func cause(
        of condition: Element?,
        says text: String,
        _ login: Login,
        _ conversation: Conversation
    ) -> (Cause, isBinding: Bool) {
        let known = condition.flatMap { SASLFailure(rawValue: $0.name) }
        if let cause = ChannelBindingDoctor.examineFailure(known, says: text, of: login, in: conversation) {
            return (cause, true)
        }
        if let known { return (causeOfRefusal(known, of: login, in: conversation), false) }
        return (login.reported ?? Cause(why: "a condition that RFC 6120 does not define", remedy: ""), false)
    }

    // MARK: Both

    private var blanksInData: Finding {
        .warning("blanks or line breaks stand in the base64; who goes by RFC 6120 section 13.9.1 refuses that.")
    }

    private var noLogin: Finding { .note("no login is going on that this could belong to.") }

    /// What the mechanism makes of the data, and what that means for the login.
    private func read(
        _ data: SASLData,
        from sender: Side,
        _ login: inout Login,
        _ conversation: inout Conversation
    ) -> MechanismMessage {
        switch data {
        case .absent: return MechanismMessage()
        case .malformed:
            login.hadMalformedData = true
            return MechanismMessage([], [.warning("the data is not valid base64 (RFC 4648 section 4).")])
        case .bytes(let bytes, let hasBlanks):
            var message = login.explainer.read(bytes, from: sender, in: conversation)
            if hasBlanks { message.findings.insert(blanksInData, at: 0) }
            if let user = message.user { conversation.logsIn(user, by: login.shownName) }
            if let error = message.error { login.reported = error }
            if message.blamesBinding { login.blamesBinding = true }
            examineBinding(&message, &login, &conversation)
            return message
        }
    }

    private func examineBinding(
        _ message: inout MechanismMessage,
        _ login: inout Login,
        _ conversation: inout Conversation
    ) {
        if let binding = message.binding {
            login.binding = binding
            if let (cause, severity) = ChannelBindingDoctor.examine(binding, in: conversation) {
                message.findings.append(Finding(severity, "\(cause.why). \(cause.remedy)"))
                conversation.updateLogin { $0.suspicion = cause }
            }
        }
        if let letter = message.hashOfOffers,
            let cause = ChannelBindingDoctor.examineHash(letter, after: login.binding, in: conversation)
        {
            message.findings.append(.warning("\(cause.why). \(cause.remedy)"))
            login.hashSuspicion = cause
            conversation.updateLogin { $0.suspicion = cause }
        }
    }
}

extension Conversation {
    /// The login that is going on, in the list of what happened.
    fileprivate mutating func updateLogin(_ change: (inout Outcome) -> Void) {
        if let index = outcomes.lastIndex(where: { $0.result == .pending && $0.what.hasPrefix("Login") }) {
            change(&outcomes[index])
        }
    }

    fileprivate mutating func logsIn(_ user: String, by mechanism: String) {
        self.user = user
        let account = user.contains("@") ? user.shown(limit: 100) : account(user)
        let what = "Login as \(account) by \(mechanism)"
        updateLogin { $0.what = what }
    }
}
