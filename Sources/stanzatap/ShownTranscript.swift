import Foundation
import Inspector
import Transcript

/// `stanzatap show` on a text: the transcript read back and written anew, with a word on what was mended.
struct ShownTranscript {
    let path: String
    let format: Format
    let options: TextOptions

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
        FileHandle.standardOutput.write(Data(written(reading.transcript)))
        if let first = reading.problems.first {
            throw Failure("\(path) could not be read whole; first at line \(first.line)")
        }
    }

    private func written(_ transcript: Transcript) -> [UInt8] {
        var bytes: [UInt8] = []
        switch format {
        case .text:
            var writer = TextWriter(showsTiming: options.showsTiming, maxPacketBytes: options.maxPacketBytes)
            writer.append(title: transcript.title, to: &bytes)
            for record in transcript.records { writer.append(record, to: &bytes) }
        case .jsonl:
            let writer = JSONLinesWriter()
            for record in transcript.records { writer.append(record, connection: 1, to: &bytes) }
        }
        return bytes
    }
}
