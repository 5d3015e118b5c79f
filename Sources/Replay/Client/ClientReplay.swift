import Conversation
import XMLStream
import XMPP

/// Replays the client's side of a recording against a live server: what happened in, what is to be done out. It performs
/// nothing and owns no clock.
///
/// The steps of all recorded connections are gone through in the order in which they were recorded, so each packet of the
/// client is sent when the server's packets before it have come. What comes is compared with what was recorded.
/// TLS and SASL are done for real; ids, JIDs and what else the server makes up are put in terms of this run.
public struct ClientReplay {
    /// What became of a step.
    enum Progress: Equatable {
        case done
        /// Something must happen first; it is taken for missing after the patience of the options.
        case waiting
        /// Nothing must happen for a while.
        case listening
        /// The server is given a moment before the next connection.
        case settling
        /// Something must happen first, and it will: the shell or the user tells.
        case suspended
    }

    let steps: [RecordedConversation.Step]
    /// True if a script is run: what it does not speak of is no difference.
    let isScript: Bool
    var matcher = ScansionMatcher()
    /// The connection before which the server was given a moment.
    var settledBefore: Int?
    /// The step of a script for which something is awaited; each has its own time.
    var awaitedStep = -1
    let options: ClientReplayOptions
    let accounts: RecordedAccounts
    /// The step that is to be done next.
    var cursor = 0
    /// Steps that were done out of their order, or that are left out.
    var passedOver: Set<Int> = []
    var connections: [Int: LiveConnection] = [:]
    var values: ValueMap
    var summary = ReplaySummary()
    var actions: [ClientReplayAction] = []
    /// Nothing that is expected came for as long as the options allow.
    var isOutOfTime = false
    /// Counts what brings the replay on: packets sent, and expected ones that came. What nobody expects gives no more time.
    var headway = 0
    /// The step and the headway for which the last time limit was set.
    private var limited: (step: Int, headway: Int)?
    private var pace = Pace()
    private var isFinished = false

    /// - Parameter values: what the user wants otherwise than recorded; see `ReplaySettings`.
    public init(_ conversation: RecordedConversation, values: ValueMap, options: ClientReplayOptions) {
        steps = conversation.steps
        isScript = conversation.isScript
        accounts = RecordedAccounts(conversation)
        self.values = values
        self.options = options
    }

    // MARK: What happened

    /// Begins.
    public mutating func started() -> [ClientReplayAction] { advance() }

    /// The connection is there, TLS from the first byte included if it was asked for.
    public mutating func connected(_ connection: Int, isSecured: Bool) -> [ClientReplayAction] {
        connections[connection]?.state = .open
        connections[connection]?.isSecured = isSecured
        madeHeadway()
        return advance()
    }

    /// The server cannot be reached, or its certificate was refused; why, in a clause.
    public mutating func failed(_ connection: Int, reason: String) -> [ClientReplayAction] {
        connections[connection]?.state = .closed
        summary.failure = summary.failure ?? reason
        return advance()
    }

    /// TLS is there.
    public mutating func secured(_ connection: Int) -> [ClientReplayAction] {
        connections[connection]?.state = .open
        connections[connection]?.isSecured = true
        connections[connection]?.beginAnew()
        reopenAfterDetour(connection)
        return advance()
    }

    public mutating func received(_ bytes: [UInt8], on connection: Int) -> [ClientReplayAction] {
        guard connections[connection] != nil else { return [] }
        read(bytes, connection)
        return advance()
    }

    /// The server has closed its side, or the connection is gone.
    public mutating func closed(_ connection: Int, wasReset: Bool) -> [ClientReplayAction] {
        guard let live = connections[connection], live.state != .closed else { return [] }
        connections[connection]?.serverHasClosed = true
        if wasReset || live.outputIsClosed { connections[connection]?.state = .closed }
        return advance()
    }

    /// The time that a `wait` asked for is over.
    public mutating func timedOut() -> [ClientReplayAction] {
        if pace.isPausing {
            pace.isPausing = false
        } else {
            isOutOfTime = true
        }
        return advance()
    }

    /// The user wants the next packet sent.
    public mutating func userAgreed() -> [ClientReplayAction] {
        pace.isPausing = false
        return advance()
    }

    /// The user has had enough: what is open is closed.
    public mutating func interrupted() -> [ClientReplayAction] {
        summary.failure = summary.failure ?? "it was interrupted"
        return advance()
    }

    // MARK: Going on

