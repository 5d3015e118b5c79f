import XMLStream
import XMPP

/// The transcript of one connection: what is written as text or JSON Lines, and what reading a text gives back.
public struct Transcript: Sendable, Equatable {
    /// The lines before the first record: a title, and who, when and by what. Kept as they are when read.
    public var title: [String]
    public var records: [Record]

    public init(title: [String] = [], records: [Record] = []) {
        self.title = title
        self.records = records
    }

    /// The packets alone, in order.
    public var packets: [PacketRecord] {
        records.compactMap { record in
            if case .packet(let packet) = record { packet } else { nil }
        }
    }
}

/// One entry of a transcript.
public enum Record: Sendable, Equatable {
    case packet(PacketRecord)
    case event(EventRecord)
    /// What the connection came to, at its end. Read back from a text it is prose.
    case summary(Summary)
    /// A paragraph of plain text, line by line, as it was read: what somebody wrote between packets, or a summary.
    case prose([String])
}

/// What a connection came to.
public struct Summary: Sendable, Equatable {
    /// A paragraph; lines are separated by a line feed.
    public var text: String
    /// In the order in which they began.
    public var stories: [Story]
    /// A line for each story that is worth one: all but single requests that were answered.
    public var storyLines: [String] = []
    /// What the sides call themselves; nil where they have not said it.
    public var client: SoftwareFacts?
    public var server: SoftwareFacts?
    /// How far it was encrypted, a clause; nil if nobody knows.
    public var encryption: String?
    /// How long the connection lasted, as the text tells; nil if nobody knows.
    public var seconds: Double?
    /// What only the end tells of earlier packets.
    public var findings: [LateFinding] = []

    public init(text: String, stories: [Story], encryption: String? = nil, seconds: Double? = nil) {
        self.text = text
        self.stories = stories
        self.encryption = encryption
        self.seconds = seconds
    }

    /// The lines of the text.
    public var lines: [String] { text.split(separator: "\n").map(String.init) }
}

/// One packet: a stream header, a stanza, a nonza or a stream's end tag.
public struct PacketRecord: Sendable, Equatable {
    /// Counted from 1 over both directions together; nil where an edited text gives none.
    public var number: Int?
    public var direction: Direction
    /// The bytes of the packet as they were on the wire, or as far as a text shows them.
    public var xml: [UInt8]
    /// How many bytes of the packet are not in `xml`, because it was too long.
    public var omittedBytes: Int
    /// What the receiver got instead of `xml`, where stanzatap changed the packet.
    public var replacement: [UInt8]?
    /// How many bytes of the replacement are not in `replacement`, because it was too long.
    public var replacementOmittedBytes: Int
    /// True if stanzatap sent the packet, not the peer in whose name it went.
    public var isSentByProxy: Bool
    /// What it does, as far as somebody has told it.
    public var telling: Telling
    /// When its first byte came, nanoseconds since 1970; nil where nobody knows.
    public var time: UInt64?
    /// The same in seconds since the connection was accepted.
    public var secondsSinceStart: Double?
    /// The number of the request that this packet answers, and the seconds between the two.
    public var answers: Int?
    public var answerDelay: Double?
    /// Who the client is, where this packet made more of that known; nil where it did not, and in transcripts read back.
    public var client: ClientFacts?
    /// What the packet's outermost element says of itself; nil where nobody looked, as in a transcript read back: then
    /// `Root(xml:)` looks.
    public var root: Root?
    /// The packet taken apart, for sinks that ask for it (`TranscriptSink.asksForElements`); nil for all others, for it takes
    /// much memory.
    public var element: Element?

    public init(number: Int?, direction: Direction, xml: [UInt8]) {
        self.number = number
        self.direction = direction
        self.xml = xml
        omittedBytes = 0
        replacementOmittedBytes = 0
        isSentByProxy = false
        telling = Telling()
    }
}

/// Something that is no packet: a line in square brackets.
public struct EventRecord: Sendable, Equatable {
    /// A machine's name for the kind of event, such as `keep-alive` or `closed`; empty when read from a text that does not
    /// tell it.
    public var kind: String
    /// What it is, if it is one of the events that change what can be said after them.
    public var known: EventKind?
    /// What happened, without the brackets, on one line.
    public var text: String
    public var time: UInt64?
    public var secondsSinceStart: Double?
    /// What is wrong about it; nil for what happens in good sessions. The line tells it too.
    public var finding: Finding?

    public init(kind: String, text: String, time: UInt64? = nil, secondsSinceStart: Double? = nil) {
        self.kind = kind
        self.text = text
        self.time = time
        self.secondsSinceStart = secondsSinceStart
    }

    /// An event as a text tells it.
    init(line: String) {
        known = EventKind(line: line)
        kind = known?.name ?? ""
        text = line
    }
}
