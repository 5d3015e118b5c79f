import FoundationEssentials

/// Finds known secrets wherever they stand in bytes, also in base64 and in hexadecimal, in one pass over the bytes however
/// many secrets there are.
struct SecretIndex {
    /// What is to be put in the place of bytes that say a secret, as many.
    private struct Pattern {
        let replacement: [UInt8]
        /// True if it counts only where no letter or digit stands beside it, for it is short enough to be a part of a word.
        let isWord: Bool
    }

    /// All that begin with the same four bytes: however many they are, one look for each length finds the one.
    private struct Group {
        /// The longest first.
        var lengths: [Int] = []
        var patterns: [[UInt8]: Pattern] = [:]
    }

    struct Match: Equatable {
        let range: Range<Int>
        let replacement: [UInt8]
    }

    /// By their first four bytes.
    private var groups: [UInt32: Group] = [:]
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
        insert(secret, Pattern(replacement: replacement, isWord: secret.count < Self.shortestPart))
        guard secret.count <= Self.longestEncoded else { return }
        for (bytes, other) in zip(Self.base64(of: secret), Self.base64(of: replacement)) {
            insert(bytes, Pattern(replacement: other, isWord: false))
        }
        for digits in ["0123456789abcdef", "0123456789ABCDEF"] {
            let other = Self.hexadecimal(replacement, digits)
            insert(Self.hexadecimal(secret, digits), Pattern(replacement: other, isWord: false))
        }
    }

    private mutating func insert(_ bytes: [UInt8], _ pattern: Pattern) {
        guard bytes.count >= Self.shortest else { return }
        let key = bytes.withUnsafeBufferPointer { Self.key($0, 0) }
        let place = Self.place(of: key)
        filter[place.word] |= place.bit
        var group = groups.removeValue(forKey: key) ?? Group()
        defer { groups[key] = group }
        if !group.lengths.contains(bytes.count) {
            group.lengths.insert(bytes.count, at: group.lengths.firstIndex { $0 < bytes.count } ?? group.lengths.count)
        }
        if group.patterns[bytes] == nil { group.patterns[bytes] = pattern }
    }

    /// Where known secrets stand, from left to right, none inside of another.
    func matches(in bytes: some Collection<UInt8>) -> [Match] {
        guard !groups.isEmpty, bytes.count >= Self.shortest else { return [] }
        return bytes.withContiguousStorageIfAvailable { find(in: $0) }
            ?? Array(bytes).withUnsafeBufferPointer { find(in: $0) }
    }

    private func find(in bytes: UnsafeBufferPointer<UInt8>) -> [Match] {
        var matches: [Match] = []
        var index = 0
        while index + Self.shortest <= bytes.count {
            let key = Self.key(bytes, index)
            let place = Self.place(of: key)
            guard filter[place.word] & place.bit != 0, let match = match(key, in: bytes, at: index) else {
                index += 1
                continue
            }
            matches.append(match)
            index = match.range.upperBound
        }
        return matches
    }

    private func match(_ key: UInt32, in bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Match? {
        guard let group = groups[key] else { return nil }
        for length in group.lengths where index + length <= bytes.count {
            let range = index..<index + length
            guard let pattern = group.patterns[Array(bytes[range])] else { continue }
            let isPart =
                index > 0 && Self.isWordByte(bytes[index - 1])
                || range.upperBound < bytes.count && Self.isWordByte(bytes[range.upperBound])
            if !(pattern.isWord && isPart) { return Match(range: range, replacement: pattern.replacement) }
        }
        return nil
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    private static func key(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt32 {
        UInt32(bytes[index]) << 24 | UInt32(bytes[index + 1]) << 16 | UInt32(bytes[index + 2]) << 8
            | UInt32(bytes[index + 3])
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
