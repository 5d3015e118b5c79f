/// Lays out the bytes of one packet for a transcript (rule 3): only white space between tags changes.
///
/// Works on any bytes, half packets and damaged ones included, in time linear to their count and without recursion.
/// Every line but the first begins with `<` behind its indentation, or is an attribute of a stream header; so a reader can
/// tell where the XML ends.
struct XMLLayout: Sendable {
    private var tokenizer = XMLTokens()

    /// Appends the packet, its last line without a line end.
    mutating func append(_ packet: [UInt8], to output: inout [UInt8]) {
        packet.withUnsafeBufferPointer { append($0, to: &output) }
    }

    /// Appends the packet, its last line without a line end.
    mutating func append(_ packet: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        let packet = packet.withoutByteOrderMark
        tokenizer.tokenize(packet)
        var lines = LayoutLines(bytes: packet, isInline: tokenizer.hasStrayText)
        for token in tokenizer.tokens { lines.add(token, to: &output) }
        lines.flush(to: &output)
    }
}

/// Decides before each token whether a new line begins.
private struct LayoutLines {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var depth = 0
    /// In an element whose content stays as it is: how deep, counted from that element.
    private var inlineDepth: Int
    private var isAtStart = true
    /// Bytes that were decided on but not yet copied.
    private var run = 0..<0

    init(bytes: UnsafeBufferPointer<UInt8>, isInline: Bool) {
        self.bytes = bytes
        // Deeper than any end tag leads out of.
        inlineDepth = isInline ? .max / 2 : 0
    }

    mutating func add(_ token: XMLTokens.Token, to output: inout [UInt8]) {
        if inlineDepth > 0 {
            if token.kind == .startTag { inlineDepth += 1 }
            if token.kind == .endTag { inlineDepth -= 1 }
            append(token, to: &output)
            return
        }
        switch token.kind {
        case .text where token.isBlank:
            return
        case .text, .characterData, .other, .emptyTag:
            breakLine(&output)
            append(token, to: &output)
        case .startTag:
            breakLine(&output)
            addStartTag(token, to: &output)
        case .endTag:
            depth = max(0, depth - 1)
            breakLine(&output)
            append(token, to: &output)
        }
    }

    mutating func flush(to output: inout [UInt8]) {
        if !run.isEmpty { output.append(bytes, run) }
        run = 0..<0
    }

    private mutating func addStartTag(_ token: XMLTokens.Token, to output: inout [UInt8]) {
        let isAlone = !token.isClosed && !token.holdsElements && !token.holdsText
        if depth == 0 && isAlone && bytes.isStreamHeader(token.range) {
            flush(to: &output)
            HeaderLayout.append(bytes, token.range, to: &output)
            depth += 1
            return
        }
        append(token, to: &output)
        // An element that is cut off is known by what came: its text stays with its tag, so that it reads back as it was.
        if token.holdsText || (token.isClosed && !token.holdsElements) { inlineDepth = 1 } else { depth += 1 }
    }

    private mutating func append(_ token: XMLTokens.Token, to output: inout [UInt8]) {
        if token.isPlain && (run.isEmpty || run.upperBound == token.range.lowerBound) {
            run = (run.isEmpty ? token.range.lowerBound : run.lowerBound)..<token.range.upperBound
            return
        }
        flush(to: &output)
        switch token.kind {
        case .text: output.append(escaping: bytes, token.range, in: .text)
        case .characterData: output.append(escaping: bytes, token.range, in: .characterData)
        case .startTag, .endTag, .emptyTag, .other: output.append(escaping: bytes, token.range, in: .tag)
        }
    }

    private mutating func breakLine(_ output: inout [UInt8]) {
        flush(to: &output)
        if isAtStart {
            isAtStart = false
            return
        }
        let line: StaticString = "\n                                                                                "
        // Deeper than anybody can read, the indentation alone would grow with the square of the depth.
        let count = min(1 + 2 * depth, line.utf8CodeUnitCount)
        output.append(contentsOf: UnsafeBufferPointer(start: line.utf8Start, count: count))
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Without the mark of UTF-8 that some editors' files begin with: it belongs to no packet.
    fileprivate var withoutByteOrderMark: Self {
        count >= 3 && self[0] == 0xEF && self[1] == 0xBB && self[2] == 0xBF ? Self(rebasing: self[3...]) : self
    }

    /// Is the tag named `stream`, with or without a prefix?
    fileprivate func isStreamHeader(_ range: Range<Int>) -> Bool {
        let name = self[range].dropFirst().prefix { !isBlank($0) && $0 != .greaterThan }
        return name.elementsEqual("stream".utf8) || name.suffix(7).elementsEqual(":stream".utf8)
    }
}
