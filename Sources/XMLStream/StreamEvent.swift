/// One top-level thing of a stream, in the order of the bytes.
public struct StreamEvent: Sendable, Equatable {
    public let kind: Kind
    /// Where it stands, in bytes counted from the first byte that the parser was ever given.
    public let range: Range<Int>
    /// Its bytes as they were on the wire; only the first ones of a packet that is over a limit.
    public let bytes: [UInt8]
    /// What is wrong with it although it could be read, such as a prefix that nobody declared.
    /// An XML declaration, comments and processing instructions that stand before it belong to its bytes, and are told here.
    public var problem: StreamError?

    public enum Kind: Sendable, Equatable {
        /// A start tag that opens a stream (RFC 6120 section 4.2), with the XML declaration before it if there is one.
        case header(Element)
        /// A stanza or a nonza, complete.
        case element(Element)
        /// White space between packets: a keep-alive (RFC 6120 section 4.6.1).
        case whitespace
        /// Text between packets, where none may stand.
        case strayText
        /// The end tag of the stream (RFC 6120 section 4.4).
        case end
        /// A packet that went over a limit: followed to its end, but not taken apart.
        case oversized(Limit)
        /// Bytes that cannot be an XMPP stream. Nothing more comes from this parser.
        case failure(StreamError)
    }
}

/// Why bytes are no XMPP stream, with the stream error condition that a server would answer (RFC 6120 section 4.9.3).
///
/// One reference, for every packet may have one and hardly any has.
public struct StreamError: Error, Sendable, Equatable {
    public enum Condition: String, Sendable {
        case badNamespacePrefix = "bad-namespace-prefix"
        case notWellFormed = "not-well-formed"
        case policyViolation = "policy-violation"
        case restrictedXML = "restricted-xml"
        case unsupportedEncoding = "unsupported-encoding"
    }

    private final class Content: Sendable {
        let condition: Condition
        let reason: String
        let place: FaultPlace?

        init(_ condition: Condition, _ reason: String, _ place: FaultPlace?) {
            self.condition = condition
            self.reason = reason
            self.place = place
        }
    }

    private let content: Content

    public var condition: Condition { content.condition }
    /// What is wrong, a clause without a full stop; it may quote the peer, so escape it before showing it.
    public var reason: String { content.reason }
    /// Where it is, if the bytes were not XML at a certain place.
    public var place: FaultPlace? { content.place }

    public init(_ condition: Condition, _ reason: String) { content = Content(condition, reason, nil) }

    private init(_ content: Content) { self.content = content }

    /// The same at that place.
    func placed(_ place: FaultPlace) -> StreamError { StreamError(Content(condition, reason, place)) }

    /// Both in one, where there are two.
    static func joined(_ first: StreamError?, _ second: StreamError?) -> StreamError? {
        guard let first, let second else { return first ?? second }
        return StreamError(first.condition, "\(first.reason); and \(second.reason)")
    }

    public static func == (one: StreamError, other: StreamError) -> Bool {
        one.condition == other.condition && one.reason == other.reason && one.place == other.place
    }
}
