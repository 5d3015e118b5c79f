import Foundation
import Glibc
import Synchronization
import TestKit
import Testing
import XMPP

@testable import Capture

/// A recording that goes on in another file when one has so many bytes.
private struct Series {
    let folder: TemporaryFolder
    let file: CaptureFile
    private let count = Counter()

    private final class Counter: Sendable {
        let value = Atomic(0)
    }

    init(maxBytes: Int? = nil) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        let (path, count) = (folder.path, self.count)
        let rotation = CaptureFile.Rotation(maxBytes: maxBytes) {
            "\(path)/\(count.value.add(1, ordering: .relaxed).newValue).pcapng"
        }
        file = try CaptureFile(path: folder.path + "/0.pcapng", program: "stanzatap test", rotation: rotation)
    }

    func recorder(_ number: Int) throws -> ConnectionRecorder {
        try ConnectionRecorder(
            file: file,
            number: number,
            client: try #require(Endpoint("127.0.0.1:\(40000 + number)")),
            listener: try #require(Endpoint("127.0.0.1:5222")),
            program: "stanzatap test"
        )
    }

    /// What a reader of some of the files tells, in a word for each record.
    func told(_ paths: [String]? = nil) throws -> [String] {
        let paths = paths ?? file.paths
        let reader = try CaptureSeriesReader(#require(CaptureSeries.recordings(of: paths).last))
        var told: [String] = []
        while let record = try reader.next() { told.append("\(record.connection) \(word(record.content))") }
        #expect(reader.leftOver() == 0)
        return told
    }

    private func word(_ content: CaptureRecord.Content) -> String {
        switch content {
        case .opened: "opened"
        case .continued(_, _, _, let isDecrypted): isDecrypted ? "continued inside TLS" : "continued"
        case .bytes(_, let bytes, _): String(decoding: bytes, as: UTF8.self)
        case .lost: "lost"
        case .closed: "closed"
        case .reset: "reset"
        case .event(.replay(let side)): "replay as \(side)"
        case .event(.upstreamConnected(let host, _, _)): "connected to \(host)"
        case .event(let event): event.sentence
        }
    }
}

extension ConnectionRecorder {
    fileprivate mutating func say(_ text: String) throws {
        try Array(text.utf8).withUnsafeBytes { try received($0, .clientToServer) }
    }
}

struct RotationTests {
    @Test("a connection goes on in the next file, which tells alone what connection it is")
    func goesOn() throws {
        let series = try Series()
        var (one, two) = (try series.recorder(1), try series.recorder(2))
        let server = try #require(Endpoint("127.0.0.1:5269"))
        try one.happened(.replay(.client))
        try one.happened(.upstreamConnected(host: "a", address: server, how: "test"))
        try one.say("before")
        try two.decryptionBegan()
        #expect(series.file.rotate() == nil)
        try one.say("after")
        try two.say("inside")
        try one.closed(.clientToServer)
        var three = try series.recorder(3)
        try three.say("new")
        #expect(series.file.paths.count == 2)
        let second = [
            "1 continued", "1 replay as client", "1 connected to a", "1 after", "2 continued inside TLS", "2 inside",
            "1 closed", "3 opened",
            "3 new",
        ]
        #expect(try series.told([series.file.paths[1]]) == second)
        #expect(try series.told().suffix(second.count) == second)
        #expect(try series.told().prefix(3) == ["1 opened", "2 opened", "1 replay as client"])
    }

    @Test("a file that begins with what was said inside TLS tells of the connection", arguments: [false, true])
    func beginsInsideTLS(isToldBefore: Bool) throws {
        let series = try Series()
        var one = try series.recorder(1)
        try one.say("<proceed/>")
        let facts = TLSFacts()
        if isToldBefore { try one.happened(.tls(.client, facts)) }
        #expect(series.file.rotate() == nil)
        try one.decryptionBegan()
        try one.say("inside")
        let second = [
            isToldBefore ? "1 continued inside TLS" : "1 continued",
            "1 \(CaptureEvent.decrypted(connection: 1).sentence)", "1 inside",
        ]
        #expect(try series.told([series.file.paths[1]]) == second)
        #expect(try series.told().suffix(3) == second)
    }

