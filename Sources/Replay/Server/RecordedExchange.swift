import Conversation
import XMLStream
import XMPP

/// Where in a session something was said.
public struct StreamStage: Sendable, Hashable {
    public var isSecured: Bool
    public var isLoggedIn: Bool

    public init(isSecured: Bool = false, isLoggedIn: Bool = false) {
        self.isSecured = isSecured
        self.isLoggedIn = isLoggedIn
    }
}

/// Where in a session with which of a server's hosts something was said.
public struct StreamPlace: Sendable, Hashable {
    /// The domain that the client opened its stream to; empty if it named none.
    public var domain: String
    public var stage: StreamStage

    public init(domain: String = "", stage: StreamStage = StreamStage()) {
        self.domain = domain
        self.stage = stage
    }
}

/// A packet of the recorded client, and what the server said because of it.
public struct RecordedExchange: Sendable, Equatable {
    /// The recorded connection.
    public let connection: Int
    public let place: StreamPlace
    public let request: RecordedPacket
    /// The answer, and what else came before the client's next packet.
    public var answers: [RecordedPacket] = []
    /// The server ended the connection after it.
    public var endsConnection = false
    /// The user of that session, if it had logged in; nil for one without a name (ANONYMOUS).
    public let user: String?
    /// The full JID of that session, once it was bound.
    public let session: JID?

    /// The element of the request.
    public var element: Element? { request.element }

    /// Who asked: the session, or before it is bound the account.
    var asker: JID? { session ?? user.map { JID(local: $0, domain: place.domain, resource: nil) } }
}

extension Element {
    /// True for what STARTTLS and logins consist of, which is done for real.
    var isNegotiation: Bool { [NS.tls, NS.sasl, NS.sasl2].contains(namespace) }

    /// True for stream management's requests for acknowledgement and the answers to them, which are counted anew.
    var isAcknowledgement: Bool { namespace.hasPrefix("urn:xmpp:sm:") && (name == "r" || name == "a") }
}
