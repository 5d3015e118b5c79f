import Conversation
import SASL
import XMLStream
import XMPP

extension ServerSession {
    /// Answers a stanza or nonza as the recorded server did.
    mutating func answer(_ element: Element) {
        if element.isAcknowledgement { return acknowledge(element) }
        if element.name == "iq", element.isAnswer { return }
        if element.isManagement("resume"), !resume(element) { return }
        let registration = Registration(element)
        guard let index = matcher.take(element, by: asker, wants: wish(registration)) else { return refuse(element) }
        let exchange = matcher.exchanges[index]
        guard let recorded = exchange.element else { return refuse(element) }
        if exchange.place.stage.isSecured, requiresTLS { return refuseInTheClear() }
        actions.append(.plays(exchange: index))
        tellDepartures(element, recorded, exchange)
        guard !hasClosed else { return }
        learn(from: exchange, recorded, element, registration)
        play(exchange, recorded, element)
        apply(registration, exchange)
    }

    private var ownJID: JID? { jid ?? user.map { JID(local: $0, domain: domain, resource: nil) } }

    private var asker: RequestMatcher.Asker {
        RequestMatcher.Asker(place: place, own: ownJID, user: recordedUser, values: values)
    }

    private mutating func acknowledge(_ element: Element) {
        guard element.name == "r" else { return }
        send("<a xmlns='\(XMLText.escaped(element.namespace))' h='\(countedStanzas ?? 0)'/>")
    }

    /// Goes on with a session of this run, or says that there is none such; false if all is said.
    private mutating func resume(_ element: Element) -> Bool {
        guard let id = element["previd"], let session = script.accounts.managed(id, of: user) else {
            send(failed(element, "item-not-found"))
            return false
        }
        (jid, managedID, countedStanzas) = (session.jid, id, session.count)
        return true
    }

    /// What was never recorded: an error for requests and in rooms, silence for the rest.
    private mutating func refuse(_ element: Element) {
        let others = matcher.others(like: element, by: asker)
        if others.isEmpty {
            differ("recorded: nothing of the kind / now: \(element.summary)")
        } else {
            let shown = others.prefix(4) + (others.count > 4 ? ["\(others.count - 4) more"] : [])
            let target = RequestMatcher.target(element)
            differ("recorded: \(element.summary) to \(Array(shown).listed()) only / now: to \(target)")
        }
        if !hasClosed, let answer = answerToOffer(element) { return send(answer) }
        guard !hasClosed, expectsAnswer(element) else { return }
        let id = element["id"].map { " id='\(XMLText.escaped($0))'" } ?? ""
        let from = element["to"].map { " from='\(XMLText.escaped($0))'" } ?? ""
        let error = "<error type='cancel'><service-unavailable xmlns='\(NS.stanzaErrors)'/></error>"
        send("<\(element.name) type='error'\(id)\(from)>\(error)</\(element.name)>")
    }

    /// Requests, and what is said to a room that nobody knows.
    private func expectsAnswer(_ element: Element) -> Bool {
        guard element.namespace == NS.client else { return false }
        switch element.name {
        case "iq": return element["type"] == "get" || element["type"] == "set"
        case "presence": return element["type"] == nil && element.child("x", NS.muc) != nil
        case "message": return element["type"] == "groupchat"
        default: return false
        }
    }

    /// What the recorded features offer and the recorded client never asked for: a client of another make may not go on
    /// without it.
    private mutating func answerToOffer(_ element: Element) -> String? {
        let id = element["id"].map { " id='\(XMLText.escaped($0))'" } ?? ""
        if element.child("session", NS.session) != nil { return "<iq type='result'\(id)/>" }
        if let bind = element.child("bind", NS.bind) {
            let resource = bind.child("resource")?.trimmedText ?? SASLNonce.make()
            let own = JID(local: user, domain: domain, resource: resource)
            jid = own
            let content = "<bind xmlns='\(NS.bind)'><jid>\(XMLText.escaped(own.description))</jid></bind>"
            return "<iq type='result'\(id)>\(content)</iq>"
        }
        guard element.namespace.hasPrefix("urn:xmpp:sm:"), ["enable", "resume"].contains(element.name) else {
            return nil
        }
        let condition = element.name == "enable" ? "feature-not-implemented" : "item-not-found"
        return failed(element, condition)
    }

    /// What is asked of stream management is not to be had (XEP-0198 section 3).
    private func failed(_ element: Element, _ condition: String) -> String {
        let namespace = XMLText.escaped(element.namespace)
        return "<failed xmlns='\(namespace)'><\(condition) xmlns='\(NS.stanzaErrors)'/></failed>"
    }

    /// What a client of another make does otherwise is told only where it changes the meaning.
    private mutating func tellDepartures(_ element: Element, _ recorded: Element, _ exchange: RecordedExchange) {
        let name = exchange.request.name
        if element.name == "iq", element["id"] == nil, recorded["id"] != nil {
            differ("\(name) of the recording: recorded: an id / now: none, so nothing can answer it")
        }
        if stage.isLoggedIn, exchange.place.stage.isLoggedIn, exchange.user != recordedUser, element.name == "iq" {
            func told(_ user: String?) -> String { user.map { $0.shown(limit: 60) } ?? "a guest" }
            let now = "\(told(user)), who gets the same answer"
            differ("\(name) of the recording: recorded: asked by \(told(exchange.user)) only / now: by \(now)")
        }
        let map = values
        let own = ownJID
        let result = PacketComparison.compare(recorded: recorded, now: element, rules: script.rules) { value in
            // The client's own resource, and the address that it has in this run.
            let mapped = map.value(value)
            return JID(mapped).bare == own?.bare ? own?.description ?? mapped : mapped
        }
        let differences = result.differences.filter { !isOwnChoice($0) }
        guard !differences.isEmpty else { return }
        let list = differences.prefix(4).map(\.description).joined(separator: "; ")
        differ("it differs from \(name) of the recording: \(list)")
    }

