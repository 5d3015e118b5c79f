import ArgumentParser
import Capture
import FoundationEssentials
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
        let copy = try failing { try CaptureFile(copyAt: target) }
        do {
            let (count, rest) = try CaptureRedactor.copy(file, to: copy)
            if rest > 0 { report("\(file) ends in the middle of a record: its last \(rest) bytes are left out") }
            return count
        } catch {
            unlink(target)
            throw Failure("\(error)")
        }
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
    /// For people: what was replaced, by kind, and what could not be judged.
    var told: String {
        let what = values == 1 ? "1 value was" : "\(values) values were"
        var parts = [values == 0 ? "no secret was found" : "\(what) replaced, \(secrets) different"]
        if echoes > 0 { parts.append("\(counted(echoes, "repetition")) of them in other places") }
        if texts > 0 { parts.append("\(counted(texts, "text")) of events and notes changed") }
        if maskedBytes > 0 { parts.append("\(counted(maskedBytes, "byte")) that cannot be read blotted out") }
        if blocks > 0 { parts.append("\(counted(blocks, "block")) of other programs left out") }
        if unsearched > 0 { parts.append("\(counted(unsearched, "short secret")) not looked for elsewhere") }
        return parts.joined(separator: "; ")
    }

    /// For people, of a copy that was made while the recording went on; nil if there is nothing to say.
    var toldOfLiveCopy: String? {
        guard late > 0 else { return nil }
        return
            "\(counted(late, "secret")) became known while the copy was written: what was said before was not searched for"
            + " \(late == 1 ? "it" : "them")"
    }
}

private func counted(_ count: Int, _ what: String) -> String { "\(count) \(what)\(count == 1 ? "" : "s")" }
