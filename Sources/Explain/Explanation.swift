import XMPP

/// What a packet does, in plain sentences, and what is odd about it.
public struct Explanation: Sendable, Equatable {
    /// One or more sentences on one line.
    public var text: String
    public var findings: [Finding]

    public init(_ text: String, _ findings: [Finding] = []) {
        self.text = text
        self.findings = findings
    }
}
