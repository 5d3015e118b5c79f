import XMPP

/// What a server answers to a message of a login.
public enum SASLServerStep: Sendable, Equatable {
    case challenge([UInt8])
    /// Who has logged in, and the data that goes with the success, if any. Nil for ANONYMOUS.
    case success(user: String?, data: [UInt8]?)
    case failure(SASLFailure)
}

/// What is known of a user's password.
public enum SASLPassword: Sendable, Equatable {
    case known(String)
    /// Nobody knows it, so any will do where the mechanism tells it (PLAIN); others are checked with the likely one.
    case any(likely: String?)
    /// There is no such user.
    case noUser

    /// What a proof is checked with.
    var checked: String? {
        switch self {
        case .known(let password): password
        case .any(let likely): likely
        case .noUser: nil
        }
    }
}

/// The server's side of a SASL mechanism.
public protocol SASLServer: Sendable {
    /// A message of the client; nil for an `<auth/>` without data. `password` is asked for who wants to log in.
    mutating func receive(_ message: [UInt8]?, password: (String) -> SASLPassword) -> SASLServerStep
}

public enum SASLServers {
    /// The mechanisms that stanzatap can do as client and as server, the best one first.
    public static let supported = SCRAMHash.allCases.map(\.rawValue) + ["DIGEST-MD5", "PLAIN", "ANONYMOUS"]

    /// Nil for a mechanism that stanzatap cannot do.
    ///
    /// - Parameter nonce: the server's nonce; a random one unless a test says otherwise.
    public static func make(mechanism: String, domain: String, nonce: String = SASLNonce.make()) -> (any SASLServer)? {
        switch mechanism {
        case "PLAIN": return PlainServer()
        case "ANONYMOUS": return AnonymousServer()
        case "DIGEST-MD5": return DigestMD5Server(domain: domain, nonce: nonce)
        default: return SCRAMHash(mechanism: mechanism).map { SCRAMServer($0, nonce: nonce) }
        }
    }
}

struct PlainServer: SASLServer {
    mutating func receive(_ message: [UInt8]?, password: (String) -> SASLPassword) -> SASLServerStep {
        guard let message else { return .challenge([]) }
        guard let login = PlainMessage(message, .strict) else { return .failure(.malformedRequest) }
        return switch password(login.user) {
        case .known(let known):
            known == login.password ? .success(user: login.user, data: nil) : .failure(.notAuthorized)
        case .any: .success(user: login.user, data: nil)
        case .noUser: .failure(.notAuthorized)
        }
    }
}

struct AnonymousServer: SASLServer {
    mutating func receive(_ message: [UInt8]?, password: (String) -> SASLPassword) -> SASLServerStep {
        .success(user: nil, data: nil)
    }
}
