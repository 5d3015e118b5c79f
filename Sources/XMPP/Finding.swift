/// Something about a packet that deserves attention, in one sentence.
public struct Finding: Sendable, Equatable {
    /// How much attention it deserves.
    public enum Severity: String, Sendable, CaseIterable, Codable {
        /// Something that a maintainer would mend or a user should fear.
        case warning = "Warning"
        /// Something that is worth knowing.
        case note = "Note"
    }

    /// What kind of finding it is: a `FindingCode`'s id; empty when read from a text, which does not tell it.
    public let code: String
    public let severity: Severity
    /// A sentence on one line, with its full stop; it begins in small letters, for `Warning: ` or `Note: ` stands before it.
    /// It may quote the peer, then escaped for a terminal.
    public let text: String

    /// A finding of that kind, with the severity that its kind has.
    public init(_ code: FindingCode, _ text: String) {
        self.init(code: code.id, code.severity, text)
    }

    /// A finding as it was read.
    ///
    /// - Parameter code: empty if nobody knows.
    public init(code: String = "", _ severity: Severity, _ text: String) {
        self.code = code
        self.severity = severity
        self.text = text
    }
}

/// A kind of finding, by a name that stays the same from version to version: `iq.answer.unexpected`.
public struct FindingCode: Sendable, Hashable {
    /// Words of small letters and hyphens, joined by full stops: the protocol or the stanza first.
    public let id: String
    public let severity: Finding.Severity
    /// The section of an RFC or XEP that it is about, such as `RFC 6120 section 8.2.3`; empty if none is.
    public let reference: String
    /// What it means and what to do about it, for somebody who meets it for the first time.
    public let explanation: String

    /// A kind that is a warning.
    public static func warning(_ id: String, _ reference: String, _ explanation: String) -> FindingCode {
        FindingCode(id: id, severity: .warning, reference: reference, explanation: explanation)
    }

    /// A kind that is a note.
    public static func note(_ id: String, _ reference: String, _ explanation: String) -> FindingCode {
        FindingCode(id: id, severity: .note, reference: reference, explanation: explanation)
    }
}
