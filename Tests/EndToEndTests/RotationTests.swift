import Foundation
import Glibc
import TestKit
import Testing

private let header =
    "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

/// stanzatap in front of a server of the test's own, with one client that is connected.
private struct Conversation {
    let folder: TemporaryFolder
    let recorder: Recorder
    let client: RawPeer
    let server: RawPeer

    init(_ options: [String]) throws {
        folder = try TemporaryFolder()
        let listener = try RawListener()
        recorder = try Recorder(upstream: listener.port, options: options, out: folder.path)
        client = try RawPeer(port: recorder.port)
        server = listener.accept()
        client.send(header)
        #expect(server.read(until: header))
        server.send(header)
        #expect(client.read(until: header))
    }

    /// Sends messages, and waits for each.
    func say(_ numbers: Range<Int>) {
        for number in numbers {
            let text = "<message to='b@a'><body>number \(number) \(String(repeating: "x", count: 200))</body></message>"
            client.send(text)
            #expect(server.read(until: "number \(number) "))
        }
    }

    var captures: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".pcapng") }.sorted().map { folder.path + "/" + $0 }
    }

    func end() -> Int32? {
        client.closeOutput()
        server.closeOutput()
        return recorder.stop()
    }
}

@Suite("files of a long recording")
struct LongRecordingTests {
    @Test("a recording in several files is told by all of them together as by one")
    func several() throws {
        let conversation = try Conversation(["--max-size", "5k"])
        conversation.say(0..<60)
        #expect(conversation.end() == 0)
        let captures = conversation.captures
        #expect(captures.count >= 3)
        let told = try run(Recorder.executable, ["show"] + captures)
        #expect(told.status == 0 && told.output == conversation.recorder.process.output.text)
        for number in 0..<60 { #expect(told.output.contains("number \(number) ")) }
        let last = try run(Recorder.executable, ["show", captures[captures.count - 1]])
        #expect(last.status == 0 && last.output.contains("number 59 ") && !last.output.contains("number 0 "))
        #expect(last.output.contains("explaining goes on at the next packet"))
        // Each file has its transcripts, which follow each other.
        let texts = try captures.map { try String(contentsOfFile: $0.dropLast(7) + "/001.txt", encoding: .utf8) }
        for number in 0..<60 { #expect(texts.filter { $0.contains("number \(number) ") }.count == 1) }
        #expect(texts.dropFirst().allSatisfy { $0.contains("[What was said before is in ") })
    }

    @Test("a folder is shown as what was told live, a missing file is told, two recordings are not mixed")
    func folder() throws {
        let conversation = try Conversation(["--max-size", "5k"])
        conversation.say(0..<60)
        #expect(conversation.end() == 0)
        let captures = conversation.captures
        let folder = conversation.folder.path
        let whole = try run(Recorder.executable, ["show", folder])
        #expect(whole.status == 0 && whole.output == conversation.recorder.process.output.text)
        // A replay reads it as one too: the header and the messages wait for a server that is not there.
        let out = folder + "/replays"
        let replay = ["replay", folder, "--as", "client", "--to", "127.0.0.1:1", "--out", out, "--quiet"]
        let replayed = try run(Recorder.executable, replay)
        #expect(replayed.status == 2)
        #expect(replayed.output.contains("61 recorded packets of the client could not be sent"), "\(replayed.output)")
        let shuffled = try run(Recorder.executable, ["show"] + captures.reversed())
        #expect(shuffled.status == 0 && shuffled.output == whole.output)
        let holed = try run(Recorder.executable, ["show", captures[0]] + captures.dropFirst(2))
        #expect(
            holed.status == 1 && holed.errors.contains("file 2 is missing between \(captures[0]) and \(captures[2])")
        )
        #expect(holed.output.contains("number 59 "))
        let second = try Recorder(upstream: 1, options: ["--quiet"], out: folder)
        let visitor = try RawPeer(port: second.port)
        visitor.send(header)
        visitor.readToEnd()
        #expect(second.stop() == 0)
        let latest = try run(Recorder.executable, ["show", folder])
        #expect(
            latest.status == 0
                && latest.errors.contains("holds 2 recordings; shown is the latest one, \(second.capture)")
        )
        #expect(latest.errors.contains("not shown: \(captures[0]) and \(captures.count - 1) more"))
        let mixed = try run(Recorder.executable, ["show", second.capture] + captures)
        #expect(mixed.status == 2 && mixed.output.isEmpty && mixed.errors.contains("captures of 2 recordings"))
        let both = try run(Recorder.executable, ["show", folder, captures[0]])
        #expect(both.status == 2 && both.errors.contains("is a folder: show it alone"))
    }

