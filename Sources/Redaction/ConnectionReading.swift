import Capture
import XMPP

/// What both sides of one connection said so far, read for its secrets: which bytes are decided, and what is to be put in
/// the places of secrets in them.
struct ConnectionReading {
    /// Whose bytes they are, where they begin in their direction, and how many.
    struct Span {
        let direction: Direction
        let start: Int
        let count: Int
    }

    private var packets = PacketRedactor()
    private var client = DirectionRedactor()
    private var server = DirectionRedactor()
    private var counts: [Direction: Int] = [:]
    private(set) var hasEnded = false

    /// What happens next; returns which bytes it brought, if it did.
    mutating func take(_ content: CaptureRecord.Content, _ secrets: inout SecretTable) -> Span? {
        switch content {
        case .bytes(let direction, let bytes, _):
            let span = Span(direction: direction, start: counts[direction, default: 0], count: bytes.count)
            counts[direction] = span.start + span.count
            receive(bytes, direction, &secrets)
            return span
        case .closed(let direction): change(direction) { $0.leaveHalfPacket(&secrets) }
        case .reset: both { $0.leaveHalfPacket(&secrets) }
        case .event(.decrypted): both { $0.beginAnew(&secrets) }
        case .event(.ended):
            both { $0.leaveHalfPacket(&secrets) }
            hasEnded = true
        case .continued, .lost: both { $0.beginInMiddle(&secrets) }
        case .opened, .event: break
        }
        return nil
    }

    private mutating func receive(_ bytes: ArraySlice<UInt8>, _ direction: Direction, _ secrets: inout SecretTable) {
        let fromClient = direction == .clientToServer
        var consequence: DirectionRedactor.Consequence?
        var packets = self.packets
        change(direction) { consequence = $0.receive(bytes, fromClient: fromClient, &packets, &secrets) }
        self.packets = packets
        if consequence == .compression { both { $0.becameUnreadable(&secrets) } }
    }

    /// The capture ends here.
    mutating func finish(_ secrets: inout SecretTable) { both { $0.leaveHalfPacket(&secrets) } }

    /// True if it is known of all these bytes what is to be replaced.
    func isDecided(_ span: Span) -> Bool {
        let direction = span.direction == .clientToServer ? client : server
        return span.start + span.count <= direction.decided
    }

    /// Puts the replacements into decided bytes, which lie at `place`, and forgets what was said before their end.
    ///
    /// - Returns: what of them nobody could read.
    mutating func apply(to bytes: inout [UInt8], at place: Range<Int>, _ span: Span) -> [CaptureEvent] {
        var blots: [CaptureEvent] = []
        change(span.direction) {
            $0.apply(to: &bytes, at: place, from: span.start)
            blots = $0.takeMasks(of: span.direction.sender, from: span.start, count: span.count)
        }
        return blots
    }

    /// A packet that stands in an event, without its secrets.
    func redacted(apart packet: [UInt8], _ direction: Direction, _ secrets: inout SecretTable) -> [UInt8] {
        let reader = direction == .clientToServer ? client : server
        var packets = self.packets
        return reader.redacted(apart: packet, &packets, fromClient: direction == .clientToServer, &secrets)
    }

    private mutating func change(_ direction: Direction, _ body: (inout DirectionRedactor) -> Void) {
        switch direction {
        case .clientToServer: body(&client)
        case .serverToClient: body(&server)
        }
    }

    private mutating func both(_ body: (inout DirectionRedactor) -> Void) {
        body(&client)
        body(&server)
    }
}
