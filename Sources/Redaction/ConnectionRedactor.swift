import Capture
import XMPP

/// The blocks of one connection: held back until it is known what is to be replaced in them, then given out in order.
struct ConnectionRedactor {
    private struct Waiting {
        var block: [UInt8]
        /// Whose bytes it holds, where in the block, and where they begin in their direction.
        var payload: (direction: Direction, place: Range<Int>, start: Int)?
    }

    private var packets = PacketRedactor()
    private var client = DirectionRedactor()
    private var server = DirectionRedactor()
    private var counts: [Direction: Int] = [:]
    private var waiting: [Waiting] = []
    private(set) var hasEnded = false

    /// The next block of the connection.
    mutating func add(_ block: CapturedBlock, _ secrets: inout SecretTable) {
        var entry = Waiting(block: Array(block.bytes))
        for record in block.records {
            switch record.content {
            case .bytes(let direction, let bytes, _):
                let start = bytes.startIndex - block.bytes.startIndex
                let count = counts[direction, default: 0]
                entry.payload = (direction, start..<(start + bytes.count), count)
                counts[direction] = count + bytes.count
                receive(bytes, direction, &secrets)
            case .closed(let direction): change(direction) { $0.leaveHalfPacket(&secrets) }
            case .reset: both { $0.leaveHalfPacket(&secrets) }
            case .event(.decrypted): both { $0.beginAnew(&secrets) }
            case .event(.ended):
                both { $0.leaveHalfPacket(&secrets) }
                hasEnded = true
            case .opened, .continued, .lost, .event: break
            }
        }
        waiting.append(entry)
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

    /// Blocks in which everything is decided, in order.
    mutating func takeDecided() -> [[UInt8]] {
        var blocks: [[UInt8]] = []
        while let first = waiting.first, isDecided(first) {
            var block = first.block
            waiting.removeFirst()
            if let payload = first.payload {
                change(payload.direction) { $0.apply(to: &block, at: payload.place, from: payload.start) }
            }
            blocks.append(block)
        }
        return blocks
    }

    private func isDecided(_ entry: Waiting) -> Bool {
        guard let payload = entry.payload else { return true }
        let direction = payload.direction == .clientToServer ? client : server
        return payload.start + payload.place.count <= direction.decided
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
