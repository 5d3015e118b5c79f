import XMPP

/// Mends what web pages and word processors do to XML: blanks inside quotes, blanks around `=`, broken letter case.
///
/// Only names and values that XMPP knows are touched; ids, addresses and texts stay as they are.
enum XMLRepair {
    /// Returns the mended bytes and a clause for each repair.
    static func mend(_ bytes: [UInt8]) -> ([UInt8], [String]) {
        var tokenizer = XMLTokens()
        var output: [UInt8] = []
        var repairs: [String] = []
        bytes.withUnsafeBufferPointer { buffer in
            tokenizer.tokenize(buffer)
            for token in tokenizer.tokens {
                let piece = Array(buffer[token.range])
                switch token.kind {
                case .text, .characterData: output += piece
                case .startTag, .endTag, .emptyTag, .other: output += mend(tag: piece, &repairs)
                }
            }
        }
        return (output, repairs)
    }

    /// One tag: its name, then attribute after attribute. A tag of any other build is left alone.
    private static func mend(tag: [UInt8], _ repairs: inout [String]) -> [UInt8] {
        let text = String(decoding: tag, as: UTF8.self)
        if text.hasPrefix("<!") { return tag }
        let opening = text.hasPrefix("</") ? "</" : text.hasPrefix("<?") ? "<?" : "<"
        let closing = text.hasSuffix("?>") ? "?>" : text.hasSuffix("/>") ? "/>" : ">"
        guard text.hasSuffix(closing), text.count >= opening.count + closing.count else { return tag }
        var rest = text.dropFirst(opening.count).dropLast(closing.count)
        let name = rest.prefix { !$0.isWhitespace }
        rest = rest.dropFirst(name.count)
        var output = opening + restored(String(name), among: elementNames, &repairs)
        var isChanged = output != opening + name
        while true {
            let blanks = rest.prefix { $0.isWhitespace }
            rest = rest.dropFirst(blanks.count)
            if rest.isEmpty {
                output += blanks.isEmpty || isChanged ? "" : String(blanks)
                break
            }
            guard let attribute = Attribute(&rest) else { return tag }
            let mended = attribute.mended(&repairs)
            isChanged = isChanged || mended != attribute.source
            output += (isChanged ? " " : String(blanks)) + mended
        }
        return isChanged ? Array((output + closing).utf8) : tag
    }

    private struct Attribute {
        let source: String
        let name: String
        let value: String
        let quote: Character
        let hasBlankBeforeQuote: Bool

        init?(_ rest: inout Substring) {
            let start = rest
            let name = rest.prefix { !$0.isWhitespace && $0 != "=" }
            rest = rest.dropFirst(name.count).drop { $0.isWhitespace }
            guard !name.isEmpty, rest.popFirst() == "=" else { return nil }
            let blanks = rest.prefix { $0.isWhitespace }
            rest = rest.dropFirst(blanks.count)
            guard let quote = rest.popFirst(), quote == "'" || quote == "\"", let end = rest.firstIndex(of: quote)
            else {
                return nil
            }
            self.name = String(name)
            self.quote = quote
            hasBlankBeforeQuote = !blanks.isEmpty
            value = String(rest[..<end])
            rest = rest[rest.index(after: end)...]
            source = String(start[..<rest.startIndex])
        }

        func mended(_ repairs: inout [String]) -> String {
            let name = restored(self.name, among: attributeNames, &repairs)
            var value = value
            if value.hasPrefix(" ") && value.hasSuffix(" ") && !value.trimmed.isEmpty {
                value = value.trimmed
                repairs.append("blanks inside the quotes of \(name)")
            }
            if name == "xmlns" || name.hasPrefix("xmlns:") {
                value = restoredNamespace(value, &repairs)
            } else if name == "type" {
                value = restored(value, among: types, &repairs)
            }
            return "\(name)=\(quote)\(value)\(quote)"
        }
    }

    private static func restored(_ word: String, among known: Set<String>, _ repairs: inout [String]) -> String {
        let lowercased = word.lowercased()
        guard lowercased != word, !known.contains(word), known.contains(lowercased) else { return word }
        repairs.append("letter case: \(word) is \(lowercased)")
        return lowercased
    }

    private static func restoredNamespace(_ word: String, _ repairs: inout [String]) -> String {
        guard let known = ProtocolRegistry.spelling(of: word), known != word else { return word }
        repairs.append("letter case: \(word) is \(known)")
        return known
    }

    private static let elementNames: Set<String> = [
        "xml", "stream:stream", "stream:features", "stream:error", "iq", "message", "presence", "query", "username",
        "password", "instructions", "error", "bind", "session", "auth", "success", "challenge", "response", "failure",
        "starttls", "proceed", "body", "subject", "resource", "jid", "remove", "registered", "email", "name", "nick",
        "x", "field", "value", "mechanisms", "mechanism", "item",
    ]
    private static let attributeNames: Set<String> = [
        "xmlns", "xmlns:stream", "xml:lang", "version", "encoding", "to", "from", "id", "type", "mechanism", "code",
        "var",
        "label",
    ]
    private static let types: Set<String> = [
        "get", "set", "result", "error", "chat", "groupchat", "headline", "normal", "subscribe", "subscribed",
        "unsubscribe", "unsubscribed", "unavailable", "probe", "form", "submit", "cancel", "modify", "wait", "continue",
    ]
}
