import Foundation
import Glibc
import Synchronization
import TestKit
import Testing
import XMPP

@testable import Capture

/// A recording in three files, of which each tells something; names that mislead are chosen on purpose.
private struct Recording {
    let paths: [String]

    init(in folder: TemporaryFolder, names: [String], first: Int = 1) throws {
        let paths = names.map { "\(folder.path)/\($0).pcapng" }
        self.paths = paths
        let count = Atomic(0)
        let rotation = CaptureFile.Rotation { paths[count.add(1, ordering: .relaxed).newValue] }
        let file = try CaptureFile(path: paths[0], program: "p", rotation: rotation)
        var recorder = try ConnectionRecorder(
            file: file,
            number: first,
            client: try #require(Endpoint("127.0.0.1:40000")),
            listener: try #require(Endpoint("127.0.0.1:5222")),
            program: "p"
        )
        for index in paths.indices {
            if index > 0 { #expect(file.rotate() == nil) }
            try Array("\(index)".utf8).withUnsafeBytes { try recorder.received($0, .clientToServer) }
        }
    }
}

/// Makes a capture one of stanzatap 0.1, whose files do not tell which recording they are of: the comments of the section
/// header become comments of nothing.
private func forget(_ path: String) throws {
    let url = URL(fileURLWithPath: path)
    var data = try Data(contentsOf: url)
    let mark = try #require(data.range(of: Data("\"event\":\"file\"".utf8)))
    data.replaceSubrange(mark, with: Data("\"event\":\"none\"".utf8))
    try data.write(to: url)
}

private func told(_ series: CaptureSeries) throws -> (text: String, faults: [String], error: String?) {
    let reader = try CaptureSeriesReader(series)
    var text = ""
    do throws(CaptureError) {
        while let record = try reader.next() {
            if case .bytes(_, let bytes, _) = record.content { text += String(decoding: bytes, as: UTF8.self) }
        }
    } catch {
        return (text, reader.faults, error.description)
    }
    return (text, reader.faults, nil)
}

struct CaptureSeriesTests {
    @Test(
        "a recording's captures are read in their order, whatever they are called and given",
        arguments: [true, false]
    )
    func order(tells: Bool) throws {
        let folder = try TemporaryFolder()
        let recording = try Recording(in: folder, names: ["T", "T-2", "T-10"])
        if !tells { for path in recording.paths { try forget(path) } }
        for paths in [recording.paths, recording.paths.sorted(), recording.paths.reversed()] {
            let found = try CaptureSeries.recordings(of: paths)
            #expect(found.count == 1 && found[0].paths == recording.paths && found[0].faults.isEmpty)
            #expect(found[0].isCertain == tells && found[0].hasBeginning)
            let read = try told(found[0])
            #expect(read.text == "012" && read.faults.isEmpty && read.error == nil)
        }
    }

    @Test("what is missing between captures is told, what is before or after them is not", arguments: [true, false])
    func gap(tells: Bool) throws {
        let folder = try TemporaryFolder()
        let paths = try Recording(in: folder, names: ["a", "b", "c", "d"]).paths
        if !tells { for path in paths { try forget(path) } }
        let middle = try #require(CaptureSeries.recordings(of: [paths[1], paths[2]]).first)
        #expect(try middle.faults.isEmpty && told(middle).faults.isEmpty && !middle.hasBeginning)
        let holed = try #require(CaptureSeries.recordings(of: [paths[3], paths[0]]).first)
        let missing = "of the recording, the files 2 to 3 are missing between \(paths[0]) and \(paths[3])"
        #expect(holed.faults == (tells ? [missing] : []))
        // A connection that was there from the beginning goes on without a hole as far as anybody can see.
        #expect(try told(holed).text == "03")
    }

    @Test("a capture that is given twice is told once, and that is said")
    func twice() throws {
        let folder = try TemporaryFolder()
        let paths = try Recording(in: folder, names: ["a", "b"]).paths
        let copy = folder.path + "/copy.pcapng"
        try FileManager.default.copyItem(atPath: paths[1], toPath: copy)
        let series = try #require(CaptureSeries.recordings(of: [copy, paths[1], paths[0]]).first)
        #expect(series.paths == [paths[0], paths[1]])
        #expect(series.faults == ["\(copy) and \(paths[1]) are the same part of one recording: it is told once"])
        for path in [copy] + paths { try forget(path) }
        // In those of 0.1 a second beginning shows it.
        let first = folder.path + "/first.pcapng"
        try FileManager.default.copyItem(atPath: paths[0], toPath: first)
        let unknown = try #require(CaptureSeries.recordings(of: [paths[0], first, paths[1]]).first)
        let read = try told(unknown)
        #expect(read.text == "0" && read.error?.contains("connection 1 begins in both") == true)
    }

