import Explain
import XMLStream

/// Secrets that are known by their looks alone, in values and texts that nobody understands.
enum SecretShapes {
    /// Where they stand: credentials in addresses on the web, tokens behind `Bearer` and `Basic`, JSON Web Tokens (RFC 7519).
    static func find(in bytes: [UInt8]) -> [Range<Int>] {
        guard bytes.count >= 8 else { return [] }
        return (credentials(bytes) + schemes(bytes) + webTokens(bytes)).withoutOverlaps
    }

    /// In a text that is no packet: also what stands behind the name of a secret, as in `<password>x`, `password="x"`, `pwd: x`.
    static func findInText(_ bytes: [UInt8]) -> [Range<Int>] { (find(in: bytes) + named(bytes)).withoutOverlaps }

    /// `user:password` of `https://user:password@host`, RFC 3986 section 3.2.1.
    private static func credentials(_ bytes: [UInt8]) -> [Range<Int>] {
        bytes.places(of: "://").compactMap { start in
            let authority = bytes[(start + 3)...].prefix { !endsAuthority.contains($0) }
            guard let at = authority.lastIndex(of: UInt8(ascii: "@")), at > start + 3 else { return nil }
            return start + 3..<at
        }
    }

    private static let endsAuthority = Set("/?# \t\r\n\"'<>".utf8)

    private static func schemes(_ bytes: [UInt8]) -> [Range<Int>] {
        ["bearer ", "basic "].flatMap { scheme in
            bytes.places(of: scheme).compactMap { start -> Range<Int>? in
                if start > 0, bytes[start - 1].isNameByte { return nil }
                let first = start + scheme.utf8.count
                let end = bytes[first...].firstIndex { !$0.isTokenByte } ?? bytes.endIndex
                // `Basic` and `Bearer` are words too.
                return end - first >= 12 ? first..<end : nil
            }
        }
    }

    private static func webTokens(_ bytes: [UInt8]) -> [Range<Int>] {
        bytes.places(of: "eyj").compactMap { start in
            if start > 0, bytes[start - 1].isTokenByte { return nil }
            let end = bytes[start...].firstIndex { !$0.isTokenByte } ?? bytes.endIndex
            return bytes[start..<end].filter { $0 == UInt8(ascii: ".") }.count >= 2 ? start..<end : nil
        }
    }

    private static func named(_ bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index].isNameByte else {
                index += 1
                continue
            }
            let end = bytes[index...].firstIndex { !$0.isNameByte } ?? bytes.endIndex
            let isSecret =
                end - index <= 64 && SecretNames.isSecret(String(decoding: bytes[index..<end], as: UTF8.self))
            let value = isSecret ? value(behind: end, in: bytes) : nil
            if let value { found.append(value) }
            index = value?.upperBound ?? end
        }
        return found
    }

    /// What follows a name: the content of an element, the value of an attribute, or a word behind a colon or an equals sign.
    private static func value(behind end: Int, in bytes: [UInt8]) -> Range<Int>? {
        var index = end
        func skipBlanks() { while index < bytes.count, bytes[index].isXMLWhitespace { index += 1 } }
        skipBlanks()
        guard index < bytes.count, [UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: ":")].contains(bytes[index])
        else {
            return nil
        }
        let isElement = bytes[index] == UInt8(ascii: ">")
        index += 1
        if !isElement { skipBlanks() }
        guard index < bytes.count else { return nil }
        let quote = bytes[index]
        let isQuoted = !isElement && (quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""))
        if isQuoted { index += 1 }
        let stop = bytes[index...].firstIndex { byte in
            isQuoted ? byte == quote : byte == UInt8(ascii: "<") || !isElement && byte.isXMLWhitespace
        }
        let range = index..<(stop ?? bytes.endIndex)
        return range.isEmpty ? nil : range
    }
}

extension UInt8 {
    fileprivate var isNameByte: Bool {
        (0x30...0x39).contains(self) || (0x61...0x7A).contains(self | 0x20) || self == UInt8(ascii: "_")
            || self == UInt8(ascii: "-")
    }

    /// Of base64 in both alphabets, and the stops of a JSON Web Token.
    fileprivate var isTokenByte: Bool { isNameByte || "+/=.~".utf8.contains(self) }
}

extension [UInt8] {
    /// Where a text of small letters stands, in whatever letter case.
    fileprivate func places(of text: String) -> [Int] {
        let wanted = Array(text.utf8)
        guard count >= wanted.count, let first = wanted.first else { return [] }
        return withUnsafeBufferPointer { bytes in
            var found: [Int] = []
            // A plain loop, for every text of a recording is searched.
            for start in 0...(bytes.count - wanted.count) where bytes[start].small == first {
                if wanted.indices.allSatisfy({ bytes[start + $0].small == wanted[$0] }) { found.append(start) }
            }
            return found
        }
    }
}

extension UInt8 {
    fileprivate var small: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

extension [Range<Int>] {
    /// From left to right, without those that overlap one before them.
    var withoutOverlaps: [Range<Int>] {
        var kept: [Range<Int>] = []
        for range in sorted(by: { ($0.lowerBound, -$0.upperBound) < ($1.lowerBound, -$1.upperBound) })
        where range.lowerBound >= kept.last?.upperBound ?? 0 { kept.append(range) }
        return kept
    }
}
