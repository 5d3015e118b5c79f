import FoundationEssentials

/// Finds known secrets wherever they stand in bytes, also in base64 and in hexadecimal, in one pass over the bytes however
/// many secrets there are.
struct SecretIndex {
    /// Bytes that say a secret, and as many to be put in their place.
    private struct Pattern {
        let bytes: [UInt8]
        let replacement: [UInt8]
        /// True if it counts only where no letter or digit stands beside it, for it is short enough to be a part of a word.
        let isWord: Bool
    }

    struct Match: Equatable {
        let range: Range<Int>
        let replacement: [UInt8]
    }

    /// By their first four bytes, the longest first.
    private var patterns: [UInt32: [Pattern]] = [:]
    /// A bit for each hash of four bytes with which some pattern begins: nearly all places are passed over by it.
    private var filter = [UInt64](repeating: 0, count: 1 << 12)

    /// Shorter secrets are not looked for: they would be found where they do not stand.
    static let shortest = 4
    /// Below, a secret counts as a word only.
    private static let shortestPart = 8
    /// Longer ones, such as pictures, are looked for as they are, not encoded.
    private static let longestEncoded = 1024

    /// - Parameter replacement: of the same length.
    mutating func add(_ secret: [UInt8], replacement: [UInt8]) {
        guard secret.count >= Self.shortest, secret.count == replacement.count else { return }
        insert(Pattern(bytes: secret, replacement: replacement, isWord: secret.count < Self.shortestPart))
        guard secret.count <= Self.longestEncoded else { return }
        for (bytes, other) in zip(Self.base64(of: secret), Self.base64(of: replacement)) {
            insert(Pattern(bytes: bytes, replacement: other, isWord: false))
        }
        for digits in ["0123456789abcdef", "0123456789ABCDEF"] {
            let bytes = Self.hexadecimal(secret, digits)
            insert(Pattern(bytes: bytes, replacement: Self.hexadecimal(replacement, digits), isWord: false))
        }
    }

    private mutating func insert(_ pattern: Pattern) {
        guard pattern.bytes.count >= Self.shortest else { return }
        let key = pattern.bytes.withUnsafeBufferPointer { Self.key($0, 0) }
        let place = Self.place(of: key)
        filter[place.word] |= place.bit
        var list = patterns[key] ?? []
        guard !list.contains(where: { $0.bytes == pattern.bytes }) else { return }
        list.insert(pattern, at: list.firstIndex { $0.bytes.count < pattern.bytes.count } ?? list.count)
        patterns[key] = list
    }

    /// Where known secrets stand, from left to right, none inside of another.
    func matches(in bytes: some Collection<UInt8>) -> [Match] {
        guard !patterns.isEmpty, bytes.count >= Self.shortest else { return [] }
        return bytes.withContiguousStorageIfAvailable { find(in: $0) }
            ?? Array(bytes).withUnsafeBufferPointer { find(in: $0) }
    }

    private func find(in bytes: UnsafeBufferPointer<UInt8>) -> [Match] {
        var matches: [Match] = []
        var index = 0
        while index + Self.shortest <= bytes.count {
            let key = Self.key(bytes, index)
            let place = Self.place(of: key)
            guard filter[place.word] & place.bit != 0, let pattern = pattern(key, in: bytes, at: index) else {
                index += 1
                continue
            }
            let range = index..<index + pattern.bytes.count
            matches.append(Match(range: range, replacement: pattern.replacement))
            index = range.upperBound
        }
        return matches
    }

    private func pattern(_ key: UInt32, in bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Pattern? {
        patterns[key]?.first { pattern in
            let end = index + pattern.bytes.count
            guard end <= bytes.count, bytes[index..<end].elementsEqual(pattern.bytes) else { return false }
            guard pattern.isWord else { return true }
            return !(index > 0 && Self.isWordByte(bytes[index - 1]))
                && !(end < bytes.count && Self.isWordByte(bytes[end]))
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    private static func key(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[index + $1]) }
    }

    private static func place(of key: UInt32) -> (word: Int, bit: UInt64) {
        let hash = Int(truncatingIfNeeded: (key &* 0x9E37_79B1) >> 14)
        return (hash >> 6, 1 << UInt64(hash & 63))
    }

    // MARK: Encoded

    /// The characters of base64 that the bytes alone decide, at each of the three places that they can have in it.
    static func base64(of bytes: [UInt8]) -> [[UInt8]] {
        (0..<3).flatMap { shift -> [[UInt8]] in
            let padded = [UInt8](repeating: 0, count: shift) + bytes
            let text = Array(Data(padded).base64EncodedString().utf8)
            let first = (8 * shift + 5) / 6
            let core = Array(text[first..<padded.count * 8 / 6])
            let other = core.map {
                $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
            }
            return [core, other]
        }
    }

    private static func hexadecimal(_ bytes: [UInt8], _ digits: String) -> [UInt8] {
        let digits = Array(digits.utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}
