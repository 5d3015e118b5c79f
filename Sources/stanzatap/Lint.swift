import ArgumentParser
import Capture
import Glibc
import Inspector
import Output
import Transcript
import XMPP

struct Lint: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell only what is wrong in recordings.",
        discussion: """
            Reads captures (also other programs' pcap and pcapng), transcripts and folders of them, and writes a line for each \
            finding: where it is, whether it is a warning or a note, what is wrong, and its code with the section that says so. Equal \
            ones are told once, with the numbers of the other packets. A warning is what a maintainer would mend or a user should \
            fear; a note is worth knowing.

            Examples:
              stanzatap lint                              the newest recording in captures
              stanzatap lint captures                     all recordings in the folder
              stanzatap lint captures/*.pcapng session.txt
              stanzatap lint --severity warning --ignore register. tcpdump.pcap
              stanzatap lint --format sarif -o lint.sarif captures
              stanzatap lint --write-baseline known.txt captures
              stanzatap lint --baseline known.txt captures    tell only what is new
              stanzatap lint --filter '~story registration' captures
              stanzatap lint --explain iq.answer.unexpected
              stanzatap lint --list-codes
              ssh host tcpdump -U -w - port 5222 | stanzatap lint -

            Exit status: 0 no warning, 1 at least one warning, 2 the call was wrong or a file could not be read whole.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "Captures (.pcapng, .pcap) and transcripts (.txt), also compressed by gzip or zstd; - for standard input; folders, for the recordings in them. (default: the newest recording in the folder of --out)",
            valueName: "file"
        ),
        completion: .file()
    )
    var files: [String] = []

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

    @Option(help: ArgumentHelp("What is told: note (all) or warning.", valueName: "note|warning"))
    var severity: LintSeverity = .note

    @Option(
        help: ArgumentHelp(
            "Only findings of packets and events that this fits; see 'stanzatap help filter'.",
            valueName: "expression"
        ),
        completion: FilterHelp.completion
    )
    var filter: String?

    @Option(
        help: ArgumentHelp(
            "Only findings of this code, or of all codes that begin so (register.). Comma separated; may be given several times.",
            valueName: "code"
        ),
        completion: .list(KnownFindings.codes.map(\.id))
    )
    var only: [String] = []

    @Option(
        help: ArgumentHelp("No finding of this code; as for --only.", valueName: "code"),
        completion: .list(KnownFindings.codes.map(\.id))
    )
    var ignore: [String] = []

    @Option(
        help: ArgumentHelp(
            "How it is written: text, jsonl (each finding a line), or sarif (SARIF 2.1.0, for code scanning). With --list-codes: text or markdown.",
            valueName: "format"
        )
    )
    var format: LintOutput = .findings(.text)

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write to this file, which must not exist, instead of to standard output (-).",
            valueName: "file"
        ),
        completion: .file()
    )
    var output: String?

    @Option(
        help: ArgumentHelp("Neither tell nor fail because of the findings that stand in this file.", valueName: "file"),
        completion: .file()
    )
    var baseline: String?

    @Option(
        help: ArgumentHelp(
            "Write what is found into this file, in place of what stands in it, and tell nothing.",
            valueName: "file"
        ),
        completion: .file()
    )
    var writeBaseline: String?

    @Option(
        help: ArgumentHelp("Tell what a code means, where it is specified, and what to do.", valueName: "code"),
        completion: .list(KnownFindings.codes.map(\.id))
    )
    var explain: String?

    @Flag(help: "Tell which codes there are.")
    var listCodes = false

    @Option(help: "Colours: auto (on a terminal, unless NO_COLOR is set), always, or never.")
    var color: ColorChoice = .auto

    func validate() throws {
        try checkConnections(connection)
        _ = try FilterArgument.read(filter)
        if explain != nil || listCodes, !files.isEmpty {
            throw ValidationError("\(listCodes ? "--list-codes" : "--explain") is about codes, not about files")
        }
        if format == .markdown, !listCodes {
            throw ValidationError("markdown is for --list-codes; findings are text, jsonl or sarif")
        }
    }

    func run() throws {
        signal(SIGPIPE, SIG_DFL)
        if let explain { return try tell(code: explain) }
        if listCodes { return try list() }
        let (warnings, isIncomplete) = try lint()
        if isIncomplete { throw Failure("", status: 2) }
        if warnings > 0, writeBaseline == nil { throw Failure("", status: 1) }
    }

    // MARK: Codes

    private func tell(code word: String) throws {
        let fitting = LintWords.codes(word)
        guard !fitting.isEmpty else { throw ValidationError(LintWords.unknown(word, of: "--explain")) }
        let texts = fitting.map { LintCodes.explanation(of: $0) }
        try target().write(Array(texts.joined(separator: "\n").utf8))
    }

    private func list() throws {
        switch format {
        case .findings(.text): try target().write(Array(LintCodes.table(KnownFindings.codes).utf8))
        case .markdown: try target().write(Array(LintCodes.page(KnownFindings.codes).utf8))
        case .findings(.jsonl), .findings(.sarif): throw ValidationError("the list of codes is text or markdown")
        }
    }

    private func target() throws -> OutputTarget {
        do {
            return try OutputTarget(path: output, isBinary: false)
        } catch let failure as Failure {
            throw Failure(failure.description, status: 2)
        }
    }
}

/// What `lint` writes.
enum LintOutput: ExpressibleByArgument, Equatable {
    case findings(LintFormat)
    /// The page of codes in the documentation.
    case markdown

    init?(argument: String) {
        if argument == "markdown" {
            self = .markdown
        } else if let format = LintFormat(rawValue: argument) {
            self = .findings(format)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .findings(let format): format.rawValue
        case .markdown: "markdown"
        }
    }

    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

    static var allValueStrings: [String] { LintFormat.allCases.map(\.rawValue) + ["markdown"] }
}

/// The least severity that is told.
enum LintSeverity: String, ExpressibleByArgument, CaseIterable {
    case note
    case warning

    var severity: Finding.Severity {
        switch self {
        case .note: .note
        case .warning: .warning
        }
    }
}
