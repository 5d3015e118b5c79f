/// A text that is looked for, in capital or small letters.
struct SoughtText: Sendable, Equatable {
    /// As it was given, and in small and capital letters; letters of English are in small ones in all of them.
    private let needles: [[UInt8]]

    init(_ text: String) {
        let spellings = [text, text.lowercased(), text.uppercased()].map { $0.utf8.map(Self.small) }
        var needles: [[UInt8]] = []
        for spelling in spellings where !needles.contains(spelling) { needles.append(spelling) }
        self.needles = needles
    }

    func isIn(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in needles.contains { Self.find($0, in: bytes) } }
    }

    func isIn(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in needles.contains { Self.find($0, in: bytes) } }
    }

    private static func small(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte + 32 : byte
    }

    private static func find(_ needle: [UInt8], in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = needle.first else { return true }
        guard bytes.count >= needle.count else { return false }
        for start in 0...(bytes.count - needle.count) where small(bytes[start]) == first {
            var length = 1
            while length < needle.count, small(bytes[start + length]) == needle[length] { length += 1 }
            if length == needle.count { return true }
        }
        return false
    }
}
