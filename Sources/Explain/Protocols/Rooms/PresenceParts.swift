import XMPP

/// What stands in presence beside a protocol of its own; `PresenceExtras` and `RoomEvent` tell all of it in one.
extension ProtocolEntry {
    /// The hash of the avatar (XEP-0153).
    static let avatarHash = told(
        inside: "RFC 6121",
        "XEP-0153",
        "vCard-Based Avatars",
        [PresenceExtras.avatarUpdate]
    )

    /// Since when somebody has been idle (XEP-0319).
    static let idleTime: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0319", "Last User Interaction in Presence", [PresenceExtras.idle])
        entry.volatile = [.attribute("since", of: "idle", PresenceExtras.idle)]
        entry.inner = .told(by: "RFC 6121")
        return entry
    }()

    /// Hats of occupants (XEP-0317).
    static let hats = told(inside: "XEP-0045", "XEP-0317", "Hats", [NS.hats])

    /// What an occupant keeps under any nickname (XEP-0421).
    static let occupantIDs = told(
        inside: "XEP-0045",
        "XEP-0421",
        "Occupant identifiers for semi-anonymous MUCs",
        [NS.occupantID]
    )

    /// Reports about whom somebody blocks (XEP-0377), which are told with the block.
    static let reports = told(
        inside: "XEP-0191",
        "XEP-0377",
        "Blocking Command Reports",
        ["urn:xmpp:reporting:1", "urn:xmpp:reporting:0"]
    )
}
