import Foundation
import TestKit
import Testing
import Transcript
import XMPP

private let python = checkout + "/.build-peers/venv/bin/python"

private let hasChecker =
    ProcessInfo.processInfo.environment["CI"] == "true"
    || (FileManager.default.fileExists(atPath: python)
        && (try? run(python, ["-c", "import jsonschema"]).status) == 0)

@Suite(
    "the schema of JSON Lines",
    .enabled(if: hasChecker, "the Python package jsonschema is not installed: run tools/setup --tests")
)
struct JSONSchemaTests {
    /// What the checker says of these lines.
    private func check(_ lines: String) throws -> (status: Int32?, output: String, errors: String) {
        let folder = try TemporaryFolder()
        try lines.write(toFile: folder.path + "/lines", atomically: true, encoding: .utf8)
        return try run(python, [checkout + "/tools/check-jsonl", folder.path + "/lines"])
    }

    @Test("the samples, captures and texts, are told as it says")
    func samples() throws {
        let folder = checkout + "/captures/samples"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let lines = try names.sorted().map { name in
            let shown = try run(Recorder.executable, ["show", "--format", "jsonl", folder + "/" + name])
            #expect(shown.status == 0, "\(name): \(shown.errors)")
            return shown.output
        }
        let result = try check(lines.joined())
        #expect(result.status == 0 && result.output.isEmpty, "\(result.output)\(result.errors)")
        #expect(lines.count >= 18)
    }

    @Test("whatever can stand in a record is written as it says")
    func everything() throws {
        var bytes: [UInt8] = []
        let writer = JSONLinesWriter()
        var title = ConnectionTitle(
            connection: 1,
            client: "127.0.0.1:1",
            domain: "a",
            server: "127.0.0.1:2",
            time: 0,
            program: "p",
            recorder: "r",
            file: "f"
        )
        writer.append(title, to: &bytes)
        title = ConnectionTitle(connection: 1, client: "c", domain: nil, server: nil, time: nil, program: "p")
        writer.append(title, to: &bytes)
        for record in packets() + [.event(EventRecord(kind: "", text: "")), .prose(["a", "b"]), summary()] {
            writer.append(record, connection: 1, to: &bytes)
        }
        let lines = String(decoding: bytes, as: UTF8.self)
        let result = try check(lines)
        #expect(result.status == 0 && result.output.isEmpty, "\(result.output)\(result.errors)")
    }

    @Test(
        "what it does not describe is refused",
        arguments: [
            #"{"kind":"event","connection":1,"text":"a","other":1}"#, #"{"kind":"event","connection":0,"text":"a"}"#,
            #"{"kind":"event","connection":1}"#, #"{"kind":"other","connection":1,"text":"a"}"#,
            #"{"kind":"packet","connection":1,"direction":"C->S","bytes":1,"xml":"a"}"#,
            #"{"kind":"summary","connection":1,"text":"a","stories":[{"id":1,"kind":"bind","subject":"","state":"failed","packets":[]}]}"#,
            #"{"kind":"summary","connection":1,"text":"a","stories":[{"id":1,"kind":"bind","subject":"","state":"open","packets":[],"other":1}]}"#,
        ]
    )
    func refused(_ line: String) throws { #expect(try check(line + "\n").status == 1) }

    /// One packet for each kind of story and role, each story in another state.
    private func packets() -> [Record] {
        let states: [Story.State] = [
            .open, .succeeded, .failed(Cause(why: "w", remedy: "")), .failed(Cause(why: "w", remedy: "R.")), .abandoned,
        ]
        return Story.Kind.allCases.enumerated().map { index, kind in
            let xml = Array("<iq type='set' id='\(index)'/>".utf8)
            var packet = PacketRecord(number: index + 1, direction: .serverToClient, xml: xml)
            packet.root = PacketRecord.Root(xml: xml)
            packet.omittedBytes = 1
            packet.replacement = xml
            packet.replacementOmittedBytes = 1
            packet.isSentByProxy = true
            (packet.time, packet.secondsSinceStart, packet.answers, packet.answerDelay) = (1, 0.5, 1, 0.25)
            var story = Story(id: index + 1, kind: kind, subject: "s")
            story.state = states[index % states.count]
            packet.telling = Telling("t", [Finding(code: "a-b.c2", .warning, "w"), Finding(.note, "n")])
            packet.telling.step = StoryStep(story)
            let role = Role.allCases[index % Role.allCases.count]
            packet.telling.roles = Roles(speaker: role, addressee: role)
            return .packet(packet)
        }
    }

    private func summary() -> Record {
        var story = Story(id: 1, kind: .login, subject: "a", began: 0)
        for number in 1...100 { story.add(packet: number, time: 1) }
        story.state = .succeeded
        story.outcome = "3 of 4"
        story.add(packet: 101, time: 2)
        var summary = Summary(text: "a", stories: [story, Story(id: 2, kind: .bind, subject: "")])
        summary.client = SoftwareFacts(name: "Gajim 2", grounds: .userAgent)
        summary.server = SoftwareFacts(name: "Prosody", grounds: .identity)
        return .summary(summary)
    }
}
