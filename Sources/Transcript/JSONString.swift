import XMPP

extension [UInt8] {
    /// Appends a JSON string (RFC 8259 section 7).
    ///
    /// Bytes that are not UTF-8 become U+FFFD; control characters and those that turn the direction of writing are escaped,
    /// so that the line does no harm on a terminal.
    public mutating func append(jsonString text: UnsafeBufferPointer<UInt8>) {
        append(.quote)
        var run = 0
        var index = 0
        while index < text.count {
            index = text.endOfPlainRun(from: index, isJSON: true)
            if index == text.count { break }
            let byte = text[index]
            let (scalar, length) = text.scalar(at: index)
            if byte >= 0x80, let scalar, !scalar.isUnsafeOnTerminal {
                index += length
                continue
            }
            append(text, run..<index)
            append(jsonEscapeOf: scalar ?? "\u{FFFD}")
            index += length
            run = index
        }
        append(text, run..<text.count)
        append(.quote)
    }

    private mutating func append(jsonEscapeOf scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": append(contentsOf: "\\\"".utf8)
        case "\\": append(contentsOf: "\\\\".utf8)
        case "\n": append(contentsOf: "\\n".utf8)
        case "\r": append(contentsOf: "\\r".utf8)
        case "\t": append(contentsOf: "\\t".utf8)
        case "\u{FFFD}": append(contentsOf: "\u{FFFD}".utf8)
        default:
            // All that are unsafe have four digits at most.
            let digits = String(scalar.value, radix: 16)
            append(contentsOf: "\\u0000".utf8.dropLast(Swift.min(4, digits.utf8.count)))
            append(contentsOf: digits.utf8)
        }
    }
}
