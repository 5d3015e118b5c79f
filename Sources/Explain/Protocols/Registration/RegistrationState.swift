import Session
import XMLStream
import XMPP

/// What a request of jabber:iq:register is about (XEP-0077 sections 3 and 4): the same element means different things.
enum RegistrationUse: Equatable {
    /// What must be filled in, or what is known.
    case fields
    /// Whether a name is free, asked by a get with a name in it, which XEP-0077 does not have.
    case availability(name: String)
    /// An account with the own server.
    case account
    case passwordChange
    /// Removal of an account, or of a registration with somebody else.
    case removal
    /// The form is not filled in but given back.
    case cancellation
}

/// With whom.
enum Registrar: Equatable {
    /// The own server.
    case own
    /// A room, to become a member (XEP-0045 section 7.10).
    case room(Party)
    /// A gateway, a service, another server.
    case service(Party)
    /// Another user, who has nothing to do with it.
    case user(Party)

    /// Its name for the middle of a sentence.
    var name: String {
        switch self {
        case .own: "the server"
        case .room(let party), .service(let party), .user(let party): party.name
        }
    }

    /// Its name for the beginning of a sentence.
    var start: String {
        switch self {
        case .own: "The server"
        case .room(let party), .service(let party), .user(let party): party.start
        }
    }

    /// What tells it from others: its address in small letters, empty for the own server.
    var key: String {
        switch self {
        case .own: ""
        case .room(let party), .service(let party), .user(let party): (party.address ?? "").lowercased()
        }
    }
}

/// What passed about registration so far, as far as later packets are understood by it.
struct RegistrationState {
    enum Invitation: Equatable {
        case none
        case accepted(Int)
        case refused(Int)
    }

    var invitation = Invitation.none
    /// What was asked for, by registrar, with the number of the packet that told it.
    var asked: [String: (query: RegistrationQuery, packet: Int)] = [:]
    /// Requests for fields that wait for their answers, by registrar: numbers of packets.
    var pending: [String: Int] = [:]
    /// The stories that wait for the data to be sent, by registrar.
    var stories: [String: Int] = [:]

    /// Registrars that are remembered; no real client has to do with as many.
    static let limit = 64
}
