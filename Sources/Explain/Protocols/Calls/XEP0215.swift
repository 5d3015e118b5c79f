import XMPP

extension ProtocolEntry {
    /// Credentials of relays for calls (XEP-0215).
    static let externalServices: ProtocolEntry = {
        let both = ["urn:xmpp:extdisco:2", "urn:xmpp:extdisco:1"]
        var entry = ProtocolEntry("XEP-0215", "External Service Discovery", both)
        entry.secrets = both.flatMap { [.attribute("username", of: nil, $0), .attribute("password", of: nil, $0)] }
        entry.volatile = both.flatMap {
            [
                .attribute("username", of: nil, $0), .attribute("password", of: nil, $0),
                .attribute("expires", of: nil, $0),
            ]
        }
        return entry
    }()
}
