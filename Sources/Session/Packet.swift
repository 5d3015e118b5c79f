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

    /// A packet as its sender sent it.
    public struct Original: Sendable, Equatable {
        public let bytes: [UInt8]
        /// Nil if it cannot be read.
        public let element: Element?
        /// Why it was changed, in a clause without a full stop.
        public let reason: String
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
    /// The request that this packet answers.
    public let answers: Request?
    public var claims: Request? { nil }
    public var reuses: Request? { nil }
    public var isUnrequested: Bool { false }
    public var otherDirectionIsReadable: Bool { true }
    public var beginsInMiddle: Bool { false }

    /// The element of a stanza or nonza.
    public var element: Element? {
        if case .element(let element) = kind { element } else { nil }
    }

    /// Seconds between the request and this answer.
    public var answerDelay: Double? {
        guard let asked = answers?.time, let time, time >= asked else { return nil }
        return Double(time - asked) / 1e9
    }
}

/// An iq of type get or set that awaits its answer (RFC 6120 section 8.2.3).
public struct Request: Sendable, Equatable {
    public let number: Int
    public let direction: Direction
    public let time: UInt64?
    public let element: Element
}
