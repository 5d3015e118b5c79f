import Crypto

/// Stands in for secrets: the same secret always gets the same pseudonym, and nobody can find the secret by it.
///
/// The key is made anew for each value of this type and kept nowhere, so that pseudonyms of two redactions have nothing to
/// do with each other and a dictionary of passwords is of no use.
struct Pseudonyms {
    private let key = SymmetricKey(size: .bits256)

    /// `count` bytes, the first ones of a row that depends on the secret alone.
    func bytes(for secret: [UInt8], count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var block: UInt32 = 0
        while bytes.count < count {
            let counter = (0..<4).map { UInt8(truncatingIfNeeded: block >> (8 * UInt32($0))) }
            bytes += HMAC<SHA256>.authenticationCode(for: counter + secret, using: key)
            block += 1
        }
        return Array(bytes.prefix(count))
    }

    /// The same as text: digits for a secret of digits, hexadecimal for such a one, else small letters, so that the text fits
    /// where the secret stood.
    func text(for secret: [UInt8], count: Int) -> [UInt8] {
        let alphabet = Array(Self.alphabet(of: secret).utf8)
        let bytes = bytes(for: secret, count: count).map { alphabet[Int($0) % alphabet.count] }
        // A short one may be the secret itself by chance.
        guard bytes == secret, let first = bytes.first, let place = alphabet.firstIndex(of: first) else { return bytes }
        return [alphabet[(place + 1) % alphabet.count]] + bytes.dropFirst()
    }

    private static func alphabet(of secret: [UInt8]) -> String {
        let digits = "0123456789"
        if secret.allSatisfy(digits.utf8.contains) { return digits }
        let hexadecimal = digits + "abcdef"
        // Short words of these letters are words.
        return secret.count >= 16 && secret.allSatisfy(hexadecimal.utf8.contains)
            ? hexadecimal : "abcdefghijklmnopqrstuvwxyz"
    }
}