    /// To whom a stanza goes and which capabilities a client tells are its own affair.
    private func isOwnChoice(_ difference: Difference) -> Bool {
        // What arrived at a client is its own count.
        if difference.path.hasPrefix("presence/c/") || difference.path == "resume/@h" { return true }
        guard difference.path.hasSuffix("/@to") || difference.path.hasSuffix("/@from") else { return false }
        return difference.now != "nothing"
    }

    // MARK: Registrations (XEP-0077)

    /// A name that is taken gets the recorded refusal, a free one the recorded success, if there is one of each.
    private func wish(_ registration: Registration?) -> ((RecordedExchange) -> Bool)? {
        guard let registration, registration.isSubmission, !stage.isLoggedIn else { return nil }
        let isTaken = registration.user.map(script.accounts.isTaken) ?? false
        return { exchange in
            let condition = exchange.answers.lazy.compactMap(\.element).first { $0.isAnswer }?.errorCondition
            return isTaken ? condition == "conflict" : condition != "conflict"
        }
    }

    private mutating func apply(_ registration: Registration?, _ exchange: RecordedExchange) {
        let succeeded = exchange.answers.contains { $0.element?.name == "iq" && $0.element?["type"] == "result" }
        guard let registration, succeeded else { return }
        if registration.isRemoval, let user { script.accounts.remove(user) }
        if let user = registration.user ?? (stage.isLoggedIn ? self.user : nil), let password = registration.password {
            script.accounts.register(user, password: password)
        }
    }

    /// The values of the request take the places of the recorded ones in the answers.
    private mutating func learn(
        from exchange: RecordedExchange,
        _ recorded: Element,
        _ now: Element,
        _ registration: Registration?
    ) {
        if let old = Registration(recorded)?.user, let new = registration?.user, old != new,
            !script.server.accounts.users.contains(new)
        {
            values.set(user: old, to: new)
        }
        if let bind = now.child("bind", NS.bind) {
            let resource = bind.child("resource")?.trimmedText
            let chosen = recordedSession?.resource ?? SASLNonce.make()
            jid = JID(local: user, domain: domain, resource: resource ?? chosen)
            learnSession(exchange)
        }
        // The place in a room, under the nickname of this client.
        if now.name == "presence", let old = recorded["to"].map({ JID($0) }), let new = now["to"].map({ JID($0) }),
            old.resource != nil, new.resource != nil, values.jid(old).bare == new.bare
        {
            values.set(session: old, to: new)
        }
        if now.isManagement("enable") { countedStanzas = 0 }
    }

    /// The sessions of the recorded user are this one now, whichever of them answers come from.
    private mutating func learnSession(_ exchange: RecordedExchange) {
        guard let jid else { return }
        let accounts = script.server.accounts
        let connections = recordedUser == nil ? [matcher.likely] : script.server.logins(of: recordedUser)
        for session in connections.compactMap({ accounts.sessions[$0] }) { values.set(session: session, to: jid) }
        if let session = exchange.session, exchange.user == recordedUser { values.set(session: session, to: jid) }
    }

    // MARK: Playing

    private mutating func play(_ exchange: RecordedExchange, _ recorded: Element, _ now: Element) {
        var map = values
        if let jid, let session = exchange.session { map.set(session: session, to: jid) }
        let pairs = ValuePairs.pairs(recorded, now)
        for answer in exchange.answers where !hasClosed {
            if answer.element?.isManagement("enabled") == true { beginManaging() }
            send(
                answer,
                as: ValueRewriter.rewrite(answer.receivedBytes) { value in
                    if value.slot.depth == 1, value.slot.attribute == "id", value.text == recorded["id"] {
                        return now["id"]
                    }
                    if let own = managed(value, in: answer) ?? pair(value, pairs) { return own }
                    if value.slot.depth == 1, value.slot.attribute == "id" { return nil }
                    return map.value(value.text, at: value.slot)
                }
            )
        }
        guard
            exchange.endsConnection || exchange.answers.contains(where: { $0.element?.is("error", NS.streams) == true })
        else { return }
        guard !hasClosed else { return }
        sendEnd()
        close()
    }

    /// A value of the request that stands in the answer too.
    private func pair(_ value: ValueRewriter.Value, _ pairs: [String: String]) -> String? {
        guard let attribute = value.slot.attribute else { return pairs[value.text] }
        return ValuePairs.identifiers.contains(attribute) ? pairs[value.text] : nil
    }

    // MARK: Stream management (XEP-0198)

    private mutating func beginManaging() {
        managedID = SASLNonce.make()
        countManaged()
    }

    /// Keeps how many stanzas came, for when the session is resumed.
    func countManaged() {
        guard let managedID, let countedStanzas else { return }
        script.accounts.keep(managedID, ServerAccounts.ManagedSession(user: user, jid: jid, count: countedStanzas))
    }

    /// The id of the session and the count of its stanzas, which are those of this run.
    private func managed(_ value: ValueRewriter.Value, in answer: RecordedPacket) -> String? {
        guard let element = answer.element, element.namespace.hasPrefix("urn:xmpp:sm:"), value.slot.depth == 1 else {
            return nil
        }
        switch value.slot.attribute {
        case "id" where element.name == "enabled", "previd": return managedID
        case "h": return countedStanzas.map(String.init)
        case nil, .some: return nil
        }
    }
}
