import XMPP

/// Mends what web pages and word processors do to XML: blanks inside quotes, blanks around `=`, broken letter case.
///
/// Only names and values that XMPP knows are touched; ids, addresses and texts keep their letter case.
struct XMLRepair {
    /// A clause on what was mended, and where in the bytes before mending it stood.
    struct Note {
        let offset: Int
        let text: String
    }

    private let hasBlanksInQuotes: Bool
    private var output: [UInt8] = []
    private var notes: [Note] = []

    /// - Parameter hasBlanksInQuotes: whether the whole text shows this damage. If not, only values that are known without
    ///   their blanks lose them.
    static func mend(_ bytes: [UInt8], hasBlanksInQuotes: Bool) -> (bytes: [UInt8], repairs: [Note]) {
        var repair = XMLRepair(hasBlanksInQuotes: hasBlanksInQuotes)
        var tokenizer = XMLTokens()
        bytes.withUnsafeBufferPointer { tokenizer.tokenize($0) }
        for token in tokenizer.tokens {
            switch token.kind {
            case .text, .characterData: repair.output += bytes[token.range]
            case .startTag, .endTag, .emptyTag, .other: repair.mend(tag: bytes[token.range])
            }
        }
        return (repair.output, repair.notes)
    }

    private init(hasBlanksInQuotes: Bool) { self.hasBlanksInQuotes = hasBlanksInQuotes }

    /// One tag: its name, then attribute after attribute. A tag of any other build is left alone.
    private mutating func mend(tag: ArraySlice<UInt8>) {
        guard let parts = TagParts(tag) else {
            output += tag
            return
        }
        let known = notes.count
        var mended = Array(parts.opening)
        mended += restored(parts.name, among: KnownNames.elements)
        for attribute in parts.attributes {
            let text = self.mended(attribute)
            let isChanged = !text.elementsEqual(attribute.all)
            // Line ends were in the blanks before an attribute; one blank is what a peer would have sent.
            mended += isChanged ? [.blank] : Array(attribute.blanks)
            mended += text
        }
        mended += notes.count > known && !parts.attributes.isEmpty ? [] : Array(parts.blanksAtEnd)
        mended += parts.closing
        output += mended
    }

    private mutating func mended(_ attribute: TagParts.Attribute) -> [UInt8] {
        let known = notes.count
        let name = restored(attribute.name, among: KnownNames.attributes)
        let nameText = String(decoding: name, as: UTF8.self)
        let isDeclaration = nameText == "xmlns" || nameText.hasPrefix("xmlns:")
        var value = attribute.value
        let trimmed = TextLine(value).trimmed
        if value.count > trimmed.count, !trimmed.isEmpty, hasBlanksInQuotes || isKnown(trimmed, isDeclaration) {
            value = trimmed
            add("blanks inside the quotes of \(nameText.shown(limit: 40))", at: trimmed.startIndex)
        }
        if isDeclaration {
            value = restoredNamespace(value)
        } else if nameText == "type" {
            value = restored(value, among: KnownNames.types)
        }
        // Blanks around the equals sign alone are no damage: a peer may send them.
        if notes.count == known { return Array(attribute.all) }
        return Array(name) + [.equals, attribute.quote] + Array(value) + [attribute.quote]
    }

    private func isKnown(_ value: ArraySlice<UInt8>, _ isDeclaration: Bool) -> Bool {
        let text = String(decoding: value, as: UTF8.self)
        if isDeclaration { return ProtocolRegistry.spelling(of: text) != nil }
        return text == "1.0" || KnownNames.types.contains(text.lowercased())
    }

    private mutating func restored(_ word: ArraySlice<UInt8>, among known: Set<String>) -> ArraySlice<UInt8> {
        guard word.contains(where: { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }) else { return word }
        let text = String(decoding: word, as: UTF8.self)
        let lowercased = text.lowercased()
        guard known.contains(lowercased) else { return word }
        add("letter case: \(text) is \(lowercased)", at: word.startIndex)
        return Array(lowercased.utf8)[...]
    }

    private mutating func restoredNamespace(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let text = String(decoding: word, as: UTF8.self)
        guard let known = ProtocolRegistry.spelling(of: text), known != text else { return word }
        add("letter case: \(text) is \(known)", at: word.startIndex)
        return Array(known.utf8)[...]
    }

    private mutating func add(_ text: String, at offset: Int) { notes.append(Note(offset: offset, text: text)) }
}
