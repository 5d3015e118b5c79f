import Foundation
import Inspector
import Transcript

/// `stanzatap show` on a text: the transcript read back and told anew, with a word on what was mended.
struct ShownTranscript {
    let path: String
    let selection: Selection

    /// A text is of one connection.
    private static let connection = 1

    func run(_ sink: any TranscriptSink) throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw Failure("cannot read \(path)") }
        let reading: TextReading
        do {
            reading = try TextReader.read(String(decoding: data, as: UTF8.self))
        } catch {
            throw Failure("\(path) is neither a capture nor a transcript: \(error)")
        }
        for note in reading.repairs { report("\(path), \(note) (mended)") }
        for note in reading.problems { report("\(path), \(note)") }
        guard selection.includes(connection: Self.connection) else {
            throw Failure("\(path) is the transcript of one connection, its number is \(Self.connection)")
        }
        try failing { try tell(reading.transcript, sink) }
        if let first = reading.problems.first {
            throw Failure("\(path) could not be read whole; first at line \(first.line)")
        }
    }

    private func tell(_ transcript: Transcript, _ sink: any TranscriptSink) throws(OutputError) {
        sink.began(ConnectionTitle(connection: Self.connection, lines: transcript.title))
        for record in transcript.records { sink.add(record, connection: Self.connection) }
        sink.finished(connection: Self.connection)
        try sink.end()
    }
}
