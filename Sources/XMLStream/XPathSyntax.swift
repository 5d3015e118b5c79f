/// What can be told of an expression before libxml2 reads it: names of functions and variables, which it looks up only when
/// a packet makes it evaluate them.
struct XPathSyntax {
    private let text: String
    private let characters: [Character]

    /// Longer ones are no expressions that a person writes.
    private static let longest = 2000

    /// Those of XPath 1.0 section 4, and the tests that are written like functions (section 2.3).
    private static let functions: Set<String> = [
        "last", "position", "count", "id", "local-name", "namespace-uri", "name", "string", "concat", "starts-with",
        "contains", "substring-before", "substring-after", "substring", "string-length", "normalize-space", "translate",
        "boolean", "not", "true", "false", "lang", "number", "sum", "floor", "ceiling", "round", "node", "text",
        "comment",
        "processing-instruction",
    ]
    private static let operators: Set<String> = ["and", "or", "div", "mod"]

    init(_ text: String) {
        self.text = text
        characters = Array(text)
    }

    /// - Throws: `XPathError` for what is in no expression over packets.
    func check() throws(XPathError) {
        guard characters.count <= Self.longest else {
            throw XPathError(text, nil, "it has more than \(Self.longest) characters")
        }
        var index = 0
        while index < characters.count {
            let character = characters[index]
            if character == "\"" || character == "'" {
                index = (characters[(index + 1)...].firstIndex(of: character) ?? characters.count - 1) + 1
            } else if character == "$" {
                throw XPathError(text, index, "there are no variables")
            } else if isNameStart(character) {
                index = try readName(at: index)
            } else {
                index += 1
            }
        }
    }

    /// Returns where it ends.
    private func readName(at start: Int) throws(XPathError) -> Int {
        let end = characters[start...].firstIndex { !isPartOfName($0) } ?? characters.count
        let next = characters[end...].firstIndex { !$0.isWhitespace }.map { characters[$0] }
        if next == ":", characters[end] == ":", end + 1 < characters.count, characters[end + 1] != ":" {
            throw XPathError(text, end, "names have no prefixes here")
        }
        let name = String(characters[start..<end])
        if next == "(", !Self.functions.contains(name), !Self.operators.contains(name) {
            throw XPathError(text, start, "there is no function \(name)()")
        }
        return end
    }

    private func isNameStart(_ character: Character) -> Bool { character.isLetter || character == "_" }

    private func isPartOfName(_ character: Character) -> Bool {
        isNameStart(character) || character.isNumber || character == "-" || character == "."
    }
}
