import XMPP

/// SCRAM without channel binding (RFC 5802 section 5), the server's side.
struct SCRAMServer: SASLServer {
    private enum State {
        case new
        /// `keys`: nil if nobody knows the password. `messages`: both first ones, which the proof is about.
        case challenged(user: String, keys: SCRAMKeys?, header: GS2Header, nonce: [UInt8], messages: [UInt8])
    }

    private let hash: SCRAMHash
    private let nonce: String
    private var state = State.new

    private static let iterations = 4096

    init(_ hash: SCRAMHash, nonce: String) {
        self.hash = hash
        self.nonce = nonce
    }

    mutating func receive(_ message: [UInt8]?, password: (String) -> SASLPassword) -> SASLServerStep {
        guard let message else { return .challenge([]) }
        switch state {
        case .new: return first(message, password)
        case .challenged(let user, let keys, let header, let nonce, let messages):
            guard let fields = SCRAMMessage(message[...], .strict), let proof = fields.data("p"),
                let withoutProof = fields.withoutProof, fields["r"]?.elementsEqual(nonce) == true,
                fields.data("c") == header.bytes
            else { return .failure(.malformedRequest) }
            let signed = messages + Array(",".utf8) + withoutProof
            guard let keys, keys.proof(signed) == proof else { return .failure(.notAuthorized) }
            return .success(user: user, data: Array("v=\(Base64.encode(keys.serverSignature(signed)))".utf8))
        }
    }

    private mutating func first(_ message: [UInt8], _ password: (String) -> SASLPassword) -> SASLServerStep {
        guard let header = GS2Header(message, .strict), header.binding == .unused || header.binding == .notOffered,
            let fields = SCRAMMessage(message[header.bytes.count...], .strict),
            let user = fields["n"].flatMap({ SASLName.decoded($0, .strict) }),
            let clientNonce = fields["r"], !clientNonce.isEmpty
        else { return .failure(.malformedRequest) }
        let salt = SASLNonce.bytes(count: 16)
        // An unknown user is told only when the proof is due, as others do.
        let keys = password(user).checked
            .flatMap { hash.saltedPassword($0, salt: salt, iterations: Self.iterations) }
            .map { SCRAMKeys(hash: hash, salted: $0) }
        let both = clientNonce + Array(nonce.utf8)
        let challenge = Array("r=".utf8) + both + Array(",s=\(Base64.encode(salt)),i=\(Self.iterations)".utf8)
        state = .challenged(
            user: user,
            keys: keys,
            header: header,
            nonce: Array(both),
            messages: message[header.bytes.count...] + Array(",".utf8) + challenge
        )
        return .challenge(challenge)
    }
}
