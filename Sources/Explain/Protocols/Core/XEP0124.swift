import XMPP

extension ProtocolEntry {
    /// Streams over HTTP (XEP-0124): whoever knows these can speak in the session.
    static let bosh: ProtocolEntry = {
        let namespace = "http://jabber.org/protocol/httpbind"
        var entry = ProtocolEntry("XEP-0124", "BOSH", [namespace])
        entry.secrets = ["sid", "key", "newkey", "rid"].map { .attribute($0, of: nil, namespace) }
        entry.volatile = ["sid", "key", "newkey", "rid"].map { .attribute($0, of: nil, namespace) }
        return entry
    }()
}
