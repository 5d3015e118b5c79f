import Capture
import Conversation
import Filter
import Inspector
import Output
import Transcript

/// Reads a recording for a comparison: a capture, a folder, or a transcript, with the sentences of its packets.
enum ComparedRecording {
    /// - Parameters:
    ///   - path: a file, a folder, or `-`.
    ///   - connection: the number of the one that is wanted; nil for all.
    ///   - filter: the packets that are compared.
    /// - Throws: `Failure` with status 2, for without both recordings there is nothing to compare.
    static func load(
        _ path: String,
        connection: Int?,
        filter: PacketFilter
    ) throws -> (sessions: [ComparedSession], name: String) {
        do {
            let input = try RecordingInput.of([path], newestIn: RecordingFolder(RecordingFolder.usual))
            let sink = ComparisonGatherer()
            try read(input, into: sink)
            return (try select(connection, of: sink.sessions(filter), input.name), input.name)
        } catch let failure as Failure {
            throw Failure(failure.description, status: 2)
        }
    }

    private static func select(
        _ connection: Int?,
        of sessions: [ComparedSession],
        _ name: String
    ) throws -> [ComparedSession] {
        let wanted = sessions.filter { connection == nil || $0.connection == connection }
        if let connection, wanted.isEmpty { throw Failure("\(name) holds no connection \(connection)") }
        let said = wanted.filter { !$0.packets.isEmpty }
        guard !said.isEmpty else { throw Failure("\(name) holds no XMPP packet to compare") }
        return said
    }

    private static func read(_ input: RecordingInput, into sink: ComparisonGatherer) throws {
        guard try input.isCapture(), case .file(let bytes) = input else {
            if case .series(let series) = input {
                let reader = try failing { try CaptureSeriesReader(series) }
                for fault in series.faults { report(fault) }
                try inspect(reader, into: sink)
                return
            }
            if case .file(let bytes) = input { try readText(bytes, into: sink) }
            return
        }
        let reader = try failing { try CaptureReader(bytes) }
        try inspect(reader, into: sink)
        if let fault = reader.fault { report(fault) }
        if let leftOut = reader.leftOut.told { report("\(bytes.name): left out \(leftOut)") }
    }

    private static func inspect(_ reader: any RecordSource, into sink: ComparisonGatherer) throws {
        let inspector = Inspector(reader: reader, sinks: [sink])
        try failing {
            while try inspector.step() > 0 {}
            _ = try inspector.finish()
        }
    }

    private static func readText(_ input: InputBytes, into sink: ComparisonGatherer) throws {
        let text = try input.text()
        let reading: TextReading
        do {
            reading = try TextReader.read(text)
        } catch {
            guard let bare = BareXMLReader.read(text) else {
                throw Failure("\(input.name) is neither a capture nor a transcript: \(error)")
            }
            reading = bare
        }
        for problem in reading.problems { report("\(input.name), \(problem)") }
        sink.add(TranscriptExplainer.explain(reading.transcript, .drop))
    }
}
