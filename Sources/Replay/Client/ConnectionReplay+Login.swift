import Conversation
import SASL
import XMLStream
import XMPP

extension ConnectionReplay {
    /// True for what belongs to a login on the server's side; the exchange of this run is another one.
    func isOfLogin(_ expected: RecordedPacket) -> Bool {
        guard let element = expected.element, [NS.sasl, NS.sasl2].contains(element.namespace) else { return false }
        return ["challenge", "success", "failure"].contains(element.name)
    }

    /// Begins a login in place of the recorded one, whose steps are passed over.
    mutating func beginLogin(_ packet: RecordedPacket, _ element: Element, _ run: inout ReplayRun) {
        let recorded = RecordedLogin(element, at: run.cursor, in: run.steps)
        run.passedOver.formUnion(recorded.steps)
        guard let mechanism = chooseMechanism(recorded, element.namespace, &run) else { return }
        let user = recorded.user ?? run.accounts.logins[number]
        let credentials = SASLCredentials(
            username: user.map(run.values.user) ?? "",
            password: password(for: recorded, &run),
            domain: run.values.domain(stream?.header?["from"] ?? run.accounts.domains.first ?? "")
        )
        guard var client = SASLClients.make(mechanism: mechanism, credentials: credentials) else {
            return abandon("stanzatap cannot log in by \(mechanism.shown(limit: 40))", &run)
        }
        do {
            let data = try client.start()
            let login = Login(
                mechanism: mechanism,
                client: client,
                recorded: recorded,
                namespace: element.namespace
            )
            stream?.negotiation = .login(login)
            run.summary.sent += 1
            let syntax = stream?.sentHeader?.syntax
            send(Login.opening(element, packet.bytes, syntax, mechanism: mechanism, data: data), &run)
        } catch {
            differ("\(recorded.told) in the recording / now: \(error)", of: .login(recorded), &run)
            abandon("this connection is not replayed any further", &run)
        }
    }

    private mutating func chooseMechanism(
        _ recorded: RecordedLogin,
        _ namespace: String,
        _ run: inout ReplayRun
    ) -> String? {
        let preferred = SCRAMMechanism.unbound(recorded.mechanism)
        guard let features = stream?.features else { return preferred }
        let list =
            namespace == NS.sasl2 ? features.child("authentication", NS.sasl2) : features.child("mechanisms", NS.sasl)
        let offered = (list?.children ?? []).filter { $0.name == "mechanism" }.map(\.trimmedText)
        let mayBeClear = isSecured || run.options.isNear || preferred == "PLAIN"
        let usable = offered.filter { mayBeClear || $0 != "PLAIN" }
        guard let best = SASLChoice.best(offered: usable, preferred: run.isScript ? nil : preferred) else {
            let list = offered.isEmpty ? "no mechanism" : offered.map { $0.shown(limit: 40) }.listed()
            differ(
                "recorded: login by \(preferred.shown(limit: 40)) / now: the server offers \(list)",
                of: .mechanism(recorded),
                &run
            )
            abandon("stanzatap cannot log in here", &run)
            return nil
        }
        if best != preferred, !run.isScript {
            let now = "the server does not offer it, so by \(best)"
            differ("recorded: login by \(preferred.shown(limit: 40)) / now: \(now)", of: .mechanism(recorded), &run)
        }
        return best
    }

    /// The password of a login: the user's, the recorded one, or one of the recording that fits the recorded proof.
    private func password(for login: RecordedLogin, _ run: inout ReplayRun) -> String {
        if let given = run.options.password { return given }
        if let recorded = login.password { return run.values.password(recorded) }
        let fitting = run.accounts.allPasswords.first { login.wasMade(with: $0) }
        if let fitting { return run.values.password(fitting) }
        if case .failure = login.outcome {
            note(
                "the recorded login failed with a password that the recording does not tell; a wrong one is sent",
                &run
            )
            return "a wrong password of stanzatap"
        }
        return login.user.flatMap { run.accounts.password(of: $0) }.map(run.values.password) ?? ""
    }

    /// True if the packet belongs to the login that goes on.
    mutating func isTaken(byLogin packet: RecordedPacket, _ run: inout ReplayRun) -> Bool {
        guard case .login(let login)? = stream?.negotiation, let element = packet.element,
            element.namespace == login.namespace
        else { return false }
        switch element.name {
        case "challenge": challenged(login, element, &run)
        case "success": succeeded(login, element, &run)
        case "failure":
            stream?.negotiation = nil
            ended(login, .failure(condition: element.errorCondition ?? "no condition"), &run)
        default: return false
        }
        return true
    }

    private mutating func challenged(_ login: Login, _ element: Element, _ run: inout ReplayRun) {
        var login = login
        do {
            let data = SASLData(element.trimmedText, .strict)
            if data == .malformed { throw SASLError("the server's challenge is not base64") }
            send(login.response(try login.client.respond(to: data.bytes ?? [])), &run)
        } catch {
            login.problem = "\(error)"
            differ("\(login.recorded.told) in the recording / now: \(error)", of: .login(login.recorded), &run)
            say(login.abort, &run)
            countUnexpected(&run)
        }
        stream?.negotiation = .login(login)
    }

    private mutating func succeeded(_ login: Login, _ element: Element, _ run: inout ReplayRun) {
        stream?.negotiation = nil
        var client = login.client
        let carrier = login.namespace == NS.sasl2 ? element.child("additional-data") : element
        do {
            let data = SASLData(carrier?.trimmedText, .strict)
            if data == .malformed { throw SASLError("the data of the server's success is not base64") }
            try client.verify(success: data.isEmpty ? nil : data.bytes)
            isAnonymous = login.mechanism == "ANONYMOUS"
            if let recorded = login.recorded.identity, let now = element.child("authorization-identifier")?.trimmedText
            {
                learn(session: JID(recorded), JID(now), &run.values)
            }
            ended(login, .success, &run)
        } catch {
            differ("\(login.recorded.told) in the recording / now: \(error)", of: .login(login.recorded), &run)
            abandon("a client must not go on with a server that cannot prove that it knows the password", &run)
        }
    }

    /// Compares how a login ended. After one that should have succeeded nothing more can be replayed.
    private mutating func ended(_ login: Login, _ outcome: RecordedLogin.Outcome, _ run: inout ReplayRun) {
        if outcome == login.recorded.outcome || login.recorded.outcome == .none {
            run.passed(number, .login(login.recorded))
            return
        }
        guard case .failure(let condition) = outcome else {
            if login.problem == nil {
                differ("recorded: \(login.recorded.told) / now: the login succeeds", of: .login(login.recorded), &run)
            }
            return
        }
        if login.problem == nil {
            differ(
                "recorded: \(login.recorded.told) / now: the login fails (\(condition))",
                of: .login(login.recorded),
                &run
            )
        }
        if login.recorded.outcome == .success {
            abandon("what the recorded client did after its login cannot be replayed", &run)
        }
    }
}
