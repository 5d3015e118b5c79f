import Foundation
import TestKit
import Testing

private let samples = checkout + "/captures/samples/"

private func lint(_ arguments: [String]) throws -> (status: Int32?, output: String, errors: String) {
    try run(Recorder.executable, ["lint"] + arguments)
}

@Suite("lint")
struct LintTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ name: String, _ text: String) throws -> String {
        let path = folder.path + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test(
        "the status tells what was found",
        arguments: [
            (["jabberd2-plain.pcapng"], 1), (["jabberd2-plain.pcapng", "--ignore", "login."], 0),
            (["ejabberd-starttls.pcapng", "--only", "stanzatap"], 0), (["prosody-refusals.txt"], 1),
            (["evening-gajim-prosody.pcapng"], 0), (["evening-dino-prosody.pcapng"], 0),
        ] as [([String], Int32)]
    )
    func status(_ arguments: [String], _ status: Int32) throws {
        let told = try lint([samples + arguments[0]] + arguments.dropFirst())
        #expect(told.status == status, "\(told.output)\(told.errors)")
        #expect(told.errors.contains("stanzatap: ") && told.errors.contains(" in 1 recording\n"))
    }

    @Test("no shipped evening of a real client at a real server has a warning")
    func evenings() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: samples)
            .filter { $0.hasPrefix("evening-") && $0.hasSuffix(".pcapng") }
        #expect(names.count == 4)
        let told = try lint(["--severity", "warning"] + names.map { samples + $0 })
        #expect(told.status == 0 && told.output.isEmpty, "\(told.output)")
    }

    @Test("what cannot be read is told, and the others are judged")
    func unreadable() throws {
        let text = try write("notes.txt", "nothing of XMPP")
        let told = try lint([text, folder.path + "/none.pcapng", samples + "jabberd2-plain.pcapng"])
        #expect(told.status == 2)
        #expect(told.output.contains("login.password.in-clear"))
        #expect(
            told.errors.contains("there is no file ") && told.errors.contains("is neither a capture nor a transcript")
        )
    }

    @Test("a folder stands for its recordings, transcripts beside captures left out")
    func recordings() throws {
        try FileManager.default.copyItem(atPath: samples + "prosody-plain.pcapng", toPath: folder.path + "/a.pcapng")
        try FileManager.default.copyItem(atPath: samples + "prosody-plain.txt", toPath: folder.path + "/a.txt")
        try FileManager.default.copyItem(atPath: samples + "jabberd2-plain.txt", toPath: folder.path + "/b.txt")
        _ = try write("notes.txt", "nothing of XMPP")
        _ = try write("empty.txt", "")
        let told = try lint([folder.path])
        #expect(told.status == 1 && told.errors.contains(" in 2 recordings\n"), "\(told.errors)")
        #expect(told.output.contains("/b.txt:") && !told.output.contains("/a.txt"))
    }

    @Test("a transcript is told anew, and the line of the packet is named")
    func transcript() throws {
        let path = try write(
            "t.txt",
            "A chat\n\nC->S 001\n<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>\nSomebody's word.\n"
        )
        let told = try lint([path])
        #expect(told.status == 1)
        #expect(told.output.hasPrefix("\(path):3: C->S 001: warning: ") && told.output.contains("iq.id.missing"))
    }

    @Test("a connection that is not there is told")
    func connection() throws {
        let told = try lint(["--connection", "9", samples + "jabberd2-plain.pcapng"])
        #expect(told.status == 2 && told.errors.contains("holds no connection 9"))
    }

    @Test("standard input")
    func input() throws {
        let process = try ChildProcess(
            "/bin/sh",
            ["-c", "\(Recorder.executable) lint - < \(samples)jabberd2-plain.pcapng"]
        )
        #expect(
            process.wait() == 1 && process.output.text.hasPrefix("standard input: connection 1, C->S 006: warning: ")
        )
    }

    @Test("a baseline silences what it knows")
    func baseline() throws {
        let path = folder.path + "/known.txt"
        let sample = samples + "jabberd2-refusals.pcapng"
        let written = try lint(["--write-baseline", path, sample])
        #expect(written.status == 0 && written.output.isEmpty, "\(written.errors)")
        let told = try lint(["--baseline", path, sample])
        #expect(told.status == 0 && told.output.isEmpty && told.errors.contains(" known by "), "\(told.errors)")
        // Another server with the same client: what is new of it is told.
        let other = try lint(["--baseline", path, samples + "ejabberd-refusals.pcapng"])
        #expect(other.errors.contains(" known by "))
        let none = try lint(["--baseline", folder.path + "/nothing.txt", sample])
        #expect(none.status == 2 && none.errors.contains("there is no file"))
        let wrong = try lint(["--baseline", try write("wrong.txt", "hello\n"), sample])
        #expect(wrong.status == 2 && wrong.errors.contains("is no baseline: line 1"))
    }

    @Test("codes are explained, and misspelt ones are guessed")
    func explain() throws {
        let told = try lint(["--explain", "iq.answer.wrong-sender"])
        #expect(
            told.status == 0 && told.output.hasPrefix("iq.answer.wrong-sender (warning, RFC 6120 section 8.1.2.1)\n\n")
        )
        let several = try lint(["--explain", "iq."])
        #expect(
            several.status == 0 && several.output.contains("iq.id.missing (")
                && several.output.contains("iq.unanswered (")
        )
        let wrong = try lint(["--explain", "iq.answer.wrong-sendr"])
        #expect(
            wrong.status == 2 && wrong.output.isEmpty && wrong.errors.contains("did you mean iq.answer.wrong-sender?")
        )
        #expect(try lint(["--ignore", "nonsense", samples]).status == 2)
        let list = try lint(["--list-codes"])
        #expect(list.status == 0 && list.output.split(separator: "\n").count > 150)
    }

    @Test("the golden log of a sample: stanzatap lint --format sarif captures/samples/jabberd2-refusals.pcapng")
    func sarif() throws {
        let process = try ChildProcess(
            Recorder.executable,
            ["lint", "--format", "sarif", "captures/samples/jabberd2-refusals.pcapng"],
            directory: checkout
        )
        #expect(process.wait() == 1)
        let golden = String(decoding: try fixture("jabberd2-refusals.sarif"), as: UTF8.self)
        #expect(process.output.text == golden)
    }
}
