import XMLStream
import XMPP

extension ProtocolEntry {
    /// Business cards (XEP-0054 and XEP-0292): all in them is personal.
    static let vCard: ProtocolEntry = {
        let both = ["vcard-temp", "urn:ietf:params:xml:ns:vcard-4.0"]
        var entry = ProtocolEntry("XEP-0054", "vcard-temp", both)
        entry.secrets = both.map { .everything(in: nil, $0) }
        entry.topic = { $0.namespace == both[0] ? "a vCard (XEP-0054)" : "a vCard (XEP-0292)" }
        return entry
    }()
}
