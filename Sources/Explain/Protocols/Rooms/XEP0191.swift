import XMPP

extension ProtocolEntry {
    /// Blocking (XEP-0191).
    static let blocking: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0191", "Blocking Command", ["urn:xmpp:blocking", "urn:xmpp:blocking:errors"])
        entry.conditions = ["blocked": "the sender has blocked the addressee"]
        return entry
    }()
}