    @Test("captures of two recordings are two, the latest one last")
    func several() throws {
        let folder = try TemporaryFolder()
        let one = try Recording(in: folder, names: ["x", "y"])
        let two = try Recording(in: folder, names: ["b", "c"])
        let found = try CaptureSeries.recordings(of: [two.paths[1], one.paths[0], two.paths[0], one.paths[1]])
        #expect(found.map(\.paths) == [one.paths, two.paths])
        for path in one.paths + two.paths { try forget(path) }
        #expect(FileManager.default.createFile(atPath: folder.path + "/none.pcapng", contents: Data("no".utf8)))
        #expect(FileManager.default.createFile(atPath: folder.path + "/notes.txt", contents: Data("no".utf8)))
        let inFolder = try CaptureSeries.recordings(in: folder.path)
        #expect(inFolder.recordings.map(\.paths) == [one.paths, two.paths])
        #expect(inFolder.unreadable.map(\.description).first?.contains("none.pcapng is no capture") == true)
        #expect(inFolder.unreadable.count == 1)
    }

    @Test(
        "pipes in a folder are not waited for, and a redacted copy is not taken for its original",
        .timeLimit(.minutes(1))
    )
    func otherFiles() throws {
        let folder = try TemporaryFolder()
        let one = try Recording(in: folder, names: ["a"])
        #expect(mkfifo(folder.path + "/pipe.pcapng", 0o600) == 0)
        let copy = folder.path + "/a-redacted.pcapng"
        try FileManager.default.copyItem(atPath: one.paths[0], toPath: copy)
        let found = try CaptureSeries.recordings(in: folder.path)
        #expect(found.recordings.map(\.paths) == [one.paths] && found.unreadable.isEmpty)
        #expect(found.recordings[0].faults == [])
        // Of whoever has the copy alone, it is the recording.
        try FileManager.default.removeItem(atPath: one.paths[0])
        #expect(try CaptureSeries.recordings(in: folder.path).recordings.map(\.paths) == [[copy]])
    }

    @Test("a name that is not UTF-8 is told")
    func nameOfBytes() throws {
        let folder = try TemporaryFolder()
        let one = try Recording(in: folder, names: ["a"])
        let name = Array(folder.path.utf8) + [UInt8(ascii: "/"), 0xFF] + Array(".pcapng".utf8) + [0]
        let descriptor = name.withUnsafeBytes {
            open($0.baseAddress!.assumingMemoryBound(to: CChar.self), O_WRONLY | O_CREAT, 0o600)
        }
        close(try #require(descriptor >= 0 ? descriptor : nil))
        let found = try CaptureSeries.recordings(in: folder.path)
        #expect(found.recordings.map(\.paths) == [one.paths])
        #expect(found.unreadable.first?.description.contains("its name is not UTF-8; rename it") == true)
        for path in one.paths { try forget(path) }
    }

    @Test("a capture is locked while it is written, in every file of a recording")
    func locked() throws {
        func isFree(_ path: String) -> Bool {
            let descriptor = open(path, O_RDONLY)
            defer { close(descriptor) }
            return flock(descriptor, LOCK_EX | LOCK_NB) == 0
        }
        let folder = try TemporaryFolder()
        var file: CaptureFile? = try CaptureFile(
            path: folder.path + "/1",
            program: "p",
            rotation: CaptureFile.Rotation { folder.path + "/2" }
        )
        #expect(!isFree(folder.path + "/1"))
        #expect(file?.rotate() == nil)
        #expect(!isFree(folder.path + "/2"))
        file = nil
        #expect(isFree(folder.path + "/1") && isFree(folder.path + "/2"))
    }

    @Test("a hole before a connection that goes on shows in captures of 0.1")
    func holeBeforeContinued() throws {
        let folder = try TemporaryFolder()
        let paths = try Recording(in: folder, names: ["a", "b"]).paths
        let later = try Recording(in: folder, names: ["c", "d"], first: 2).paths
        for path in paths + later { try forget(path) }
        let series = try #require(CaptureSeries.recordings(of: [paths[0], later[1]]).first)
        let read = try told(series)
        #expect(
            read.text == "01" && read.faults.count == 1 && read.faults[0].contains("connection 2, which goes on there")
        )
    }

    @Test(
        "which file of which recording a comment tells; what is something else is passed over",
        arguments: [
            (#"{"stanzatap":1,"event":"file","number":3,"recording":"ab"}"#, RecordingPart(recording: "ab", number: 3)),
            (#"{"stanzatap":2,"event":"file","number":3,"recording":"ab"}"#, nil),
            (#"{"stanzatap":1,"event":"file","number":0,"recording":"ab"}"#, nil),
            (#"{"stanzatap":1,"event":"file","number":99999999999999999999,"recording":"ab"}"#, nil),
            (#"{"stanzatap":1,"event":"other","number":3,"recording":"ab"}"#, nil),
            ("File 3", nil),
        ]
    )
    func comments(comment: String, part: RecordingPart?) {
        #expect(RecordingPart(comment: comment) == part)
    }

    @Test("each file of a recording tells its own number")
    func ownComments() {
        let part = RecordingPart.first()
        #expect(part.recording.count == 16 && part.number == 1 && part.next.recording == part.recording)
        #expect(part.next.comments.compactMap(RecordingPart.init(comment:)) == [part.next])
    }
}
