/// Something about a packet that deserves attention, in one sentence.
public struct Finding: Sendable, Equatable {
    public enum Severity: String, Sendable, CaseIterable {
        case warning = "Warning"
        case note = "Note"
    }

    public let severity: Severity
    /// A sentence on one line. It may quote the peer, then escaped for a terminal.
    public let text: String

    public init(_ severity: Severity, _ text: String) {
        self.severity = severity
        self.text = text
    }

    public static func warning(_ text: String) -> Finding { Finding(.warning, text) }
    public static func note(_ text: String) -> Finding { Finding(.note, text) }
}
