import Explain
import XMPP

/// The kinds of findings that stanzatap knows.
public enum KnownFindings {
    /// Each once, in the order of their ids.
    public static let codes: [FindingCode] = ProtocolTable.codes.values.sorted { $0.id < $1.id }
}
