import ArgumentParser
import Capture
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
              stanzatap redact --connection 2 --output - captures/2026-11-23T05-15-40.123.pcapng | gzip > bug.pcapng.gz
              stanzatap record --redact --upstream xmpp.example.org
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A capture that stanzatap recorded, or a transcript; - for standard input. (default: the newest recording in the folder of --out)",
            valueName: "file"
        ),
        completion: .file()
    )
    var file: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The copy, which must not exist; - for standard output. (default: beside the original, with -redacted in its name; for what comes from a pipe, standard output)",
            valueName: "file"
        ),
        completion: .file()
    )
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Copy only the connection of that number. May be given several times. Secrets that others tell are known all the same.",
            valueName: "n"
        )
    )
    var connection: [Int] = []

    @Option(help: ArgumentHelp("Where recordings lie, for a call without a file.", valueName: "dir"))
    var out = RecordingFolder.usual

    func validate() throws { try checkConnections(connection) }

    func run() throws {
        signal(SIGPIPE, SIG_DFL)
        let source = try RecordingInput.of(file.map { [$0] } ?? [], newestIn: RecordingFolder(out))
        guard case .file(let given) = source else {
            throw Failure(
                "\(source.name) are captures of one recording: redact each of them by its name, for each gets a copy",
                status: 2
            )
        }
        // Read twice, so that a secret is found also where it stands before it is known as one.
        let input = try failing { try given.readableAgain(in: temporaryFolder) }
        let isCapture = try RecordingInput.file(input).isCapture()
        let target = output ?? (given.isRegular && file != "-" ? besides(input.name) : "-")
        let count = try isCapture ? capture(input, to: target) : transcript(input, to: target)
        report("\(input.name): \(count.told)")
        if target != "-" { report("written to \(target)") }
    }

    private func capture(_ input: InputBytes, to target: String) throws -> RedactionCount {
        // What may yet turn out to be damaged goes to nobody: standard output gets the copy when it is whole.
        let standardOutput = target == "-" ? try OutputTarget(path: target, isBinary: true) : nil
        let copy = try failing {
            try target == "-" ? CaptureFile(namelessCopyIn: temporaryFolder) : CaptureFile(copyAt: target)
        }
        do {
            let count = try redact(input, to: copy)
            if let standardOutput { try write(copy, to: standardOutput) }
            return count
        } catch {
            if target != "-" { unlink(target) }
            throw Failure(told(error))
        }
    }

    private func redact(_ input: InputBytes, to copy: CaptureFile) throws(CaptureError) -> RedactionCount {
        var readers: [CaptureReader] = []
        let (count, rest) = try CaptureRedactor.copy(
            { () throws(CaptureError) in
                readers.append(try CaptureReader(try input.again()))
                return readers[readers.count - 1]
            },
            to: copy,
            only: Set(connection)
        )
        if let fault = readers.last?.fault { report("\(fault): what stands before the cut is copied") }
        if rest > 0 { report("\(input.name) ends in the middle of a record: its last \(rest) bytes are left out") }
        return count
    }

    private func write(_ copy: CaptureFile, to target: OutputTarget) throws {
        let written = try InputBytes(path: copy.path)
        while case let piece = try written.next(1 << 20), !piece.isEmpty { try target.write(piece) }
    }

    private func transcript(_ input: InputBytes, to target: String) throws -> RedactionCount {
        let name = input.name
        if let other = connection.first(where: { $0 != 1 }) {
            throw Failure("\(name) is the transcript of one connection, its number is 1; there is no \(other)")
        }
        let reading: TextReading
        let text = try input.text()
        do {
            reading = try TextReader.read(text)
        } catch {
            throw Failure("\(name) is neither a capture nor a transcript: \(error)")
        }
        for problem in reading.problems { report("\(name), \(problem)") }
        guard reading.problems.isEmpty else {
            throw Failure("\(name) could not be read whole, so it cannot be told what is a secret in it")
        }
        let (transcript, count) = TranscriptRedactor.redact(reading.transcript)
        let copy = TextWriter.text(
            transcript,
            showsTiming: transcript.packets.contains { $0.secondsSinceStart != nil },
            showsCodes: transcript.packets.contains { $0.telling.findings.contains { !$0.code.isEmpty } }
        )
        try OutputTarget(path: target, isBinary: false).write(Array(copy.utf8))
        return count
    }

    /// The name of the copy, which is not compressed.
    private func besides(_ path: String) -> String {
        let packed = [".gz", ".zst"].first { path.hasSuffix($0) } ?? ""
        let plain = path.dropLast(packed.count)
        let name = plain[(plain.lastIndex(of: "/").map(plain.index(after:)) ?? plain.startIndex)...]
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return plain + "-redacted" }
        return plain[..<dot] + "-redacted" + plain[dot...]
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
