import Capture
import Conversation
import Synchronization
import TestKit
import Testing
import XMPP

@Suite("a recording in several captures")
struct SeveralCapturesTests {
    private let header =
        "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

    @Test("is one conversation: what goes on in the next capture is not begun anew", arguments: [0, 1, 3])
    func oneConversation(_ rotations: Int) throws {
        let folder = try TemporaryFolder()
        let count = Mutex(0)
        let rotation = CaptureFile.Rotation {
            count.withLock { count in
                count += 1
                return "\(folder.path)/\(count).pcapng"
            }
        }
        let file = try CaptureFile(path: folder.path + "/0.pcapng", program: "test", rotation: rotation)
        var recorder = try ConnectionRecorder(
            file: file,
            number: 1,
            client: try #require(Endpoint("127.0.0.1:40001")),
            listener: try #require(Endpoint("127.0.0.1:5222")),
            program: "test"
        )
        var said = [header] + (0..<8).map { "<message><body>\($0)</body></message>" }
        said.append("</stream:stream>")
        for (index, text) in said.enumerated() {
            // In the middle of a packet too.
            let half = text.utf8.count / 2
            try Array(text.utf8.prefix(half)).withUnsafeBytes { try recorder.received($0, .clientToServer) }
            if index > 0, index <= rotations { #expect(file.rotate() == nil) }
            try Array(text.utf8.dropFirst(half)).withUnsafeBytes { try recorder.received($0, .clientToServer) }
        }
        #expect(file.paths.count == rotations + 1)
        let series = try #require(try CaptureSeries.recordings(of: file.paths).first)
        let conversation = try RecordingLoader.load(try CaptureSeriesReader(series))
        #expect(conversation.packets().count == said.count)
        #expect(conversation.steps.count { $0.event == .opened } == 1)
        let damaged = conversation.steps.filter { if case .damaged = $0.event { true } else { false } }
        #expect(damaged.isEmpty)
    }

    @Test("what stands behind the end of a stream does not make a recording unreadable", arguments: [true, false])
    func behindTheEnd(hasEnded: Bool) throws {
        let folder = try TemporaryFolder()
        let file = try CaptureFile(path: folder.path + "/0.pcapng", program: "test")
        var recorder = try ConnectionRecorder(
            file: file,
            number: 1,
            client: try #require(Endpoint("127.0.0.1:40001")),
            listener: try #require(Endpoint("127.0.0.1:5222")),
            program: "test"
        )
        for text in [header, hasEnded ? "</stream:stream></stream:stream>" : "<presence/></wrong>"] {
            try Array(text.utf8).withUnsafeBytes { try recorder.received($0, .clientToServer) }
        }
        try Array("</wrong>".utf8).withUnsafeBytes { try recorder.received($0, .serverToClient) }
        let series = try #require(try CaptureSeries.recordings(of: file.paths).first)
        let conversation = try RecordingLoader.load(try CaptureSeriesReader(series))
        let unreadable = conversation.steps.filter { if case .unreadable = $0.event { true } else { false } }
        // What the server sends before any stream is never passed over.
        #expect(unreadable.count == (hasEnded ? 1 : 2), "\(unreadable)")
    }
}
