import FoundationEssentials

/// The secrets that were found so far, and what stands in for each.
struct SecretTable {
    private let pseudonyms = Pseudonyms()
    private var known: Set<[UInt8]> = []
    /// Values that were replaced, each time counted.
    private(set) var replaced = 0
    /// Bytes that could not be read and were blotted out.
    var masked = 0

    /// Secrets that are looked for elsewhere; a capture can hold any number of them.
    private static let limit = 100_000
    /// Shorter ones would be found where they do not stand.
    private static let shortest = 6

    /// Different secrets so far.
    var count: Int { known.count }

    /// A text in place of a secret.
    ///
    /// - Parameter count: bytes of it; the secret itself may be written with references, which are longer.
    mutating func text(for secret: [UInt8], count: Int) -> [UInt8] {
        guard !secret.isEmpty else { return [] }
        remember(secret)
        return pseudonyms.text(for: secret, count: count)
    }

    /// Bytes in place of a secret, as many.
    mutating func bytes(for secret: [UInt8]) -> [UInt8] {
        remember(secret)
        return pseudonyms.bytes(for: secret, count: secret.count)
    }

    /// Base64 of bytes in place of a secret that is base64 itself, of the same length.
    mutating func base64(for secret: [UInt8]) -> [UInt8] {
        remember(secret)
        let padding = secret.suffix(2).filter { $0 == UInt8(ascii: "=") }.count
        let bytes = pseudonyms.bytes(for: secret, count: secret.count / 4 * 3 - padding)
        return Array(Data(bytes).base64EncodedString().utf8)
    }

    /// What stands in for a value that was found to be a secret elsewhere; nil if it was not.
    mutating func echo(of value: [UInt8], count: Int) -> [UInt8]? {
        guard value.count >= Self.shortest, known.contains(value) else { return nil }
        replaced += 1
        return pseudonyms.text(for: value, count: count)
    }

    /// A text of our own, which may quote a secret, without it.
    mutating func redacted(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for secret in known where secret.count >= Self.shortestInText {
            while let place = bytes.firstRange(of: secret) {
                bytes.replaceSubrange(place, with: pseudonyms.text(for: secret, count: secret.count))
                replaced += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let shortestInText = 4

    private mutating func remember(_ secret: [UInt8]) {
        replaced += 1
        if known.count < Self.limit { known.insert(secret) }
    }
}
