import Capture
import Inspector
import Redaction
import Transcript

/// `stanzatap show` on a text: the transcript read back and told anew, with a word on what was mended.
struct ShownTranscript {
    let input: InputBytes
    let selection: Selection
    /// All packets are told anew, also those that are told in the text.
    let explainsAnew: Bool
    /// Pseudonyms stand in the places of secrets.
    let isRedacted: Bool

    /// A text is of one connection.
    private static let connection = 1

    func run(_ sink: any TranscriptSink) throws {
        let path = input.name
        let (reading, isBare) = try Self.read(input)
        for note in reading.repairs { report("\(path), \(note)\(isBare ? "" : " (mended)")") }
        for note in reading.problems { report("\(path), \(note)") }
        if isRedacted, !reading.problems.isEmpty {
            throw Failure("\(path) could not be read whole, so it cannot be told what is a secret in it")
        }
        guard selection.includes(connection: Self.connection) else {
            throw Failure("\(path) is the transcript of one connection, its number is \(Self.connection)")
        }
        let lines: TranscriptExplainer.Lines =
            explainsAnew || isBare ? (reading.isOwn ? .drop : .goBefore) : .stay
        let transcript = withoutSecrets(reading.transcript)
        try failing { try tell(TranscriptExplainer.explain(transcript, lines, isBare: isBare), sink) }
        if let first = reading.problems.first {
            throw Failure("\(path) could not be read whole; first at line \(first.line)")
        }
    }

    private func withoutSecrets(_ transcript: Transcript) -> Transcript {
        guard isRedacted else { return transcript }
        let (redacted, count) = TranscriptRedactor.redact(transcript)
        report(count.told)
        return redacted
    }

    /// Without header lines it may still be XML that somebody copied out of a console.
    static func read(_ input: InputBytes) throws -> (TextReading, isBare: Bool) {
        let text = try input.text()
        do {
            return (try TextReader.read(text), false)
        } catch {
            if let bare = BareXMLReader.read(text) { return (bare, true) }
            throw Failure("\(input.name) is neither a capture nor a transcript: \(error)")
        }
    }

    private func tell(_ transcript: Transcript, _ sink: any TranscriptSink) throws(OutputError) {
        sink.began(ConnectionTitle(connection: Self.connection, lines: transcript.title))
        for record in transcript.records { sink.add(record, connection: Self.connection) }
        sink.finished(connection: Self.connection)
        try sink.end()
    }
}
