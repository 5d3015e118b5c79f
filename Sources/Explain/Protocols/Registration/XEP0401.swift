import XMPP

extension ProtocolEntry {
    /// Invitations (XEP-0401): what they are made of stands in forms.
    static let invitations: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0401", "Ad-hoc Account Invitation Generation", ["urn:xmpp:invite"])
        entry.secrets = [.field("uri", in: nil), .field("landing-url", in: nil)]
        return entry
    }()
}
