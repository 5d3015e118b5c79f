/// A tag taken apart into its name and attributes, without judging them.
struct TagParts {
    struct Attribute {
        /// The white space before it.
        let blanks: ArraySlice<UInt8>
        let name: ArraySlice<UInt8>
        let quote: UInt8
        let value: ArraySlice<UInt8>
        /// From its name to its closing quote.
        let all: ArraySlice<UInt8>
    }

    /// `<`, `</` or `<?`.
    let opening: ArraySlice<UInt8>
    let name: ArraySlice<UInt8>
    private(set) var attributes: [Attribute] = []
    private(set) var blanksAtEnd: ArraySlice<UInt8> = []
    /// `>`, `/>` or `?>`.
    let closing: ArraySlice<UInt8>

    /// Nil if the tag is built in any other way.
    init?(_ tag: ArraySlice<UInt8>) {
        let second = tag.dropFirst().first
        guard tag.first == .lessThan, tag.count > 2, second != UInt8(ascii: "!") else { return nil }
        opening = tag.prefix(second == .slash || second == UInt8(ascii: "?") ? 2 : 1)
        let before = tag.dropLast().last
        closing = tag.suffix(before == .slash || before == UInt8(ascii: "?") ? 2 : 1)
        guard closing.last == .greaterThan, opening.count + closing.count <= tag.count else { return nil }
        var rest = tag.dropFirst(opening.count).dropLast(closing.count)
        name = rest.prefix { !isBlank($0) }
        rest = rest.dropFirst(name.count)
        while true {
            let blanks = rest.prefix(while: isBlank)
            rest = rest.dropFirst(blanks.count)
            if rest.isEmpty {
                blanksAtEnd = blanks
                return
            }
            guard let attribute = Self.popAttribute(&rest, blanks) else { return nil }
            attributes.append(attribute)
        }
    }

    private static func popAttribute(_ rest: inout ArraySlice<UInt8>, _ blanks: ArraySlice<UInt8>) -> Attribute? {
        let start = rest.startIndex
        let whole = rest
        let name = rest.prefix { !isBlank($0) && $0 != .equals }
        rest = rest.dropFirst(name.count).drop(while: isBlank)
        guard !name.isEmpty, rest.popFirst() == .equals else { return nil }
        rest = rest.drop(while: isBlank)
        guard let quote = rest.popFirst(), quote.isQuote, let end = rest.firstIndex(of: quote) else { return nil }
        let value = rest[..<end]
        rest = rest[(end + 1)...]
        return Attribute(blanks: blanks, name: name, quote: quote, value: value, all: whole[start...end])
    }
}
