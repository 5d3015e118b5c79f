/// One word or sign of an XPath expression (XPath 1.0 section 3.7).
public struct XPathToken: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// `query`, `register:query`, `register:*`, the name of a function or of an axis.
        case name
        /// `and`, `or`, `div`, `mod` where an operand stands before it.
        case namedOperator
        case literal
        /// A literal whose second quotation mark is missing.
        case openLiteral
        case number
        /// A bracket, an operator, `@`, `::` and all else.
        case sign
    }

    public let kind: Kind
    /// Characters of the expression, from 0.
    public let range: Range<Int>
    public let text: String

    public func isSign(_ sign: String) -> Bool { kind == .sign && text == sign }
}

/// Cuts XPath expressions into tokens.
public struct XPathLexer {
    private let characters: [Character]
    /// Where the next token is looked for.
    public private(set) var position: Int
    /// True where an operand must follow: so a name or a star there is one, and no operator.
    private var expectsOperand = true

    private static let operators: Set<String> = ["and", "or", "div", "mod"]
    private static let longSigns: Set<String> = ["::", "//", "..", "!=", "<=", ">="]

    /// - Parameter position: where an expression begins, in characters.
    public init(_ characters: [Character], from position: Int = 0) {
        self.characters = characters
        self.position = position
    }

    /// - Parameter position: behind an operand, so that `and` is an operator there.
    public init(_ characters: [Character], afterOperandAt position: Int) {
        self.init(characters, from: position)
        expectsOperand = false
    }

    /// Nil at the end.
    public mutating func next() -> XPathToken? {
        skipBlanks()
        guard position < characters.count else { return nil }
        let start = position
        let kind = read(characters[start])
        let token = XPathToken(kind: kind, range: start..<position, text: String(characters[start..<position]))
        expectsOperand = isFollowedByOperand(token)
        return token
    }

    /// The next token, which stays the next.
    public func peek() -> XPathToken? {
        var copy = self
        return copy.next()
    }

    private mutating func skipBlanks() {
        while position < characters.count, characters[position].isWhitespace { position += 1 }
    }

    private mutating func read(_ first: Character) -> XPathToken.Kind {
        switch first {
        case "\"", "'": return readLiteral(first)
        case _ where Self.isNameStart(first): return readName()
        case _ where first.isNumber || first == "." && isNumber(at: position + 1): return readNumber()
        default:
            let isLong =
                position + 1 < characters.count && Self.longSigns.contains(String(characters[position...position + 1]))
            position += isLong ? 2 : 1
            return .sign
        }
    }

    private mutating func readLiteral(_ quote: Character) -> XPathToken.Kind {
        guard let end = characters[(position + 1)...].firstIndex(of: quote) else {
            position = characters.count
            return .openLiteral
        }
        position = end + 1
        return .literal
    }

    private mutating func readNumber() -> XPathToken.Kind {
        while position < characters.count, characters[position].isNumber || characters[position] == "." {
            position += 1
        }
        return .number
    }

    private mutating func readName() -> XPathToken.Kind {
        let isOperator = !expectsOperand && Self.operators.contains(word(at: position))
        position += word(at: position).count
        if isOperator { return .namedOperator }
        // A prefix belongs to its name; an axis has two colons.
        if position + 1 < characters.count, characters[position] == ":" {
            if characters[position + 1] == "*" {
                position += 2
            } else if Self.isNameStart(characters[position + 1]) {
                position += 1 + word(at: position + 1).count
            }
        }
        return .name
    }

    private func isFollowedByOperand(_ token: XPathToken) -> Bool {
        switch token.kind {
        case .name, .literal, .openLiteral, .number: return false
        case .namedOperator: return true
        case .sign:
            switch token.text {
            case ")", "]", ".", "..": return false
            case "*": return !expectsOperand
            default: return true
            }
        }
    }

    private func word(at start: Int) -> String {
        String(characters[start...].prefix(while: Self.isPartOfName))
    }

    private func isNumber(at index: Int) -> Bool { index < characters.count && characters[index].isNumber }

    static func isNameStart(_ character: Character) -> Bool { character.isLetter || character == "_" }

    static func isPartOfName(_ character: Character) -> Bool {
        isNameStart(character) || character.isNumber || character == "-" || character == "."
    }
}
