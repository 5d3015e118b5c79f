import Conversation
import SASL
import XMLStream
import XMPP

extension ServerSession {
    mutating func logIn(_ element: Element) {
        switch element.name {
        case _ where requiresTLS && ["auth", "authenticate"].contains(element.name): refuseInTheClear()
        case "auth", "authenticate":
            loginNamespace = element.namespace
            claimedUser = nil
            let mechanism = element["mechanism"] ?? ""
            login = SASLServers.make(mechanism: mechanism, domain: domain)
            guard login != nil else {
                differ("recorded: other mechanisms / now: the client logs in by \(mechanism.shown(limit: 40))")
                return refuse(.invalidMechanism)
            }
            let carrier = element.namespace == NS.sasl2 ? element.child("initial-response") : element
            continueLogin(carrier?.trimmedText, isFirst: true)
        case "response": continueLogin(element.trimmedText, isFirst: false)
        case "abort":
            login = nil
            refuse(.aborted)
        default: differ("recorded: nothing of the kind / now: \(element.summary)")
        }
    }

    private mutating func continueLogin(_ text: String?, isFirst: Bool) {
        guard var server = login else {
            differ("recorded: nothing of the kind / now: a <response> without a login")
            return refuse(.malformedRequest)
        }
        let message: [UInt8]?
        switch SASLData(text, .strict) {
        case .absent: message = isFirst ? nil : []
        case .bytes(let bytes, _): message = bytes
        case .malformed: return refuse(.incorrectEncoding)
        }
        var claimed = claimedUser
        let accounts = script.accounts
        let step = server.receive(message) { user in
            claimed = user
            return accounts.password(of: user)
        }
        (login, claimedUser) = (server, claimed)
        switch step {
        case .challenge(let data): send("<challenge xmlns='\(loginNamespace)'>\(Base64.encode(data))</challenge>")
        case .failure(.notAuthorized) where claimed.map(accounts.canCheck) == false: refuseUnknown(claimed ?? "")
        case .failure(let condition): refuse(condition)
        case .success(let user, let data): succeed(user, data)
        }
    }

    /// Nobody knows whether the password was right, so nobody is told that it was wrong.
    private mutating func refuseUnknown(_ user: String) {
        login = nil
        let name = user.shown(limit: 60)
        let setting = script.server.accounts.users.contains(user) ? name : "password"
        differ(
            "stanzatap does not know the password of \(name), so this login cannot be checked; tell it by --set \(setting)=…"
        )
        guard !hasClosed else { return }
        let namespace = loginNamespace == NS.sasl ? "" : " xmlns='\(NS.sasl)'"
        let text = "stanzatap plays a recorded server and does not know this password"
        send(
            "<failure xmlns='\(loginNamespace)'><\(SASLFailure.temporaryAuthFailure.rawValue)\(namespace)/>"
                + "<text\(namespace) xml:lang='en'>\(text)</text></failure>"
        )
    }

    /// What the recorded server said to a login that failed, or the plain condition.
    private mutating func refuse(_ condition: SASLFailure) {
        login = nil
        let recorded = script.server.loginFailures.first { $0.element?.errorCondition == condition.rawValue }
        if let recorded { return send(recorded) }
        // The conditions of SASL2 are those of SASL (XEP-0388).
        let namespace = loginNamespace == NS.sasl ? "" : " xmlns='\(NS.sasl)'"
        send("<failure xmlns='\(loginNamespace)'><\(condition.rawValue)\(namespace)/></failure>")
    }

    private mutating func succeed(_ user: String?, _ data: [UInt8]?) {
        // A recording in which no login succeeds is of a server that lets nobody in.
        if !script.server.hasLoginSuccess, let failure = script.server.loginFailures.first {
            login = nil
            return send(failure)
        }
        login = nil
        stage.isLoggedIn = true
        self.user = user
        learn(user: user)
        // Guests get the names of the recorded ones as far as there are enough, or others would not find them.
        if user == nil { self.user = recordedSession?.local ?? SASLNonce.make().lowercased() }
        let text = data.map { Base64.encode($0) } ?? ""
        guard loginNamespace == NS.sasl2 else { return send("<success xmlns='\(NS.sasl)'>\(text)</success>") }
        let additional = text.isEmpty ? "" : "<additional-data>\(text)</additional-data>"
        let identity = XMLText.escaped(JID(local: self.user, domain: domain, resource: nil).description)
        send(
            "<success xmlns='\(NS.sasl2)'>\(additional)<authorization-identifier>\(identity)</authorization-identifier></success>"
        )
        send("<stream:features><bind xmlns='\(NS.bind)'/></stream:features>")
    }

    /// This client's name stands in place of the recorded one.
    mutating func learn(user: String?) {
        let users = script.server.accounts.users
        if let user {
            let first = script.server.exchanges.lazy.compactMap(\.user).first ?? users.first
            recordedUser = users.contains(user) ? user : first
            if let recordedUser, recordedUser != user { values.set(user: recordedUser, to: user) }
        }
        let logins = script.server.logins(of: recordedUser)
        // On this connection the recorded client left before its login was answered.
        let isLeft = recordedUser != nil && script.server.accounts.logins[matcher.likely] == recordedUser
        if isLeft, !logins.contains(matcher.likely) { return }
        guard let login = script.accounts.claim(of: logins, preferred: matcher.likely) else { return }
        matcher.likely = login.connection
        if login.isFirst { recordedSession = script.server.accounts.sessions[login.connection] }
    }
}
