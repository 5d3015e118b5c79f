import XMLStream
import XMPP

/// What a recording holds: everything that happened on all of its connections, in the order in which it happened.
public struct RecordedConversation: Sendable, Equatable {
    /// One thing that happened.
    public struct Step: Sendable, Equatable {
        /// The connection's number in the recording.
        public let connection: Int
        /// Nanoseconds since 1970; nil if the recording does not say.
        public let time: UInt64?
        public let event: Event

        public init(connection: Int, time: UInt64?, event: Event) {
            self.connection = connection
            self.time = time
            self.event = event
        }
    }

    public enum Event: Sendable, Equatable {
        /// The client connected.
        case opened
        case packet(RecordedPacket)
        /// What follows was said inside TLS: after STARTTLS, or from the first byte (XEP-0368).
        case secured(isDirect: Bool)
        /// White space that kept the connection alive.
        case keepAlive(Direction)
        /// The sender of that direction ended its sending.
        case closed(Direction)
        /// The sender of that direction reset the connection.
        case reset(Direction)
        /// From here on nothing of this connection can be read; why, in a clause.
        case unreadable(reason: String)
        /// A script says what the client receives here; see `ScansionMatcher`.
        case receives(Element, line: Int)
        /// A script says that the client receives nothing for a while.
        case receivesNothing(line: Int)
        /// A script goes on once the server has answered the client's end of its stream.
        case awaitsEnd
        /// A script has a client do something after it has disconnected; what, in a clause.
        case absent(act: String, line: Int)
        /// A packet of which only the beginning is in the recording, or bytes that are no packet.
        case damaged(Direction, reason: String)
    }

    public var steps: [Step]
    /// What was left out by `only`: the passwords that are told there are known all the same.
    public private(set) var rest: [Step] = []
    /// True for a script: what it does not speak of is no difference.
    public var isScript = false
    /// What had to be mended or was left out when a text was read; a line each.
    public var remarks: [String]

    public init(steps: [Step], remarks: [String] = []) {
        self.steps = steps
        self.remarks = remarks
    }

    /// The numbers of the connections, in the order in which they began.
    public var connections: [Int] {
        var seen: Set<Int> = []
        return steps.map(\.connection).filter { seen.insert($0).inserted }
    }

    /// What happened on some of the connections.
    public func only(_ connections: Set<Int>) -> RecordedConversation {
        var part = self
        part.steps = steps.filter { connections.contains($0.connection) }
        part.rest = rest + steps.filter { !connections.contains($0.connection) }
        return part
    }

    /// The packets of one connection, or of all, in order.
    public func packets(of connection: Int? = nil) -> [RecordedPacket] {
        steps.compactMap { step in
            guard connection == nil || step.connection == connection, case .packet(let packet) = step.event else {
                return nil
            }
            return packet
        }
    }
}
