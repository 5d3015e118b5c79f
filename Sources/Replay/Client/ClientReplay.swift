import Conversation
import XMPP

/// Replays the client's side of a recording against a live server: what happened in, what is to be done out. It performs
/// nothing and owns no clock.
///
/// The steps of all recorded connections are gone through in the order in which they were recorded, so each packet of the
/// client is sent when the server's packets before it have come. What comes is compared with what was recorded.
/// TLS and SASL are done for real; ids, JIDs and what else the server makes up are put in terms of this run.
public struct ClientReplay {
    private var run: ReplayRun
    private var connections: [Int: ConnectionReplay] = [:]
    /// The connection before which the server was given a moment.
    private var settledBefore: Int?
    /// The step before which the server is given a moment.
    private var settlingStep: Int?
    /// The step and the headway for which the last time limit was set.
    private var limited: (step: Int, headway: Int)?
    private var isFinished = false

    /// - Parameter values: what the user wants otherwise than recorded; see `ReplaySettings`.
    public init(_ conversation: RecordedConversation, values: ValueMap, options: ClientReplayOptions) {
        run = ReplayRun(conversation, values: values, options: options)
    }

    /// What became of single steps since this was called last; nothing unless the options ask for it.
    public mutating func takeCases() -> [ReplayedCase] {
        defer { run.cases = [] }
        return run.cases
    }

    // MARK: What happened

    /// Begins.
    public mutating func started() -> [ClientReplayAction] { advance() }

    /// The connection is there, TLS from the first byte included if it was asked for.
    public mutating func connected(_ connection: Int, isSecured: Bool) -> [ClientReplayAction] {
        connections[connection]?.connected(isSecured: isSecured)
        run.madeHeadway()
        return advance()
    }

    /// The server cannot be reached, or its certificate was refused; why, in a clause.
    public mutating func failed(_ connection: Int, reason: String) -> [ClientReplayAction] {
        connections[connection]?.failed()
        run.summary.failure = run.summary.failure ?? reason
        return advance()
    }

    /// TLS is there.
    public mutating func secured(_ connection: Int) -> [ClientReplayAction] {
        connections[connection]?.secured(&run)
        return advance()
    }

    public mutating func received(_ bytes: [UInt8], on connection: Int) -> [ClientReplayAction] {
        guard connections[connection]?.received(bytes, &run) != nil else { return [] }
        return advance()
    }

    /// The server has closed its side, or the connection is gone.
    public mutating func closed(_ connection: Int, wasReset: Bool) -> [ClientReplayAction] {
        guard connections[connection]?.serverClosed(wasReset: wasReset) == true else { return [] }
        return advance()
    }

    /// The time that a `wait` asked for is over.
    public mutating func timedOut() -> [ClientReplayAction] {
        if run.pace.isPausing, run.summary.failure == nil {
            run.pace.isPausing = false
        } else {
            run.timeRanOut()
        }
        return advance()
    }

    /// The user wants the next packet sent.
    public mutating func userAgreed() -> [ClientReplayAction] {
        run.pace.isPausing = false
        return advance()
    }

    /// The user has had enough: what is open is closed.
    public mutating func interrupted() -> [ClientReplayAction] {
        for number in connections.keys.sorted() { connections[number]?.tellInterruption(run: &run) }
        run.summary.failure = run.summary.failure ?? "it was interrupted"
        run.isInterrupted = true
        // What was waited for so far may have had hours.
        limited = nil
        return advance()
    }

    // MARK: Going on

    private mutating func advance() -> [ClientReplayAction] {
        var progress = ReplayProgress.done
        while progress == .done, !isFinished {
            if run.cursor >= run.steps.count || run.summary.failure != nil {
                progress = endAll()
                if progress == .done { finish() }
            } else if run.passedOver.remove(run.cursor) != nil {
                run.cursor += 1
            } else {
                progress = perform(run.steps[run.cursor])
                if progress == .done { run.cursor += 1 }
            }
        }
        setTimeLimit(for: progress)
        defer { run.actions = [] }
        return run.actions
    }

    private mutating func setTimeLimit(for progress: ReplayProgress) {
        switch progress {
        case .done, .suspended: return
        case .settling:
            // What comes meanwhile makes it no longer.
            guard settlingStep != run.cursor else { return }
            settlingStep = run.cursor
            run.actions.append(.wait(seconds: run.options.settling))
        case .listening: run.actions.append(.wait(seconds: min(1, run.options.patience)))
        case .waiting:
            guard limited?.step != run.cursor || limited?.headway != run.headway else { return }
            limited = (run.cursor, run.headway)
            run.actions.append(.wait(seconds: run.patience))
        }
    }

    private mutating func perform(_ step: RecordedConversation.Step) -> ReplayProgress {
        if case .opened = step.event { return open(step.connection) }
        if let progress = connections[step.connection]?.perform(step, &run) { return progress }
        run.countUnsent(step)
        return .done
    }

    private mutating func open(_ number: Int) -> ReplayProgress {
        if let connection = connections[number] { return connection.isConnecting ? .suspended : .done }
        let progress = endAll()
        if progress != .done { return progress }
        if settledBefore != number, !connections.isEmpty, connections.values.allSatisfy(\.isClosed) {
            settledBefore = number
            return .settling
        }
        connections[number] = ConnectionReplay(number, &run)
        return .suspended
    }

    /// Ends the connections that the recording is through with, and waits for the server's ends: servers, jabberd2 above
    /// all, do not like the next connection right beside the last one.
    private mutating func endAll() -> ReplayProgress {
        for number in connections.keys.sorted() where connections[number]?.isUnfinished(run) == true {
            if connections[number]?.end(&run) == .waiting { return .waiting }
        }
        return .done
    }

    private mutating func finish() {
        isFinished = true
        for number in connections.keys.sorted() {
            connections[number]?.tellRest(&run)
            connections[number]?.tellStrangers(&run)
            if connections[number]?.isClosed == false { run.actions.append(.close(number, isReset: false)) }
        }
        for index in run.cursor..<max(run.cursor, run.steps.count) where !run.passedOver.contains(index) {
            run.countUnsent(run.steps[index])
            run.countUnreceived(run.steps[index])
        }
        run.actions.append(.finish(run.summary))
    }
}
