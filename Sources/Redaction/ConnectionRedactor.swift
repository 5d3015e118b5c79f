import Capture
import XMPP

/// The blocks of one connection: held back until it is known what is to be replaced in them, then given out in order.
struct ConnectionRedactor {
    private struct Waiting {
        var block: CapturedBlock
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
        var entry = Waiting(block: block)
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
            case .continued, .lost: both { $0.beginInMiddle(&secrets) }
            case .opened, .event: break
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
    mutating func takeDecided(_ secrets: inout SecretTable) -> [[UInt8]] {
        var blocks: [[UInt8]] = []
        while let first = waiting.first, isDecided(first) {
            waiting.removeFirst()
            var bytes = Array(first.block.bytes)
            var blots: [CaptureEvent] = []
            if let payload = first.payload {
                change(payload.direction) {
                    $0.apply(to: &bytes, at: payload.place, from: payload.start)
                    let side = payload.direction.sender
                    blots = $0.takeMasks(of: side, from: payload.start, count: payload.place.count)
                }
            }
            let comments = commentsWithoutSecrets(first, &secrets) + blots.flatMap { [$0.sentence, $0.json] }
            let isSame = comments == first.block.comments
            blocks.append(isSame ? bytes : CapturedBlock(bytes: bytes[...], records: []).with(comments: comments))
        }
        return blocks
    }

    private mutating func commentsWithoutSecrets(_ entry: Waiting, _ secrets: inout SecretTable) -> [String] {
        let comments = entry.block.comments
        guard !comments.isEmpty else { return [] }
        let direction = entry.payload?.direction ?? .serverToClient
        let reader = direction == .clientToServer ? client : server
        var packets = self.packets
        return EventRedactor.redacted(comments, &secrets) { packet, secrets in
            let bytes = reader.redacted(
                apart: Array(packet.utf8),
                &packets,
                fromClient: direction == .clientToServer,
                &secrets
            )
            return String(decoding: bytes, as: UTF8.self)
        }
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
