import Crypto
import XMPP

/// What both sides of DIGEST-MD5 reckon (RFC 2831 section 2.1.2), with `qop=auth` alone.
struct DigestMD5 {
    var username = ""
    var realm = ""
    var nonce = ""
    var clientNonce = ""
    var count = "00000001"
    var uri = ""
    var authorizationIdentity: String?

    init() {}

    /// The numbers of a client's response; nil if it lacks one.
    init?(response fields: DigestDirectives) {
        guard let username = fields["username"], let nonce = fields["nonce"], let clientNonce = fields["cnonce"],
            let uri = fields["digest-uri"]
        else { return nil }
        self.username = username
        realm = fields["realm"] ?? ""
        self.nonce = nonce
        self.clientNonce = clientNonce
        count = fields["nc"] ?? "00000001"
        self.uri = uri
        authorizationIdentity = fields["authzid"]
    }

    func response(password: String, isFromServer: Bool = false) -> String {
        var inner = Self.hash(Array("\(username):\(realm):\(password)".utf8))
        inner += Array(":\(nonce):\(clientNonce)".utf8)
        if let authorizationIdentity { inner += Array(":\(authorizationIdentity)".utf8) }
        let first = Hexadecimal.text(Self.hash(inner))
        let second = Hexadecimal.text(Self.hash(Array("\(isFromServer ? "" : "AUTHENTICATE"):\(uri)".utf8)))
        return Hexadecimal.text(Self.hash(Array("\(first):\(nonce):\(count):\(clientNonce):auth:\(second)".utf8)))
    }

    private static func hash(_ bytes: [UInt8]) -> [UInt8] { Array(Insecure.MD5.hash(data: bytes)) }
}

/// DIGEST-MD5 (RFC 2831), the client's side.
struct DigestMD5Client: SASLClient {
    private enum State {
        case new
        /// `proof`: what the server has to prove.
        case responded(proof: String)
        case verified
    }

    private let credentials: SASLCredentials
    private let nonce: String
    private var state = State.new

    init(credentials: SASLCredentials, nonce: String) {
        self.credentials = credentials
        self.nonce = nonce
    }

    mutating func start() throws(SASLError) -> [UInt8]? { nil }

    mutating func respond(to challenge: [UInt8]) throws(SASLError) -> [UInt8] {
        switch state {
        case .new: return try respond(toFirst: challenge)
        case .responded(let proof):
            try check(challenge, proof)
            return []
        case .verified: throw SASLError("the server sends a challenge after its proof")
        }
    }

    private mutating func respond(toFirst challenge: [UInt8]) throws(SASLError) -> [UInt8] {
        guard let fields = DigestDirectives(challenge, .strict) else {
            throw SASLError("the server's challenge is none of DIGEST-MD5")
        }
        guard let serverNonce = fields["nonce"], !serverNonce.isEmpty else {
            throw SASLError("the server's challenge has no nonce")
        }
        let offered = fields["qop"]?.split(separator: ",").map { $0.filter { !$0.isWhitespace } } ?? ["auth"]
        guard offered.contains("auth") else { throw SASLError("the server wants a security layer (qop)") }
        var digest = DigestMD5()
        digest.username = credentials.username
        digest.realm = fields["realm"] ?? ""
        digest.nonce = serverNonce
        digest.clientNonce = nonce
        digest.uri = "xmpp/\(credentials.domain)"
        state = .responded(proof: digest.response(password: credentials.password, isFromServer: true))
        let parts = [
            "username=\(DigestDirectives.quoted(digest.username))", "realm=\(DigestDirectives.quoted(digest.realm))",
            "nonce=\(DigestDirectives.quoted(serverNonce))", "cnonce=\(DigestDirectives.quoted(nonce))", "nc=00000001",
            "qop=auth", "digest-uri=\(DigestDirectives.quoted(digest.uri))",
            "response=\(digest.response(password: credentials.password))", "charset=utf-8",
        ]
        return Array(parts.joined(separator: ",").utf8)
    }

    private mutating func check(_ message: [UInt8], _ proof: String) throws(SASLError) {
        guard DigestDirectives(message, .strict)?["rspauth"] == proof else {
            throw SASLError(
                "the server's proof (rspauth) is wrong: it does not know the password, or its DIGEST-MD5 is faulty"
            )
        }
        state = .verified
    }

    mutating func verify(success data: [UInt8]?) throws(SASLError) {
        switch state {
        case .new: throw SASLError("the server lets the client in without asking for its proof")
        case .responded(let proof):
            guard let data, !data.isEmpty else {
                throw SASLError("the server does not prove that it knows the password")
            }
            try check(data, proof)
        case .verified: return
        }
    }
}

/// DIGEST-MD5 (RFC 2831), the server's side.
struct DigestMD5Server: SASLServer {
    private enum State {
        case new
        case challenged
        /// The user has proved the password.
        case proved(user: String)
    }

    private let domain: String
    private let nonce: String
    private var state = State.new

    init(domain: String, nonce: String) {
        self.domain = domain
        self.nonce = nonce
    }

    mutating func receive(_ message: [UInt8]?, password: (String) -> SASLPassword) -> SASLServerStep {
        switch (state, message) {
        case (.proved(let user), _): return .success(user: user, data: nil)
        case (.new, _), (.challenged, nil):
            state = .challenged
            let parts = [
                "realm=\(DigestDirectives.quoted(domain))", "nonce=\(DigestDirectives.quoted(nonce))", "qop=\"auth\"",
                "charset=utf-8", "algorithm=md5-sess",
            ]
            return .challenge(Array(parts.joined(separator: ",").utf8))
        case (.challenged, let message?): return check(message, password)
        }
    }

    private mutating func check(_ message: [UInt8], _ password: (String) -> SASLPassword) -> SASLServerStep {
        guard let fields = DigestDirectives(message, .strict), let digest = DigestMD5(response: fields),
            let response = fields["response"], digest.nonce == nonce
        else { return .failure(.malformedRequest) }
        guard let known = password(digest.username).checked, digest.response(password: known) == response else {
            return .failure(.notAuthorized)
        }
        state = .proved(user: digest.username)
        return .challenge(Array("rspauth=\(digest.response(password: known, isFromServer: true))".utf8))
    }
}
