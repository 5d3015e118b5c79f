import XMPP

extension ProtocolEntry {
    /// Direct invitations into rooms (XEP-0249).
    static let directInvitation: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0249", "Direct MUC Invitations", ["jabber:x:conference"])
        entry.secrets = [.attribute("password", of: "x", "jabber:x:conference")]
        return entry
    }()
}
