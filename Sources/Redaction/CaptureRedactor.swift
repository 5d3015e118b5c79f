import Capture

/// What a redaction did.
public struct RedactionCount: Sendable, Equatable {
    /// Values that were replaced, and how many different ones they were.
    public let values: Int
    public let secrets: Int
    /// Bytes that could not be read and were blotted out.
    public let maskedBytes: Int
}

/// Copies a capture of stanzatap's own and puts pseudonyms in the places of secrets. Every length stays what it was, and
/// equal secrets get equal pseudonyms, so that the copy shows and replays like the original as far as possible.
///
/// It reads what there is and can be asked again when the capture has grown. Not thread-safe.
public final class CaptureRedactor {
    private let reader: CaptureReader
    private let output: CaptureFile
    private var connections: [Int: ConnectionRedactor] = [:]
    private var secrets = SecretTable()

    /// - Parameter output: made by `CaptureFile(copyAt:)`.
    public init(reader: CaptureReader, output: CaptureFile) {
        self.reader = reader
        self.output = output
    }

    /// Bytes of the original that were dealt with.
    public var offset: Int { reader.offset }

    public var count: RedactionCount {
        RedactionCount(values: secrets.replaced, secrets: secrets.count, maskedBytes: secrets.masked)
    }

    /// Copies up to `limit` blocks; returns how many there were.
    public func step(limit: Int = 4096) throws(CaptureError) -> Int {
        var count = 0
        while count < limit, let block = try reader.nextBlock() {
            count += 1
            guard let number = block.records.first?.connection else {
                try output.append(block: Array(block.bytes))
                continue
            }
            try copy(block, of: number)
        }
        return count
    }

    private func copy(_ block: CapturedBlock, of number: Int) throws(CaptureError) {
        // Taken out, or the whole would be copied for each block.
        var connection = connections.removeValue(forKey: number) ?? ConnectionRedactor()
        connection.add(block, &secrets)
        for decided in connection.takeDecided() { try output.append(block: decided) }
        if !connection.hasEnded { connections[number] = connection }
    }

    /// The original has come to its end: what waited for more is blotted out and written. Returns how many bytes at its end
    /// are no whole record, which are left out.
    public func finish() throws(CaptureError) -> Int {
        for number in connections.keys.sorted() {
            connections[number]?.finish(&secrets)
            for decided in connections[number]?.takeDecided() ?? [] { try output.append(block: decided) }
        }
        connections = [:]
        return reader.leftOver()
    }
}
