import Capture
import XMPP

/// Gives the records of a finished capture, or of the captures in which a recording goes on, with pseudonyms in the places
/// of secrets. A packet is held back until it is whole; nothing else is kept.
///
/// Records of one connection keep their order; those of different ones may change theirs, by what is held back. What was
/// sent twice in a capture of another program comes once, as from any source. Not thread-safe.
public final class RedactedRecords: RecordSource {
    private struct Waiting {
        let record: CaptureRecord
        /// Nil for what holds no bytes.
        let span: ConnectionReading.Span?
        let file: String?
    }

    private struct Connection {
        var reading = ConnectionReading()
        var waiting: [Waiting] = []
    }

    private let source: any RecordSource
    private var secrets: SecretTable
    private var connections: [Int: Connection] = [:]
    private var ready: [(record: CaptureRecord, file: String?)] = []
    private var readyIndex = 0
    private var isFinished = false
    public private(set) var file: String?

    /// - Parameters:
    ///   - source: what is given out.
    ///   - survey: the same once more. It is read to its end now, so that a secret is found also where it stands before it is
    ///     known as one. Where it is damaged `source` is too, and says so.
    public init(_ source: any RecordSource, survey: any RecordSource) {
        self.source = source
        var table = SecretTable()
        table.isSurvey = true
        let first = RedactedRecords(survey, table)
        do throws(CaptureError) {
            while try first.next() != nil {}
            first.finish()
            while try first.next() != nil {}
        } catch {
            // What stands before the damage is surveyed.
        }
        table = first.secrets
        table.endSurvey()
        secrets = table
    }

    private init(_ source: any RecordSource, _ secrets: SecretTable) {
        self.source = source
        self.secrets = secrets
    }

    /// What was replaced so far, and what could not be judged.
    public var count: RedactionCount { RedactionCount(secrets) }

    public var offset: Int { source.offset }

    public func next() throws(CaptureError) -> CaptureRecord? {
        while readyIndex >= ready.count {
            ready.removeAll(keepingCapacity: true)
            readyIndex = 0
            if let record = try source.next() {
                take(record)
            } else if isFinished, !connections.isEmpty {
                giveOutRest()
            } else {
                return nil
            }
        }
        defer { readyIndex += 1 }
        file = ready[readyIndex].file
        return ready[readyIndex].record
    }

    public func finish() {
        source.finish()
        isFinished = true
    }

    public func leftOver() -> Int { source.leftOver() }

    private func take(_ record: CaptureRecord) {
        // A number can come again in what several recordings were put together to.
        if case .opened = record.content { giveOutRest(of: record.connection) }
        // Taken out, or the whole would be copied for each record.
        let known = connections.removeValue(forKey: record.connection)
        var connection = known ?? Connection()
        let span = isSameStream(record, isKnown: known != nil) ? nil : connection.reading.take(record.content, &secrets)
        connection.waiting.append(Waiting(record: record, span: span, file: source.file))
        giveOut(from: &connection)
        if !connection.reading.hasEnded { connections[record.connection] = connection }
    }

    /// True if a connection goes on in the next capture: what is half read is read on.
    private func isSameStream(_ record: CaptureRecord, isKnown: Bool) -> Bool {
        if case .continued = record.content { isKnown } else { false }
    }

    private func giveOutRest() {
        for number in connections.keys.sorted() { giveOutRest(of: number) }
    }

    private func giveOutRest(of number: Int) {
        guard var connection = connections.removeValue(forKey: number) else { return }
        connection.reading.finish(&secrets)
        giveOut(from: &connection)
    }

    private func giveOut(from connection: inout Connection) {
        var count = 0
        for entry in connection.waiting {
            guard entry.span.map(connection.reading.isDecided) ?? true else { break }
            count += 1
            let (number, time) = (entry.record.connection, entry.record.time)
            for content in decided(entry, &connection.reading) {
                ready.append((CaptureRecord(connection: number, time: time, content: content), entry.file))
            }
        }
        connection.waiting.removeFirst(count)
    }

    private func decided(_ entry: Waiting, _ reading: inout ConnectionReading) -> [CaptureRecord.Content] {
        switch entry.record.content {
        case .bytes(let direction, let bytes, let origin):
            guard let span = entry.span else { return [] }
            var copy = Array(bytes)
            let blots = reading.apply(to: &copy, at: 0..<copy.count, span)
            return blots.map { .event($0) } + [.bytes(direction, copy[...], redacted(origin, direction, reading))]
        case .event(let event):
            // A packet that was changed stands in the origin of its bytes, never in an event of its own.
            return [.event(EventRedactor.redacted(event, &secrets) { _, _ in "" })]
        case .opened, .continued, .lost, .closed, .reset:
            return [entry.record.content]
        }
    }

    private func redacted(
        _ origin: CaptureRecord.Origin,
        _ direction: Direction,
        _ reading: ConnectionReading
    ) -> CaptureRecord.Origin {
        switch origin {
        case .peer: return .peer
        case .proxy(let reason): return .proxy(reason: secrets.redacted(reason, isOurs: false))
        case .changed(let original, let reason):
            return .changed(
                original: reading.redacted(apart: original, direction, &secrets),
                reason: secrets.redacted(reason, isOurs: false)
            )
        }
    }
}
