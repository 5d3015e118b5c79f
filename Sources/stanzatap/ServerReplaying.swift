import ArgumentParser
import Capture
import Certificates
import Conversation
import Filter
import Glibc
import Inspector
import Player
import Relay
import Replay
import Synchronization
import XMLStream
import XMPP

/// What is made of packets that the recorded client said and no client of the replay.
enum UnsaidPackets {
    case ignored
    case told
    case failure
}

/// One run of a recorded server: `stanzatap replay --as server` and `stanzatap record --upstream replay:FILE`.
struct ServerReplaying {
    /// What holds the recorded server; nil for the newest recording of `directory`.
    let file: String?
    let listeners: [ListenAddress]
    let directory: String
    let recorder: String
    var output: LiveOutput
    /// Signs the certificates that clients are shown; nil to have no TLS.
    var authority: CertificateAuthority?
    var keyPair: KeyPair?
    var isStrict = false
    var unsaid = UnsaidPackets.ignored
    var password: String?
    /// What `--set` says, as NAME=VALUE.
    var settings: [String] = []
    /// A user whom nobody knows stands for the recorded one though others than this machine reach the server.
    var takesAnyUser = false
    var ignored: [PacketFilter] = []
    /// The numbers of the connections to be played; none for all.
    var connections: [Int] = []
    /// Gets what clients did otherwise than recorded; nil for nobody.
    var junit: ReplayReport?

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let signals = Signals()
        let (conversation, source) = try RecordingFile.load(file, newestIn: directory, connections: connections)
        var script = try makeScript(conversation)
        script.isStrict = isStrict
        script.hasTLS = authority != nil
        for filter in ignored { script.rules.ignore(filter) }
        let name = try RecordingFolder(directory).newName()
        let capture = try failing { try CaptureFile(path: name.capture, program: program, recorder: recorder) }
        junit?.records(to: capture.path)
        let live = output
        let inspector = LiveInspector(file: capture, report: report) {
            try live.inspector(of: capture, transcripts: name.base)
        }
        inspector.start()
        let departures = Departures()
        let server = ReplayServer(
            script,
            source: source,
            capture: capture,
            program: program,
            authority: authority,
            keyPair: keyPair,
            listening: listeners.map(\.endpoint.host),
            log: report,
            report: departures.add
        )
        do {
            try await listen(server)
        } catch {
            LiveOutput.catchUp(inspector, signals)
            RecordingFolder.removeIfEmpty([capture.path])
            throw error
        }
        report("recording to \(capture.path), transcripts in \(name.base)/")
        await end(signals, departures)
        await server.stop()
        LiveOutput.catchUp(inspector, signals)
        RecordingFolder.tellEnd(of: [capture.path], capture)
        let rest = tellsUnsaid(server.connectionCount) ? server.unplayed.map(\.told) : []
        try junit?.finish(
            departures.all,
            unsaid: rest,
            clients: server.connectionCount,
            isStrict: isStrict,
            mustBeComplete: unsaid == .failure
        )
        try tell(departures)
        try tell(unsaid: rest)
    }

    private func makeScript(_ conversation: RecordedConversation) throws -> ServerScript {
        let users = RecordedAccounts(conversation).users
        var (password, told) = (self.password, [String: String]())
        for setting in settings {
            let (name, value) = try Self.parts(of: setting)
            if name == "password" {
                password = value
            } else if users.contains(name) {
                told[name] = value
            } else {
                throw ValidationError(
                    "--set: as the server, NAME is password or a recorded user, not \(name.quoted(limit: 60))"
                )
            }
        }
        let isNear = listeners.allSatisfy(\.endpoint.isLoopback)
        let takesAnyUser = isNear || self.takesAnyUser
        let script = ServerScript(conversation, password: password, told: told, takesAnyUser: takesAnyUser)
        guard script.accounts.knowsPassword || takesAnyUser else {
            throw Failure(
                "no password is known, and others than this machine could log in: give one by --password-file FILE or"
                    + " --set password=…, or let anybody in with --any-user",
                status: 2
            )
        }
        report(script.accounts.summary)
        return script
    }

    private static func parts(of setting: String) throws -> (name: String, value: String) {
        guard let equals = setting.firstIndex(of: "="), equals != setting.startIndex else {
            throw ValidationError("--set: \"\(setting)\" is not NAME=VALUE; for example: password=1234")
        }
        return (String(setting[..<equals]), String(setting[setting.index(after: equals)...]))
    }

    private func listen(_ server: ReplayServer) async throws {
        var isListening = false
        for address in listeners {
            do {
                guard let endpoint = try await server.listen(address) else { continue }
                report("listening on \(endpoint)")
                isListening = true
            } catch {
                await server.stop()
                throw Failure("cannot listen on \(address): \(LibraryWords.told(error))")
            }
        }
        if !isListening { throw Failure("none of the addresses can be listened on") }
    }

    /// Waits for Ctrl-C, for the recording to fail, or with --strict for the first departure.
    private func end(_ signals: Signals, _ departures: Departures) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await signals.first() }
            group.addTask { [isStrict] in await departures.wait { isStrict || $0.isFailure } }
            await group.next()
            group.cancelAll()
        }
    }

    /// Lists what clients did that was never recorded, each once with its count.
    private func tell(_ departures: Departures) throws {
        let all = departures.all
        if let failure = all.first(where: \.isFailure) { throw Failure("the recording ended: \(failure.text)") }
        var counts: [String: (first: Departure, count: Int)] = [:]
        for departure in all {
            let what = String(departure.text.drop { $0 != ":" })
            counts[what] = (counts[what]?.first ?? departure, (counts[what]?.count ?? 0) + 1)
        }
        for (first, count) in counts.values.sorted(by: {
            ($0.first.connection, $0.first.text) < ($1.first.connection, $1.first.text)
        }) {
            let times = count > 1 ? " (\(count) times)" : ""
            report("connection \(first.connection), packet \(first.text.shown(limit: 600))\(times)")
            ErrorLines.shared.flush()
        }
        if isStrict && !all.isEmpty { throw Failure("a client departed from the recording") }
    }

    /// Where nobody came, that alone is told.
    private func tellsUnsaid(_ clients: Int) -> Bool {
        switch unsaid {
        case .ignored: false
        case .told: clients > 0
        case .failure: true
        }
    }

    private static let unsaidLimit = 20

    /// Lists what the recorded client said and nobody since.
    private func tell(unsaid lines: [String]) throws {
        for line in lines.prefix(Self.unsaidLimit) { report("recorded, and said by no client: \(line)") }
        if lines.count > Self.unsaidLimit {
            report("recorded, and said by no client: \(lines.count - Self.unsaidLimit) kinds of packets more")
        }
        if unsaid == .failure, !lines.isEmpty { throw Failure("no client did all that was recorded") }
    }
}

extension RecordedExchange {
    /// `packet 004 of connection 1, <iq type="get"> with <query> (jabber:iq:register)`
    fileprivate var told: String {
        let namespace = element?.firstChild.map { " (\($0.namespace.shown(limit: 100)))" } ?? ""
        return "\(request.name) of connection \(connection), \(element?.summary ?? "")\(namespace)"
    }
}

/// The departures of all clients so far.
private final class Departures: Sendable {
    private let list = Mutex<[Departure]>([])
    private let stream: AsyncStream<Departure>
    private let continuation: AsyncStream<Departure>.Continuation

    /// More are counted by nobody.
    private static let limit = 10_000

    init() { (stream, continuation) = AsyncStream<Departure>.makeStream(bufferingPolicy: .bufferingNewest(Self.limit)) }

    var all: [Departure] { list.withLock { $0 } }

    @Sendable
    func add(_ departure: Departure) {
        list.withLock { if $0.count < Self.limit { $0.append(departure) } }
        continuation.yield(departure)
    }

    func wait(until condition: (Departure) -> Bool) async {
        for await departure in stream where condition(departure) { return }
    }
}
