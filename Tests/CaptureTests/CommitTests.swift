import Foundation
import Glibc
import TestKit
import Testing
import XMPP

@testable import Capture

/// A capture whose records wait until somebody commits them.
private struct Waiting {
    let folder: TemporaryFolder
    let file: CaptureFile

    init(rotation: CaptureFile.Rotation? = nil) throws {
        folder = try TemporaryFolder()
        file = try CaptureFile(path: folder.path + "/0.pcapng", program: "stanzatap test", rotation: rotation)
    }

    func recorder(_ number: Int) throws -> ConnectionRecorder {
        try ConnectionRecorder(
            file: file,
            number: number,
            client: try #require(Endpoint("127.0.0.1:\(40000 + number)")),
            listener: try #require(Endpoint("127.0.0.1:5222")),
            program: "stanzatap test",
            commitsAtOnce: false
        )
    }

    /// Bytes of the file that is written, as the kernel counts them.
    var size: Int { get throws { try Data(contentsOf: URL(fileURLWithPath: file.path)).count } }

    /// The connections and the lengths of what was said in a file.
    func told(_ path: String? = nil) throws -> [String] {
        let reader = try CaptureReader(path: path ?? file.path)
        var told: [String] = []
        while let record = try reader.next() {
            if case .bytes(_, let bytes, _) = record.content { told.append("\(record.connection) \(bytes.count)") }
        }
        return told
    }
}

extension ConnectionRecorder {
    fileprivate mutating func say(_ count: Int) throws {
        try [UInt8](repeating: 65, count: count).withUnsafeBytes { try received($0, .clientToServer) }
    }
}

struct CommitTests {
    @Test("records wait until they are committed, whoever does it, and stand in the order in which they came")
    func wait() throws {
        let waiting = try Waiting()
        let header = try waiting.size
        var (one, two) = (try waiting.recorder(1), try waiting.recorder(2))
        try one.say(10)
        try two.say(20)
        try one.say(30)
        #expect(try waiting.size == header)
        #expect(waiting.file.committed == header)
        try waiting.file.commit()
        #expect(try waiting.told() == ["1 10", "2 20", "1 30"])
        #expect(try waiting.file.committed == waiting.size)
        let size = try waiting.size
        try waiting.file.commit()
        #expect(try waiting.size == size)
    }

    @Test("a large payload is written at once, behind what waited", arguments: [8 * 1024, 8 * 1024 + 1])
    func largePayload(count: Int) throws {
        let waiting = try Waiting()
        var recorder = try waiting.recorder(1)
        try recorder.say(10)
        try recorder.say(count)
        #expect(try waiting.told() == (count > 8 * 1024 ? ["1 10", "1 \(count)"] : []))
        try recorder.say(20)
        try waiting.file.commit()
        #expect(try waiting.told() == ["1 10", "1 \(count)", "1 20"])
    }

    @Test("so many records that they would fill memory are written before anybody commits")
    func longQueue() throws {
        let waiting = try Waiting()
        var recorder = try waiting.recorder(1)
        for _ in 0..<100 { try recorder.say(1000) }
        let written = try waiting.told().count
        #expect((60...70).contains(written), "\(written)")
    }

    @Test("what waits belongs to the file for which it was made")
    func rotation() throws {
        let folder = try TemporaryFolder()
        let waiting = try Waiting(rotation: .init { [path = folder.path] in path + "/1.pcapng" })
        var recorder = try waiting.recorder(1)
        try recorder.say(10)
        let first = waiting.file.path
        #expect(waiting.file.rotate() == nil)
        try recorder.say(20)
        try waiting.file.commit()
        #expect(try waiting.told(first) == ["1 10"])
        #expect(try waiting.told() == ["1 20"])
    }

    @Test("after a failure what waits is not written, and every call says why")
    func failure() throws {
        let waiting = try Waiting()
        let header = try waiting.size
        var recorder = try waiting.recorder(1)
        try recorder.say(10)
        waiting.file.fail(CaptureError("the disk is full"))
        #expect(throws: CaptureError("the disk is full")) { try waiting.file.commit() }
        #expect(throws: CaptureError("the disk is full")) { try recorder.say(20) }
        #expect(try waiting.size == header)
    }
}
