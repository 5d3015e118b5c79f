import Capture
import Foundation
import Synchronization
import TestKit
import Testing
import Transcript
import XMPP

@testable import Redaction

/// The bytes of a file, and what both directions say in it, put together.
private func everything(_ path: String) throws -> [[UInt8]] {
    let content = try content(path)
    return [
        Array(try Data(contentsOf: URL(fileURLWithPath: path))), Array(content.client.utf8), Array(content.server.utf8),
    ]
}

@Suite("planted secrets")
struct PlantedSecretTests {
    @Test("none of them is left, however the bytes came", arguments: chunkSizes)
    func whole(chunk: Int?) throws {
        let (lines, secrets) = planted()
        #expect(secrets.count >= 150)
        let hunt = SecretHunt(secrets)
        var recorded = try Recorded()
        try recorded.say(["C:" + plainHeader, "S:" + plainHeader] + lines, chunk: chunk)
        #expect(
            Set(hunt.left(in: Array(try content(recorded.file.path).client.utf8))).count > 80
        )
        let (_, path, count) = try recorded.redactedTwice()
        for bytes in try everything(path) { #expect(hunt.left(in: bytes) == []) }
        #expect(count.echoes > 20 && count.maskedBytes < 100 && count.late == 0)
        let content = try content(path)
        for kept in [
            "<username>romeo</username>", "https://u.example/", "Maiden name", "<desc>Her name</desc>", "you know",
        ] {
            #expect((content.client + content.server).contains(kept), "\(kept)")
        }
    }

