import Capture

/// Copies a capture of stanzatap's own and puts pseudonyms in the places of secrets. Every length of what was said stays what
/// it was, and equal secrets get equal pseudonyms, so that the copy shows and replays like the original as far as possible.
///
/// It reads what there is and can be asked again when the capture has grown. Not thread-safe.
public final class CaptureRedactor {
    private let reader: CaptureReader
    /// Nil while a finished capture is only surveyed.
    private let output: CaptureFile?
    private var connections: [Int: ConnectionRedactor] = [:]
    private var secrets: SecretTable
    private var leftOut = 0
    /// The numbers of the connections that are copied; none for all.
    private var chosen: Set<Int> = []
    /// Those of the chosen ones that there are.
    private var seen: Set<Int> = []

    /// Copies while the capture is written: a secret is looked for from where it became known.
    ///
    /// - Parameter output: made by `CaptureFile(copyAt:)`.
    public init(reader: CaptureReader, output: CaptureFile) {
        self.reader = reader
        self.output = output
        secrets = SecretTable()
    }

    /// - Parameter secrets: of a survey; nil to make one.
    private init(reader: CaptureReader, output: CaptureFile?, secrets: SecretTable) {
        self.reader = reader
        self.output = output
        self.secrets = secrets
    }

    /// Copies a finished capture. It is read twice, so that a secret is found also where it stands before it is known as one.
    ///
    /// - Parameters:
    ///   - open: opens it, both times from its beginning.
    ///   - connections: the numbers of those that are copied; none for all. Secrets are looked for in all of them.
    /// - Returns: what was done, and how many bytes at the end are no whole record, which are left out.
    /// - Throws: if it cannot be read or copied.
    public static func copy(
        _ open: () throws(CaptureError) -> CaptureReader,
        to output: CaptureFile,
        only connections: Set<Int> = []
    ) throws(CaptureError) -> (count: RedactionCount, rest: Int) {
        var table = SecretTable()
        table.isSurvey = true
        let survey = CaptureRedactor(reader: try open(), output: nil, secrets: table)
        while try survey.step() > 0 {}
        _ = try survey.finish()
        table = survey.secrets
        table.endSurvey()
        let copier = CaptureRedactor(reader: try open(), output: output, secrets: table)
        copier.chosen = connections
        while try copier.step() > 0 {}
        let rest = try copier.finish()
        if let missing = connections.subtracting(copier.seen).min() {
            throw CaptureError("\(copier.reader.path) holds no connection \(missing)")
        }
        return (copier.count, rest)
    }

    /// Bytes of the original that were dealt with.
    public var offset: Int { reader.offset }

    public var count: RedactionCount {
        var count = RedactionCount(secrets)
        count.blocks = leftOut
        return count
    }

    /// Copies up to `limit` blocks; returns how many there were.
    public func step(limit: Int = 4096) throws(CaptureError) -> Int {
        var count = 0
        while count < limit, let block = try reader.nextBlock() {
            count += 1
            if let number = block.records.first?.connection {
                if isChosen(number) { try copy(block, of: number) }
            } else if chosen.isEmpty || block.kind != .packet {
                try copy(withoutConnection: block)
            }
        }
        return count
    }

    private func isChosen(_ connection: Int) -> Bool {
        if chosen.isEmpty { return true }
        guard chosen.contains(connection) else { return false }
        seen.insert(connection)
        return true
    }

    private func copy(_ block: CapturedBlock, of number: Int) throws(CaptureError) {
        // Taken out, or the whole would be copied for each block.
        var connection = connections.removeValue(forKey: number) ?? ConnectionRedactor()
        connection.add(block, &secrets)
        for decided in connection.takeDecided(&secrets) { try output?.append(block: decided) }
        if !connection.hasEnded { connections[number] = connection }
    }

    /// What belongs to no connection that is told: the file's own blocks, bare segments, and what other programs added.
    private func copy(withoutConnection block: CapturedBlock) throws(CaptureError) {
        guard block.kind != .other, !block.hasPayload else { return leftOut += 1 }
        let comments = block.comments
        let redacted = EventRedactor.redacted(comments, &secrets) { packet, secrets in
            secrets.masked(packet.utf8.count)
            return ""
        }
        try output?.append(block: redacted == comments ? Array(block.bytes) : block.with(comments: redacted))
    }

    /// The original has come to its end: what waited for more is blotted out and written. Returns how many bytes at its end
    /// are no whole record, which are left out.
    public func finish() throws(CaptureError) -> Int {
        for number in connections.keys.sorted() {
            connections[number]?.finish(&secrets)
            for decided in connections[number]?.takeDecided(&secrets) ?? [] { try output?.append(block: decided) }
        }
        connections = [:]
        return reader.leftOver()
    }
}
