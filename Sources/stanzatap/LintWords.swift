import ArgumentParser
import Configuration
import Inspector
import Output
import XMPP

/// Codes as users write them: one of them, or the beginning of several, which ends with a full stop.
enum LintWords {
    /// The codes that the word means.
    static func codes(_ word: String) -> [FindingCode] {
        let exact = KnownFindings.codes.filter { LintSelection.fits(word, $0.id) }
        // The full stop is forgotten easily, and then means nothing else.
        return exact.isEmpty && !word.isEmpty ? KnownFindings.codes.filter { $0.id.hasPrefix(word + ".") } : exact
    }

    /// The words of an option, each of which means something.
    static func read(_ arguments: [String], of option: String) throws -> [String] {
        try arguments.flatMap { $0.split(separator: ",") }.flatMap { part -> [String] in
            let word = part.trimmingPrefix { $0 == " " }
            let fitting = codes(String(word))
            if fitting.isEmpty { throw ValidationError(unknown(String(word), of: option)) }
            return fitting.map(\.id)
        }
    }

    /// What is said of a word that means none, with the one that may be meant.
    static func unknown(_ word: String, of option: String) -> String {
        let ids = KnownFindings.codes.map(\.id)
        let last = word.split(separator: ".").last.map { "." + $0 }
        let near = Spelling.nearest(to: word, among: ids) ?? last.flatMap { last in ids.first { $0.hasSuffix(last) } }
        let remedy =
            near.map { "did you mean \($0)?" } ?? "'stanzatap lint --list-codes' tells which there are"
        return "\(option) does not know the code \(word.quoted(limit: 60)); \(remedy)"
    }
}
