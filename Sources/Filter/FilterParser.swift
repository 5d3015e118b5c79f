import XMLStream
import XMPP

/// Reads a filter: XPath expressions and short forms joined by `and`, `or`, `not` and brackets, as XPath itself joins.
struct FilterParser {
    private let characters: [Character]
    private var position = 0
    private var depth = 0
    private(set) var paths: [XPath] = []

    /// More brackets and negations in each other are nothing that a person writes.
    private static let deepest = 50
    private static let longest = 4000

    init(_ text: String) { characters = Array(text) }

    mutating func parse() throws(FilterError) -> FilterCondition {
        guard characters.count <= Self.longest else {
            throw FilterError("a filter has at most \(Self.longest) characters, this one \(characters.count)")
        }
        let condition = try parseAlternatives()
        guard position == characters.count else {
            throw FilterError(rest, at: position)
        }
        return condition
    }

    private mutating func parseAlternatives() throws(FilterError) -> FilterCondition {
        var parts = [try parseConjunction()]
        while take("or") { parts.append(try parseConjunction()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func parseConjunction() throws(FilterError) -> FilterCondition {
        var parts = [try parseOperand()]
        while take("and") { parts.append(try parseOperand()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func parseOperand() throws(FilterError) -> FilterCondition {
        skipBlanks()
        guard position < characters.count else { throw missing }
        if characters[position] == "~" { return .test(try parseShortForm()) }
        if characters[position] == "(", isGroup(at: position) { return try parseGroup() }
        if let end = negation {
            depth += 1
            defer { depth -= 1 }
            guard depth <= Self.deepest else { throw tooDeep }
            position = end
            skipBlanks()
            if position < characters.count, characters[position] == "(", isGroup(at: position) {
                return .not(try parseGroup())
            }
            return .not(try parseOperand())
        }
        return try parsePath()
    }

    private var missing: FilterError {
        characters.allSatisfy(\.isWhitespace)
            ? FilterError("the filter is empty") : FilterError("something is missing here", at: position)
    }

    /// What is wrong with what stands behind a whole filter.
    private var rest: String {
        switch characters[position] {
        case ")": "this ) closes nothing"
        case "&": "write 'and' instead of &"
        case "|": "write 'or' instead of |, which joins XPath expressions alone"
        default: "'and' or 'or' is missing here"
        }
    }

    private var tooDeep: FilterError {
        FilterError("brackets and negations stand deeper than \(Self.deepest) here", at: position)
    }

    private mutating func parseGroup() throws(FilterError) -> FilterCondition {
        let start = position
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw tooDeep }
        position += 1
        let condition = try parseAlternatives()
        guard position < characters.count, characters[position] == ")" else {
            throw FilterError("this ( is not closed", at: start)
        }
        position += 1
        return condition
    }

    // MARK: Short forms

    private mutating func parseShortForm() throws(FilterError) -> FilterTest {
        let start = position
        position += 1
        let name = takeWord { $0.isLetter || $0 == "-" || $0 == "_" }
        guard let form = ShortForm(rawValue: name) else { throw FilterError(unknown(name), at: start) }
        let place = argumentStart
        guard form.argument != .none, let argument = try takeArgument() else {
            if form.argument == .needed {
                throw FilterError("~\(name) needs something behind it, such as \(form.example)", at: start)
            }
            return try at(start) { () throws(FilterError) in try FilterTest(form, "") }
        }
        return try at(place) { () throws(FilterError) in try FilterTest(form, argument) }
    }

    private func at<Result>(_ place: Int, _ body: () throws(FilterError) -> Result) throws(FilterError) -> Result {
        do throws(FilterError) { return try body() } catch { throw error.at(place) }
    }

    private func unknown(_ name: String) -> String {
        let names = ShortForm.allCases.map(\.rawValue)
        guard let near = Spelling.nearest(to: name, among: names) else {
            return "there is no short form ~\(name.shown(limit: 40)); there are \(names.map { "~" + $0 }.listed())"
        }
        return "there is no short form ~\(name.shown(limit: 40)); did you mean ~\(near)?"
    }

    private var argumentStart: Int { characters[position...].firstIndex { !$0.isWhitespace } ?? characters.count }

    /// A word or a text in quotation marks; nil if an operator, a bracket or the end follows.
    private mutating func takeArgument() throws(FilterError) -> String? {
        guard position == characters.count || characters[position].isWhitespace else { return nil }
        let start = argumentStart
        guard start < characters.count, characters[start] != ")" else { return nil }
        if characters[start] == "\"" || characters[start] == "'" {
            guard let end = characters[(start + 1)...].firstIndex(of: characters[start]) else {
                throw FilterError(
                    "the text that begins here has no end: its \(characters[start]) is missing",
                    at: start
                )
            }
            position = end + 1
            return String(characters[(start + 1)..<end])
        }
        let end = characters[start...].firstIndex { $0.isWhitespace || $0 == ")" } ?? characters.count
        let word = String(characters[start..<end])
        if word == "and" || word == "or" { return nil }
        position = end
        return word
    }

    // MARK: XPath

    /// An expression up to an `and`, `or`, closing bracket or the end.
    private mutating func parsePath() throws(FilterError) -> FilterCondition {
        let start = position
        let end = try pathEnd(from: start)
        guard end > start else { throw missing }
        position = end
        do throws(XPathError) {
            let path = try XPath(String(characters[start..<end]), namespaces: FilterPrefixes.namespaces)
            paths.append(path)
        } catch {
            throw FilterError(error.reason, at: start + (error.position ?? 0))
        }
        return .path(paths.count - 1)
    }

    private func pathEnd(from start: Int) throws(FilterError) -> Int {
        var lexer = XPathLexer(characters, from: start)
        var (depth, end) = (0, start)
        while let token = lexer.next() {
            if depth == 0, token.kind == .namedOperator, token.text == "and" || token.text == "or" { break }
            if token.isSign("~") { throw FilterError(Self.shortFormInPath, at: token.range.lowerBound) }
            if token.isSign("&") { throw FilterError("write 'and' instead of &", at: token.range.lowerBound) }
            if token.isSign("(") || token.isSign("[") { depth += 1 }
            if token.isSign(")") || token.isSign("]") {
                if depth == 0 { break }
                depth -= 1
            }
            end = token.range.upperBound
        }
        return end
    }

    private static let shortFormInPath =
        "short forms stand beside XPath expressions, joined by and, or, not and brackets, not within them"

    // MARK: Words

    /// Where what is negated begins, if `not` stands here and is no name or function of XPath.
    private var negation: Int? {
        if characters[position] == "!" { return position + 1 }
        var lexer = XPathLexer(characters, from: position)
        guard let word = lexer.next(), word.kind == .name, word.text == "not", let next = lexer.peek() else {
            return nil
        }
        let end = word.range.upperBound
        if next.isSign("(") { return isGroup(at: next.range.lowerBound) ? end : nil }
        let beginsOperand =
            next.kind == .name || ["~", "/", "//", "@", ".", "..", "*", "!"].contains { next.isSign($0) }
        return beginsOperand && next.range.lowerBound > end ? end : nil
    }

    /// True if the brackets that open there hold a whole operand: `and`, `or`, a closing bracket or the end follows.
    private func isGroup(at start: Int) -> Bool {
        var lexer = XPathLexer(characters, from: start)
        var depth = 0
        while let token = lexer.next() {
            if token.isSign("~") {
                // What stands behind a short form is no XPath.
                var rest = FilterParser(characters, token.range.upperBound)
                _ = rest.takeWord { $0.isLetter || $0 == "-" || $0 == "_" }
                guard let form = ShortForm(rawValue: String(characters[token.range.upperBound..<rest.position])) else {
                    return true
                }
                if form.argument != .none { _ = try? rest.takeArgument() }
                lexer = XPathLexer(characters, afterOperandAt: rest.position)
            }
            if token.isSign("(") { depth += 1 }
            if token.isSign(")") { depth -= 1 }
            guard depth == 0 else { continue }
            guard let next = lexer.next() else { return true }
            return next.isSign(")") || next.kind == .namedOperator && (next.text == "and" || next.text == "or")
        }
        // Not closed, which the group tells.
        return true
    }

    private init(_ characters: [Character], _ position: Int) {
        self.characters = characters
        self.position = position
    }

    private mutating func skipBlanks() { position = argumentStart }

    private mutating func takeWord(where fits: (Character) -> Bool) -> String {
        let word = characters[position...].prefix(while: fits)
        position += word.count
        return String(word)
    }

    /// Takes an operator, if it stands here.
    private mutating func take(_ word: String) -> Bool {
        skipBlanks()
        let found = characters[position...].prefix(while: \.isLetter)
        guard String(found) == word else { return false }
        position += found.count
        return true
    }
}

/// The prefixes of names in filters: what people call protocols.
enum FilterPrefixes {
    static let namespaces: XPath.Namespaces = { (prefix, position) throws(XPathError) in
        let found = ProtocolRegistry.namespaces(ofName: prefix)
        if !found.isEmpty { return found }
        let near = Spelling.nearest(to: prefix.lowercased(), among: ProtocolRegistry.shortNames)
        throw XPathError(
            position,
            "no protocol is called \(prefix.quoted(limit: 40))" + (near.map { "; did you mean \($0)?" } ?? "")
        )
    }
}