    @Test("none is left in the files of a recording that goes on at any packet", arguments: [1, 2, 5, 40])
    func rotated(every: Int) throws {
        let (lines, secrets) = planted()
        let folder = try TemporaryFolder()
        let count = Atomic(0)
        let rotation = CaptureFile.Rotation { "\(folder.path)/\(count.add(1, ordering: .relaxed).newValue).pcapng" }
        let file = try CaptureFile(path: folder.path + "/0.pcapng", program: "p", rotation: rotation)
        var recorder = try ConnectionRecorder(
            file: file,
            number: 1,
            client: try #require(Endpoint("127.0.0.1:40001")),
            listener: try #require(Endpoint("127.0.0.1:5222")),
            program: "p"
        )
        for (index, line) in (["C:" + plainHeader, "S:" + plainHeader] + lines).enumerated() {
            // In the middle of a packet too.
            let bytes = Array(line.dropFirst(2).utf8)
            for half in [bytes.prefix(bytes.count / 2), bytes.dropFirst(bytes.count / 2)] {
                try Array(half).withUnsafeBytes {
                    try recorder.received($0, line.hasPrefix("C:") ? .clientToServer : .serverToClient)
                }
                if index % every == 0 { #expect(file.rotate() == nil) }
            }
        }
        for path in file.paths {
            let copy = path + "-redacted"
            _ = try CaptureRedactor.copy(
                { () throws(CaptureError) in try CaptureReader(path: path) },
                to: try CaptureFile(copyAt: copy)
            )
            // What a file does not tell to be a secret is none in it: an echo of another file's secret may stay.
            let pieces = try everything(path)
            let hunt = SecretHunt(secrets.filter { secret in pieces.contains { has(register(secret), in: $0) } })
            for bytes in try everything(copy) {
                #expect(hunt.left(in: bytes) == [])
            }
        }
    }

    private func has(_ text: String, in bytes: [UInt8]) -> Bool {
        bytes.firstRange(of: Array(text.dropFirst(2).utf8)) != nil
    }

    @Test("none is left in a capture that is cut off anywhere")
    func cut() throws {
        let (lines, secrets) = planted()
        var recorded = try Recorded()
        try recorded.say(["C:" + plainHeader, "S:" + plainHeader] + lines)
        let bytes = try recorded.originalBytes
        for count in stride(from: 400, to: bytes.count, by: bytes.count / 60) {
            let path = "\(recorded.folder.path)/cut-\(count).pcapng"
            try Data(bytes.prefix(count)).write(to: URL(fileURLWithPath: path))
            let copy = path + "-redacted"
            _ = try CaptureRedactor.copy(
                { () throws(CaptureError) in try CaptureReader(path: path) },
                to: try CaptureFile(copyAt: copy)
            )
            let told = String(decoding: bytes.prefix(count), as: UTF8.self)
            // Of an echo whose secret was cut off nobody can know.
            let known = secrets.filter { secret in told.contains(register(secret).dropFirst(2)) }
            let hunt = SecretHunt(known)
            for bytes in try everything(copy) { #expect(hunt.left(in: bytes) == [], "cut at \(count)") }
        }
    }

    @Test("none is left in what is compressed")
    func compressed() throws {
        let (lines, secrets) = planted()
        var recorded = try Recorded()
        try recorded.say([
            "C:" + plainHeader, "S:" + plainHeader,
            "C:<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>",
            "S:<compressed xmlns='http://jabber.org/protocol/compress'/>",
        ])
        try recorded.say(["C:" + plainHeader, "S:" + plainHeader] + lines)
        for bytes in try everything(try recorded.redactedTwice().path) {
            #expect(SecretHunt(secrets).left(in: bytes) == [])
        }
    }

    @Test("none is left in events, notices, differences and in packets that were changed")
    func events() throws {
        let planter = Planter()
        var recorded = try Recorded()
        try recorded.say(["C:" + plainHeader, "S:" + plainHeader])
        let known = planter.next()
        try recorded.say([register(known)])
        let (first, second, third) = (planter.next(), planter.next(), planter.next())
        for event: CaptureEvent in [
            .differed(
                "packet 005 differs from packet 004 of the recording: iq/query/password: recorded: \"\(first)\" / now: \"\(second)\"; enabled/@resume: recorded: \"true\" / now: \"false\""
            ),
            .differed("packet 6 differs from packet 5 of the recording: iq/x: recorded: \"a\"b\(third)\" / now: \"c\""),
            .noticed("the server said \(known)"), .failed(reason: "password=\(planter.next()) was refused"),
            .upstreamFailed(host: "h", condition: "c", reason: "at https://u:\(planter.next())@h/"),
        ] { try recorded.recorder.happened(event) }
        let original = "<message><body>x</body><password>\(planter.next())</password></message>"
        try Array("<message><body>y</body></message>".utf8).withUnsafeBytes {
            try recorded.recorder.changed(Array(original.utf8), into: $0, .serverToClient, reason: "for \(known)")
        }
        let (_, path, count) = try recorded.redactedTwice()
        for bytes in try everything(path) { #expect(SecretHunt(planter.secrets).left(in: bytes) == []) }
        let told = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        #expect(
            told.contains("enabled/@resume: recorded: \\\"true\\\" / now: \\\"false\\\"")
                && told.contains("<body>x</body>"),
            "\(told)"
        )
        #expect(count.texts >= 4)
    }

    @Test("none is left in a transcript, in its packets, its sentences and what stands between them")
    func transcript() throws {
        let (lines, secrets) = planted()
        var text = "XMPP session with a\n\n"
        for (index, line) in lines.enumerated() {
            let direction = line.hasPrefix("C:") ? "C->S" : "S->C"
            text += "\(direction) \(String(format: "%03d", index + 1))\n\(line.dropFirst(2))\n"
            text += "It says \(secrets[secrets.count - 5 - index % 20]).\n\n"
        }
        let planter = Planter()
        text +=
            "[Difference: packet 005 differs from packet 004 of the recording: iq/query/password: recorded: \"\(planter.next("old"))\" / now: \"x\"]\n\n"
        text += "I logged in with password: \(planter.next("note")) and it failed.\n"
        let reading = try TextReader.read(text)
        #expect(reading.problems.isEmpty)
        let (copy, count) = TranscriptRedactor.redact(reading.transcript)
        let told = TextWriter.text(copy, showsTiming: false)
        #expect(SecretHunt(secrets + planter.secrets).left(in: Array(told.utf8)) == [])
        #expect(count.texts > 100)
    }

    @Test("while a recording goes on, what came before a secret was known is told")
    func live() throws {
        var recorded = try Recorded()
        try recorded.say([
            "C:" + plainHeader, "S:" + plainHeader, "S:<message><body>SECRETearly1</body></message>",
            register("SECRETearly1"),
        ])
        try recorded.say(["S:<message><body>again SECRETearly1</body></message>"])
        let (bytes, _, count) = try recorded.redacted()
        #expect(count.late == 1 && count.echoes == 1)
        #expect(String(decoding: bytes, as: UTF8.self).components(separatedBy: "SECRETearly1").count == 2)
    }
}
