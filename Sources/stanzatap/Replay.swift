import ArgumentParser
import Replay

struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do again what a recorded client or server did, and compare.",
        discussion: """
            As the client: sends what the recorded client sent, each packet when the server has answered the ones before it, and compares \
            the answers with the recorded ones by meaning. TLS and SASL are done for real; ids, JIDs and resources are put in \
            terms of the new session. What people said who are not part of the replay is not waited for. The transcript of the new run goes to standard output with every difference in its \
            place, and is recorded like any other.

            As the server: answers any client as the recorded server did. Requests are matched by meaning, not by their order; the \
            client's own name, resource and ids stand in place of the recorded ones. Nobody answers in the name of somebody else: what \
            was never recorded of whom is asked gets service-unavailable or silence, and is listed at the end.

            FILE is a capture of stanzatap's, anybody's pcap or pcapng, a transcript, an edited or damaged one too, or a script of \
            scansion (.scs), in which several clients act: a stanza and its <error/> may hold more than the script writes, a payload \
            must be as written, and what a client does after it has disconnected is told as a difference.

            Examples:
              stanzatap replay captures/2026-11-23T05-15-40.123.pcapng --as client --to localhost
              stanzatap replay bug.pcapng --as client --to localhost:5223 --set username=test4 --set domain=example.org
              stanzatap replay edited-transcript.txt --as client --to localhost --speed step
              stanzatap replay bug.pcapng --as client --to xmpp.example.org --password-file secret --ignore '//@ver'

              stanzatap replay bug.pcapng --as server --listen 127.0.0.1:5222
              stanzatap replay bug.pcapng --as server --strict
              stanzatap replay evening.pcapng --as client --to localhost --connection 4 --connection 7
              stanzatap replay basic_message.scs --to localhost
              stanzatap replay bug.pcapng --as client --to localhost --quiet --junit report.xml

            Exit status: 0 all went as recorded, 1 there are differences (as the server with --strict only), 2 it could not be run.
            """
    )

    enum Role: String, ExpressibleByArgument, CaseIterable { case client, server }

    @Argument(
        help: ArgumentHelp(
            "The recording: a file, - for standard input, or a folder for the latest recording in it. (default: the newest recording in the folder of --out that is no replay)",
            valueName: "file"
        ),
        completion: .file()
    )
    var file: String?

    @Option(name: .customLong("as"), help: "Which side is replayed. (default for scripts: client)")
    var role: Role?

    @Option(
        help: ArgumentHelp(
            "Only the connection of that number in the recording. May be given several times.",
            valueName: "n"
        )
    )
    var connection: [Int] = []

    @OptionGroup(title: "As the client") var client: ClientReplayArguments

    @OptionGroup(title: "As the server") var server: ServerReplayArguments

    @OptionGroup(title: "Recording") var output: ReplayOutputArguments

    func run() async throws {
        guard let role = role ?? (RecordingFile.isScript(file) ? .client : nil) else {
            throw ValidationError("--as is missing: client or server")
        }
        if file == "-", role == .client, client.speed == .step {
            throw ValidationError("--speed step waits for Enter on standard input, which is the recording here")
        }
        let report = try output.junit.map { try ReplayReport(path: $0, recording: file ?? output.out) }
        do {
            try await run(role, report)
        } catch {
            // After the end of the replay this says nothing any more.
            try report?.fail("\(error)")
            throw error
        }
    }

    private func run(_ role: Role, _ report: ReplayReport?) async throws {
        switch role {
        case .client:
            var replaying = ClientReplaying(file: file, arguments: client, output: output, connections: connection)
            replaying.junit = report
            try await replaying.run()
        case .server:
            var replaying = try server.replaying(file, connection, client, output)
            replaying.junit = report
            try await replaying.run()
        }
    }
}

/// Where a replay is recorded and how it is shown.
struct ReplayOutputArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Where the new recording goes; made if it is not there.", valueName: "dir"))
    var out = "captures"

    @Option(help: "What is shown on standard output: text, brief (a line for each packet), or jsonl.")
    var format: Format = .text

    @Flag(name: .shortAndLong, help: "Show no transcripts; only record, and tell the result.")
    var quiet = false

    @Option(
        help: ArgumentHelp(
            "Write a report for continuous integration (JUnit XML), also when the replay fails: a suite for each connection, a case for each recorded answer. '-' is standard output, with --quiet only.",
            valueName: "file"
        )
    )
    var junit: String?

    @OptionGroup var recorder: RecorderArguments

    @OptionGroup var text: TextArguments

    func validate() throws {
        if junit?.isEmpty == true { throw ValidationError("--junit needs the name of a file") }
        if junit == "-", !quiet {
            throw ValidationError("--junit - would be mixed with the transcripts on standard output; add --quiet")
        }
    }
}
