import ArgumentParser
import Glibc
import Output
import Relay
import XMPP

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what is missing on this machine to record, and how to mend it.",
        discussion: """
            Looks at the certificate authority and who trusts it, the port that clients connect to, the name server, the folder of \
            recordings and its disk, the limits of this process, the right to listen on interfaces, and the clock. Each line begins \
            with ok, note (something that only some uses need), or problem; the command that mends it follows.

            Nothing is changed: no certificate authority is made, and no folder. To see whether a name server answers, it is asked \
            for the domain of --domain, else for example.org.

            Examples:
              stanzatap doctor
              stanzatap doctor --domain example.org        and the domain's servers
              stanzatap doctor --listen 127.0.0.1:15222    another port than 5222
              stanzatap doctor --out /srv/recordings | grep ^problem

            Exit status: 0 nothing is a problem, 1 something is, 2 the call was wrong.
            """
    )

    @OptionGroup var listening: DoctorListenArguments

    @Option(
        help: ArgumentHelp("Look for the servers of this domain, as 'record' does for a client.", valueName: "name"),
        transform: { text throws in
            do throws(DomainProblem) { return try Domain(text) } catch {
                throw ValidationError("--domain \(text.quoted(limit: 100)) is no domain: \(error)")
            }
        }
    )
    var domain: Domain?

    @Option(
        help: ArgumentHelp("The name server to ask, instead of the system's.", valueName: "host[:port]"),
        transform: ResolverAddress.init(argument:)
    )
    var resolver: ResolverAddress?

    @Option(help: ArgumentHelp("The folder that recordings go to.", valueName: "dir"))
    var out = RecordingFolder.usual

    @OptionGroup var folder: CA.DataFolder

    func run() async throws {
        signal(SIGPIPE, SIG_DFL)
        var problems = 0
        func tell(_ findings: [DoctorFinding]) throws {
            problems += findings.count { $0.level == .problem }
            let text = findings.map(\.text).joined()
            try failing { try DescriptorWriter.standardOutput.write(Array(text.utf8)) }
        }
        try tell(AuthorityCheckup(directory: folder.directory).findings)
        try tell(listening.addresses.map(PortCheckup.finding))
        // It may take a while, so what is known by now is shown before.
        try await tell(NameCheckup(domain: domain, resolver: resolver).findings())
        try tell(MachineCheckup(recordings: RecordingFolder(out)).findings)
        if problems > 0 { throw Failure("") }
    }
}

/// The ports that are looked at.
struct DoctorListenArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where 'record' is to listen; may be given several times. (default: 127.0.0.1:5222, and [::1]:5222 where there is one)",
            valueName: "host:port"
        ),
        transform: ListenAddress.init(argument:)
    )
    var listen: [ListenAddress] = []

    /// Those that were given; else those of `record`.
    var addresses: [ListenAddress] {
        get throws { try listen.isEmpty ? ListenArguments.usual : listen }
    }
}

/// What one look tells.
struct DoctorFinding: Sendable, Equatable {
    enum Level: String, Sendable {
        case ok
        /// Something that only some uses need.
        case note
        case problem
    }

    let level: Level
    /// A clause or several, without a full stop.
    let what: String
    /// What mends it: a command, or where there is none, a clause. Nil where there is nothing to mend.
    var remedy: String?

    init(_ level: Level, _ what: String, remedy: String? = nil) {
        self.level = level
        self.what = what
        self.remedy = remedy
    }

    /// As it is written, with its line ends.
    var text: String {
        let start = level.rawValue + String(repeating: " ", count: 9 - level.rawValue.count)
        return "\(start)\(what)\n" + (remedy.map { "         \($0)\n" } ?? "")
    }
}

/// A path as a shell takes it.
func quotedForShell(_ path: String) -> String {
    let isPlain =
        !path.isEmpty
        && path.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
    return isPlain ? path : "'" + path.replacing("'", with: "'\\''") + "'"
}
