import Capture
import Conversation
import FoundationEssentials
import Glibc
import Replay
import Transcript

/// Reads a recording for a replay: a capture, a transcript, or a script of scansion.
enum RecordingFile {
    /// A damaged text can have hundreds.
    private static let shownRemarks = 5

    /// - Parameter connections: the numbers of those that are wanted; none for all.
    /// - Throws: `Failure` with status 2, for without a recording there is nothing to run.
    static func load(_ path: String, connections: [Int] = []) throws -> RecordedConversation {
        let conversation = try select(connections, in: isCapture(path) ? capture(path) : transcript(path), of: path)
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

    private static func capture(_ path: String) throws -> RecordedConversation {
        do throws(CaptureError) {
            let reader = try CaptureReader(path: path)
            let conversation = try RecordingLoader.load(reader)
            if let leftOut = reader.leftOut.told { report("\(path): left out \(leftOut)") }
            return conversation
        } catch {
            throw Failure("\(error)", status: 2)
        }
    }

    private static func transcript(_ path: String) throws -> RecordedConversation {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure("cannot read \(path): \(String(cString: strerror(errno)))", status: 2)
        }
        let text = String(decoding: data, as: UTF8.self)
        do {
            return try ScansionScript.isScript(text) ? ScansionLoader.load(text) : TranscriptLoader.load(text)
        } catch let error as ReplayError {
            throw Failure("\(path), \(error)", status: 2)
        } catch {
            throw Failure("\(path) is neither a capture nor a transcript nor a script: \(error)", status: 2)
        }
    }

    private static func isCapture(_ path: String) throws -> Bool {
        do throws(CaptureError) {
            return try CaptureFormat.of(path: path) != nil
        } catch {
            throw Failure("\(error)", status: 2)
        }
    }
}
