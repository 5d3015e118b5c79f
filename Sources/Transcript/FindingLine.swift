import XMPP

/// The line of a finding: `Warning: …` or `Note: …`, with its code in brackets behind it if that is wanted (rule 4).
extension Finding {
    /// The line on which the finding stands, safe for a terminal.
    public func line(showsCode: Bool) -> String {
        let text = text.isPrintableASCII ? text : text.shown(limit: .max)
        let start = "\(severity.rawValue): "
        if showsCode, Self.isCode(code[...]) { return "\(start)\(text) [\(code)]" }
        // What only looks like a code must not be read as one.
        guard let bracket = Self.bracket(ofCodeIn: text) else { return start + text }
        return start + text[..<bracket] + "&#x5B;" + text[text.index(after: bracket)...]
    }

    /// Reads the line of a finding; nil if it is none.
    init?(line: String) {
        guard let severity = Severity.allCases.first(where: { line.hasPrefix($0.rawValue + ": ") }) else { return nil }
        let text = String(line.dropFirst(severity.rawValue.count + 2))
        guard let bracket = Self.bracket(ofCodeIn: text) else {
            self.init(severity, text)
            return
        }
        let code = text[text.index(after: bracket)...].dropLast()
        self.init(code: String(code), severity, String(text[..<bracket].dropLast()))
    }

    /// Where the bracket before a code at the text's end is; nil if nothing there looks like a code.
    private static func bracket(ofCodeIn text: String) -> String.Index? {
        guard text.utf8.last == UInt8(ascii: "]"), let bracket = text.lastIndex(of: "["),
            text[..<bracket].last == " ", isCode(text[text.index(after: bracket)...].dropLast())
        else { return nil }
        return bracket
    }

    /// Does it look like a code: words of small letters, digits and hyphens, joined by full stops?
    private static func isCode(_ text: Substring) -> Bool {
        let words = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return words.count > 1 && words.allSatisfy { !$0.isEmpty && $0.allSatisfy(isCodeCharacter) }
    }

    private static func isCodeCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
