import XMPP

/// Where in XML a piece of text stands: that decides how a character is shown that must not be shown as it is.
enum XMLContext {
    case text
    case tag
    case characterData
}

extension [UInt8] {
    /// Appends bytes from the network so that they cannot play tricks on a terminal and keep to one line (rule 10).
    ///
    /// Control characters become character references. A line break in text becomes `&#xA;`; inside a tag, where XML reads it
    /// as a blank, it becomes a blank. What is not UTF-8 becomes `&#xFFFD;`.
    mutating func append(escaping bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, in context: XMLContext) {
        var run = range.lowerBound
        var index = run
        while true {
            index = bytes.firstUnprintable(in: index..<range.upperBound)
            guard index < range.upperBound else { break }
            let (scalar, length) = bytes.scalar(at: index)
            if let scalar, !scalar.isUnsafeOnTerminal {
                index += length
                continue
            }
            append(bytes, run..<index)
            let isLineEndBefore = index + 1 < range.upperBound && bytes[index + 1] == .lineFeed
            if scalar == "\r" {
                // XML reads CR LF as one line break, which the LF tells, and a CR alone as another.
                if !isLineEndBefore { append(referenceTo: "\n", in: context) }
            } else {
                append(referenceTo: scalar ?? "\u{FFFD}", in: context)
            }
            index += length
            run = index
        }
        append(bytes, run..<range.upperBound)
    }

    /// Appends a part of the bytes as it is.
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        append(contentsOf: UnsafeBufferPointer(rebasing: bytes[range]))
    }

    private mutating func append(referenceTo scalar: Unicode.Scalar, in context: XMLContext) {
        if context == .tag && (scalar == "\n" || scalar == "\t") {
            append(.blank)
            return
        }
        // A reference means nothing inside CDATA, so CDATA is left for it.
        if context == .characterData { append(contentsOf: "]]>".utf8) }
        append(referenceTo: scalar)
        if context == .characterData { append(contentsOf: "<![CDATA[".utf8) }
    }

    /// Appends a character reference such as `&#x1B;`.
    mutating func append(referenceTo scalar: Unicode.Scalar) {
        append(contentsOf: "&#x".utf8)
        append(contentsOf: String(scalar.value, radix: 16, uppercase: true).utf8)
        append(UInt8(ascii: ";"))
    }
}
