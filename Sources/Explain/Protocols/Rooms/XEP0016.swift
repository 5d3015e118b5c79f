import XMPP

extension ProtocolEntry {
    /// Privacy lists (XEP-0016).
    static let privacy: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0016", "Privacy Lists", [NS.privacy])
        entry.topic = { _ in "privacy lists (XEP-0016)" }
        return entry
    }()
}
