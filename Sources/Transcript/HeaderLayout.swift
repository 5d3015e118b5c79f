/// The start tag of a stream: its first attribute beside its name, each further one on a line of its own.
enum HeaderLayout {
    static func append(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to output: inout [UInt8]) {
        var start = range.lowerBound
        var attributes = 0
        var quote: UInt8 = 0
        var index = start
        while index < range.upperBound {
            let byte = bytes[index]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte.isQuote {
                quote = byte
            } else if isBlank(byte) {
                var next = index
                while next < range.upperBound, isBlank(bytes[next]) { next += 1 }
                if beginsAttribute(bytes, before: index, at: next, in: range) {
                    output.append(escaping: bytes, start..<index, in: .tag)
                    output.append(attributes == 0 ? .blank : .lineFeed)
                    attributes += 1
                    start = next
                } else if next + 1 == range.upperBound {
                    // Only the `>` follows.
                    output.append(escaping: bytes, start..<index, in: .tag)
                    start = next
                }
                index = next
                continue
            }
            index += 1
        }
        output.append(escaping: bytes, start..<range.upperBound, in: .tag)
    }

    /// Blanks may also stand around an equals sign and before the tag's end.
    private static func beginsAttribute(
        _ bytes: UnsafeBufferPointer<UInt8>,
        before: Int,
        at next: Int,
        in range: Range<Int>
    ) -> Bool {
        guard next < range.upperBound, before > range.lowerBound else { return false }
        let byte = bytes[next]
        return byte != .equals && byte != .greaterThan && !byte.isQuote && bytes[before - 1] != .equals
    }
}
