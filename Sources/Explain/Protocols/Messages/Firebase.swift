import XMPP

extension ProtocolEntry {
    /// The dialect of Firebase Cloud Messaging, whose payload is JSON.
    static let firebase = ProtocolEntry("Google", "Firebase Cloud Messaging", ["google:mobile:data"])
}
