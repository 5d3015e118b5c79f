import XMPP

/// SCRAM without channel binding (RFC 5802 section 5), the client's side.
struct SCRAMClient: SASLClient {
    private enum State {
        case new
        case sentFirst
        case sentProof(serverSignature: [UInt8])
        case verified
    }

    private let hash: SCRAMHash
    private let credentials: SASLCredentials
    private let nonce: String
    private var state = State.new

    /// A server that asks for more rounds wants to keep its clients busy.
    static let mostIterations = 10_000_000

    init(_ hash: SCRAMHash, credentials: SASLCredentials, nonce: String) {
        self.hash = hash
        self.credentials = credentials
        self.nonce = nonce
    }

    private var bareFirst: String {
        let name = SASLPreparation.prepared(credentials.username)
            .replacing("=", with: "=3D").replacing(",", with: "=2C")
        return "n=\(name),r=\(nonce)"
    }

    mutating func start() throws(SASLError) -> [UInt8]? {
        state = .sentFirst
        return Array(("n,," + bareFirst).utf8)
    }

    mutating func respond(to challenge: [UInt8]) throws(SASLError) -> [UInt8] {
        let text = String(decoding: challenge, as: UTF8.self)
        switch state {
        case .new: throw SASLError("the server sends a challenge before it was asked")
        case .sentFirst: return try prove(to: text)
        case .sentProof(let signature):
            // Some servers send their proof as a challenge.
            try check(text, signature)
            state = .verified
            return []
        case .verified: throw SASLError("the server sends a challenge after its proof")
        }
    }

    private mutating func prove(to serverFirst: String) throws(SASLError) -> [UInt8] {
        let attributes = SCRAMAttributes(serverFirst)
        if let error = attributes["e"] { throw SASLError("the server reports the error \(error.quoted(limit: 60))") }
        if attributes["m"] != nil { throw SASLError("the server demands an extension of SCRAM that is not known here") }
        guard let all = attributes["r"], let salt = attributes["s"].flatMap(Base64.decode),
            let iterations = attributes["i"].flatMap({ Int($0) })
        else { throw SASLError("the server's challenge lacks its nonce, salt or count of rounds") }
        guard all.hasPrefix(nonce), all.utf8.count > nonce.utf8.count else {
            throw SASLError("the server's nonce does not begin with the client's")
        }
        guard iterations > 0, iterations <= Self.mostIterations else {
            throw SASLError("the server wants \(iterations) rounds of its hash")
        }
        guard let salted = hash.saltedPassword(credentials.password, salt: salt, iterations: iterations) else {
            throw SASLError("no key can be made of the password")
        }
        let keys = SCRAMKeys(hash: hash, salted: salted)
        let withoutProof = "c=biws,r=\(all)"
        let message = "\(bareFirst),\(serverFirst),\(withoutProof)"
        state = .sentProof(serverSignature: keys.serverSignature(message))
        return Array("\(withoutProof),p=\(Base64.encode(keys.proof(message)))".utf8)
    }

    private func check(_ text: String, _ signature: [UInt8]) throws(SASLError) {
        let attributes = SCRAMAttributes(text)
        if let error = attributes["e"] { throw SASLError("the server reports the error \(error.quoted(limit: 60))") }
        guard attributes["v"].flatMap(Base64.decode) == signature else {
            throw SASLError("the server's signature is wrong: it does not know the password, or its SCRAM is faulty")
        }
    }

    mutating func verify(success data: [UInt8]?) throws(SASLError) {
        switch state {
        case .verified: return
        case .sentProof(let signature):
            guard let data else { throw SASLError("the server does not prove that it knows the password") }
            try check(String(decoding: data, as: UTF8.self), signature)
        case .new, .sentFirst: throw SASLError("the server lets the client in without asking for its proof")
        }
    }
}

extension RecordedLogin {
    /// True if the recorded exchange was made with that password.
    func wasMade(with password: String) -> Bool {
        if mechanism == "DIGEST-MD5" { return DigestMD5.wasMade(messages, with: password) }
        let base = mechanism.hasSuffix("-PLUS") ? String(mechanism.dropLast("-PLUS".count)) : mechanism
        guard let hash = SCRAMHash(mechanism: base), messages.count >= 3 else { return false }
        let texts = messages.prefix(3).map { String(decoding: $0, as: UTF8.self) }
        let parts = texts[0].split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let end = texts[2].firstRange(of: ",p=") else { return false }
        let (first, final) = (SCRAMAttributes(texts[1]), SCRAMAttributes(texts[2]))
        guard let salt = first["s"].flatMap(Base64.decode), let iterations = first["i"].flatMap({ Int($0) }),
            iterations > 0, iterations <= SCRAMClient.mostIterations,
            let proof = final["p"].flatMap(Base64.decode),
            let salted = hash.saltedPassword(password, salt: salt, iterations: iterations)
        else { return false }
        let message = "\(parts[2]),\(texts[1]),\(texts[2][..<end.lowerBound])"
        return SCRAMKeys(hash: hash, salted: salted).proof(message) == proof
    }
}
