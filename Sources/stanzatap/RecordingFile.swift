import Capture
import Conversation
import Replay
import Transcript

/// Reads a recording for a replay: a capture, a transcript, or a script of scansion.
enum RecordingFile {
    /// A damaged text can have hundreds.
    private static let shownRemarks = 5

    /// - Parameters:
    ///   - path: what the user named; nil for the newest recording in `folder` that no replay made.
    ///   - connections: the numbers of those that are wanted; none for all.
    /// - Returns: the recording, and what people call it.
    /// - Throws: `Failure` with status 2, for without a recording there is nothing to run.
    static func load(
        _ path: String?,
        newestIn folder: String,
        connections: [Int] = []
    ) throws -> (conversation: RecordedConversation, name: String) {
        do {
            let input = try RecordingInput.of(
                path.map { [$0] } ?? [],
                newestIn: RecordingFolder(folder),
                skipsReplays: true
            )
            return (try load(input, connections: connections), input.name)
        } catch let failure as Failure {
            throw Failure(failure.description, status: 2)
        }
    }

    /// - Throws: `Failure`.
    static func load(_ input: RecordingInput, connections: [Int] = []) throws -> RecordedConversation {
        let path = input.name
        let conversation = try select(connections, in: read(input), of: path)
        for remark in conversation.remarks.prefix(shownRemarks) { report("\(path), \(remark)") }
        let more = conversation.remarks.count - shownRemarks
        if more > 0 { report("\(path): \(more) more of that kind; 'stanzatap show' tells all") }
        guard !conversation.packets().isEmpty else {
            throw Failure("\(path) holds no XMPP packet to replay", status: 2)
        }
        return conversation
    }

    private static func select(
        _ connections: [Int],
        in conversation: RecordedConversation,
        of path: String
    ) throws -> RecordedConversation {
        if connections.isEmpty { return conversation }
        let known = Set(conversation.connections)
        for connection in connections where !known.contains(connection) {
            throw Failure("\(path) holds no connection \(connection)", status: 2)
        }
        return conversation.only(Set(connections))
    }

    /// True if the name says that it is a script of scansion, compressed or not.
    static func isScript(_ path: String?) -> Bool {
        guard let path else { return false }
        return [".scs", ".scs.gz", ".scs.zst"].contains { path.hasSuffix($0) }
    }

    private static func read(_ input: RecordingInput) throws -> RecordedConversation {
        switch input {
        case .file(let bytes): try input.isCapture() ? capture(bytes) : transcript(bytes)
        case .series(let series): try captures(series)
        }
    }

    private static func capture(_ input: InputBytes) throws -> RecordedConversation {
        let reader = try failing { try CaptureReader(input) }
        let conversation = try failing { try RecordingLoader.load(reader) }
        if let fault = reader.fault { report(fault) }
        if let leftOut = reader.leftOut.told { report("\(input.name): left out \(leftOut)") }
        return conversation
    }

    private static func captures(_ series: CaptureSeries) throws -> RecordedConversation {
        for fault in series.faults { report(fault) }
        let reader = try failing { try CaptureSeriesReader(series) }
        let conversation = try failing { try RecordingLoader.load(reader) }
        for fault in reader.faults { report(fault) }
        return conversation
    }

    private static func transcript(_ input: InputBytes) throws -> RecordedConversation {
        let text = try input.text()
        do {
            return try ScansionScript.isScript(text) ? ScansionLoader.load(text) : TranscriptLoader.load(text)
        } catch let error as ReplayError {
            throw Failure("\(input.name), \(error)", status: 2)
        } catch {
            throw Failure("\(input.name) is neither a capture nor a transcript nor a script: \(error)", status: 2)
        }
    }
}
