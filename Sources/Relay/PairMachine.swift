import XMPP

/// The life of one connection between a client and its server: what happened goes in, what is to be done comes out.
///
/// It performs nothing and holds no byte; `Connection` does. Inputs are in the past tense, actions in the imperative,
/// to be done in the order given.
struct PairMachine: Equatable {
    enum Phase: Equatable {
        /// The client's bytes are held until its stream header names the server.
        case awaitingHeader
        /// The client's bytes are held until the server is connected.
        case searching
        /// The server was not reached. The client's header is awaited, so that the answer can be a proper stream.
        case refusing(Refusal)
        case relaying
        /// The client got its last bytes from us, and its FIN is awaited.
        case takingLeave
        case over
    }

    enum Action: Equatable {
        case readHeldHeader
        case findServer(domain: String?)
        case sendHeldToServer
        case recordClosed(Side)
        case recordReset(Side)
        case recordFailure(String)
        case recordRefusal(Refusal)
        /// Tells the client on a stream of our own.
        case refuse(Refusal, domain: String?)
        /// Tells the client on the stream that it has, or on one of our own if it has none.
        case sayRecordingFailed
        /// Sends a FIN to that side, after everything before it.
        case closeOutput(Side)
        /// Sends a RST to that side, after everything before it.
        case abort(Side)
        case close(Side)
        /// Starts the connection's one timer, in place of the one that runs.
        case startTimer(Timer)
        case stopTimer
        case end
    }

    enum Timer: Equatable { case header, refusal, farewell, grace }

    /// What becomes of received bytes, once they are recorded.
    enum Fate: Equatable { case hold, holdAndReadHeader, forward, drop }

    private struct Leg: Equatable {
        /// Its FIN or RST has come.
        var hasEnded = false
        /// We close it on our own account: what it does then is not its doing.
        var isGivenUp = false
        var isClosed = false
    }

    private(set) var phase: Phase
    private let hasFixedServer: Bool
    private var client = Leg()
    private var server: Leg?

    init(hasFixedServer: Bool) {
        self.hasFixedServer = hasFixedServer
        phase = hasFixedServer ? .searching : .awaitingHeader
    }

    // MARK: Finding the server

    func accepted() -> [Action] {
        hasFixedServer ? [.findServer(domain: nil)] : [.startTimer(.header)]
    }

    mutating func headerRead(_ verdict: HeaderVerdict) -> [Action] {
        switch (phase, verdict) {
        case (_, .incomplete), (.searching, _), (.relaying, _), (.takingLeave, _), (.over, _):
            return []
        case (.awaitingHeader, .domain(let domain)):
            phase = .searching
            return [.stopTimer, .findServer(domain: domain)]
        case (.awaitingHeader, .missingDomain):
            let reason = "the stream header has no 'to', and without --upstream that alone names the server"
            let refusal = Refusal(condition: .improperAddressing, host: "", reason: reason)
            return [.recordRefusal(refusal)] + refuse(refusal, domain: nil)
        case (.awaitingHeader, .notXMPP(let reason)):
            return giveUp(because: reason)
        case (.refusing(let refusal), .domain(let domain)):
            return refuse(refusal, domain: domain)
        case (.refusing(let refusal), .missingDomain):
            return refuse(refusal, domain: nil)
        case (.refusing, .notXMPP):
            return giveUp()
        }
    }

    mutating func serverConnected() -> [Action] {
        server = Leg()
        guard phase == .searching else {
            server?.isGivenUp = true
            return [.close(.server)]
        }
        phase = .relaying
        return [.sendHeldToServer] + (client.hasEnded ? [.closeOutput(.server)] : [])
    }

    mutating func searchFailed(_ refusal: Refusal) -> [Action] {
        guard phase == .searching else { return [] }
        if !hasFixedServer { return [.recordRefusal(refusal)] + refuse(refusal, domain: refusal.host) }
        phase = .refusing(refusal)
        return [.recordRefusal(refusal), .startTimer(.refusal), .readHeldHeader]
    }

    private mutating func refuse(_ refusal: Refusal, domain: String?) -> [Action] {
        phase = .takingLeave
        return [.refuse(refusal, domain: domain), .closeOutput(.client), .startTimer(.farewell)]
    }

    private mutating func giveUp(because reason: String? = nil) -> [Action] {
        phase = .takingLeave
        return (reason.map { [.recordFailure($0)] } ?? []) + closeAll()
    }

