import XMPP

extension ProtocolEntry {
    /// Calls and files between clients (XEP-0166).
    static let jingle: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0166", "Jingle", ["urn:xmpp:jingle:1", "urn:xmpp:jingle:errors:1"])
        entry.conditions = [
            "out-of-order": "the request does not fit what was agreed so far",
            "tie-break": "both sides asked for the same at once",
            "unknown-session": "there is no such session",
            "unsupported-info": "that information is not understood",
            "security-required": "it must be encrypted",
        ]
        entry.volatile = [.attribute("sid", of: "jingle", "urn:xmpp:jingle:1")]
        return entry
    }()
}
