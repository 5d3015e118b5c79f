/// How TLS with the server of a replay is begun.
public enum PlayerTLS: String, Sendable, CaseIterable {
    /// As recorded; STARTTLS too where the server requires it now.
    case recorded
    case starttls
    /// From the first byte (XEP-0368).
    case direct
    case none
}
