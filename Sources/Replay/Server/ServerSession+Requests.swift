import Conversation
import SASL
import XMLStream
import XMPP

extension ServerSession {
    /// Answers a stanza or nonza as the recorded server did.
    mutating func answer(_ element: Element) {
        if element.isAcknowledgement { return acknowledge(element) }
        if element.name == "iq", element.isAnswer { return }
        let registration = Registration(element)
        let wants = wish(registration)
        guard
            let exchange = matcher.take(element, at: stage, own: ownJID, domain: domain, wants: wants),
            let recorded = exchange.element
        else { return refuse(element) }
        tellDepartures(element, recorded, exchange)
        guard !hasClosed else { return }
        learn(from: recorded, element, registration)
        play(exchange, recorded, element)
        apply(registration, exchange)
    }

    private var ownJID: JID? { jid ?? user.map { JID(local: $0, domain: domain, resource: nil) } }

    private mutating func acknowledge(_ element: Element) {
        guard element.name == "r" else { return }
        send("<a xmlns='\(element.namespace)' h='\(countedStanzas ?? 0)'/>")
    }

    /// What was never recorded: `service-unavailable` for requests, silence for the rest.
    private mutating func refuse(_ element: Element) {
        differ("recorded: nothing of the kind / now: \(element.summary)")
        if !hasClosed, let answer = answerToOffer(element) { return send(answer) }
        guard !hasClosed, element.name == "iq", element["type"] == "get" || element["type"] == "set" else { return }
        let id = element["id"].map { " id='\(XMLText.escaped($0))'" } ?? ""
        let from = element["to"].map { " from='\(XMLText.escaped($0))'" } ?? ""
        send(
            "<iq type='error'\(id)\(from)><error type='cancel'><service-unavailable xmlns='\(NS.stanzaErrors)'/></error></iq>"
        )
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
        return "<failed xmlns='\(element.namespace)'><\(condition) xmlns='\(NS.stanzaErrors)'/></failed>"
    }

    /// What a client of another make does otherwise is told only where it changes the meaning.
    private mutating func tellDepartures(_ element: Element, _ recorded: Element, _ exchange: RecordedExchange) {
        if element.name == "iq", element["id"] == nil, recorded["id"] != nil {
            differ("\(exchange.request.name) of the recording: recorded: an id / now: none, so nothing can answer it")
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
        differ("it differs from \(exchange.request.name) of the recording: \(list)")
    }

    /// To whom a stanza goes and which capabilities a client tells are its own affair.
    private func isOwnChoice(_ difference: Difference) -> Bool {
        if difference.path.hasPrefix("presence/c/") { return true }
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
    private mutating func learn(from recorded: Element, _ now: Element, _ registration: Registration?) {
        if let old = Registration(recorded)?.user, let new = registration?.user, old != new {
            values.set(user: old, to: new)
        }
        if let bind = now.child("bind", NS.bind) {
            let resource = bind.child("resource")?.trimmedText
            jid = JID(local: user, domain: domain, resource: resource ?? SASLNonce.make())
        }
        if now.name == "enable", now.namespace.hasPrefix("urn:xmpp:sm:") { countedStanzas = 0 }
    }

    // MARK: Playing

    private mutating func play(_ exchange: RecordedExchange, _ recorded: Element, _ now: Element) {
        var map = values
        if let jid, let session = exchange.session { map.set(session: session, to: jid) }
        let pairs = ValuePairs.pairs(recorded, now)
        for answer in exchange.answers where !hasClosed {
            send(
                answer,
                as: ValueRewriter.rewrite(answer.receivedBytes) { value in
                    if value.slot.depth == 1, value.slot.attribute == "id" {
                        return value.text == recorded["id"] ? now["id"] : pairs[value.text]
                    }
                    if value.slot.element == "enabled", value.slot.attribute == "id" { return SASLNonce.make() }
                    if value.slot.attribute == nil, let own = pairs[value.text] { return own }
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
}

/// A registration, a change of password or a removal, as a client asks for it.
struct Registration {
    let user: String?
    let password: String?
    let isRemoval: Bool
    /// True if it asks for an account or a change, not only for the fields.
    let isSubmission: Bool

    /// Nil for any other stanza.
    init?(_ element: Element) {
        guard element.name == "iq", let query = element.child("query", NS.register) else { return nil }
        let form = query.child("x", NS.dataForms)
        func field(_ name: String) -> String? {
            let text =
                query.child(name)?.trimmedText
                ?? form?.children.first { $0["var"] == name }?.child("value")?.trimmedText
            return text?.isEmpty == true ? nil : text
        }
        user = field("username")
        password = field("password")
        isRemoval = query.child("remove") != nil
        isSubmission = element["type"] == "set" && !isRemoval
    }
}

/// The values of two packets that stand in the same places.
enum ValuePairs {
    /// Recorded → now, for those that differ.
    static func pairs(_ recorded: Element, _ now: Element) -> [String: String] {
        var pairs: [String: String] = [:]
        add(recorded, now, &pairs)
        return pairs
    }

    private static func add(_ recorded: Element, _ now: Element, _ pairs: inout [String: String]) {
        let (one, other) = (recorded.trimmedText, now.trimmedText)
        if !one.isEmpty, !other.isEmpty, one != other { pairs[one] = other }
        if let id = recorded["id"], let nowID = now["id"], id != nowID { pairs[id] = nowID }
        for child in recorded.children {
            if let other = now.child(child.name, child.namespace) { add(child, other, &pairs) }
        }
    }
}
