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

    private static let header = "n,,"

    init(_ hash: SCRAMHash, credentials: SASLCredentials, nonce: String) {
        self.hash = hash
        self.credentials = credentials
        self.nonce = nonce
    }

    private var bareFirst: String {
        "n=\(SASLName.encoded(SASLPreparation.prepared(credentials.username))),r=\(nonce)"
    }

    mutating func start() throws(SASLError) -> [UInt8]? {
        state = .sentFirst
        return Array((Self.header + bareFirst).utf8)
    }

    mutating func respond(to challenge: [UInt8]) throws(SASLError) -> [UInt8] {
        switch state {
        case .new: throw SASLError("the server sends a challenge before it was asked")
        case .sentFirst: return try prove(to: challenge)
        case .sentProof(let signature):
            // Some servers send their proof as a challenge.
            try check(challenge, signature)
            state = .verified
            return []
        case .verified: throw SASLError("the server sends a challenge after its proof")
        }
    }

    private func read(_ message: [UInt8]) throws(SASLError) -> SCRAMMessage {
        guard let fields = SCRAMMessage(message[...], .strict) else {
            throw SASLError("the server's message is none of SCRAM")
        }
        if let error = fields.text("e") { throw SASLError("the server reports the error \(error.quoted(limit: 60))") }
        if fields["m"] != nil { throw SASLError("the server demands an extension of SCRAM that is not known here") }
        return fields
    }

    private mutating func prove(to serverFirst: [UInt8]) throws(SASLError) -> [UInt8] {
        let fields = try read(serverFirst)
        guard let all = fields["r"], let salt = fields.data("s"), let iterations = fields.iterations else {
            throw SASLError("the server's challenge lacks its nonce, salt or count of rounds")
        }
        guard all.starts(with: nonce.utf8), all.count > nonce.utf8.count else {
            throw SASLError("the server's nonce does not begin with the client's")
        }
        guard iterations <= Self.mostIterations else {
            throw SASLError("the server wants \(iterations) rounds of its hash")
        }
        guard let salted = hash.saltedPassword(credentials.password, salt: salt, iterations: iterations) else {
            throw SASLError("no key can be made of the password")
        }
        let keys = SCRAMKeys(hash: hash, salted: salted)
        let withoutProof = Array("c=\(Base64.encode(Array(Self.header.utf8))),r=".utf8) + all
        let signed = Array("\(bareFirst),".utf8) + serverFirst + Array(",".utf8) + withoutProof
        state = .sentProof(serverSignature: keys.serverSignature(signed))
        return withoutProof + Array(",p=\(Base64.encode(keys.proof(signed)))".utf8)
    }

    private func check(_ message: [UInt8], _ signature: [UInt8]) throws(SASLError) {
        guard try read(message).data("v") == signature else {
            throw SASLError("the server's signature is wrong: it does not know the password, or its SCRAM is faulty")
        }
    }

    mutating func verify(success data: [UInt8]?) throws(SASLError) {
        switch state {
        case .verified: return
        case .sentProof(let signature):
            guard let data else { throw SASLError("the server does not prove that it knows the password") }
            try check(data, signature)
        case .new, .sentFirst: throw SASLError("the server lets the client in without asking for its proof")
        }
    }
}
