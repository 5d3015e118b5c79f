import Transcript
import XMPP

/// Tells what the codes mean: of one all there is, of all a table.
public enum LintCodes {
    private static let columns = 80

    /// What somebody wants to know who met the code for the first time.
    public static func explanation(of code: FindingCode) -> String {
        let source = code.reference.isEmpty ? "" : ", \(code.reference)"
        var lines = ["\(code.id) (\(code.severity.word)\(source))", ""]
        lines += wrapped(code.explanation)
        if let address = code.address { lines += ["", address] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A line for each code: itself, its severity, its section.
    public static func table(_ codes: [FindingCode]) -> String {
        let width = codes.map(\.id.utf8.count).max() ?? 0
        let lines = codes.map { code in
            let id = code.id + String(repeating: " ", count: width - code.id.utf8.count)
            let severity = code.severity == .warning ? "warning" : "note   "
            return "\(id)  \(severity)  \(code.reference)".trimmedAtEnd
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The same with explanations, as a page of the documentation.
    public static func page(_ codes: [FindingCode]) -> String {
        let head = [
            "# The codes of `stanzatap lint`", "",
            "Made by `stanzatap lint --list-codes --format markdown`; a test holds it against the program. A warning is what a maintainer would",
            "mend or a user should fear; a note is worth knowing. `stanzatap lint --explain CODE` tells one of them in a terminal.",
            "",
            "| code | severity | where | what it means, and what to do |", "| --- | --- | --- | --- |",
        ]
        let rows = codes.map { code in
            let place = code.address.map { "[\(code.reference)](\($0))" } ?? code.reference
            return "| `\(code.id)` | \(code.severity.word) | \(place) | \(cell(code.explanation)) |"
        }
        return (head + rows).joined(separator: "\n") + "\n"
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("<", with: "&lt;").replacing("*", with: "\\*").replacing(
            "_",
            with: "\\_"
        )
    }

    private static func wrapped(_ text: String) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if line.count + 1 + word.count <= columns {
                lines[lines.count - 1] = "\(line) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}

extension FindingCode {
    /// Where the document can be read; nil if none is named.
    public var address: String? {
        let words = reference.split(separator: " ")
        guard words.count >= 2 || reference.hasPrefix("XEP-") else { return nil }
        if words[0].hasPrefix("XEP-") { return "https://xmpp.org/extensions/\(words[0].lowercased()).html" }
        guard words[0] == "RFC", words[1].allSatisfy(\.isNumber) else { return nil }
        let section = words.count > 3 && words[2] == "section" ? "#section-\(words[3])" : ""
        return "https://www.rfc-editor.org/rfc/rfc\(words[1])\(section)"
    }

    /// The first sentence of the explanation.
    var firstSentence: String {
        explanation.firstRange(of: ". ").map { String(explanation[..<$0.lowerBound]) + "." } ?? explanation
    }
}

extension String {
    fileprivate var trimmedAtEnd: String {
        var text = self[...]
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
