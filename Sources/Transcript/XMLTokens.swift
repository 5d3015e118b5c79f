/// The tags and texts of one packet as byte ranges, with what an element holds.
struct XMLTokens {
    enum Kind {
        case text
        case startTag
        case endTag
        case emptyTag
        case characterData
        /// `<? … ?>` and anything that begins with `<!`.
        case other
    }

    struct Token {
        let kind: Kind
        let range: Range<Int>
        /// Of a start tag: what its element holds directly.
        var holdsElements = false
        var holdsText = false
        /// Of a start tag: whether its end tag is there.
        var isClosed = false
    }

    private(set) var tokens: [Token] = []
    /// Indices of the start tags that are open.
    private var open: [Int] = []

    /// Takes any bytes apart, also those of half a packet; what is no tag is text.
    mutating func tokenize(_ bytes: UnsafeBufferPointer<UInt8>) {
        tokens.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        var position = 0
        while position < bytes.count {
            let start = position
            let kind = bytes[start] == UInt8(ascii: "<") ? tag(bytes, &position) : text(bytes, &position)
            add(Token(kind: kind, range: start..<position), bytes)
        }
    }

    private mutating func add(_ token: Token, _ bytes: UnsafeBufferPointer<UInt8>) {
        switch token.kind {
        case .startTag:
            if let parent = open.last { tokens[parent].holdsElements = true }
            open.append(tokens.count)
        case .emptyTag:
            if let parent = open.last { tokens[parent].holdsElements = true }
        case .endTag:
            if let start = open.popLast() { tokens[start].isClosed = true }
        case .text:
            if let parent = open.last, !bytes[token.range].allSatisfy(isBlank) { tokens[parent].holdsText = true }
        case .characterData:
            if let parent = open.last { tokens[parent].holdsText = true }
        case .other:
            break
        }
        tokens.append(token)
    }

    private func text(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Kind {
        while position < bytes.count && bytes[position] != UInt8(ascii: "<") { position += 1 }
        return .text
    }

    private func tag(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Kind {
        let rest = bytes[position...]
        if rest.starts(with: "<![CDATA[".utf8) {
            position = end(of: "]]>", in: bytes, from: position)
            return .characterData
        }
        let second = rest.dropFirst().first
        if second == UInt8(ascii: "?") || second == UInt8(ascii: "!") {
            position = end(of: second == UInt8(ascii: "?") ? "?>" : ">", in: bytes, from: position)
            return .other
        }
        var quote: UInt8 = 0
        var before: UInt8 = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                if second == UInt8(ascii: "/") { return .endTag }
                return before == UInt8(ascii: "/") ? .emptyTag : .startTag
            }
            before = byte
        }
        return .other
    }

    private func end(of mark: StaticString, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        mark.withUTF8Buffer { mark in
            var position = start
            while position + mark.count <= bytes.count {
                if bytes[position] == mark[0], bytes[position..<position + mark.count].elementsEqual(mark) {
                    return position + mark.count
                }
                position += 1
            }
            return bytes.count
        }
    }
}

/// XML's white space.
func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
