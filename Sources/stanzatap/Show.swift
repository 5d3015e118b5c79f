import ArgumentParser
import Capture
import Glibc
import Inspector
import Output
import Transcript

struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what a capture holds.",
        discussion: """
            Reads a capture (one that stanzatap recorded, or anybody's pcap or pcapng) or a transcript, and writes transcripts to \
            standard output. In the captures of others XMPP is found by its content, on any port. Packets of a transcript that \
            nobody has told get a sentence; XML without header lines, as consoles of clients show it, is read as one.

            Examples:
              stanzatap show captures/2026-11-23T05-15-40.123.pcapng
              stanzatap show --connection 2 --timing captures/2026-11-23T05-15-40.123.pcapng
              stanzatap show --format jsonl captures/2026-11-23T05-15-40.123.pcapng | jq -r .explanation
              stanzatap show captures
              stanzatap show captures/*.pcapng
              stanzatap show edited-transcript.txt
              stanzatap show --explain somebody-elses-transcript.txt
              stanzatap show tcpdump.pcap
              stanzatap show --format html --output session.html captures/2026-11-23T05-15-40.123.pcapng
              stanzatap show --format pcapng -o annotated.pcapng tcpdump.pcap
              stanzatap show --redact --format jsonl captures/*.pcapng > redacted.jsonl
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A capture (.pcapng, .pcap) or a transcript (.txt); or a folder, for the captures of the latest recording in it.",
            valueName: "file"
        )
    )
    var file: String

    @Argument(
        help: ArgumentHelp(
            "The captures in which the same recording goes on (--max-size, --rotate), in any order.",
            valueName: "more"
        )
    )
    var following: [String] = []

    @Option(help: ArgumentHelp("Only the connection of that number.", valueName: "n"))
    var connection: Int?

    @Option(
        help: ArgumentHelp(
            "In captures of other programs: a TCP port whose traffic is XMPP whatever it looks like. May be given several times.",
            valueName: "n"
        )
    )
    var port: [UInt16] = []

    @Option(
        help: ArgumentHelp(
            "How it is written: text, jsonl, ladder (arrows in plain text), svg (a picture of them), html (a web page), pcapng (for Wireshark, with the explanations as comments), or scs (a script of scansion).",
            valueName: "format"
        )
    )
    var format: ShowFormat = .transcript(.text)

    @Flag(
        help:
            "Of a transcript: tell every packet anew. Under stanzatap's own title our new lines take the place of the old ones; under another title what stands there stays, and ours follow."
    )
    var explain = false

    @Flag(
        help:
            "Put pseudonyms in the places of passwords, tokens, proofs of logins and personal data, as 'stanzatap redact' does; the file is read twice and stays as it is."
    )
    var redact = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to this file instead of standard output; it must not exist.", valueName: "file")
    )
    var output: String?

    @OptionGroup var text: TextArguments

    func validate() throws {
        if let connection, connection < 1 {
            throw ValidationError("connections are numbered from 1, not \(connection)")
        }
    }

    func run() throws {
        signal(SIGPIPE, SIG_DFL)
        let isFolder = ShownRecording.isFolder(file)
        let isCapture = try isFolder || failing { try CaptureFormat.of(path: file) } != nil
        let target = try OutputTarget(path: output, isBinary: format == .transcript(.pcapng))
        if isFolder || !following.isEmpty, !isCapture || format == .scs {
            throw ValidationError("only captures go on in others, and a script is made of one")
        }
        if explain, isCapture || format == .scs {
            throw ValidationError("--explain is for transcripts; what a capture holds is always told anew")
        }
        if redact, format == .scs { throw ValidationError(Self.noRedactedScript) }
        switch format {
        case .scs:
            let script = ScansionWriter.write(try RecordingFile.load(file), title: "Recorded by stanzatap")
            try target.write(Array(script.utf8))
        case .transcript(let format):
            let sink = format.sink(target.writer, style: target.style, options: text.options, program: program)
            if isCapture { return try showCapture(sink) }
            let shown = ShownTranscript(path: file, selection: selection, explainsAnew: explain, isRedacted: redact)
            try shown.run(sink)
        }
    }

    private var selection: Selection { Selection(connection: connection) }

    private func showCapture(_ sink: any TranscriptSink) throws {
        let told = try inspectFiles(sink)
        if let damage = told.damage { throw Failure("\(damage); what stands before it is shown") }
        if told.connections == 0 { try nothingFound() }
        // Each was told already.
        if told.isIncomplete { throw Failure("") }
    }

    /// What came of the inspection.
    private struct Told {
        var connections: Int
        /// What is wrong with the file, if it cannot be read to its end.
        var damage: CaptureError?
        /// True if a part of the recording is missing, or there twice.
        var isIncomplete = false
    }

    private func inspectFiles(_ sink: any TranscriptSink) throws -> Told {
        guard let series = try ShownRecording.of([file] + following) else {
            let open = { () throws(CaptureError) in try CaptureReader(path: file, ports: Set(port)) }
            let reader = try failing(open)
            let told = try inspect(failing { try withoutSecrets(reader, again: open) }, file, sink)
            if told.damage == nil, let leftOut = reader.leftOut.told { report("\(file): left out \(leftOut)") }
            return told
        }
        for fault in series.faults { report(fault) }
        let open = { () throws(CaptureError) in try CaptureSeriesReader(series) }
        let reader = try failing(open)
        var told = try inspect(failing { try withoutSecrets(reader, again: open) }, series.paths.last ?? file, sink)
        for fault in reader.faults { report(fault) }
        told.isIncomplete = !series.faults.isEmpty || !reader.faults.isEmpty
        return told
    }

    private func inspect(_ reader: any RecordSource, _ last: String, _ sink: any TranscriptSink) throws -> Told {
        let inspector = Inspector(reader: reader, sinks: [sink], selection: selection)
        defer { reportRedaction(of: reader) }
        return try failing {
            do {
                while try inspector.step() > 0 {}
            } catch let damage as CaptureError {
                _ = try inspector.finish()
                return Told(connections: inspector.connections, damage: damage)
            }
            let rest = try inspector.finish()
            if rest > 0 { report("\(last) ends in the middle of a record: its last \(rest) bytes are not shown") }
            return Told(connections: inspector.connections)
        }
    }

    private func nothingFound() throws {
        guard let connection else {
            report("\(file) holds no connection")
            return
        }
        throw Failure("\(file) holds no connection \(connection)")
    }
}

/// Runs `body` and turns what it throws into a failure of the work.
func failing<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch {
        throw Failure("\(error)")
    }
}

extension LeftOutTraffic {
    /// In words; nil if nothing was left out.
    var told: String? {
        var parts: [String] = []
        if connections > 0 {
            let tls = encrypted > 0 ? ", \(encrypted) of them TLS: --port NUMBER shows such ones" : ""
            parts.append(
                "\(connections) TCP connection\(connections == 1 ? "" : "s") with no XMPP to be seen (\(bytes) bytes\(tls))"
            )
        }
        if packets > 0 { parts.append("\(packets) packet\(packets == 1 ? "" : "s") that are no TCP") }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}
