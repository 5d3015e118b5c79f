import Session
import XMLStream
import XMPP

/// Somebody in a session: what they are, and the address by which they are known.
struct Party: Equatable {
    let role: Role
    /// As it was written; nil where none was. Of the server only where it answers for the client's account.
    let address: String?
    /// True if stanzatap speaks in their place.
    var isProxied = false

    init(_ role: Role, _ address: String? = nil) {
        self.role = role
        self.address = address
    }

    /// True for the server where it speaks, or is spoken to, in the name of the client's account.
    var isAccount: Bool { role == .server && address != nil }

    /// The name for the middle of a sentence.
    var name: String { isProxied ? "stanzatap, in place of \(plainName)," : plainName }

    /// The name for the beginning of a sentence; an address stays as it was written.
    var start: String {
        if isProxied { return name }
        switch role {
        case .client: return "The client"
        case .server: return "The server"
        case .component where address == nil: return "The component"
        case .room, .ownSession: return "The " + plainName.withoutArticle
        case .component, .contact, .service, .peerServer, .occupant: return plainName
        }
    }

    private var plainName: String {
        switch role {
        case .client: "the client"
        case .server: "the server"
        case .component: address.map { $0.shown(limit: 100) } ?? "the component"
        case .contact, .service, .peerServer: address.map { $0.shown(limit: 100) } ?? "somebody unnamed"
        case .room: "the room \((address ?? "").shown(limit: 100))"
        case .occupant: occupantName
        case .ownSession: ownSessionName
        }
    }

    private var occupantName: String {
        let jid = JID(address ?? "")
        return "\((jid.resource ?? "").quoted(limit: 60)) in the room \(jid.bare.shown(limit: 100))"
    }

    private var ownSessionName: String {
        guard let resource = address.flatMap({ JID($0).resource }) else { return "the client's own account" }
        return "the same account's session \(resource.quoted(limit: 60))"
    }

    /// The nickname of an occupant, the address of anybody else without its resource.
    var shortName: String {
        switch role {
        case .occupant: JID(address ?? "").resource.map { $0.quoted(limit: 60) } ?? name
        case .contact, .service, .peerServer, .component: address.map { JID($0).bare.shown(limit: 100) } ?? name
        case .client, .server, .room, .ownSession: name
        }
    }
}
