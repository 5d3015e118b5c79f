import XMPP

/// The client's side of a SASL mechanism (RFC 4422): messages of the server in, those of the client out, not yet in base64.
public protocol SASLClient: Sendable {
    /// The initial response; nil if the server speaks first.
    mutating func start() throws(SASLError) -> [UInt8]?
    mutating func respond(to challenge: [UInt8]) throws(SASLError) -> [UInt8]
    /// The server says that the login succeeded; its last data, nil if there is none.
    ///
    /// Throws if the server has not proved what it should have.
    mutating func verify(success data: [UInt8]?) throws(SASLError)
}

/// What is wrong with a message of the other side, in a clause without a full stop.
public struct SASLError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// Who logs in.
public struct SASLCredentials: Sendable, Equatable {
    public var username: String
    public var password: String
    /// The domain of the stream, for DIGEST-MD5's digest-uri.
    public var domain: String

    public init(username: String, password: String, domain: String) {
        self.username = username
        self.password = password
        self.domain = domain
    }
}

public enum SASLClients {
    /// Nil for a mechanism that stanzatap cannot do.
    ///
    /// - Parameter nonce: the client's nonce; a random one unless a test says otherwise.
    public static func make(
        mechanism: String,
        credentials: SASLCredentials,
        nonce: String = SASLNonce.make()
    ) -> (any SASLClient)? {
        switch mechanism {
        case "PLAIN": return PlainClient(credentials: credentials)
        case "ANONYMOUS": return AnonymousClient()
        case "DIGEST-MD5": return DigestMD5Client(credentials: credentials, nonce: nonce)
        default: return SCRAMHash(mechanism: mechanism).map { SCRAMClient($0, credentials: credentials, nonce: nonce) }
        }
    }
}

public enum SASLChoice {
    /// The mechanism to log in by: the preferred one if it is offered, else the best that stanzatap can do; none with
    /// channel binding, which belongs to the connection that was recorded.
    public static func best(offered: [String], preferred: String?) -> String? {
        let order = (preferred.map { [$0] } ?? []) + SASLServers.supported
        return order.first { offered.contains($0) && SASLServers.supported.contains($0) }
    }
}

/// Nonces that nobody can guess.
public enum SASLNonce {
    public static func make() -> String {
        Base64.encode(bytes(count: 18)).replacing("/", with: "_").replacing("+", with: "-")
    }

    static func bytes(count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: .min ... .max) } }
}

/// PLAIN (RFC 4616).
struct PlainClient: SASLClient {
    let credentials: SASLCredentials

    mutating func start() throws(SASLError) -> [UInt8]? {
        PlainMessage.bytes(user: credentials.username, password: credentials.password)
    }

    mutating func respond(to challenge: [UInt8]) throws(SASLError) -> [UInt8] {
        throw SASLError("the server sends a challenge, which PLAIN does not have")
    }

    mutating func verify(success data: [UInt8]?) throws(SASLError) {}
}

/// ANONYMOUS (RFC 4505), without a trace.
struct AnonymousClient: SASLClient {
    mutating func start() throws(SASLError) -> [UInt8]? { [] }

    mutating func respond(to challenge: [UInt8]) throws(SASLError) -> [UInt8] { [] }

    mutating func verify(success data: [UInt8]?) throws(SASLError) {}
}
