import ArgumentParser
import Capture
import Foundation
import Glibc
import Redaction
import Transcript
import XMPP

struct Redact: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy a recording without its secrets.",
        discussion: """
            Passwords, tokens, proofs of logins and personal data are replaced by pseudonyms: equal ones by equal ones, \
            and of the same length, so that a mismatch can still be seen, and the copy shows and replays as far as \
            possible. What cannot be read is blotted out. The original stays as it is.

            Names of users, addresses and the texts of messages are left as they are.

            Examples:
              stanzatap redact captures/2026-11-23T05-15-40.123.pcapng
              stanzatap redact captures/2026-11-23T05-15-40.123/001.txt --output for-the-bug-report.txt
              stanzatap record --redact --upstream xmpp.example.org
            """
    )

    @Argument(help: ArgumentHelp("A capture that stanzatap recorded, or a transcript.", valueName: "file"))
    var file: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The copy; it must not exist. (default: beside the original, with -redacted in its name)",
            valueName: "file"
        )
    )
    var output: String?

    func run() throws {
        let isCapture = try failing { try CaptureFormat.of(path: file) } != nil
        let target = output ?? besides(file)
        let count = try isCapture ? capture(to: target) : transcript(to: target)
        report("\(file): \(count.told)")
        report("written to \(target)")
    }

    private func capture(to target: String) throws -> RedactionCount {
        let reader = try failing { try CaptureReader(path: file) }
        let copy = try failing { try CaptureFile(copyAt: target) }
        let redactor = CaptureRedactor(reader: reader, output: copy)
        do {
            while try redactor.step() > 0 {}
            let rest = try redactor.finish()
            if rest > 0 { report("\(file) ends in the middle of a record: its last \(rest) bytes are left out") }
        } catch {
            unlink(target)
            throw Failure("\(error)")
        }
        return redactor.count
    }

    private func transcript(to target: String) throws -> RedactionCount {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw Failure("cannot read \(file): \(String(cString: strerror(errno)))")
        }
        let reading: TextReading
        do {
            reading = try TextReader.read(String(decoding: data, as: UTF8.self))
        } catch {
            throw Failure("\(file) is neither a capture nor a transcript: \(error)")
        }
        for problem in reading.problems { report("\(file), \(problem)") }
        guard reading.problems.isEmpty else {
            throw Failure("\(file) could not be read whole, so it cannot be told what is a secret in it")
        }
        let (transcript, count) = TranscriptRedactor.redact(reading.transcript)
        let text = TextWriter.text(
            transcript,
            showsTiming: transcript.packets.contains { $0.secondsSinceStart != nil },
            showsCodes: transcript.packets.contains { $0.telling.findings.contains { !$0.code.isEmpty } }
        )
        try OutputTarget(path: target, isBinary: false).write(Array(text.utf8))
        return count
    }

    private func besides(_ path: String) -> String {
        let url = URL(fileURLWithPath: path)
        let ending = url.pathExtension.isEmpty ? "" : "." + url.pathExtension
        return url.deletingPathExtension().path + "-redacted" + ending
    }
}

extension RedactionCount {
    /// For people.
    var told: String {
        let what =
            values == 0
            ? "no secret was found"
            : "\(values) \(values == 1 ? "value was" : "values were") replaced, \(secrets) different"
        return what + (maskedBytes > 0 ? "; \(maskedBytes) bytes that cannot be read were blotted out" : "")
    }
}
