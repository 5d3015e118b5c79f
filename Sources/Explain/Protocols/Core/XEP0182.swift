import XMPP

extension ProtocolEntry {
    /// Conditions that several protocols use (XEP-0182).
    static let commonConditions: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0182", "Application-Specific Error Conditions", ["urn:xmpp:errors"])
        entry.conditions = [
            "stanza-too-big": "the stanza is larger than the receiver allows",
            "too-many-stanzas": "too many stanzas were sent in a short time",
        ]
        return entry
    }()
}
