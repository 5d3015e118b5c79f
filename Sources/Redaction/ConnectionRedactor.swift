import Capture
import XMPP

/// The blocks of one connection: held back until it is known what is to be replaced in them, then given out in order.
struct ConnectionRedactor {
    private struct Waiting {
        var block: CapturedBlock
        /// The bytes that it holds, and where in the block.
        var payload: (span: ConnectionReading.Span, place: Range<Int>)?
    }

    private var reading = ConnectionReading()
    private var waiting: [Waiting] = []

    var hasEnded: Bool { reading.hasEnded }

    /// The next block of the connection.
    mutating func add(_ block: CapturedBlock, _ secrets: inout SecretTable) {
        var entry = Waiting(block: block)
        for record in block.records {
            guard let span = reading.take(record.content, &secrets), case .bytes(_, let bytes, _) = record.content
            else { continue }
            let start = bytes.startIndex - block.bytes.startIndex
            entry.payload = (span, start..<(start + bytes.count))
        }
        waiting.append(entry)
    }

    /// The capture ends here.
    mutating func finish(_ secrets: inout SecretTable) { reading.finish(&secrets) }

    /// Blocks in which everything is decided, in order.
    mutating func takeDecided(_ secrets: inout SecretTable) -> [[UInt8]] {
        var blocks: [[UInt8]] = []
        while let first = waiting.first, first.payload.map({ reading.isDecided($0.span) }) ?? true {
            waiting.removeFirst()
            var bytes = Array(first.block.bytes)
            var blots: [CaptureEvent] = []
            if let payload = first.payload { blots = reading.apply(to: &bytes, at: payload.place, payload.span) }
            let comments = commentsWithoutSecrets(first, &secrets) + blots.flatMap { [$0.sentence, $0.json] }
            let isSame = comments == first.block.comments
            blocks.append(isSame ? bytes : CapturedBlock(bytes: bytes[...], records: []).with(comments: comments))
        }
        return blocks
    }

    private func commentsWithoutSecrets(_ entry: Waiting, _ secrets: inout SecretTable) -> [String] {
        let comments = entry.block.comments
        guard !comments.isEmpty else { return [] }
        let direction = entry.payload?.span.direction ?? .serverToClient
        return EventRedactor.redacted(comments, &secrets) { packet, secrets in
            String(decoding: reading.redacted(apart: Array(packet.utf8), direction, &secrets), as: UTF8.self)
        }
    }
}
