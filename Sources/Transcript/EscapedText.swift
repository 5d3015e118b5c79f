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
    mutating func append(escaping bytes: Slice<UnsafeBufferPointer<UInt8>>, in context: XMLContext) {
        let base = UnsafeBufferPointer(rebasing: bytes)
        var run = 0
        var index = 0
        while index < base.count {
            let byte = base[index]
            if byte >= 0x20 && byte < 0x7F {
                index += 1
                continue
            }
            let (scalar, length) = decode(base, at: index)
            if byte >= 0x80, let scalar, !scalar.isUnsafeOnTerminal {
                index += length
                continue
            }
            append(contentsOf: base[run..<index])
            if byte == 0x0D, index + 1 < base.count, base[index + 1] == 0x0A {
                // XML reads CR LF as one line break; the LF tells it.
            } else {
                append(reference: byte == 0x0D ? "\n" : scalar ?? "\u{FFFD}", in: context)
            }
            index += length
            run = index
        }
        append(contentsOf: base[run..<base.count])
    }

    private mutating func append(reference scalar: Unicode.Scalar, in context: XMLContext) {
        if context == .tag && (scalar == "\n" || scalar == "\t") {
            append(0x20)
            return
        }
        // A reference means nothing inside CDATA, so CDATA is left for it.
        if context == .characterData { append(contentsOf: "]]>".utf8) }
        append(contentsOf: "&#x\(String(scalar.value, radix: 16, uppercase: true));".utf8)
        if context == .characterData { append(contentsOf: "<![CDATA[".utf8) }
    }
}

/// The scalar at an index and its length in bytes; nil and 1 for what is not UTF-8.
private func decode(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (Unicode.Scalar?, Int) {
    let first = bytes[index]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first <= 0xF4, index + length <= bytes.count else { return (nil, 1) }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for offset in 1..<length {
        let byte = bytes[index + offset]
        guard byte & 0xC0 == 0x80 else { return (nil, 1) }
        value = value << 6 | UInt32(byte & 0x3F)
    }
    let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
    guard value >= least, let scalar = Unicode.Scalar(value) else { return (nil, 1) }
    return (scalar, length)
}
