import XMLStream
import XMPP

/// One top-level thing of a connection, numbered: a stream header, a stanza, a nonza, or a stream's end tag.
public struct Packet: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// The start of a stream; `restart` counts the streams before it in this direction.
        case header(Element, restart: Int)
        /// A stanza or nonza.
        case element(Element)
        /// `</stream:stream>`.
        case end
        /// Too large to be taken apart.
        case oversized(Limit)
    }

    /// Who made the bytes that a receiver got.
    public enum Origin: Sendable, Equatable {
        /// The other side.
        case peer
        /// stanzatap, in the name of the other side.
        case proxy
        /// stanzatap, which put them in place of these bytes of the other side, one whole packet; why, in a clause.
        case changed(original: [UInt8], reason: String)
    }

    /// A packet as its sender sent it. A class, for every packet has room for one and hardly any has it.
    public final class Original: Sendable, Equatable {
        public let bytes: [UInt8]
        /// Nil if it cannot be read.
        public let element: Element?
        /// Why it was changed, in a clause without a full stop.
        public let reason: String

        init(bytes: [UInt8], element: Element?, reason: String) {
            self.bytes = bytes
            self.element = element
            self.reason = reason
        }

        public static func == (one: Original, other: Original) -> Bool {
            one.bytes == other.bytes && one.element == other.element && one.reason == other.reason
        }
    }

    /// Counted from 1 over both directions together.
    public let number: Int
    public let direction: Direction
    public let kind: Kind
    /// Its bytes on the wire; only the first ones if it is oversized.
    public let bytes: [UInt8]
    /// How many bytes it had on the wire.
    public let byteCount: Int
    /// When its first byte came, in nanoseconds since 1970; nil if nobody knows.
    public let time: UInt64?
    /// True if stanzatap sent it, not the peer in whose name it went.
    public let isSentByProxy: Bool
    /// What the sender really sent, if stanzatap changed it on the way; the rest tells what the receiver got.
    public let original: Original?
    /// True if its sender had closed its stream before.
    public let isAfterEnd: Bool
    /// What is wrong with its XML although it could be read.
    public let problem: StreamError?
    /// What it is to the requests before it.
    public let pairing: Pairing
    /// What was read around it.
    public let view: View

    /// The element of a stanza or nonza.
    public var element: Element? {
        if case .element(let element) = kind { element } else { nil }
    }

    /// The request that this packet answers, by its id and by whom it comes from.
    public var answers: Request? { pairing.answers }

    /// An open request whose id this answer bears, but which went to somebody else: nothing is settled by it.
    public var claims: Request? { pairing.claims }

    /// A request of the same id to the same addressee that was still open when this request came.
    public var reuses: Request? { pairing.reuses }

    /// True for an answer that no request awaits nor awaited, where all requests of the other direction were read.
    public var isUnrequested: Bool { pairing.isUnrequested }

    /// False if the other direction can not be read at this place, so that nothing follows from its silence.
    public var otherDirectionIsReadable: Bool { view.otherDirectionIsReadable }

    /// True if the recording of this connection began in the middle: what was said before is not known.
    public var beginsInMiddle: Bool { view.beginsInMiddle }

    /// Seconds between the request and this answer; nil also where two open requests have the same id and addressee.
    public var answerDelay: Double? {
        guard !pairing.isGuess, let asked = answers?.time, let time, time >= asked else { return nil }
        return Double(time - asked) / 1e9
    }
}

extension Packet {
    /// How an iq belongs to the others (RFC 6120 sections 8.1.2.1 and 8.2.3). Everything is empty in other packets.
    public struct Pairing: Sendable, Equatable {
        public internal(set) var answers: Request?
        /// True if another open request has the same id and addressee: then it is a guess which one is answered.
        public internal(set) var isGuess = false
        public internal(set) var claims: Request?
        public internal(set) var reuses: Request?
        /// The number of a request of this id that was answered already.
        public internal(set) var answersAgain: Int?
        public internal(set) var isUnrequested = false

        public init() {}
    }

    /// How much of the connection is known when a packet comes.
    public struct View: Sendable, Equatable {
        public internal(set) var otherDirectionIsReadable = true
        public internal(set) var beginsInMiddle = false

        public init() {}
    }
}

/// An iq of type get or set that awaits its answer (RFC 6120 section 8.2.3).
///
/// One reference, for every packet may have some of them and most have none.
public struct Request: Sendable, Equatable {
    private final class Content: Sendable {
        let number: Int
        let direction: Direction
        let time: UInt64?
        let element: Element

        init(_ number: Int, _ direction: Direction, _ time: UInt64?, _ element: Element) {
            self.number = number
            self.direction = direction
            self.time = time
            self.element = element
        }
    }

    private let content: Content

    init(number: Int, direction: Direction, time: UInt64?, element: Element) {
        content = Content(number, direction, time, element)
    }

    /// The number of its packet.
    public var number: Int { content.number }
    public var direction: Direction { content.direction }
    /// Nanoseconds since 1970; nil if nobody knows.
    public var time: UInt64? { content.time }
    public var element: Element { content.element }

    public static func == (one: Request, other: Request) -> Bool {
        one.content === other.content
            || one.number == other.number && one.direction == other.direction && one.time == other.time
                && one.element == other.element
    }
}
