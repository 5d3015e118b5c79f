/// The tags and texts of one packet as byte ranges, with what an element holds.
struct XMLTokens {
    enum Kind {
        case text
        case startTag
        case endTag
        case emptyTag
        case characterData
        /// `<? … ?>`, anything that begins with `<!`, and a tag whose end is missing.
        case other
    }

    struct Token {
        let kind: Kind
        let range: Range<Int>
        /// Of a text: nothing but white space.
        var isBlank = false
        /// Nothing but printable ASCII.
        var isPlain = false
        /// Of a start tag: what its element holds directly.
        var holdsElements = false
        var holdsText = false
        /// Of a start tag: whether its end tag is there.
        var isClosed = false
    }

    private(set) var tokens: [Token] = []
    /// True if text stands outside of any element, where a packet has none.
    private(set) var hasStrayText = false
    /// Indices of the start tags that are open.
    private var open: [Int] = []

    /// Tokens that are worth keeping memory for from one packet to the next.
    private static let usualCount = 1024

    /// Takes any bytes apart, also those of half a packet; what is no tag is text.
    mutating func tokenize(_ bytes: UnsafeBufferPointer<UInt8>) {
        tokens.removeAll(keepingCapacity: tokens.capacity <= Self.usualCount)
        open.removeAll(keepingCapacity: open.capacity <= Self.usualCount)
        hasStrayText = false
        var position = 0
        while position < bytes.count {
            let token = Self.token(bytes, from: position)
            position = token.range.upperBound
            add(token)
        }
    }

    private mutating func add(_ token: Token) {
        switch token.kind {
        case .startTag:
            if let parent = open.last { tokens[parent].holdsElements = true }
            open.append(tokens.count)
        case .emptyTag:
            if let parent = open.last { tokens[parent].holdsElements = true }
        case .endTag:
            if let start = open.popLast() { tokens[start].isClosed = true }
        case .text where token.isBlank, .other:
            break
        case .text, .characterData:
            if let parent = open.last { tokens[parent].holdsText = true } else { hasStrayText = true }
        }
        tokens.append(token)
    }

    private static func token(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Token {
        let (kind, end) =
            bytes[start] == .lessThan
            ? tag(bytes, start) : (Kind.text, bytes.firstPosition(of: .lessThan, from: start))
        var token = Token(kind: kind, range: start..<end)
        token.isPlain = bytes.firstUnprintable(in: start..<end) == end
        if kind == .text { token.isBlank = bytes[start..<end].allSatisfy(isBlank) }
        return token
    }

    private static func tag(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> (Kind, Int) {
        guard start + 1 < bytes.count else { return (.other, bytes.count) }
        switch bytes[start + 1] {
        case .slash:
            let end = bytes.firstPosition(of: .greaterThan, from: start)
            return end < bytes.count ? (.endTag, end + 1) : (.other, end)
        case UInt8(ascii: "?"):
            return (.other, bytes.end(of: "?>", from: start))
        case UInt8(ascii: "!"):
            if bytes[start...].starts(with: "<![CDATA[".utf8) {
                return (.characterData, bytes.end(of: "]]>", from: start))
            }
            if bytes[start...].starts(with: "<!--".utf8) {
                return (.other, bytes.end(of: "-->", from: start + "<!--".utf8.count))
            }
            return (.other, bytes.end(of: ">", from: start))
        default:
            return startTag(bytes, start)
        }
    }

    private static func startTag(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> (Kind, Int) {
        var index = start + 1
        while index < bytes.count {
            let byte = bytes[index]
            if byte == .greaterThan {
                return (bytes[index - 1] == .slash && index - 1 > start ? .emptyTag : .startTag, index + 1)
            }
            if byte.isQuote { index = bytes.firstPosition(of: byte, from: index + 1) }
            index += 1
        }
        return (.other, bytes.count)
    }
}