    private mutating func closeAll() -> [Action] {
        var actions: [Action] = []
        if !client.isClosed {
            client.isGivenUp = true
            actions.append(.close(.client))
        }
        if let leg = server, !leg.isClosed {
            server?.isGivenUp = true
            actions.append(.close(.server))
        }
        return actions
    }

    // MARK: Bytes and their ends

    func fateOfBytes(from side: Side) -> Fate {
        switch phase {
        case .awaitingHeader, .refusing: .holdAndReadHeader
        case .searching: .hold
        case .relaying: leg(side.other).isClosed ? .drop : .forward
        case .takingLeave, .over: .drop
        }
    }

    /// May more be read from `side`, if the other side takes (or does not take) bytes at the moment?
    func mayRead(from side: Side, otherIsWritable: Bool) -> Bool {
        switch phase {
        case .awaitingHeader, .refusing, .takingLeave: true
        case .searching, .over: false
        case .relaying: otherIsWritable
        }
    }

    /// The FIN of `side` came, after all its bytes.
    mutating func inputEnded(_ side: Side) -> [Action] {
        guard !leg(side).hasEnded, !leg(side).isGivenUp else { return [] }
        change(side) { $0.hasEnded = true }
        switch phase {
        case .awaitingHeader:
            return [.recordClosed(side)] + giveUp(because: "the client closed before its stream header was complete")
        case .refusing:
            return [.recordClosed(side)] + giveUp()
        case .relaying:
            return [.recordClosed(side), .closeOutput(side.other)]
        case .searching, .takingLeave, .over:
            return [.recordClosed(side)]
        }
    }

    /// The socket of `side` is gone: by a RST (or an error as good as one), or in order.
    mutating func closed(_ side: Side, wasReset: Bool) -> [Action] {
        let before = leg(side)
        guard !before.isClosed else { return [] }
        var actions: [Action] = []
        if !before.isGivenUp && wasReset {
            change(side) { $0.hasEnded = true }
            actions.append(.recordReset(side))
            if phase == .relaying, !leg(side.other).isClosed {
                change(side.other) { $0.isGivenUp = true }
                actions.append(.abort(side.other))
            }
        } else if !before.isGivenUp {
            actions += inputEnded(side)
        }
        change(side) { $0.isClosed = true }
        guard client.isClosed, server?.isClosed ?? true, phase != .over else { return actions }
        phase = .over
        return actions + [.stopTimer, .end]
    }

    // MARK: Ends from within

    mutating func timeExpired() -> [Action] {
        switch phase {
        case .awaitingHeader: giveUp(because: "the client sent no complete stream header in time")
        case .refusing, .takingLeave, .relaying: giveUp()
        case .searching, .over: []
        }
    }

    mutating func stopped() -> [Action] {
        let reason = "stanzatap was stopped and closes the connection"
        switch phase {
        case .awaitingHeader, .searching, .refusing:
            return giveUp(because: reason)
        case .relaying:
            return [.recordFailure(reason), .startTimer(.grace)]
                + [Side.client, .server].filter { !leg($0).isClosed && !leg($0).isGivenUp }.map { .closeOutput($0) }
        case .takingLeave:
            return [.startTimer(.grace)]
        case .over:
            return []
        }
    }

    /// Nothing can be recorded any more, so nothing may be passed on any more.
    mutating func recordingFailed() -> [Action] {
        guard phase != .over else { return [] }
        let wasTakingLeave = phase == .takingLeave
        phase = .takingLeave
        var actions: [Action] = [.startTimer(.farewell)]
        if !wasTakingLeave, !client.isClosed, !client.isGivenUp {
            actions += [.sayRecordingFailed, .closeOutput(.client)]
        }
        if let leg = server, !leg.isClosed {
            server?.isGivenUp = true
            actions.append(.close(.server))
        }
        return actions
    }

    // MARK: Legs

    private func leg(_ side: Side) -> Leg {
        switch side {
        case .client: client
        case .server: server ?? Leg(hasEnded: true, isGivenUp: true, isClosed: true)
        }
    }

    private mutating func change(_ side: Side, _ body: (inout Leg) -> Void) {
        switch side {
        case .client: body(&client)
        case .server:
            guard var leg = server else { return }
            body(&leg)
            server = leg
        }
    }
}
