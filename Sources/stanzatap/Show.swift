import ArgumentParser
import Capture
import Filter
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
              stanzatap show                               the newest recording in captures
              stanzatap show captures/2026-11-23T05-15-40.123.pcapng
              stanzatap show --connection 2 --timing captures/2026-11-23T05-15-40.123.pcapng
              stanzatap show --format brief --hide presence,ping captures/2026-11-23T05-15-40.123.pcapng
              stanzatap show --format jsonl captures/2026-11-23T05-15-40.123.pcapng | jq -r '.explanation // empty'
              stanzatap show captures
              stanzatap show --list                        what was recorded: a list of all connections
              stanzatap show captures                       the latest recording in the folder
              stanzatap show --stories captures             what was done in it, a line each
              stanzatap show edited-transcript.txt
              stanzatap show --explain somebody-elses-transcript.txt
              stanzatap show tcpdump.pcap
              stanzatap show customer.pcapng.gz
              ssh host tcpdump -U -w - port 5222 | stanzatap show -
              stanzatap show --format html --output session.html captures/2026-11-23T05-15-40.123.pcapng
              stanzatap show --format pcapng -o annotated.pcapng tcpdump.pcap
              stanzatap show --redact --format jsonl captures/*.pcapng > redacted.jsonl
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A capture (.pcapng, .pcap) or a transcript (.txt), also compressed by gzip or zstd; - for standard input; or a folder, for the captures of the latest recording in it. (default: the newest recording in the folder of --out)",
            valueName: "file"
        ),
        completion: .file()
    )
    var file: String?

    @Argument(
        help: ArgumentHelp(
            "The captures in which the same recording goes on (--max-size, --rotate), in any order.",
            valueName: "more"
        ),
        completion: .file()
    )
    var following: [String] = []

    @Option(help: ArgumentHelp("Only the connection of that number. May be given several times.", valueName: "n"))
    var connection: [Int] = []

    @Option(help: ArgumentHelp("Where recordings lie, for a call without a file.", valueName: "dir"))
    var out = RecordingFolder.usual

    @Option(
        help: ArgumentHelp(
            "In captures of other programs: a TCP port whose traffic is XMPP whatever it looks like. May be given several times.",
            valueName: "n"
        )
    )
    var port: [UInt16] = []

    @Option(
        help: ArgumentHelp(
            "How it is written: text, brief (a line for each packet), jsonl, ladder (arrows in plain text), svg (a picture of them), html (a web page), pcapng (for Wireshark, with the explanations as comments), or scs (a script of scansion).",
            valueName: "format"
        )
    )
    var format: ShowFormat = .transcript(.text)

    @Flag(
        help:
            "Tell only which connections there are, in all recordings of a folder: when, who, with what client, how encrypted, how many packets and findings, and what came of it. As text or jsonl."
    )
    var list = false

    @Flag(
        help:
            "Tell only what was done on each connection from its first packet to its last: logins, rooms entered, calls, uploads, commands, queries, and requests that failed or were not answered."
    )
    var stories = false

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
        help: ArgumentHelp(
            "Write to this file, which must not exist, instead of to standard output (-).",
            valueName: "file"
        ),
        completion: .file()
    )
    var output: String?

    @OptionGroup var text: TextArguments

    @OptionGroup var display: DisplayArguments

    func validate() throws {
        try checkConnections(connection)
    }

    func run() throws {
        signal(SIGPIPE, SIG_DFL)
        let named = file.map { [$0] + following } ?? []
        if list { return try showList(of: named) }
        if stories { return try showStories(of: named) }
        if format == .transcript(.jsonl), connection.isEmpty, let inputs = try RecordingInput.each(of: named) {
            return try showEach(inputs)
        }
        let input = try RecordingInput.of(named, newestIn: RecordingFolder(out))
        let isCapture = try input.isCapture()
        let target = try OutputTarget(path: output, isBinary: format == .transcript(.pcapng))
        if explain, isCapture || format == .scs {
            throw ValidationError("--explain is for transcripts; what a capture holds is always told anew")
        }
        if format == .scs, try !display.packets().isEmpty {
            throw ValidationError(
                "--filter, --only and --hide are for transcripts; a script is made of a whole recording"
            )
        }
        if redact, format == .scs { throw ValidationError(Self.noRedactedScript) }
        switch format {
        case .scs:
            let script = ScansionWriter.write(
                try RecordingFile.load(input, connections: connection),
                title: "Recorded by stanzatap"
            )
            try target.write(Array(script.utf8))
        case .transcript(let format):
            let style = target.style(text.options.color)
            let sink = try display.packets().before(
                format.sink(target.writer, style: style, options: text.options, program: program)
            )
            if case .file(let text) = input, !isCapture {
                return try ShownTranscript(input: text, selection: selection, explainsAnew: explain, isRedacted: redact)
                    .run(sink)
            }
            try showCapture(input, sink)
        }
    }

    var selection: Selection { Selection(connections: Set(connection)) }

    /// Several recordings, whose rows tell what they are of.
    private func showEach(_ inputs: [RecordingInput]) throws {
        if explain { throw ValidationError("--explain is for transcripts; what a capture holds is always told anew") }
        let target = try OutputTarget(path: output, isBinary: false)
        var isIncomplete = false
        for input in inputs {
            let sink = OutputFormat.jsonl.sink(target.writer, style: .plain, options: text.options, program: program)
            do {
                try showCapture(input, try display.packets().before(sink))
            } catch let failure as Failure {
                if !failure.description.isEmpty { report(failure.description) }
                isIncomplete = true
            }
        }
        if isIncomplete { throw Failure("") }
    }

    func showCapture(_ input: RecordingInput, _ sink: any TranscriptSink) throws {
        let told = try inspectFiles(input, sink)
        if let damage = told.damage { throw Failure("\(damage); what stands before it is shown") }
        if let missing = told.missing { throw Failure("\(input.name) holds no connection \(missing)") }
        if told.connections == 0 { report("\(input.name) holds no connection") }
        // Each was told already.
        if told.isIncomplete { throw Failure("") }
    }

    /// What came of the inspection.
    struct Told {
        var connections: Int
        /// The first one of those that were asked for and are not there.
        var missing: Int?
        /// What is wrong with the file, if it cannot be read to its end.
        var damage: CaptureError?
        /// True if a part of the recording is missing, or there twice.
        var isIncomplete = false
    }

    /// - Parameter began: called when the next of several captures is begun.
    func inspectFiles(
        _ input: RecordingInput,
        _ sink: any TranscriptSink,
        began: @escaping () -> Void = {}
    ) throws -> Told {
        switch input {
        case .file(let given):
            // With --redact it is read twice.
            let bytes = try redact ? failing { try given.readableAgain(in: temporaryFolder) } : given
            // What a pipe has brought so far is shown before more of it is waited for.
            bytes.beforeWaiting = { try? sink.flush() }
            let reader = try failing { try CaptureReader(bytes, ports: Set(port)) }
            let source = try failing {
                try withoutSecrets(reader) { () throws(CaptureError) in
                    try CaptureReader(try bytes.again(), ports: Set(port))
                }
            }
            let told = try inspect(source, bytes.name, sink)
            if told.damage == nil, let leftOut = reader.leftOut.told { report("\(bytes.name): left out \(leftOut)") }
            if let fault = bytes.fault { report("\(fault): what stands before the cut is shown") }
            return told
        case .series(let series):
            for fault in series.faults { report(fault) }
            let reader = try failing { try CaptureSeriesReader(series, began: began) }
            let source = try failing {
                try withoutSecrets(reader) { () throws(CaptureError) in try CaptureSeriesReader(series) }
            }
            var told = try inspect(source, series.paths.last ?? input.name, sink)
            for fault in reader.faults { report(fault) }
            told.isIncomplete = !series.faults.isEmpty || !reader.faults.isEmpty
            return told
        }
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
            return Told(connections: inspector.connections, missing: inspector.missing.min())
        }
    }
}

/// Connections of a recording have numbers from 1 on.
func checkConnections(_ numbers: [Int]) throws {
    for number in numbers where number < 1 {
        throw ValidationError("connections are numbered from 1, not \(number)")
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
