/// Something that begins and ends over several packets of a connection: a registration, a login, a request and its answer.
public struct Story: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        /// In-band registration of an account with the own server (XEP-0077, XEP-0389).
        case registration
        /// Registration with somebody else: a gateway, a room, a service (XEP-0077, XEP-0045).
        case serviceRegistration = "service-registration"
        case passwordChange = "password-change"
        /// Removal of an account, or of a registration with somebody else.
        case removal
        case login
        /// STARTTLS.
        case encryption
        case compression
        case bind
        /// Resuming an earlier session (XEP-0198).
        case resumption
        case subscription
        /// Entering a room.
        case roomJoin = "room-join"
        /// A component's handshake (XEP-0114).
        case component
        /// Asking for a place to upload a file to (XEP-0363); the upload itself goes by HTTP.
        case upload
        /// A call (XEP-0166, XEP-0353).
        case call
        /// A file between clients (XEP-0234, XEP-0096).
        case fileTransfer = "file-transfer"
        /// An ad-hoc command, which may take several steps (XEP-0050).
        case command
        /// A query of an archive, page after page (XEP-0313).
        case archiveQuery = "archive-query"
        /// One iq and its answer.
        case request
    }

    public enum State: Sendable, Equatable {
        case open
        case succeeded
        case failed(Cause)
        /// It was given up by who began it, or something that replaced it made it pointless.
        case abandoned
    }

    /// Counted from 1 within its connection.
    public let id: Int
    public let kind: Kind
    /// What it is about: an account, a mechanism, a room; safe for a terminal.
    public var subject: String
    public var state: State
    /// What came of it beside its state, a clause such as `112 messages on 3 pages`; nil if there is nothing to say.
    public var outcome: String?
    /// The numbers of its packets, the first one first, at most `packetLimit` of them.
    public private(set) var packets: [Int] = []
    /// Nanoseconds since 1970; nil if nobody knows.
    public private(set) var began: UInt64?
    public private(set) var ended: UInt64?

    /// Packets whose numbers are kept of each story; of a longer one the first ones and the last one.
    public static let packetLimit = 64

    public init(id: Int, kind: Kind, subject: String, began: UInt64? = nil) {
        self.id = id
        self.kind = kind
        self.subject = subject
        self.began = began
        state = .open
    }

    /// A packet of the story went by.
    ///
    /// - Parameter time: nanoseconds since 1970, if known.
    public mutating func add(packet: Int, time: UInt64?) {
        if packets.last == packet { return }
        if packets.count == Self.packetLimit { packets.removeLast() }
        packets.append(packet)
        if state != .open { ended = time }
    }
}

/// Why something failed or will probably fail, a clause; and what would help, sentences or nothing.
public struct Cause: Sendable, Equatable {
    /// A clause without a full stop.
    public var why: String
    /// Sentences; empty if nothing is known to help.
    public var remedy: String

    public init(why: String, remedy: String) {
        self.why = why
        self.remedy = remedy
    }
}

/// The place of one packet in a story: the story as it stands after it.
///
/// One reference, so that a packet's telling costs little to hand on.
public struct StoryStep: Sendable, Equatable {
    private final class Content: Sendable {
        let id: Int
        let kind: Story.Kind
        let subject: String
        let state: Story.State

        init(_ story: Story) {
            id = story.id
            kind = story.kind
            subject = story.subject
            state = story.state
        }
    }

    private let content: Content

    public init(_ story: Story) { content = Content(story) }

    /// The story's id.
    public var story: Int { content.id }
    public var kind: Story.Kind { content.kind }
    public var subject: String { content.subject }
    public var state: Story.State { content.state }

    public static func == (one: StoryStep, other: StoryStep) -> Bool {
        one.content === other.content
            || one.story == other.story && one.kind == other.kind && one.subject == other.subject
                && one.state == other.state
    }
}
