import XMPP

/// The findings of which somebody said that they are known: a text for version control, one a line.
public struct LintBaseline: Sendable, Equatable {
    public private(set) var fingerprints: Set<String> = []

    /// A baseline of more kinds of findings is nobody's.
    public static let limit = 100_000

    private static let head = [
        "# Findings that are known. 'stanzatap lint --baseline' does not tell them and does not fail because of them;",
        "# 'stanzatap lint --write-baseline' writes this file anew.",
        "# A line is a code, the direction, and what kind of packet it is: nothing that is new in each recording.",
    ]

    public init() {}

    /// Reads a baseline. What begins with `#` is a comment, and blanks around a line mean nothing.
    ///
    /// - Throws: `LintBaselineError` at the first line that cannot be one of a baseline.
    public init(reading text: String, codes: Set<String>) throws(LintBaselineError) {
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.split(separator: " ")
            guard let code = words.first, !code.hasPrefix("#") else { continue }
            guard words.count > 2, words[1] == "-" || Direction(rawValue: String(words[1])) != nil else {
                throw LintBaselineError(
                    line: index + 1,
                    reason: "it is no code, direction and kind of packet, such as 'iq.id.missing C->S iq get'"
                )
            }
            // A code of another version of stanzatap may be gone: such a line fits nothing.
            guard codes.contains(String(code)) || code.contains(".") else {
                throw LintBaselineError(line: index + 1, reason: "\(String(code).quoted(limit: 60)) is no code")
            }
            fingerprints.insert(words.joined(separator: " "))
        }
    }

    public func contains(_ finding: LintFinding) -> Bool { fingerprints.contains(finding.fingerprint) }

    /// False if there are too many.
    public mutating func insert(_ finding: LintFinding) -> Bool {
        fingerprints.insert(finding.fingerprint)
        return fingerprints.count <= Self.limit
    }

    /// The file.
    public var text: String {
        (Self.head + fingerprints.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }).joined(separator: "\n") + "\n"
    }
}

/// Why a text is no baseline.
public struct LintBaselineError: Error, Sendable, Equatable, CustomStringConvertible {
    public let line: Int
    public let reason: String

    public var description: String { "line \(line): \(reason)" }
}
