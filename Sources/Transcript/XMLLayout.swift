/// Lays out the bytes of one packet for a transcript (rule 3): only white space between tags changes.
///
/// Works on any bytes, half packets and damaged ones included, in time linear to their count.
struct XMLLayout {
    private var tokenizer = XMLTokens()

    /// Appends the packet, its last line without a line end.
    mutating func append(_ packet: some Collection<UInt8>, to output: inout [UInt8]) {
        let done: Void? = packet.withContiguousStorageIfAvailable { layOut($0, to: &output) }
        if done == nil { Array(packet).withUnsafeBufferPointer { layOut($0, to: &output) } }
    }

    private mutating func layOut(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        tokenizer.tokenize(bytes)
        var line = LineWriter(bytes: bytes)
        for token in tokenizer.tokens { line.add(token, to: &output) }
    }
}

/// Decides before each token whether a new line begins.
private struct LineWriter {
    let bytes: UnsafeBufferPointer<UInt8>
    private var depth = 0
    /// In an element whose content stays as it is: how deep, counted from that element.
    private var inlineDepth = 0
    private var isAtStart = true

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func add(_ token: XMLTokens.Token, to output: inout [UInt8]) {
        if inlineDepth > 0 {
            addInline(token, to: &output)
            return
        }
        switch token.kind {
        case .text:
            if bytes[token.range].allSatisfy(isBlank) { return }
            breakLine(&output)
            output.append(escaping: bytes[token.range], in: .text)
        case .characterData:
            breakLine(&output)
            appendCharacterData(token.range, to: &output)
        case .other, .emptyTag:
            breakLine(&output)
            output.append(escaping: bytes[token.range], in: .tag)
        case .startTag:
            breakLine(&output)
            addStartTag(token, to: &output)
        case .endTag:
            depth = max(0, depth - 1)
            breakLine(&output)
            output.append(escaping: bytes[token.range], in: .tag)
        }
    }

    private mutating func addStartTag(_ token: XMLTokens.Token, to output: inout [UInt8]) {
        if depth == 0 && !token.isClosed && isStreamHeader(token.range) {
            appendHeader(token.range, to: &output)
        } else {
            output.append(escaping: bytes[token.range], in: .tag)
        }
        // An element that is cut off is known by what came: text stays with its tag, so that it reads back as it was.
        if token.holdsText || (token.isClosed && !token.holdsElements) {
            inlineDepth = 1
        } else {
            depth += 1
        }
    }

    private mutating func addInline(_ token: XMLTokens.Token, to output: inout [UInt8]) {
        switch token.kind {
        case .text: output.append(escaping: bytes[token.range], in: .text)
        case .characterData: appendCharacterData(token.range, to: &output)
        case .startTag, .endTag, .emptyTag, .other:
            output.append(escaping: bytes[token.range], in: .tag)
            if token.kind == .startTag { inlineDepth += 1 }
            if token.kind == .endTag { inlineDepth -= 1 }
        }
    }

    private mutating func breakLine(_ output: inout [UInt8]) {
        if isAtStart {
            isAtStart = false
            return
        }
        output.append(UInt8(ascii: "\n"))
        // Deeper than anybody can read, the indentation alone would grow with the square of the depth.
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * min(depth, 40)))
    }

    private func appendCharacterData(_ range: Range<Int>, to output: inout [UInt8]) {
        output.append(escaping: bytes[range], in: .characterData)
    }

    // MARK: Stream headers

    private func isStreamHeader(_ range: Range<Int>) -> Bool {
        let name = bytes[range].dropFirst().prefix { !isBlank($0) && $0 != UInt8(ascii: ">") }
        return name.elementsEqual("stream".utf8) || name.suffix(7).elementsEqual(":stream".utf8)
    }

    /// A header's attributes, each after the first on a line of its own.
    private func appendHeader(_ range: Range<Int>, to output: inout [UInt8]) {
        var pieces = 0
        var start = range.lowerBound
        var quote: UInt8 = 0
        for index in range {
            let byte = bytes[index]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if isBlank(byte) {
                appendPiece(start..<index, &pieces, to: &output)
                start = index + 1
            }
        }
        appendPiece(start..<range.upperBound, &pieces, to: &output)
    }

    private func appendPiece(_ range: Range<Int>, _ pieces: inout Int, to output: inout [UInt8]) {
        if range.isEmpty { return }
        let isEnd = range.count == 1 && bytes[range.lowerBound] == UInt8(ascii: ">")
        if pieces > 0 && !isEnd { output.append(UInt8(ascii: pieces == 1 ? " " : "\n")) }
        output.append(escaping: bytes[range], in: .tag)
        pieces += 1
    }
}
