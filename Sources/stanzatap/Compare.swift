import ArgumentParser
import Conversation
import Filter
import Glibc
import Output

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what is different between two recordings.",
        discussion: """
            Packets are aligned by what they mean: each side's packets in their order, answers with their requests. Ids, \
            times, and names that stand for each other one to one are no difference; nor are quotes, prefixes and the \
            order of attributes and features. What matters most comes first.

            Connections stand for each other by what happens on them, in their order, unless --connection names them.

            Examples:
              stanzatap compare works.pcapng fails.pcapng
              stanzatap compare --connection-a 1 --connection-b 3 captures/NAME.pcapng captures/NAME.pcapng
              stanzatap compare --ignore //instructions --ignore //@ver old.txt new.pcapng
              stanzatap compare --format html --output differences.html works.pcapng fails.pcapng

            Exit status: 0 both do the same, 1 something is different, 2 the call was wrong or a file cannot be read.
            """
    )

    /// How the result is written.
    enum ResultFormat: String, ExpressibleByArgument, CaseIterable {
        case text
        case jsonl
        case html
    }

    @Argument(
        help: ArgumentHelp(
            "The first recording: a capture of stanzatap or another program, a transcript, or a folder, for the latest recording in it; - for standard input.",
            valueName: "a"
        ),
        completion: .file()
    )
    var first: String

    @Argument(help: ArgumentHelp("The second recording, likewise.", valueName: "b"), completion: .file())
    var second: String

    @Option(help: ArgumentHelp("Compare only the connection of that number, of both.", valueName: "n"))
    var connection: Int?

    @Option(help: ArgumentHelp("The number of the connection of A.", valueName: "n"))
    var connectionA: Int?

    @Option(help: ArgumentHelp("The number of the connection of B.", valueName: "n"))
    var connectionB: Int?

    @Option(
        help: ArgumentHelp(
            "Compare only packets that this fits, such as '~ns register' (see 'stanzatap help filter').",
            valueName: "expression"
        ),
        completion: FilterHelp.completion
    )
    var filter: String?

    @Option(
        help: ArgumentHelp(
            "What is not compared: parts of packets by XPath, such as //instructions or //@ver, or the packets that an expression fits, such as '~kind presence'. May be given several times.",
            valueName: "expression"
        ),
        completion: FilterHelp.completion,
        transform: IgnoreArgument.read
    )
    var ignore: [PacketFilter] = []

    @Option(
        help: ArgumentHelp(
            "text; jsonl, an object for each packet; html, one page with both side by side.",
            valueName: "format"
        )
    )
    var format = ResultFormat.text

    @Flag(help: "In text: show also what is the same.")
    var all = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write to this file, which must not exist, instead of to standard output (-).",
            valueName: "file"
        ),
        completion: .file()
    )
    var output: String?

    @Option(help: "Colours: auto (on a terminal, unless NO_COLOR is set), always, or never.")
    var color: ColorChoice = .auto

    func validate() throws {
        _ = try FilterArgument.read(filter)
        try checkConnections([connection, connectionA, connectionB].compactMap(\.self))
        if connection != nil, connectionA != nil || connectionB != nil {
            throw ValidationError("--connection is of both; give it alone, or --connection-a and --connection-b")
        }
        if first == "-", second == "-" { throw ValidationError("standard input can be read once only") }
        if all, format != .text { throw ValidationError("--all is for text; the other formats show all anyway") }
    }

    func run() throws {
        signal(SIGPIPE, SIG_DFL)
        let filter = try FilterArgument.read(filter)
        let one = try ComparedRecording.load(first, connection: connectionA ?? connection, filter: filter)
        let two = try ComparedRecording.load(second, connection: connectionB ?? connection, filter: filter)
        var rules = ComparisonRules()
        for part in ignore { rules.ignore(part) }
        let comparison = RecordingComparison(one.sessions, two.sessions, rules: rules)
        try write(comparison, (one.name, two.name))
        if !comparison.isSame { throw Failure("") }
    }

    private func write(_ comparison: RecordingComparison, _ names: (String, String)) throws {
        do {
            let target = try OutputTarget(path: output, isBinary: false)
            switch format {
            case .text:
                let style = target.style(color)
                try target.write(ComparisonText.write(comparison, names: names, style: style, showsAll: all))
            case .jsonl: try target.write(ComparisonJSONLines.write(comparison, names: names))
            case .html: try target.write(ComparisonPage.write(comparison, names: names, program: program))
            }
        } catch let failure as Failure {
            // Status 1 says that something is different.
            throw Failure(failure.description, status: 2)
        }
    }
}
