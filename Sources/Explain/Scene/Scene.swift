import Session
import XMLStream
import XMPP

/// What is known about a connection so far: who is who, how far it is encrypted, what was offered, and the stories that are open.
struct Scene {
    /// What kind of stream it is, by its content namespace.
    enum StreamKind {
        /// Of a client and its server.
        case client
        /// Of two servers.
        case server
        /// Of an external component and its server (XEP-0114).
        case component
    }

    var streamKind = StreamKind.client
    /// The number of the connection in its recording, and what other connections of it know.
    var connection = 1
    var memory = RecordingMemory()
    /// Who speaks to whom in the present stanza, by the number of its packet; asked for again and again while it is told.
    var speaking: (packet: Int, speaker: Party, addressee: Party)?
    /// The domain that the client asked for in its stream header, or that the server said it is.
    var domain: String?
    /// The version that the client's and the server's header gave; nil if a header gave none or was not seen.
    var versions: [Side: String] = [:]
    /// The sides that opened a stream.
    var headers: Set<Side> = []
    var account = Account()
    var software = SoftwareSigns(category: "client")
    var serverSoftware = SoftwareSigns(category: "server")
    var encryption = Encryption()
    /// Why TLS did not come about, where no story tells it.
    var tlsFailure: String?
    var offers = Offers()
    var order = StreamOrder()
    var afterLogin = AfterLogin.nothing
    /// A login that has begun and not ended.
    var login: LoginProgress?
    /// Rooms by their bare addresses in small letters.
    var rooms: [String: Room] = [:]
    /// Subscriptions by the other side's bare address in small letters.
    var subscriptions: [String: Subscription] = [:]
    /// What had not arrived when a session was resumed within a login, sentences behind others.
    var lostBeforeResumption = ""
    var people = PeopleState()
    var registration = RegistrationState()
    var calls = CallBook()
    var stories = StoryBook()
    /// Messages that others may refer to.
    var messages = MessageMemory()
    /// Queries of archives that are open (XEP-0313).
    var archives = ArchiveQueries()
    /// The ids of requests that the client sent to itself, which the server hands back to it.
    var requestsToItself: Set<String> = []
    var streamErrors: [StreamErrorReport] = []
    var counts = StanzaCounts()
    /// True if what was said at first is not in the recording: then what is not seen proves nothing.
    var beginsInMiddle = false
    /// Ids of requests that were used again while they were open, and answered.
    var guessedAnswers: Set<String?> = []
    /// Where directions stopped being XML.
    var breakages: [(direction: Direction, breakage: Breakage)] = []
    /// Domains in A-labels that were told of.
    var toldDomains: Set<String> = []
    /// Domains that the other server gave a dialback key for (XEP-0220).
    var dialbackDomains: Set<String> = []
    /// Directions of which not everything could be read.
    var unreadable: Set<Direction> = []

    /// Specifications that were named.
    private var cited: Set<String> = []

    /// ` (XEP-0045)` to stand behind what is told, for whoever wants to read on; nothing where it was named before.
    mutating func cite(_ reference: String) -> String { cited.insert(reference).inserted ? " (\(reference))" : "" }

    /// The server by its name, for the middle of a sentence.
    var serverName: String { domain?.shown(limit: 100) ?? "the server" }

    /// `name@domain`, or the name alone; a whole address stays one.
    func account(_ name: String) -> String {
        let shown = name.isEmpty ? "(an empty name)" : name.shown(limit: 100)
        if name.contains("@") { return shown }
        return domain.map { "\(shown)@\($0.shown(limit: 100))" } ?? shown
    }

    /// The client's own bare address, if it is known.
    var bareJID: String? {
        if let bound = account.boundBare { return bound }
        guard let user = account.user else { return nil }
        return user.contains("@") ? JID(user).bare : domain.map { "\(user)@\($0)" } ?? user
    }
}

