import Crypto

/// What both sides of DIGEST-MD5 reckon (RFC 2831 section 2.1.2), with `qop=auth` alone.
struct DigestMD5 {
    var username = ""
    var realm = ""
    var nonce = ""
    var clientNonce = ""
    var count = "00000001"
    var uri = ""
    var authorizationIdentity: String?

    func response(password: String, isFromServer: Bool = false) -> String {
        var inner = Self.hash(Array("\(username):\(realm):\(password)".utf8))
        inner += Array(":\(nonce):\(clientNonce)".utf8)
        if let authorizationIdentity { inner += Array(":\(authorizationIdentity)".utf8) }
        let first = Self.hex(Self.hash(inner))
        let second = Self.hex(Self.hash(Array("\(isFromServer ? "" : "AUTHENTICATE"):\(uri)".utf8)))
        return Self.hex(Self.hash(Array("\(first):\(nonce):\(count):\(clientNonce):auth:\(second)".utf8)))
    }

    private static func hash(_ bytes: [UInt8]) -> [UInt8] { Array(Insecure.MD5.hash(data: bytes)) }

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The pairs of a message, names in small letters. Of a name that stands several times the first value counts.
    static func pairs(_ message: [UInt8]) -> [String: String] {
        var pairs: [String: String] = [:]
        var rest = String(decoding: message, as: UTF8.self)[...]
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].filter { $0 != "," && !$0.isWhitespace }.lowercased()
            rest = rest[rest.index(after: equals)...]
            let value = rest.first == "\"" ? quoted(&rest) : token(&rest)
            pairs[name] = pairs[name] ?? value
        }
        return pairs
    }

    private static func token(_ rest: inout Substring) -> String {
        let value = rest.prefix { $0 != "," }
        rest = rest.dropFirst(value.count)
        return String(value)
    }

    private static func quoted(_ rest: inout Substring) -> String {
        var value = ""
        rest = rest.dropFirst()
        while let character = rest.popFirst(), character != "\"" {
            if character == "\\", let next = rest.popFirst() { value.append(next) } else { value.append(character) }
        }
        return value
    }

    static func quote(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// The numbers of a client's response; nil if it lacks one.
    init?(response pairs: [String: String]) {
        guard let username = pairs["username"], let nonce = pairs["nonce"], let clientNonce = pairs["cnonce"],
            let uri = pairs["digest-uri"]
        else { return nil }
        self.username = username
        realm = pairs["realm"] ?? ""
        self.nonce = nonce
        self.clientNonce = clientNonce
        count = pairs["nc"] ?? "00000001"
        self.uri = uri
        authorizationIdentity = pairs["authzid"]
    }

    init() {}

    /// True if the client's response in a recorded exchange was made with that password.
    static func wasMade(_ messages: [[UInt8]], with password: String) -> Bool {
        messages.contains { message in
            let pairs = pairs(message)
            guard let response = pairs["response"], let digest = DigestMD5(response: pairs) else { return false }
            return digest.response(password: password) == response
        }
    }
}

/// DIGEST-MD5 (RFC 2831), the client's side.
struct DigestMD5Client: SASLClient {
    let credentials: SASLCredentials
    let nonce: String
    /// What the server has to prove; nil before the client's response, and after the proof.
    private var expected: String?
    private var hasResponded = false

    init(credentials: SASLCredentials, nonce: String) {
        self.credentials = credentials
        self.nonce = nonce
    }

    mutating func start() throws(SASLError) -> [UInt8]? { nil }

    mutating func respond(to challenge: [UInt8]) throws(SASLError) -> [UInt8] {
        let pairs = DigestMD5.pairs(challenge)
        if hasResponded {
            try check(pairs["rspauth"])
            return []
        }
        guard let serverNonce = pairs["nonce"], !serverNonce.isEmpty else {
            throw SASLError("the server's challenge has no nonce")
        }
        let offered = pairs["qop"]?.split(separator: ",").map { $0.filter { !$0.isWhitespace } } ?? ["auth"]
        guard offered.contains("auth") else { throw SASLError("the server wants a security layer (qop)") }
        var digest = DigestMD5()
        digest.username = credentials.username
        digest.realm = pairs["realm"] ?? ""
        digest.nonce = serverNonce
        digest.clientNonce = nonce
        digest.uri = "xmpp/\(credentials.domain)"
        expected = digest.response(password: credentials.password, isFromServer: true)
        hasResponded = true
        let fields = [
            "username=\(DigestMD5.quote(digest.username))", "realm=\(DigestMD5.quote(digest.realm))",
            "nonce=\(DigestMD5.quote(serverNonce))", "cnonce=\(DigestMD5.quote(nonce))", "nc=00000001", "qop=auth",
            "digest-uri=\(DigestMD5.quote(digest.uri))", "response=\(digest.response(password: credentials.password))",
            "charset=utf-8",
        ]
        return Array(fields.joined(separator: ",").utf8)
    }

    private mutating func check(_ proof: String?) throws(SASLError) {
        guard proof == expected else {
            throw SASLError(
                "the server's proof (rspauth) is wrong: it does not know the password, or its DIGEST-MD5 is faulty"
            )
        }
        expected = nil
    }

    mutating func verify(success data: [UInt8]?) throws(SASLError) {
        guard hasResponded else { throw SASLError("the server lets the client in without asking for its proof") }
        if let data, !data.isEmpty { try check(DigestMD5.pairs(data)["rspauth"]) }
        if expected != nil { throw SASLError("the server does not prove that it knows the password") }
    }
}
