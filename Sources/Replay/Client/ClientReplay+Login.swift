import Conversation
import SASL
import XMLStream
import XMPP

extension ClientReplay {
    /// True for what belongs to a login on the server's side; the exchange of this run is another one.
    func isOfLogin(_ expected: RecordedPacket) -> Bool {
        guard let element = expected.element, [NS.sasl, NS.sasl2].contains(element.namespace) else { return false }
        return ["challenge", "success", "failure"].contains(element.name)
    }

    /// Begins a login in place of the recorded one, whose steps are passed over.
    mutating func beginLogin(_ packet: RecordedPacket, _ element: Element, _ connection: Int) -> Progress {
        let recorded = RecordedLogin(element, at: cursor, in: steps)
        passedOver.formUnion(recorded.steps)
        guard let mechanism = chooseMechanism(recorded, element.namespace, connection) else { return .done }
        let user = recorded.user.map(values.user) ?? accounts.logins[connection].map(values.user) ?? ""
        let domain = values.domain(connections[connection]?.header?["from"] ?? accounts.domains.first ?? "")
        let credentials = SASLCredentials(
            username: user,
            password: password(for: recorded, connection),
            domain: domain
        )
        guard var client = SASLClients.make(mechanism: mechanism, credentials: credentials) else {
            abandon(connection, "stanzatap cannot log in by \(mechanism.shown(limit: 40))")
            return .done
        }
        do {
            let data = try client.start()
            connections[connection]?.login = Login(client: client, recorded: recorded, namespace: element.namespace)
            summary.sent += 1
            let syntax = connections[connection]?.syntax
            send(Login.opening(element, packet.bytes, syntax, mechanism: mechanism, data: data), connection)
        } catch {
            differ(connection, "\(recorded.told) in the recording / now: \(error)")
            abandon(connection, "this connection is not replayed any further")
        }
        return .done
    }

    private mutating func chooseMechanism(_ recorded: RecordedLogin, _ namespace: String, _ connection: Int) -> String?
    {
        let bound = recorded.mechanism.hasSuffix("-PLUS")
        let preferred = bound ? String(recorded.mechanism.dropLast("-PLUS".count)) : recorded.mechanism
        guard let live = connections[connection], let features = live.features else { return preferred }
        let list =
            namespace == NS.sasl2 ? features.child("authentication", NS.sasl2) : features.child("mechanisms", NS.sasl)
        let offered = (list?.children ?? []).filter { $0.name == "mechanism" }.map(\.trimmedText)
        let mayBeClear = live.isSecured || options.isNear || preferred == "PLAIN"
        let usable = offered.filter { mayBeClear || $0 != "PLAIN" }
        guard let best = SASLChoice.best(offered: usable, preferred: isScript ? nil : preferred) else {
            let list = offered.isEmpty ? "no mechanism" : offered.map { $0.shown(limit: 40) }.listed()
            differ(connection, "recorded: login by \(preferred.shown(limit: 40)) / now: the server offers \(list)")
            abandon(connection, "stanzatap cannot log in here")
            return nil
        }
        if best != preferred, !isScript {
            differ(
                connection,
                "recorded: login by \(preferred.shown(limit: 40)) / now: the server does not offer it, so by \(best)"
            )
        }
        return best
    }

    /// Who logs in in a recording that does not tell their passwords.
    public static func usersWithoutPassword(in conversation: RecordedConversation) -> [String] {
        let accounts = RecordedAccounts(conversation)
        return conversation.steps.indices.compactMap { index in
            guard case .packet(let packet) = conversation.steps[index].event, let element = packet.element,
                element.is("auth", NS.sasl) || element.is("authenticate", NS.sasl2)
            else { return nil }
            let login = RecordedLogin(element, at: index, in: conversation.steps)
            guard login.outcome == .success, let user = login.user, login.password == nil else { return nil }
            return accounts.password(of: user) == nil ? user : nil
        }
    }

    /// The password of a login: the user's, the recorded one, or one of the recording that fits the recorded proof.
    private mutating func password(for login: RecordedLogin, _ connection: Int) -> String {
        if let given = options.password { return given }
        if let recorded = login.password { return values.password(recorded) }
        let fitting = accounts.allPasswords.first { login.wasMade(with: $0) }
        if let fitting { return values.password(fitting) }
        if case .failure = login.outcome {
            actions.append(
                .note(
                    connection,
                    "the recorded login failed with a password that the recording does not tell; a wrong one is sent"
                )
            )
            return "a wrong password of stanzatap"
        }
        return login.user.flatMap { accounts.password(of: $0) }.map(values.password) ?? ""
    }

    /// True if the packet belongs to the login that goes on.
    mutating func isTaken(byLogin packet: RecordedPacket, _ connection: Int) -> Bool {
        guard var login = connections[connection]?.login, let element = packet.element,
            element.namespace == login.namespace
        else { return false }
        switch element.name {
        case "challenge":
            challenged(&login, element, connection)
            connections[connection]?.login = login
        case "success":
            succeeded(&login, element, connection)
        case "failure":
            connections[connection]?.login = nil
            ended(login, .failure(condition: element.errorCondition ?? "no condition"), packet, connection)
        default:
            return false
        }
        return true
    }

    private mutating func challenged(_ login: inout Login, _ element: Element, _ connection: Int) {
        do {
            let data = SASLData(element.trimmedText, .strict)
            if data == .malformed { throw SASLError("the server's challenge is not base64") }
            send(login.response(try login.client.respond(to: data.bytes ?? [])), connection)
        } catch {
            login.problem = "\(error)"
            differ(connection, "\(login.recorded.told) in the recording / now: \(error)")
            send(login.abort, connection)
        }
    }

    private mutating func succeeded(_ login: inout Login, _ element: Element, _ connection: Int) {
        connections[connection]?.login = nil
        let text = login.namespace == NS.sasl2 ? element.child("additional-data")?.trimmedText : element.trimmedText
        do {
            let data = SASLData(text, .strict)
            if data == .malformed { throw SASLError("the data of the server's success is not base64") }
            try login.client.verify(success: data.isEmpty ? nil : data.bytes)
            ended(login, .success, nil, connection)
        } catch {
            differ(connection, "\(login.recorded.told) in the recording / now: \(error)")
            abandon(connection, "a client must not go on with a server that cannot prove that it knows the password")
        }
    }

    /// Compares how a login ended. After one that should have succeeded nothing more can be replayed.
    private mutating func ended(
        _ login: Login,
        _ outcome: RecordedLogin.Outcome,
        _ packet: RecordedPacket?,
        _ connection: Int
    ) {
        if outcome == login.recorded.outcome || login.recorded.outcome == .none {
            summary.asRecorded += 1
            return
        }
        if login.problem == nil {
            let now: String =
                if case .failure(let condition) = outcome { "the login fails (\(condition))" } else {
                    "the login succeeds"
                }
            differ(connection, "recorded: \(login.recorded.told) / now: \(now)")
        }
        if case .failure = outcome, login.recorded.outcome == .success {
            abandon(connection, "what the recorded client did after its login cannot be replayed")
        }
    }
}
