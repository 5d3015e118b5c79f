import XMPP

/// One thing that a capture tells of a connection, in the order of recording.
public struct CaptureRecord: Sendable, Equatable {
    /// The connection's number in this capture, from 1.
    public let connection: Int
    /// When it was recorded, in nanoseconds since 1970; nil if the capture does not say.
    public let time: UInt64?
    public let content: Content

    public init(connection: Int, time: UInt64?, content: Content) {
        self.connection = connection
        self.time = time
        self.content = content
    }

    public enum Content: Sendable, Equatable {
        /// The connection begins. `program` is what recorded it, nil in captures of others; `recorder` what its user calls
        /// it, nil where that is not told.
        case opened(client: Endpoint, listener: Endpoint, program: String?, recorder: String?)
        /// The connection goes on in this capture; what was said before may be in another one, which is known or not.
        case continued(client: Endpoint, program: String, recorder: String?, isDecrypted: Bool)
        /// Bytes that the receiver of that direction got.
        case bytes(Direction, ArraySlice<UInt8>, Origin)
        /// So many bytes of that direction are not in the capture; nil if nobody knows, for it began later than the connection.
        case lost(Direction, Int?)
        /// The sender of that direction ended its sending (FIN).
        case closed(Direction)
        /// The sender of that direction reset the connection (RST).
        case reset(Direction)
        case event(CaptureEvent)
    }

    /// Who made the bytes that a receiver got.
    public enum Origin: Sendable, Equatable {
        /// The other side.
        case peer
        /// stanzatap, in the name of the other side; why, in a clause.
        case proxy(reason: String)
        /// stanzatap, which put them in place of `original`, one whole packet; why, in a clause.
        case changed(original: [UInt8], reason: String)
    }
}
