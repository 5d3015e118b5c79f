import XMPP

/// Which findings are told.
public struct LintSelection: Sendable, Equatable {
    /// Less than that is not told.
    public var severity: Finding.Severity
    /// Codes, and beginnings of codes that end with a full stop; all if there are none.
    public var only: [String]
    public var ignored: [String]

    public init(severity: Finding.Severity = .note, only: [String] = [], ignored: [String] = []) {
        self.severity = severity
        self.only = only
        self.ignored = ignored
    }

    public func includes(_ code: FindingCode) -> Bool {
        if severity == .warning, code.severity != .warning { return false }
        if !only.isEmpty, !only.contains(where: { Self.fits($0, code.id) }) { return false }
        return !ignored.contains { Self.fits($0, code.id) }
    }

    /// True if a word of the user's means that code: itself, or its beginning up to a full stop.
    public static func fits(_ word: String, _ code: String) -> Bool {
        word.hasSuffix(".") ? code.hasPrefix(word) : word == code
    }
}
