import ArgumentParser
import Capture
import Conversation
import FoundationEssentials
import Glibc
import Inspector
import Output
import Player
import Relay
import Replay
import Synchronization
import Threads
import XMPP

/// One run of `stanzatap replay --as client`, from start to end.
struct ClientReplaying {
    /// The recording; nil for the newest one of the folder to which the replay is recorded.
    let file: String?
    let arguments: ClientReplayArguments
    let output: ReplayOutputArguments
    /// The numbers of the connections to be replayed; none for all.
    var connections: [Int] = []
    /// Gets what becomes of single steps; nil for nobody.
    var junit: ReplayReport?

    func run() async throws {
        guard let address = arguments.target else {
            throw ValidationError("--to is missing: the server that the recorded client is to talk to")
        }
        let (conversation, _) = try RecordingFile.load(file, newestIn: output.out, connections: connections)
        let accounts = RecordedAccounts(conversation)
        let values = try settings(conversation)
        var target = ReplayTarget(
            address: address,
            domain: values.domain(accounts.domains.first ?? address.host),
            trust: try arguments.trust()
        )
        target.isInsecure = arguments.upstreamInsecure
        let client = ReplayClient(
            conversation,
            values: values,
            options: try options(conversation, isNear: target.isNear),
            target: target
        )
        try await run(client)
    }

    private func settings(_ conversation: RecordedConversation) throws -> ValueMap {
        do throws(ReplayError) {
            return try ReplaySettings(arguments.settings).values(for: conversation)
        } catch {
            throw ValidationError("--set: \(error)")
        }
    }

    private func options(_ conversation: RecordedConversation, isNear: Bool) throws -> ClientReplayOptions {
        var options = ClientReplayOptions()
        options.tls = arguments.tls
        options.speed = arguments.speed
        for filter in arguments.ignore { options.rules.ignore(filter) }
        options.patience = arguments.timeout
        options.isNear = isNear
        options.tellsCases = junit != nil || output.quiet
        options.password = try arguments.password() ?? askForPassword(conversation)
        return options
    }

    /// Asks for a password where the recording tells of a login but of no password for it.
    private func askForPassword(_ conversation: RecordedConversation) throws -> String? {
        guard let user = ClientReplay.usersWithoutPassword(in: conversation).first else { return nil }
        guard isatty(STDIN_FILENO) == 1 else {
            throw Failure(
                "the recording does not tell the password of \(user); give it by --password-file FILE",
                status: 2
            )
        }
        guard let answer = getpass("Password of \(user): ") else { throw Failure("no password was given", status: 2) }
        return String(cString: answer)
    }

    private func run(_ client: ReplayClient) async throws {
        signal(SIGPIPE, SIG_IGN)
        let signals = Signals()
        let name = try RecordingFolder(output.out).newName()
        let recorder = output.recorder.name
        let capture = try failing { try CaptureFile(path: name.capture, program: program, recorder: recorder) }
        junit?.records(to: capture.path)
        let live = LiveOutput(display: output.quiet ? nil : output.format, options: output.text.options)
        let inspector = LiveInspector(file: capture, report: report) {
            try live.inspector(of: capture, transcripts: name.base)
        }
        inspector.start()
        let summary: ReplaySummary
        do {
            summary = try await failing { try await replay(client, capture, signals) }
        } catch {
            LiveOutput.catchUp(inspector, signals)
            RecordingFolder.tellEnd(of: [capture.path], capture)
            throw error
        }
        LiveOutput.catchUp(inspector, signals)
        RecordingFolder.tellEnd(of: [capture.path], capture)
        try tell(summary)
    }

    private func replay(_ client: ReplayClient, _ capture: CaptureFile, _ signals: Signals) async throws
        -> ReplaySummary
    {
        let quiet = output.quiet ? QuietDifferences() : nil
        let run = Task {
            try await client.run(
                capture: capture,
                program: program,
                askUser: { await Self.awaitEnter($0) },
                report: { cases in
                    junit?.add(cases)
                    quiet?.tell(cases)
                }
            )
        }
        let watch = Task {
            await signals.first()
            run.cancel()
        }
        defer { watch.cancel() }
        return try await run.value
    }

    private static func awaitEnter(_ what: String) async {
        report("press Enter to send \(what)")
        await withCheckedContinuation { continuation in
            let isRead = startThread(named: "Enter") {
                _ = readLine()
                continuation.resume()
            }
            if !isRead { continuation.resume() }
        }
    }

    private func tell(_ summary: ReplaySummary) throws {
        let text =
            switch output.format {
            case .text, .brief: (output.quiet ? "" : "\n") + "\(summary.text)\n"
            case .jsonl: try ReplayLine(summary).text + "\n"
            }
        try junit?.finish(summary)
        // Who does not read it has the exit status.
        if output.junit == "-" {
            report(summary.text)
        } else {
            try? DescriptorWriter.standardOutput.write(Array(text.utf8))
        }
        if summary.failure != nil { throw Failure("", status: 2) }
        if !summary.isAsRecorded { throw Failure("", status: 1) }
    }
}

/// Tells on standard error what went otherwise, where no transcript does.
private final class QuietDifferences: Sendable {
    private let count = Atomic<Int>(0)

    /// The transcript and the count have all of them.
    private static let limit = 20

    func tell(_ cases: [ReplayedCase]) {
        for item in cases {
            guard let how = item.result.failure else { continue }
            let number = count.add(1, ordering: .relaxed).newValue
            if number <= Self.limit { report("connection \(item.connection), \(item.name): \(how.shown(limit: 600))") }
            if number == Self.limit + 1 { report("more differences stand in the transcript") }
        }
    }
}

extension ReplayedCase.Result {
    /// Why it is a failure, a clause; nil if it is none.
    fileprivate var failure: String? {
        switch self {
        case .differs(let how): how
        case .unsent(let why): "it could not be sent: \(why)"
        case .asRecorded, .passedOver, .unreadable: nil
        }
    }
}

/// The result of a replay as a line of JSON (docs/jsonl-format.md).
private struct ReplayLine: Encodable {
    var kind = "replay"
    let connections: Int
    let sent: Int
    let unsent: Int
    let asRecorded: Int
    let differences: Int
    let ofOthers: Int
    let failure: String?
    let explanation: String

    init(_ summary: ReplaySummary) {
        connections = summary.connections
        sent = summary.sent
        unsent = summary.unsent
        asRecorded = summary.asRecorded
        differences = summary.differences
        ofOthers = summary.ofOthers
        failure = summary.failure
        explanation = summary.text
    }

    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
