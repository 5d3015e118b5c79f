import XMPP

extension ProtocolEntry {
    /// Ad-hoc commands (XEP-0050).
    static let commands: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0050", "Ad-Hoc Commands", ["http://jabber.org/protocol/commands"])
        entry.conditions = [
            "malformed-action": "the action is not understood",
            "bad-action": "the action cannot be done now",
            "bad-locale": "the command is not to be had in that language",
            "bad-payload": "the form that was sent is not what is wanted",
            "bad-sessionid": "the session of the command is not valid",
            "session-expired": "the session of the command has expired",
        ]
        entry.volatile = [.attribute("sessionid", of: "command", "http://jabber.org/protocol/commands")]
        return entry
    }()
}
