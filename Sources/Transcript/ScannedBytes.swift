/// Looking through bytes from the network, eight at a time where that goes.
extension UnsafeBufferPointer<UInt8> {
    /// The first position in a range whose byte is not printable ASCII, or the range's end.
    func firstUnprintable(in range: Range<Int>) -> Int {
        var index = range.lowerBound
        let raw = UnsafeRawBufferPointer(self)
        while index + 8 <= range.upperBound {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            // A byte's top bit comes out set if the byte is below 0x20, is 0x7F or is above it. A byte beside such a one
            // may be marked for its sake, which the loop below sorts out.
            let marks = (word &- 0x2020_2020_2020_2020) | (word &+ 0x0101_0101_0101_0101)
            if marks & 0x8080_8080_8080_8080 != 0 { break }
            index += 8
        }
        while index < range.upperBound, self[index] >= 0x20, self[index] < 0x7F { index += 1 }
        return index
    }

    /// The first position of a byte from `start` on, or the end.
    func firstPosition(of byte: UInt8, from start: Int) -> Int {
        var index = start
        while index < count, self[index] != byte { index += 1 }
        return index
    }

    /// The position behind the first `mark` that begins at `start` or later, or the end.
    func end(of mark: StaticString, from start: Int) -> Int {
        mark.withUTF8Buffer { mark in
            var index = start
            while index + mark.count <= count {
                if self[index] == mark[0], self[index..<index + mark.count].elementsEqual(mark) {
                    return index + mark.count
                }
                index += 1
            }
            return count
        }
    }

    /// The scalar at an index and its length in bytes; nil and 1 for what is not UTF-8.
    func scalar(at index: Int) -> (scalar: Unicode.Scalar?, length: Int) {
        let first = self[index]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, index + length <= count else { return (nil, 1) }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let byte = self[index + offset]
            guard byte & 0xC0 == 0x80 else { return (nil, 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        guard value >= least, let scalar = Unicode.Scalar(value) else { return (nil, 1) }
        return (scalar, length)
    }
}

/// XML's white space.
func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

extension UInt8 {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let blank = UInt8(ascii: " ")
    static let lessThan = UInt8(ascii: "<")
    static let greaterThan = UInt8(ascii: ">")
    static let slash = UInt8(ascii: "/")
    static let equals = UInt8(ascii: "=")
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let apostrophe = UInt8(ascii: "'")

    var isQuote: Bool { self == .quote || self == .apostrophe }
}
