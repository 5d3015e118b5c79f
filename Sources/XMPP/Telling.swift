/// What a packet does: the sentences, what is odd about it, the story that it is a step of, and who speaks to whom.
///
/// Everything else is made from it: transcripts, JSON Lines, ladders, pages, the summary.
public struct Telling: Sendable, Equatable {
    /// One or more sentences on one line; empty if there is nothing to say.
    public var text: String
    public var findings: [Finding]
    /// The step of a story that this packet is; nil if it belongs to none.
    public var step: StoryStep?
    /// Who sent the stanza and whom it is for; nil for what is no stanza.
    public var roles: Roles?

    public init(_ text: String = "", _ findings: [Finding] = []) {
        self.text = text
        self.findings = findings
    }
}

/// Who sent a stanza, whoever carried it, and whom it is for.
public struct Roles: Sendable, Equatable {
    public var speaker: Role
    public var addressee: Role

    public init(speaker: Role, addressee: Role) {
        self.speaker = speaker
        self.addressee = addressee
    }
}

/// What somebody is in a session, as seen from the client whose connection it is.
public enum Role: String, Sendable, CaseIterable {
    /// Who opened the connection: a client.
    case client
    /// Who accepted it: the client's own server, also where it answers for the account.
    case server
    /// Another session of the client's account, or the account's bare address in the place of an addressee.
    case ownSession = "own-session"
    /// Another user, or one of their sessions.
    case contact
    /// A room of XEP-0045.
    case room
    /// Somebody in a room, known by a nickname.
    case occupant
    /// A domain that is not the client's server: a service, a gateway, another server.
    case service
    /// The component of a stream of XEP-0114.
    case component
    /// A server on a stream between servers, which opened the connection.
    case peerServer = "peer-server"
}