    @Test("files end at their size, and together hold every byte in order")
    func size() throws {
        let series = try Series(maxBytes: 3_000)
        var recorders = try (1...5).map { try series.recorder($0) }
        var said: [[String]] = Array(repeating: [], count: 5)
        for turn in 0..<200 {
            let text = "turn \(turn) " + String(repeating: "x", count: turn)
            try recorders[turn % 5].say(text)
            said[turn % 5].append(text)
        }
        let paths = series.file.paths
        #expect(paths.count > 5)
        let sizes = try paths.map { try FileManager.default.attributesOfItem(atPath: $0)[.size] as? Int ?? 0 }
        #expect(sizes.dropLast().allSatisfy { $0 >= 3_000 && $0 < 5_000 })
        #expect(sizes.reduce(0, +) == series.file.committed)
        let told = try series.told()
        for connection in 1...5 {
            let texts = told.filter { $0.hasPrefix("\(connection) turn") }.map { String($0.dropFirst(2)) }
            #expect(texts == said[connection - 1])
        }
    }

    @Test("where no other file can be made the recording goes on in the one that there is")
    func impossible() throws {
        let folder = try TemporaryFolder()
        let rotation = CaptureFile.Rotation(maxBytes: 500) { "/nowhere/at/all.pcapng" }
        let file = try CaptureFile(path: folder.path + "/0.pcapng", program: "stanzatap test", rotation: rotation)
        var recorder = try ConnectionRecorder(
            file: file,
            number: 1,
            client: try #require(Endpoint("127.0.0.1:40001")),
            listener: try #require(Endpoint("127.0.0.1:5222")),
            program: "stanzatap test"
        )
        for _ in 0..<20 { try recorder.say("something") }
        #expect(file.paths.count == 1 && file.failure == nil)
        #expect("\(try #require(file.takeRotationFailure()))".contains("there is no such file"))
        #expect(file.takeRotationFailure() == nil)
        try recorder.say("something")
        #expect(file.takeRotationFailure() != nil)
        #expect("\(try #require(file.rotate()))".contains("there is no such file"))
        #expect(file.takeRotationFailure() == nil)
    }

    @Test("files that were taken away before they were read are read all the same")
    func takenAway() throws {
        let series = try Series()
        var recorder = try series.recorder(1)
        try recorder.say("0")
        var begun: [String] = []
        let reader = try CaptureSeriesReader(following: series.file) { begun.append("\($0) \($1)") }
        #expect(try texts(reader) == ["0"])
        for number in 1...3 {
            #expect(series.file.rotate() == nil)
            try recorder.say("\(number)")
        }
        let paths = series.file.paths
        for path in paths.dropLast() { unlink(path) }
        #expect(try texts(reader) == ["1", "2", "3"])
        #expect(begun == (1...3).map { "\($0) \(paths[$0])" })
        try recorder.say("more")
        #expect(try texts(reader) == ["more"])
    }

    @Test("of a reader that is far behind not all files are kept, and those that are there are found")
    func farBehind() throws {
        let series = try Series()
        var recorder = try series.recorder(1)
        let reader = try CaptureSeriesReader(following: series.file) { _, _ in }
        for number in 1...300 {
            #expect(series.file.rotate() == nil)
            try recorder.say("\(number)")
        }
        #expect((30...36).contains(try openCount(series)))
        #expect(try texts(reader) == (1...300).map(String.init))
        #expect(try openCount(series) < 5)
    }

    private func texts(_ reader: CaptureSeriesReader) throws -> [String] {
        var texts: [String] = []
        while let record = try reader.next() {
            if case .bytes(_, let bytes, _) = record.content { texts.append(String(decoding: bytes, as: UTF8.self)) }
        }
        return texts
    }

    /// Files of the series that this process has open.
    private func openCount(_ series: Series) throws -> Int {
        let folder = "/proc/self/fd"
        return try FileManager.default.contentsOfDirectory(atPath: folder).count { name in
            let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
            return path?.hasPrefix(series.folder.path) == true
        }
    }

    @Test("a removed file is noticed")
    func removed() throws {
        let series = try Series()
        #expect(!series.file.isRemoved)
        unlink(series.file.path)
        #expect(series.file.isRemoved)
        #expect(series.file.rotate() == nil)
        #expect(!series.file.isRemoved)
    }
}
