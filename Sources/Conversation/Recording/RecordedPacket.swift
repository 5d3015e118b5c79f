import XMLStream
import XMPP

/// One packet of a recorded conversation.
public struct RecordedPacket: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// The start of a stream.
        case header(Element)
        /// A stanza or nonza.
        case element(Element)
        /// `</stream:stream>`.
        case end
        /// Too large to be taken apart; only its first bytes are known, so it cannot be sent again.
        case oversized
    }

    /// Its number in the recording's transcript; nil where an edited text gives none.
    public let number: Int?
    public let direction: Direction
    public let kind: Kind
    /// As its sender sent it.
    public let bytes: [UInt8]
    /// What the receiver got, if stanzatap had changed the packet on its way.
    public let received: Received?
    /// True if stanzatap had sent it in the name of the peer.
    public let isSentByProxy: Bool

    /// A packet as its receiver got it.
    public struct Received: Sendable, Equatable {
        public let bytes: [UInt8]
        public let element: Element

        public init(bytes: [UInt8], element: Element) {
            self.bytes = bytes
            self.element = element
        }
    }

    public init(
        number: Int?,
        direction: Direction,
        kind: Kind,
        bytes: [UInt8],
        received: Received? = nil,
        isSentByProxy: Bool = false
    ) {
        self.number = number
        self.direction = direction
        self.kind = kind
        self.bytes = bytes
        self.received = received
        self.isSentByProxy = isSentByProxy
    }

    /// The element of a stanza or nonza.
    public var element: Element? {
        if case .element(let element) = kind { element } else { nil }
    }

    /// The element of a stream header.
    public var header: Element? {
        if case .header(let element) = kind { element } else { nil }
    }

    /// `packet 005`, or `an unnumbered packet`.
    public var name: String { number.map { "packet \(Self.digits($0))" } ?? "an unnumbered packet" }

    /// A number as transcripts write it: three digits at least.
    public static func digits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
}