    @Test("SIGHUP begins another file, and old ones go when that was asked for")
    func hangUp() throws {
        let conversation = try Conversation(["--max-size", "1G", "--keep", "2"])
        let notes = conversation.recorder.capture.dropLast(".pcapng".count) + "/notes"
        for round in 0..<4 {
            conversation.say(round * 3..<round * 3 + 3)
            if round == 0 {
                #expect(conversation.recorder.wait { !$0.isEmpty })
                #expect(FileManager.default.createFile(atPath: String(notes), contents: nil))
            }
            conversation.recorder.process.send(signal: SIGHUP)
            #expect(
                conversation.recorder.process.errors.wait {
                    $0.components(separatedBy: "stanzatap: recording to ").count == round + 3
                }
            )
        }
        conversation.say(12..<15)
        #expect(conversation.end() == 0)
        #expect(conversation.captures.count == 2)
        #expect(conversation.recorder.process.errors.text.contains("(--keep)"))
        #expect(FileManager.default.fileExists(atPath: String(notes)), "a file of somebody else's is gone")
        #expect(conversation.recorder.transcript().isEmpty)
        let told = try run(Recorder.executable, ["show"] + conversation.captures)
        #expect(told.output.contains("number 14 ") && !told.output.contains("number 5 "))
    }

    @Test("a capture that is removed while it is written is told, and the recording goes on in another one")
    func removed() throws {
        let conversation = try Conversation([])
        conversation.say(0..<3)
        unlink(conversation.recorder.capture)
        #expect(conversation.recorder.process.errors.wait { $0.contains("was removed while it was written") })
        conversation.say(3..<6)
        #expect(conversation.end() == 0)
        let told = try run(Recorder.executable, ["show"] + conversation.captures)
        #expect(told.output.contains("number 5 "))
    }

    @Test("a folder in which nothing can be made any more costs transcripts, but no byte of the recording")
    func uselessFolder() throws {
        let listener = try RawListener()
        let recorder = try Recorder(upstream: listener.port, options: ["--quiet"])
        // Not by its mode, for root may write everywhere.
        let transcripts = String(recorder.capture.dropLast(".pcapng".count))
        _ = rmdir(transcripts)
        #expect(FileManager.default.createFile(atPath: transcripts, contents: nil))
        for _ in 0..<5 {
            let client = try RawPeer(port: recorder.port)
            let server = listener.accept()
            client.send(
                "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'><presence/>"
            )
            #expect(server.read(until: "<presence/>"))
            client.closeOutput()
            server.readToEnd()
        }
        #expect(recorder.process.errors.wait { $0.contains("cannot make the transcript") })
        #expect(recorder.stop() == 0)
        #expect(recorder.process.errors.text.components(separatedBy: "cannot make the transcript").count == 2)
        let told = try recorder.show()
        #expect(told.status == 0 && told.output.components(separatedBy: "<presence/>").count == 6)
    }

    @Test(
        "amounts are read, and what is none is told",
        arguments: [
            ("--max-size", "12q"), ("--max-size", "0"), ("--rotate", "1w"), ("--rotate", "99999999999999999999d"),
        ]
    )
    func amounts(option: String, value: String) throws {
        let wrong = try run(Recorder.executable, ["record", option, value, "--upstream", "127.0.0.1:1"])
        #expect(wrong.status == 2 && wrong.errors.contains("is no amount of"))
    }
}
