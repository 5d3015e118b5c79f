import XMLStream
import XMPP

extension ProtocolTable {
    /// What stands in the features of logins, and in the logins.
    static let ofLogins: [ProtocolEntry] = [
        .adds(
            "XEP-0233",
            "XMPP Server Registration for use with Kerberos V5",
            ["urn:xmpp:domain-based-name:1"]
        ) { element in
            let host = element.name == "hostname" ? element.text.trimmed.nonEmpty : nil
            return host.map { "For Kerberos the server's name is \($0.shown(limit: 100))" }
        },
        .pipelinedLogin,
    ]
}

extension ProtocolEntry {
    /// Features that are known in advance (XEP-0509).
    fileprivate static let pipelinedLogin: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0509", "Initial Authentication Pipelining", ["urn:xmpp:iap:0"])
        entry.feature = { _ in
            .clause("the version of these features, with which the next login need not wait for them (XEP-0509)")
        }
        return entry
    }()
}
