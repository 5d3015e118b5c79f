import SASL
import XMLStream
import XMPP

/// The accounts that a recording tells of: names, domains and, where they were said in clear, passwords.
public struct RecordedAccounts: Sendable, Equatable {
    /// What is known of one user, in the order of appearance.
    public private(set) var users: [String] = []
    /// Every password that a user was registered with, changed to or logged in with, the first one first.
    private var passwords: [String: [String]] = [:]
    /// The domains that streams were opened to.
    public private(set) var domains: [String] = []
    /// The full JIDs that were bound, by connection.
    public private(set) var sessions: [Int: JID] = [:]
    /// The users that logged in, by connection.
    public private(set) var logins: [Int: String] = [:]

    public init(_ conversation: RecordedConversation) {
        self.init(conversation.steps)
        let others = RecordedAccounts(conversation.rest)
        for user in users where passwords[user] == nil { passwords[user] = others.passwords[user] }
    }

    private init(_ steps: [RecordedConversation.Step]) {
        for step in steps {
            guard case .packet(let packet) = step.event else { continue }
            if let header = packet.header, packet.direction == .clientToServer, let domain = header["to"] {
                if !domains.contains(domain) { domains.append(domain) }
            }
            if let element = packet.element { read(element, packet.direction, step.connection) }
        }
    }

    /// The password of a user, the first that the recording tells; nil if it tells none.
    public func password(of user: String) -> String? { passwords[user]?.first }

    /// All passwords that the recording tells, of whomever: candidates for a login whose password was not said.
    public var allPasswords: [String] { users.flatMap { passwords[$0] ?? [] } }

    // MARK: Reading

    private mutating func read(_ element: Element, _ direction: Direction, _ connection: Int) {
        switch (element.name, element.namespace, direction) {
        case ("iq", _, .clientToServer):
            if let query = element.child("query", NS.register) { readRegistration(query, connection) }
            if let query = element.child("query", NS.auth), let user = query.child("username")?.trimmedText {
                logins[connection] = user
                add(user, query.child("password")?.text)
            }
        case ("iq", _, .serverToClient):
            if let jid = element.child("bind", NS.bind)?.child("jid")?.trimmedText, !jid.isEmpty {
                sessions[connection] = JID(jid)
            }
        case ("auth", NS.sasl, .clientToServer):
            readLogin(element["mechanism"], element.text, connection)
        case ("authenticate", NS.sasl2, .clientToServer):
            readLogin(element["mechanism"], element.child("initial-response")?.text, connection)
        case ("success", NS.sasl2, .serverToClient):
            // With Bind 2 the session is bound at once, and its address told here.
            let jid = JID(element.child("authorization-identifier")?.trimmedText ?? "")
            if jid.resource != nil { sessions[connection] = jid }
        case ("response", _, .clientToServer):
            readLogin("DIGEST-MD5", element.text, connection)
        default:
            break
        }
    }

    private mutating func readRegistration(_ query: Element, _ connection: Int) {
        let form = query.child("x", NS.dataForms)
        func field(_ name: String) -> String? {
            query.child(name)?.trimmedText
                ?? form?.children.first { $0["var"] == name }?.child("value")?.trimmedText
        }
        let user = field("username") ?? (field("password") == nil ? nil : logins[connection])
        guard let user, !user.isEmpty else { return }
        add(user, field("password"))
    }

    private mutating func readLogin(_ mechanism: String?, _ data: String?, _ connection: Int) {
        guard let message = SASLData(data, .lenient).bytes,
            let login = SASLIdentity(mechanism: mechanism ?? "", message: message)
        else { return }
        logins[connection] = login.user
        add(login.user, login.password)
    }

    private mutating func add(_ user: String, _ password: String?) {
        if !users.contains(user) { users.append(user) }
        guard let password, !password.isEmpty, passwords[user]?.contains(password) != true else { return }
        passwords[user, default: []].append(password)
    }
}
