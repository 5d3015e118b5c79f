import Capture
import Foundation
import Synchronization
import TestKit
import Testing
import XMPP

@testable import Redaction

/// What both sides say in records, one after the other, and all else that they tell.
private struct Told {
    var bytes: [Direction: [UInt8]] = [:]
    var other = ""
    var files: Set<String> = []

    init(_ source: any RecordSource) throws {
        while let record = try source.next() { add(record, source.file) }
        source.finish()
        while let record = try source.next() { add(record, source.file) }
    }

    private mutating func add(_ record: CaptureRecord, _ file: String?) {
        if let file { files.insert(file) }
        switch record.content {
        case .bytes(let direction, let bytes, let origin):
            self.bytes[direction, default: []] += bytes
            switch origin {
            case .peer: break
            case .proxy(let reason): other += reason
            case .changed(let original, let reason): other += String(decoding: original, as: UTF8.self) + reason
            }
        case .event(let event): other += event.sentence + event.json
        case .opened, .continued, .lost, .closed, .reset: break
        }
    }

    var pieces: [[UInt8]] { Array(bytes.values) + [Array(other.utf8)] }
}

@Suite("records without secrets")
struct RedactedRecordsTests {
    @Test("none of the planted ones is left, however the bytes came", arguments: chunkSizes)
    func whole(chunk: Int?) throws {
        let (lines, secrets) = planted()
        var recorded = try Recorded()
        try recorded.say(["C:" + plainHeader, "S:" + plainHeader] + lines, chunk: chunk)
        let path = recorded.file.path
        let source = RedactedRecords(try CaptureReader(path: path), survey: try CaptureReader(path: path))
        let (told, original) = (try Told(source), try Told(try CaptureReader(path: path)))
        let hunt = SecretHunt(secrets)
        #expect(original.pieces.flatMap { hunt.left(in: $0) }.count > 150)
        for piece in told.pieces { #expect(hunt.left(in: piece) == []) }
        for direction in Direction.allCases {
            #expect(told.bytes[direction]?.count == original.bytes[direction]?.count)
        }
        let (_, _, count) = try recorded.redactedTwice()
        #expect(source.count == count)
    }

    @Test("in a recording that goes on in other files packets are read over the borders", arguments: [1, 2, 5, 40])
    func rotated(every: Int) throws {
        let (lines, secrets) = planted()
        let folder = try TemporaryFolder()
        let number = Atomic(0)
        let rotation = CaptureFile.Rotation { "\(folder.path)/\(number.add(1, ordering: .relaxed).newValue).pcapng" }
        let file = try CaptureFile(path: folder.path + "/0.pcapng", program: "p", rotation: rotation)
        var recorder = try ConnectionRecorder(
            file: file,
            number: 1,
            client: try #require(Endpoint("127.0.0.1:40001")),
            listener: try #require(Endpoint("127.0.0.1:5222")),
            program: "p"
        )
        for (index, line) in (["C:" + plainHeader, "S:" + plainHeader] + lines).enumerated() {
            let bytes = Array(line.dropFirst(2).utf8)
            for half in [bytes.prefix(bytes.count / 2), bytes.dropFirst(bytes.count / 2)] {
                try Array(half).withUnsafeBytes {
                    try recorder.received($0, line.hasPrefix("C:") ? .clientToServer : .serverToClient)
                }
                if index % every == 0 { #expect(file.rotate() == nil) }
            }
        }
        let series = try #require(try CaptureSeries.recordings(of: file.paths).first)
        let source = RedactedRecords(try CaptureSeriesReader(series), survey: try CaptureSeriesReader(series))
        let told = try Told(source)
        let hunt = SecretHunt(secrets)
        for piece in told.pieces { #expect(hunt.left(in: piece) == []) }
        #expect(told.files.count > 1 && source.count.maskedBytes < 100)
    }

    @Test("a number that comes again is another connection, read from its beginning")
    func again() throws {
        var recorded = try Recorded()
        try recorded.say(["C:" + plainHeader, "C:<message><body>in the middle"])
        let path = recorded.folder.path + "/twice.pcapng"
        let bytes = try recorded.originalBytes
        try Data(bytes + bytes).write(to: URL(fileURLWithPath: path))
        let source = RedactedRecords(try CaptureReader(path: path), survey: try CaptureReader(path: path))
        let told = String(decoding: try Told(source).bytes[.clientToServer] ?? [], as: UTF8.self)
        #expect(told.components(separatedBy: plainHeader + "<message").count == 3, "\(told)")
        #expect(!told.contains("middle"))
    }

    @Test("none is left in events, in reasons and in packets that were changed")
    func events() throws {
        let planter = Planter()
        var recorded = try Recorded()
        try recorded.say(["C:" + plainHeader, "S:" + plainHeader])
        let known = planter.next()
        for event: CaptureEvent in [
            .noticed("the server said \(known)"), .failed(reason: "password=\(planter.next()) was refused"),
        ] { try recorded.recorder.happened(event) }
        let original = "<message><body>x</body><password>\(planter.next())</password></message>"
        try Array("<message><body>y</body></message>".utf8).withUnsafeBytes {
            try recorded.recorder.changed(Array(original.utf8), into: $0, .serverToClient, reason: "for \(known)")
        }
        try recorded.say([register(known)])
        let path = recorded.file.path
        let told = try Told(RedactedRecords(try CaptureReader(path: path), survey: try CaptureReader(path: path)))
        for piece in told.pieces { #expect(SecretHunt(planter.secrets).left(in: piece) == []) }
        #expect(told.other.contains("<body>x</body>") && told.other.contains("the server said "), "\(told.other)")
    }
}
