/// Namespaces of what messages carry, where several tellers act upon them.
enum MessageNS {
    static let stanzaIDs = "urn:xmpp:sid:0"
    static let correction = "urn:xmpp:message-correct:0"
    static let forward = "urn:xmpp:forward:0"
    static let carbons = "urn:xmpp:carbons:2"
    static let allCarbons = [carbons, "urn:xmpp:carbons:1"]
    static let retraction = ["urn:xmpp:message-retract:1", "urn:xmpp:message-retract:0"]
    static let moderation = ["urn:xmpp:message-moderate:1", "urn:xmpp:message-moderate:0"]
    static let fastening = "urn:xmpp:fasten:0"
    static let oldDelay = "jabber:x:delay"
    static let archive = "urn:xmpp:mam:2"
    static let resultSets = "http://jabber.org/protocol/rsm"
    static let fileSharing = "urn:xmpp:sfs:0"
    static let fileMetadata = "urn:xmpp:file:metadata:0"
}
