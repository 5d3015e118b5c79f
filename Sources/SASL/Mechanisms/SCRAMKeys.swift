import Crypto
import CryptoExtras

/// The hash of a SCRAM mechanism (RFC 5802, RFC 7677).
enum SCRAMHash: String, Sendable, CaseIterable {
    case sha512 = "SCRAM-SHA-512"
    case sha256 = "SCRAM-SHA-256"
    case sha1 = "SCRAM-SHA-1"

    init?(mechanism: String) { self.init(rawValue: mechanism) }

    func hash(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .sha1: Array(Insecure.SHA1.hash(data: bytes))
        case .sha256: Array(SHA256.hash(data: bytes))
        case .sha512: Array(SHA512.hash(data: bytes))
        }
    }

    func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: key)
        return switch self {
        case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: bytes, using: key))
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
        case .sha512: Array(HMAC<SHA512>.authenticationCode(for: bytes, using: key))
        }
    }

    private var derivation: (KDF.Insecure.PBKDF2.HashFunction, byteCount: Int) {
        switch self {
        case .sha1: (.insecureSHA1, 20)
        case .sha256: (.sha256, 32)
        case .sha512: (.sha512, 64)
        }
    }

    /// `Hi` of RFC 5802 section 2.2; nil if the key cannot be derived.
    func saltedPassword(_ password: String, salt: [UInt8], iterations: Int) -> [UInt8]? {
        let (function, count) = derivation
        let key = try? KDF.Insecure.PBKDF2.deriveKey(
            from: Array(SASLPreparation.prepared(password).utf8),
            salt: salt,
            using: function,
            outputByteCount: count,
            unsafeUncheckedRounds: iterations
        )
        return key.map { $0.withUnsafeBytes { Array($0) } }
    }
}

/// What both sides make from the password (RFC 5802 section 3).
struct SCRAMKeys {
    let hash: SCRAMHash
    let salted: [UInt8]

    var clientKey: [UInt8] { hash.authenticate(Array("Client Key".utf8), key: salted) }
    var storedKey: [UInt8] { hash.hash(clientKey) }
    var serverKey: [UInt8] { hash.authenticate(Array("Server Key".utf8), key: salted) }

    /// - Parameter message: the two first messages and the final one without its proof, with commas between them.
    func proof(_ message: [UInt8]) -> [UInt8] {
        let signature = hash.authenticate(message, key: storedKey)
        return zip(clientKey, signature).map { $0 ^ $1 }
    }

    func serverSignature(_ message: [UInt8]) -> [UInt8] { hash.authenticate(message, key: serverKey) }
}
