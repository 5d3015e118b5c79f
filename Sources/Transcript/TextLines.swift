import XMPP

/// What a line of a transcript is taken for by its looks.
enum LineMeaning {
    /// True for `[…]`.
    static func isEvent(_ line: String) -> Bool {
        line.utf8.first == UInt8(ascii: "[") && line.utf8.last == UInt8(ascii: "]")
    }

    /// True for a line behind a packet's XML that a reader would not take for its explanation.
    static func isNoExplanation(_ line: String) -> Bool {
        switch line.utf8.first {
        case UInt8(ascii: "["): isEvent(line)
        case .lessThan: true
        case UInt8(ascii: "C"), UInt8(ascii: "c"), UInt8(ascii: "S"), UInt8(ascii: "s"):
            PacketHeaderLine(line) != nil
        case UInt8(ascii: "W"), UInt8(ascii: "N"): Finding(line: line) != nil
        default: false
        }
    }
}

/// The line that ends a packet which is not shown whole (rule 7).
struct OmittedLine: Equatable {
    let count: Int

    init(count: Int) { self.count = count }

    init?(_ line: ArraySlice<UInt8>) {
        guard line.first == UInt8(ascii: "["), line.count < 100 else { return nil }
        let text = String(decoding: line, as: UTF8.self)
        guard let count = Int(text.dropFirst().prefix { $0 != " " }), count > 0 else { return nil }
        self.count = count
        guard text == self.text else { return nil }
    }

    var text: String {
        "[\(count) \(count == 1 ? "byte is" : "bytes are") left out of the transcript; the capture holds them all.]"
    }
}

extension [UInt8] {
    /// Appends one line, whatever stands in the text: line breaks become blanks, other control characters references.
    mutating func append(line text: String, between start: StaticString = "", _ end: StaticString = "") {
        start.withUTF8Buffer { append(contentsOf: $0) }
        append(contentsOf: text.isPrintableASCII ? text.utf8 : text.shown(limit: .max).utf8)
        end.withUTF8Buffer { append(contentsOf: $0) }
        append(.lineFeed)
    }

    /// Appends one line whose first character becomes a reference if the line would be mistaken for something else.
    mutating func append(line text: String, unless isMistakable: (String) -> Bool) {
        guard let first = text.unicodeScalars.first, isMistakable(text) else {
            append(line: text)
            return
        }
        append(referenceTo: first)
        append(line: String(text.unicodeScalars.dropFirst()))
    }
}

extension String {
    /// Without white space on both sides.
    var withoutOuterBlanks: String {
        guard let first = utf8.first, let last = utf8.last, isBlank(first) || isBlank(last) else { return self }
        return String(decoding: TextLine(self).trimmed, as: UTF8.self)
    }
}