    private mutating func advance() -> [ClientReplayAction] {
        var progress = Progress.done
        while progress == .done, !isFinished {
            if cursor >= steps.count || summary.failure != nil {
                progress = endAll()
                if progress == .done { finish() }
            } else if passedOver.remove(cursor) != nil {
                cursor += 1
            } else {
                progress = perform(steps[cursor])
                if progress == .done { cursor += 1 }
            }
        }
        if progress == .settling { actions.append(.wait(seconds: options.settling)) }
        if progress == .listening { actions.append(.wait(seconds: min(1, options.patience))) }
        if progress == .waiting, limited?.step != cursor || limited?.headway != headway {
            limited = (cursor, headway)
            actions.append(.wait(seconds: options.patience))
        }
        defer { actions = [] }
        return actions
    }

    private mutating func finish() {
        isFinished = true
        for connection in connections.keys.sorted() {
            tellUnexpected(connection)
            if connections[connection]?.state != .closed { actions.append(.close(connection, isReset: false)) }
        }
        for index in cursor..<max(cursor, steps.count) where !passedOver.contains(index) { countUnsent(steps[index]) }
        actions.append(.finish(summary))
    }

    private mutating func countUnsent(_ step: RecordedConversation.Step) {
        guard case .packet(let packet) = step.event, packet.direction == .clientToServer, !packet.isSentByProxy else {
            return
        }
        summary.unsent += 1
    }

    /// Something brought the replay on, so what is awaited next has its full time.
    mutating func madeHeadway() {
        headway += 1
        isOutOfTime = false
    }

    private mutating func perform(_ step: RecordedConversation.Step) -> Progress {
        let connection = step.connection
        if case .opened = step.event { return open(connection) }
        guard let live = connections[connection], !live.isAbandoned else {
            countUnsent(step)
            return .done
        }
        if live.state == .securing || live.login != nil || live.detour != nil {
            return waitForNegotiation(live, connection)
        }
        switch step.event {
        case .opened: return .done
        case .packet(let packet) where packet.direction == .clientToServer: return perform(sending: packet, step)
        case .packet(let packet): return perform(expecting: packet, connection)
        case .secured(let isDirect): return secure(isDirect: isDirect, connection)
        case .keepAlive(.clientToServer): return sendKeepAlive(connection)
        case .keepAlive(.serverToClient): return .done
        case .closed(.clientToServer): return closeOutput(connection)
        case .closed(.serverToClient), .reset(.serverToClient): return awaitEnd(connection)
        case .reset(.clientToServer):
            connections[connection]?.state = .closed
            actions.append(.close(connection, isReset: true))
            return .done
        case .unreadable(let reason):
            summary.unreadable += 1
            abandon(connection, "the recording goes no further here: \(reason)")
            return .done
        case .receives(let written, let line): return perform(receiving: written, line, connection)
        case .receivesNothing(let line): return listen(line, connection)
        case .damaged(_, let reason):
            actions.append(.note(connection, "left out, for the recording is damaged here: \(reason)"))
            return .done
        }
    }

    private mutating func perform(sending packet: RecordedPacket, _ step: RecordedConversation.Step) -> Progress {
        if packet.isSentByProxy { return .done }
        let ended = connections[step.connection]
        // Both sides may end their streams at once; whose end came first is a matter of chance.
        if ended?.serverHasClosed == true, packet.kind == .end || ended?.hasSentEnd == true { return .done }
        guard let live = connections[step.connection], live.canSend, !live.serverHasClosed else {
            countUnsent(step)
            return .done
        }
        if live.awaitsFeatures, !isOutOfTime { return .waiting }
        if pace.isPausing { return .suspended }
        if let pause = pace.pause(before: cursor, in: steps, options.speed) {
            actions.append(pause == .user ? .awaitUser(packet.summary) : .wait(seconds: pause.seconds))
            return .suspended
        }
        return send(packet, step.connection)
    }

    // MARK: Telling

    mutating func differ(_ connection: Int, _ text: String) {
        summary.differences += 1
        actions.append(.differ(connection, text))
    }

    /// Gives up the rest of a connection.
    mutating func abandon(_ connection: Int, _ reason: String) {
        actions.append(.note(connection, reason))
        tellUnexpected(connection)
        connections[connection]?.isAbandoned = true
        connections[connection]?.login = nil
        connections[connection]?.detour = nil
        guard let live = connections[connection], live.state != .closed else { return }
        endStream(connection)
        connections[connection]?.outputIsClosed = true
        actions.append(.closeOutput(connection))
    }
}
