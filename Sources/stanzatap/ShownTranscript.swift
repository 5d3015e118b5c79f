import Foundation
import Inspector
import Transcript

/// `stanzatap show` on a text: the transcript read back and written anew, with a word on what was mended.
struct ShownTranscript {
    let path: String
    let format: ShowFormat
    let options: TextOptions
    let shown: ShownSink
    let target: OutputTarget

    func run() throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw Failure("cannot read \(path)") }
        let reading: TextReading
        do {
            reading = try TextReader.read(String(decoding: data, as: UTF8.self))
        } catch {
            throw Failure("\(path) is neither a capture nor a transcript: \(error)")
        }
        for note in reading.repairs { report("\(path), \(note) (mended)") }
        for note in reading.problems { report("\(path), \(note)") }
        try write(reading.transcript)
        if let first = reading.problems.first {
            throw Failure("\(path) could not be read whole; first at line \(first.line)")
        }
    }

    private func write(_ transcript: Transcript) throws {
        guard format == .text else {
            // JSON Lines have no line for a connection whose ends and time a text does not tell.
            if format != .jsonl { shown.sink.began(ConnectionTitle(connection: 1, lines: transcript.title)) }
            for record in transcript.records { shown.sink.add(record, connection: 1) }
            shown.sink.finished(connection: 1)
            return try failing {
                try shown.sink.flush()
                try shown.finish()
            }
        }
        var bytes: [UInt8] = []
        var writer = TextWriter(showsTiming: options.showsTiming, maxPacketBytes: options.maxPacketBytes)
        writer.append(title: transcript.title, to: &bytes)
        for record in transcript.records { writer.append(record, to: &bytes) }
        try target.write(bytes)
    }
}
