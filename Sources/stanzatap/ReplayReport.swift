import Glibc
import Output
import Player
import Replay
import Synchronization
import SystemErrors
import Transcript
import XMPP

/// The report of a replay for continuous integration (`--junit`). It is there from the start, and says until the end that the
/// end is missing: so a replay that is killed leaves a report that tells of it.
final class ReplayReport: Sendable {
    private struct State {
        var cases: [Int: [JUnitReport.Case]] = [:]
        var last = ContinuousClock.now
        var isFinished = false
        var capture: String?
    }

    private static let unsent = "not sent"

    private let state = Mutex(State())
    private let target: DescriptorWriter
    /// False for a pipe or a terminal, in which nothing can be replaced.
    private let isFile: Bool
    private let name: String
    private let timestamp: String

    /// - Parameters:
    ///   - path: a file that is made or written over, for its owner only; `-` for standard output.
    ///   - recording: what is replayed.
    init(path: String, recording: String) throws {
        name = "stanzatap replay " + recording.shown(limit: 1_000)
        timestamp = Self.now()
        if path == "-" {
            (target, isFile) = (.standardOutput, false)
            return
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        var facts = stat()
        guard descriptor >= 0, fstat(descriptor, &facts) == 0 else {
            throw Failure("cannot make \(path.shown(limit: 1_000)): \(systemReason(errno))", status: 2)
        }
        isFile = facts.st_mode & S_IFMT == S_IFREG
        // What was in packets is not for everybody, in a file that was there before either.
        if isFile { fchmod(descriptor, 0o600) }
        target = DescriptorWriter(descriptor, name: path)
        if isFile { try write(broken("the replay did not come to its end")) }
    }

    private static func now() -> String {
        String(rfc3339(UInt64(max(0, time(nil))) * 1_000_000_000).prefix(19))
    }

    // MARK: What is found out

    /// Where the new recording is.
    func records(to capture: String) { state.withLock { $0.capture = capture } }

    /// What became of steps of a replay as the client; the time since the ones before is that of the first of them.
    @Sendable
    func add(_ cases: [ReplayedCase]) {
        state.withLock { state in
            let now = ContinuousClock.now
            var seconds = (now - state.last) / .seconds(1)
            state.last = now
            for item in cases {
                let result = Self.result(item.result)
                state.cases[item.connection, default: []].append(
                    .init(name: item.name, seconds: seconds, result: result)
                )
                seconds = 0
            }
        }
    }

    private static func result(_ result: ReplayedCase.Result) -> JUnitReport.Case.Result {
        switch result {
        case .asRecorded: .passed
        case .differs(let how): .failed(type: "difference", how)
        case .unsent(let why): .failed(type: unsent, why)
        case .passedOver(let why): .skipped(why)
        case .unreadable(let why): .broken("the recording goes no further here: \(why)")
        }
    }

    // MARK: The end

    /// A replay as the client has ended.
    func finish(_ summary: ReplaySummary) throws {
        var report = report()
        if let failure = summary.failure {
            // What could not be sent then is no failure of its own.
            report.suites = report.suites.map { suite in
                JUnitReport.Suite(name: suite.name, cases: suite.cases.map(Self.withoutUnsent))
            }
            report.suites += broken(failure).suites
        }
        try finish(report)
    }

    private static func withoutUnsent(_ item: JUnitReport.Case) -> JUnitReport.Case {
        guard case .failed(type: unsent, let why) = item.result else { return item }
        return JUnitReport.Case(name: item.name, seconds: item.seconds, result: .skipped(why))
    }

    /// A replay as the server has ended: each client has one case, or one for each departure where those are failures.
    ///
    /// - Parameter unsaid: what was recorded and said by no client.
    func finish(
        _ departures: [Departure],
        unsaid: [String],
        clients: Int,
        isStrict: Bool,
        mustBeComplete: Bool
    ) throws {
        var report = report()
        let seconds = (ContinuousClock.now - state.withLock { $0.last }) / .seconds(1)
        let byClient = Dictionary(grouping: departures.filter { !$0.isFailure }, by: \.connection)
        for client in (0..<clients).map({ $0 + 1 }) {
            let texts = (byClient[client] ?? []).map { "packet " + $0.text.shown(limit: 600) }
            let suite = Self.suite(client, texts, isStrict: isStrict, seconds: client == 1 ? seconds : 0)
            report.suites.append(suite)
        }
        if clients == 0 {
            let nobody = JUnitReport.Case(name: "a client comes", result: .skipped("no client came"))
            report.suites.append(JUnitReport.Suite(name: "the whole", cases: [nobody]))
        }
        let rest = unsaid.map { text in
            let result: JUnitReport.Case.Result =
                mustBeComplete ? .failed(type: "unsaid", "said by no client: " + text) : .skipped("said by no client")
            return JUnitReport.Case(name: String(text.prefix { $0 != "," }), result: result)
        }
        if !rest.isEmpty { report.suites.append(JUnitReport.Suite(name: "what no client said", cases: rest)) }
        if let failure = departures.first(where: \.isFailure) { report.suites += broken(failure.text).suites }
        try finish(report)
    }

    private static func suite(_ client: Int, _ texts: [String], isStrict: Bool, seconds: Double) -> JUnitReport.Suite {
        var suite = JUnitReport.Suite(name: "connection \(client)")
        if isStrict {
            suite.cases = texts.map { text in
                JUnitReport.Case(name: String(text.prefix { $0 != ":" }), result: .failed(type: "departure", text))
            }
        }
        if suite.cases.isEmpty {
            suite.cases = [JUnitReport.Case(name: "what the client says", seconds: seconds, result: .passed)]
        }
        suite.output = texts.isEmpty ? nil : texts.joined(separator: "\n")
        return suite
    }

    /// It could not be run, or not to its end.
    func fail(_ reason: String) throws {
        var report = report()
        report.suites += broken(reason).suites
        try finish(report)
    }

    private func finish(_ report: JUnitReport) throws {
        let isFirst = state.withLock { state in
            defer { state.isFinished = true }
            return !state.isFinished
        }
        if isFirst { try write(report) }
    }

    private func report() -> JUnitReport {
        state.withLock { state in
            var report = JUnitReport(name: name, timestamp: timestamp)
            if let capture = state.capture { report.properties.append(("recording", capture)) }
            report.suites = state.cases.sorted { $0.key < $1.key }
                .map { JUnitReport.Suite(name: "connection \($0.key)", cases: $0.value) }
            return report
        }
    }

    private func broken(_ reason: String) -> JUnitReport {
        let item = JUnitReport.Case(name: "the replay runs to its end", result: .broken(reason))
        return JUnitReport(name: name, timestamp: timestamp, suites: [.init(name: "the whole", cases: [item])])
    }

    private func write(_ report: JUnitReport) throws {
        let bytes = Array(report.xml.utf8)
        try failing {
            try target.write(bytes, at: isFile ? 0 : nil)
            if isFile { ftruncate(target.descriptor, off_t(bytes.count)) }
        }
    }
}
