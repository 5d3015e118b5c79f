/// Reads an XPath expression before libxml2 does: finds what is in no expression over packets, and writes it in the terms in
/// which packets are shown to libxml2.
///
/// A name without a prefix stands for that name in any namespace, one with a prefix for the name in each namespace that the
/// prefix stands for.
struct XPathSyntax {
    private let text: String
    private let characters: [Character]
    private let namespaces: XPath.Namespaces
    private var lexer: XPathLexer
    /// The expression as libxml2 gets it.
    private(set) var written = ""
    /// Where parts of `written` came from: bytes there, characters here.
    private var places: [(written: Int, read: Int)] = []
    private var brackets: [XPathToken] = []
    private var previous: XPathToken?

    /// Longer ones are no expressions that a person writes.
    private static let longest = 2000
    private static let deepest = 100

    /// Those of XPath 1.0 section 4, and the tests that are written like functions (section 2.3).
    private static let functions: Set<String> = [
        "last", "position", "count", "id", "local-name", "namespace-uri", "name", "string", "concat", "starts-with",
        "contains", "substring-before", "substring-after", "substring", "string-length", "normalize-space", "translate",
        "boolean", "not", "true", "false", "lang", "number", "sum", "floor", "ceiling", "round", "node", "text",
        "comment",
        "processing-instruction",
    ]

    private static let axes: Set<String> = [
        "ancestor", "ancestor-or-self", "attribute", "child", "descendant", "descendant-or-self", "following",
        "following-sibling", "parent", "preceding", "preceding-sibling", "self",
    ]

    init(_ text: String, _ namespaces: @escaping XPath.Namespaces) {
        self.text = text
        self.namespaces = namespaces
        characters = Array(text)
        lexer = XPathLexer(characters)
    }

    /// - Throws: `XPathError` for what is in no expression over packets.
    mutating func translate() throws(XPathError) {
        guard characters.count <= Self.longest else {
            throw XPathError(nil, "it has more than \(Self.longest) characters")
        }
        while let token = lexer.next() {
            try check(token)
            places.append((written.utf8.count, token.range.lowerBound))
            if isAttributeOfPacket(token) { written += "/*/" }
            written += try translated(token) + " "
            previous = token
        }
        if let open = brackets.last { throw XPathError(open.range.lowerBound, "this \(open.text) is not closed") }
        if written.isEmpty { throw XPathError(nil, "it is empty") }
    }

    /// Where a byte of what was written came from.
    func position(ofWritten byte: Int) -> Int { places.last { $0.written <= byte }?.read ?? 0 }

    /// True for an attribute that is asked of nothing, as in `@type="error"`: that of the packet is meant.
    private func isAttributeOfPacket(_ token: XPathToken) -> Bool {
        guard token.isSign("@"), !brackets.contains(where: { $0.text == "[" }) else { return false }
        return previous.map { !["/", "//"].contains($0.text) } ?? true
    }

    private mutating func check(_ token: XPathToken) throws(XPathError) {
        let start = token.range.lowerBound
        switch token.kind {
        case .openLiteral:
            throw XPathError(start, "the text that begins here has no end: its \(token.text.prefix(1)) is missing")
        case .literal, .number, .name, .namedOperator: break
        case .sign:
            switch token.text {
            case "$": throw XPathError(start, "there are no variables")
            case "(", "[":
                brackets.append(token)
                if brackets.count > Self.deepest {
                    throw XPathError(start, "brackets stand deeper than \(Self.deepest) here")
                }
            case ")", "]":
                guard brackets.popLast()?.text == (token.text == ")" ? "(" : "[") else {
                    throw XPathError(start, "this \(token.text) closes nothing")
                }
            default: break
            }
        }
    }

    private func translated(_ token: XPathToken) throws(XPathError) -> String {
        guard token.kind == .name else { return token.text }
        let start = token.range.lowerBound
        let next = lexer.peek()
        if next?.isSign("::") == true {
            guard Self.axes.contains(token.text) else { throw XPathError(start, "there is no axis \(token.text)::") }
            return token.text
        }
        if next?.isSign("(") == true {
            guard Self.functions.contains(token.text) else {
                throw XPathError(start, "there is no function \(token.text)()")
            }
            return token.text
        }
        return try nameTest(token.text, start)
    }

    private func nameTest(_ name: String, _ start: Int) throws(XPathError) -> String {
        guard let colon = name.firstIndex(of: ":") else { return "*[local-name()=\"\(name)\"]" }
        let (prefix, local) = (String(name[..<colon]), String(name[name.index(after: colon)...]))
        let found = try namespaces(prefix, start)
        let any = found.map { "namespace-uri()=\"\($0)\"" }.joined(separator: " or ")
        return local == "*" ? "*[\(any)]" : "*[local-name()=\"\(local)\" and (\(any))]"
    }
}
