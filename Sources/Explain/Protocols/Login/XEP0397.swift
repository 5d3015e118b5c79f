import XMPP

extension ProtocolEntry {
    /// Instant stream resumption (XEP-0397).
    static let instantResumption: ProtocolEntry = {
        let namespace = "https://xmpp.org/extensions/isr/0"
        var entry = ProtocolEntry("XEP-0397", "Instant Stream Resumption", [namespace])
        entry.secrets = [.attribute("token", of: nil, namespace), .attribute("key", of: nil, namespace)]
        return entry
    }()
}
