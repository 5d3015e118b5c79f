import XMPP

extension ProtocolEntry {
    /// The client's address as the server sees it.
    static let clientAddress: ProtocolEntry = {
        var entry = ProtocolEntry("jabberd2", "address feature", ["http://affinix.com/jabber/address"])
        entry.feature = { _ in .clause("the client's address as the server sees it") }
        return entry
    }()
}
