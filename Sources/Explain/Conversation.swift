import Session
import XMLStream
import XMPP

/// What is known about a connection so far: the state that the explanations of several protocols share.
struct Conversation {
    /// The domain that the client asked for in its stream header, or that the server said it is.
    var domain: String?
    /// The version that the client's and the server's header gave.
    var versions: [Side: String] = [:]
    /// True after SASL, SASL2 or jabber:iq:auth succeeded.
    var isAuthenticated = false
    /// Who logged in, as far as the login told.
    var user: String?
    var mechanism: String?
    var boundJID: String?
    var isEncrypted = false
    /// True if stanzatap decrypts TLS on the client's side: then client and server are on two TLS connections.
    var isIntercepted = false
    /// True if stanzatap then takes the mechanisms that use channel binding out of what the client sees.
    var hidesPlus = true
    /// The mechanisms that the server offered last, by SASL or SASL2, whether or not the client saw them.
    var offeredMechanisms: [String] = []
    /// Those of them that bind the login to the TLS connection, `-PLUS`; stanzatap may have taken them out.
    var offeredPlus: [String] = []
    var afterLogin = AfterLogin.nothing
    /// True once features said so, until the stream is encrypted.
    var offersTLS = false
    var offersRegistration = false
    /// The client has asked for TLS and awaits the answer.
    var awaitsTLS = false
    /// What happened, in order, for the summary.
    var outcomes: [Outcome] = []
    var streamErrors: [(Side, StreamErrorReport)] = []
    var counts = StanzaCounts()

    /// The client's own bare JID, if it is known.
    var bareJID: String? {
        if let boundJID { return JID(boundJID).bare }
        guard let user else { return nil }
        return user.contains("@") ? JID(user).bare : domain.map { "\(user)@\($0)" } ?? user
    }

    /// The server by its name, for the middle of a sentence.
    var serverName: String { domain?.shown(limit: 100) ?? "the server" }

    /// `name@domain`, or the name alone.
    func account(_ name: String) -> String {
        let shown = name.isEmpty ? "(an empty name)" : name.shown(limit: 100)
        return domain.map { "\(shown)@\($0.shown(limit: 100))" } ?? shown
    }
}

/// Something that began and ended well, badly, or not at all.
struct Outcome {
    /// What it was, to be followed by "succeeded": `Registration of test3@jabber.org`.
    var what: String
    var result: Result
    /// Why it will probably fail, told before it ends.
    var suspicion: Cause?

    enum Result: Equatable {
        case pending
        case succeeded
        /// Why, a clause; and what would have to change, a sentence.
        case failed(why: String, remedy: String)
    }
}

/// Stanzas that the client sent or received, for the summary.
struct StanzaCounts {
    var messages: [Direction: Int] = [:]
    var presences = 0
    var iqErrors = 0
}

struct StreamErrorReport: Equatable {
    let condition: String
    let meaning: String
    let text: String?
    /// True if stanzatap itself sent it.
    var isSentByProxy = false
}

/// What a login that succeeded means for the stream.
enum AfterLogin: Equatable {
    case nothing
    /// SASL: the client must open a new stream before it sends anything else (RFC 6120 section 6.4.6).
    case newStreamDue
    /// SASL2: the stream goes on as it is (XEP-0388).
    case streamGoesOn
}