/// Who logged in, as far as the login told, and what became of accounts on this connection.
struct Account {
    /// True after SASL, SASL2 or jabber:iq:auth succeeded, and for a component after its handshake.
    var isAuthenticated = false
    /// The number of the packet from which on that is known.
    var authenticatedBy: Int?
    /// True once an earlier session is resumed, in the place of binding a resource (XEP-0198).
    var isResumed = false
    var user: String?
    var mechanism: String?
    var boundJID: String? {
        didSet { boundBare = boundJID.map { JID($0).bare } }
    }
    /// The same without its resource, which is asked for with every stanza.
    private(set) var boundBare: String?
    /// The number of the packet by which each account was registered here.
    var registered: [String: Int] = [:]
    /// The number of the packet that confirmed the removal of each account.
    var removed: [String: Int] = [:]
}

/// A room that the client has to do with (XEP-0045).
struct Room {
    /// The address as it was written first.
    let address: String
    /// The nickname under which the client is in, or wants to be.
    var nick: String?
    /// Another nickname that the client has asked for while it is in, and the id of that presence.
    var wanted: (nick: String, id: String?)?
    /// True once the room has let the client in.
    var isInside = false
    /// The story of entering it.
    var story: Int?
    /// Counts how often the client came in, so that who was seen before is not taken for somebody who is there now.
    var stay = 0
    /// True once the room has sent its subject, with which its history ends.
    var hasSentSubject = false
}

/// What the server offered last.
struct Offers {
    /// True once features said so, until the stream is encrypted.
    var tls = false
    var tlsIsRequired = false
    /// The number of the last packet of features; nil if none was seen.
    var features: Int?
    var registration = false
    /// The mechanisms by SASL or SASL2, whether or not the client saw them.
    var mechanisms: [String] = []
    /// Those of them that bind the login to the TLS connection, `-PLUS`; stanzatap may have taken them out.
    var plus: [String] = []
    /// What the login of each protocol, SASL or SASL2, offers by its namespace, without tokens; whether or not the client saw it.
    var lists: [String: [String]] = [:]
    /// The types of channel binding that were announced with them (XEP-0440); nil if none were.
    var bindings: [String]?
    /// The names of the flows of XEP-0389, by `register` or `recovery`, a blank and their ids.
    var flows: [String: String] = [:]
    /// The client has asked for TLS and awaits the answer.
    var awaitsTLS = false
}

/// How far the connection is encrypted, as seen from stanzatap.
struct Encryption {
    /// TLS with that side was seen to begin.
    var sides: Set<Side> = []
    /// The story of STARTTLS.
    var story: Int?
    /// TLS that stanzatap does not take apart.
    var isOpaque = false
    /// True if the recording is that of a replay, which has only one side on the network.
    var isReplay = false
    /// True if stanzatap takes the mechanisms that use channel binding out of what the client sees.
    var hidesPlus = true
    /// What the client asked for by SNI; nil if nobody knows, or it was told of.
    var serverName: String?

    /// True if what the client says is encrypted where it crosses a network.
    var isEncrypted: Bool { isOpaque || sides.contains(.client) || (isReplay && !sides.isEmpty) }
    /// True if stanzatap decrypts TLS on the client's side: then client and server are on two TLS connections.
    var isIntercepted: Bool { sides.contains(.client) && !isReplay }
}

/// Stanzas that went by, for the summary.
struct StanzaCounts {
    var stanzas = 0
    /// The first stanza before TLS or before the login that needs it, if there was one.
    var tooEarly: Int?
    /// The numbers of all of them.
    var early = CountedNumbers()
    /// The last one of each direction, and when it came.
    var last: [Direction: (number: Int, time: UInt64?)] = [:]
}

/// A stream error, for the summary.
struct StreamErrorReport {
    let packet: Packet
    let sender: Party
    let condition: String
    let meaning: String
    let text: String?
    /// True if what was said before explains it.
    let isExpected: Bool
}

/// A login that is going on.
struct LoginProgress {
    /// By SASL2, which allows nothing in between, not even white space (XEP-0388 section 2.4).
    let isSASL2: Bool
    var hadWhiteSpace = false
}

/// What a login that succeeded means for the stream.
enum AfterLogin: Equatable {
    case nothing
    /// SASL: the client must open a new stream before it sends anything else (RFC 6120 section 6.4.6).
    case newStreamDue
    /// SASL2: the stream goes on as it is (XEP-0388).
    case streamGoesOn
}
