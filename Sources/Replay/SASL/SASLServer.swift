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

    /// What a proof is checked with.
    var checked: String? {
        switch self {
        case .known(let password): password
        case .any(let likely): likely
        case .noUser: nil
        }
    }
    /// There is no such user.
    case noUser
}

/// The server's side of a SASL mechanism.
public protocol SASLServer {
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
        let parts = message.split(separator: 0, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard parts.count == 3, !parts[1].isEmpty else { return .failure(.malformedRequest) }
        return switch password(parts[1]) {
        case .known(let known): known == parts[2] ? .success(user: parts[1], data: nil) : .failure(.notAuthorized)
        case .any: .success(user: parts[1], data: nil)
        case .noUser: .failure(.notAuthorized)
        }
    }
}

struct AnonymousServer: SASLServer {
    mutating func receive(_ message: [UInt8]?, password: (String) -> SASLPassword) -> SASLServerStep {
        .success(user: nil, data: nil)
    }
}

/// SCRAM without channel binding (RFC 5802 section 5), the server's side.
struct SCRAMServer: SASLServer {
    private let hash: SCRAMHash
    private let nonce: String
    private var user = ""
    private var keys: SCRAMKeys?
    /// Both first messages, which the proof is about.
    private var messages = ""
    private var bothNonces: String?

    private static let iterations = 4096

    init(_ hash: SCRAMHash, nonce: String) {
        self.hash = hash
        self.nonce = nonce
    }

    mutating func receive(_ message: [UInt8]?, password: (String) -> SASLPassword) -> SASLServerStep {
        guard let message else { return .challenge([]) }
        let text = String(decoding: message, as: UTF8.self)
        return bothNonces == nil ? first(text, password) : final(text)
    }

    private mutating func first(_ text: String, _ password: (String) -> SASLPassword) -> SASLServerStep {
        let parts = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "n" || parts[0] == "y" else { return .failure(.malformedRequest) }
        let attributes = SCRAMAttributes(String(parts[2]))
        guard let name = attributes["n"], let clientNonce = attributes["r"], !clientNonce.isEmpty else {
            return .failure(.malformedRequest)
        }
        user = name.replacing("=2C", with: ",").replacing("=3D", with: "=")
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        // An unknown user is told only when the proof is due, as others do.
        if let known = password(user).checked {
            keys = hash.saltedPassword(known, salt: salt, iterations: Self.iterations)
                .map { SCRAMKeys(hash: hash, salted: $0) }
        }
        bothNonces = clientNonce + nonce
        let challenge = "r=\(clientNonce + nonce),s=\(Base64.encode(salt)),i=\(Self.iterations)"
        messages = "\(parts[2]),\(challenge)"
        return .challenge(Array(challenge.utf8))
    }

    private func final(_ text: String) -> SASLServerStep {
        let attributes = SCRAMAttributes(text)
        guard let proof = attributes["p"].flatMap(Base64.decode), let end = text.firstRange(of: ",p="),
            attributes["r"] == bothNonces
        else { return .failure(.malformedRequest) }
        let message = "\(messages),\(text[..<end.lowerBound])"
        guard let keys, keys.proof(message) == proof else { return .failure(.notAuthorized) }
        let signature = "v=" + Base64.encode(keys.serverSignature(message))
        return .success(user: user, data: Array(signature.utf8))
    }
}

/// DIGEST-MD5 (RFC 2831), the server's side.
struct DigestMD5Server: SASLServer {
    let domain: String
    let nonce: String
    /// Who has proved the password, once that is done.
    private var user: String?
    private var hasChallenged = false

    init(domain: String, nonce: String) {
        self.domain = domain
        self.nonce = nonce
    }

    mutating func receive(_ message: [UInt8]?, password: (String) -> SASLPassword) -> SASLServerStep {
        if let user { return .success(user: user, data: nil) }
        guard hasChallenged, let message else {
            hasChallenged = true
            let realm = DigestMD5.quote(domain)
            let text = "realm=\(realm),nonce=\(DigestMD5.quote(nonce)),qop=\"auth\",charset=utf-8,algorithm=md5-sess"
            return .challenge(Array(text.utf8))
        }
        let pairs = DigestMD5.pairs(message)
        guard let digest = DigestMD5(response: pairs), let response = pairs["response"], digest.nonce == nonce else {
            return .failure(.malformedRequest)
        }
        guard let known = password(digest.username).checked, digest.response(password: known) == response else {
            return .failure(.notAuthorized)
        }
        user = digest.username
        return .challenge(Array("rspauth=\(digest.response(password: known, isFromServer: true))".utf8))
    }
}
