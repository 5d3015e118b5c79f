import Conversation
import XMPP

/// What a replay as the server asks for on one connection, in this order.
public enum ServerAction: Sendable, Equatable {
    /// Record bytes that came from the client.
    case record([UInt8])
    /// Record and send bytes.
    case send([UInt8])
    /// Begin TLS with the client, after what was sent before.
    case startTLS(domain: String)
    /// An exchange of the recording is played, counted from 0: for whoever wants to know what never was.
    case plays(exchange: Int)
    /// Record a departure from the recording, told in a clause.
    case differ(String)
    /// Send a FIN (in TLS: a close_notify before it), and close when the client has ended too.
    case close
}

/// What all connections of a replay as the server share.
public struct ServerScript: Sendable {
    public let server: RecordedServer
    public let accounts: ServerAccounts
    /// A departure ends the connection.
    public var isStrict = false
    public var rules = ComparisonRules()
    /// False if there are no certificates to show, so that STARTTLS is neither offered nor agreed to.
    public var hasTLS = true
    let subjects: [RequestSubject]

    /// - Parameters:
    ///   - password: the password of every login; nil for the recorded ones.
    ///   - told: the passwords of single users.
    ///   - takesAnyUser: a user whom nobody knows stands for the recorded one.
    public init(
        _ conversation: RecordedConversation,
        password: String? = nil,
        told: [String: String] = [:],
        takesAnyUser: Bool = true
    ) {
        server = RecordedServer(conversation)
        accounts = ServerAccounts(server.accounts, password: password, told: told, takesAnyUser: takesAnyUser)
        subjects = server.exchanges.map { RequestSubject($0) }
        rules.passesOverTexts = true
    }

    /// What the recorded client said and no client of this run: the first exchange of each kind.
    ///
    /// - Parameter played: the exchanges that were played, counted from 0. How often a thing is said is not looked at: a client
    ///   that stays longer pings more often.
    public func unplayed(_ played: Set<Int>) -> [RecordedExchange] {
        var seen = Set(played.filter(subjects.indices.contains).map { subjects[$0].kind })
        let rest = subjects.indices.filter { seen.insert(subjects[$0].kind).inserted }.map { server.exchanges[$0] }
        return rest.filter { exchange in !(exchange.element.map { rules.ignores($0, .clientToServer) } ?? false) }
    }
}
