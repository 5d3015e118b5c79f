import XMLStream
import XMPP

/// Who is at the two ends of the connection, as far as headers and logins told, to tell whose an answer is (RFC 6120
/// sections 8.1.2.1 and 10.3).
struct Parties {
    /// What the client asked for and what the server says that it is, in their normal forms.
    private var domains: Set<String> = []
    /// The client's own address: full after resources were bound, bare after a login without that.
    private var own: JID?

    // MARK: What is learned

    mutating func learn(header: Element, _ direction: Direction) {
        let domain = direction == .clientToServer ? header["to"] : header["from"]
        if let domain, !domain.isEmpty { domains.insert(JID(domain).normalDomain) }
    }

    /// - Parameter request: what this element of the server answers.
    mutating func learn(fromServer element: Element, answering request: Element?) {
        guard own?.resource == nil else { return }
        if element.is("success", NS.sasl2) {
            learn(address: element.child("authorization-identifier", NS.sasl2)?.address)
        } else if element.name == "iq", element["type"] == "result" {
            learn(address: element.child("bind", NS.bind)?.child("jid", NS.bind)?.address)
            learn(legacyLogin: request?.child("query", NS.auth))
        }
    }

    private mutating func learn(address: String?) {
        guard let address, !address.isEmpty else { return }
        let jid = JID(address)
        own = jid
        domains.insert(jid.normalDomain)
    }

    /// Jabber's first login (XEP-0078) tells the parts of the address, and an answer to it says that they are right.
    private mutating func learn(legacyLogin query: Element?) {
        guard let query, let user = query.child("username", NS.auth)?.address, !user.isEmpty, domains.count == 1,
            let domain = domains.first, let resource = query.child("resource", NS.auth)?.address
        else { return }
        own = JID(local: user, domain: domain, resource: resource)
    }

    // MARK: Whose an answer is

    /// May `answer` come from whom `request` went to?
    func fits(_ answer: Element, to request: Element, _ direction: Direction) -> Bool {
        guard request.namespace == NS.client else { return mirrors(answer, request) }
        return direction == .clientToServer
            ? isSame(asked: request["to"], answering: answer["from"])
            : isSame(asked: request["from"], answering: answer["to"])
    }

    /// On streams between servers and of components each end speaks for many addresses.
    private func mirrors(_ answer: Element, _ request: Element) -> Bool {
        isSameOrAbsent(request["to"], answer["from"]) && isSameOrAbsent(request["from"], answer["to"])
    }

    private func isSameOrAbsent(_ one: String?, _ other: String?) -> Bool {
        guard let one, let other else { return true }
        return Self.isSame(one, other)
    }

    /// - Parameters:
    ///   - asked: whom the client asked, or who asked the client.
    ///   - answering: whose the answer is, or to whom the client's goes.
    private func isSame(asked: String?, answering: String?) -> Bool {
        if asked == answering { return true }
        if let asked, let answering {
            if Self.isSame(asked, answering) { return true }
            if own == nil { return mayBeOneServer(JID(asked), JID(answering)) }
        }
        return isServer(asked, isFull: false) && isServer(answering, isFull: true)
    }

    /// While the client's address is not known: may two different addresses be its account and its server?
    private func mayBeOneServer(_ asked: JID, _ answering: JID) -> Bool {
        guard asked.resource == nil, asked.normalDomain == answering.normalDomain else { return false }
        guard let one = asked.local, let other = answering.local else { return true }
        return one.lowercased() == other.lowercased()
    }

    /// Is that the client's server, which also answers for the client's account? Where too little is known, it may be.
    ///
    /// - Parameter isFull: whether the client's own full address counts, by which a server may call the client itself.
    private func isServer(_ address: String?, isFull: Bool) -> Bool {
        guard let address, !address.isEmpty else { return true }
        let jid = JID(address)
        if jid.local == nil, jid.resource == nil {
            return domains.isEmpty || domains.contains(jid.normalDomain)
        }
        guard let own else { return domains.isEmpty || domains.contains(jid.normalDomain) }
        guard jid.local?.lowercased() == own.local?.lowercased(), jid.normalDomain == own.normalDomain
        else { return false }
        return jid.resource == nil || (isFull && (own.resource == nil || jid.resource == own.resource))
    }

    /// Letter case counts in the resource only.
    static func isSame(_ one: String?, _ other: String?) -> Bool {
        guard one != other else { return true }
        guard let one, let other else { return false }
        let (first, second) = (JID(one), JID(other))
        return first.local?.lowercased() == second.local?.lowercased()
            && first.normalDomain == second.normalDomain && first.resource == second.resource
    }
}

extension JID {
    fileprivate var normalDomain: String { Domain.normalForm(domain) }
}

extension Element {
    /// Its text, without the white space that some servers lay it out with.
    fileprivate var address: String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
