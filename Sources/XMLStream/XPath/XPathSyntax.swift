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
    /// For each open bracket the function whose arguments stand in it, if there is one, and how many commas came in it.
    private var calls: [XPathToken?] = []
    private var commas: [Int] = []
    private var previous: XPathToken?

    /// Longer ones are no expressions that a person writes.
    private static let longest = 2000
    private static let deepest = 100

    /// The functions of XPath 1.0 section 4, and the tests that are written like functions (section 2.3), with how many arguments
    /// they take.
    private static let arguments: [String: ClosedRange<Int>] = [
        "last": 0...0, "position": 0...0, "count": 1...1, "id": 1...1, "local-name": 0...1, "namespace-uri": 0...1,
        "name": 0...1, "string": 0...1, "concat": 2...Int.max, "starts-with": 2...2, "contains": 2...2,
        "substring-before": 2...2, "substring-after": 2...2, "substring": 2...3, "string-length": 0...1,
        "normalize-space": 0...1, "translate": 3...3, "boolean": 1...1, "not": 1...1, "true": 0...0, "false": 0...0,
        "lang": 1...1, "number": 0...1, "sum": 1...1, "floor": 1...1, "ceiling": 1...1, "round": 1...1, "node": 0...0,
        "text": 0...0, "comment": 0...0, "processing-instruction": 0...1,
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
            if try isAttributeOfPacket(token) { written += "/*/" }
            written += try translated(token) + " "
            previous = token
        }
        if let open = brackets.last { throw XPathError(open.range.lowerBound, "this \(open.text) is not closed") }
        if written.isEmpty { throw XPathError(nil, "it is empty") }
    }

    /// Where a byte of what was written came from.
    func position(ofWritten byte: Int) -> Int { places.last { $0.written <= byte }?.read ?? 0 }

    /// True for an attribute that is asked of nothing, as in `@type="error"`: that of the packet is meant.
    private func isAttributeOfPacket(_ token: XPathToken) throws(XPathError) -> Bool {
        guard token.isSign("@") else { return false }
        guard let previous else { return true }
        if previous.kind == .namedOperator { return !brackets.contains { $0.text == "[" } }
        if previous.kind == .sign, Self.beforeOperands.contains(previous.text) {
            return !["/", "//", "["].contains(previous.text) && !brackets.contains { $0.text == "[" }
        }
        throw XPathError(token.range.lowerBound, "a / is missing before this @")
    }

    private static let beforeOperands: Set<String> = [
        "(", "[", ",", "/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">=", "*",
    ]

    private mutating func check(_ token: XPathToken) throws(XPathError) {
        let start = token.range.lowerBound
        switch token.kind {
        case .openLiteral:
            throw XPathError(start, "the text that begins here has no end: its \(token.text.prefix(1)) is missing")
        case .literal, .number, .name, .namedOperator: break
        case .sign:
            switch token.text {
            case "$": throw XPathError(start, "there are no variables")
            case ",": if !commas.isEmpty { commas[commas.count - 1] += 1 }
            case "(", "[":
                brackets.append(token)
                calls.append(token.text == "(" ? previous.flatMap { $0.kind == .name ? $0 : nil } : nil)
                commas.append(0)
                if brackets.count > Self.deepest {
                    throw XPathError(start, "brackets stand deeper than \(Self.deepest) here")
                }
            case ")", "]":
                guard brackets.popLast()?.text == (token.text == ")" ? "(" : "[") else {
                    throw XPathError(start, "this \(token.text) closes nothing")
                }
                try checkArguments()
            default: break
            }
        }
    }

    /// A function's arguments are over: it must have as many as it takes.
    private mutating func checkArguments() throws(XPathError) {
        let separators = commas.popLast() ?? 0
        guard let call = calls.popLast() ?? nil, let wanted = Self.arguments[call.text] else { return }
        let count = previous?.isSign("(") == true ? 0 : separators + 1
        guard !wanted.contains(count) else { return }
        let (least, most) = (wanted.lowerBound, wanted.upperBound)
        let told = least == most ? "\(least)" : most == Int.max ? "\(least) or more" : "\(least) to \(most)"
        throw XPathError(
            call.range.lowerBound,
            "\(call.text)() takes \(told == "0" ? "no" : told) argument\(told == "1" ? "" : "s"), not \(count)"
        )
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
            guard Self.arguments[token.text] != nil else {
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
