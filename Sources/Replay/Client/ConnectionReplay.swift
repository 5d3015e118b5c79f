import Conversation
import XMLStream
import XMPP

/// One connection of a replay as the client: told what happens on it and which steps of the recording are due, it adds to the
/// run what is to be done.
struct ConnectionReplay {
    enum State {
        case connecting
        case open(OpenStream)
        /// A TLS handshake goes on. A stream that has to be opened again behind it is opened by that header.
        case securing(reopening: [UInt8]?)
        /// `unfinished`: what was being negotiated then.
        case closed(unfinished: OpenStream.Exchange?)
    }

    /// A packet of the server that nobody has looked at yet.
    struct Arrival: Equatable {
        /// Its number is that of the replay's transcript.
        let packet: RecordedPacket
        /// True once it was found to be expected by no step.
        var isUnexpected = false
    }

    struct Stranger {
        /// The address of who had said it.
        let name: String
        let packet: RecordedPacket
        /// What the recorded client answered, if it was a question.
        var answer: RecordedPacket?
    }

    /// Its number in the recording.
    let number: Int
    var state = State.connecting
    var isSecured = false
    var arrivals: [Arrival] = []
    /// Nothing more of the recording can be replayed here.
    var isAbandoned = false
    var outputIsClosed = false
    /// The client's end is due once the server has said what it had to say.
    var closesLater = false
    var serverHasClosed = false
    /// The server has ended its stream.
    var serverHasEnded = false
    /// It did not end in time, and nobody waits for it any more.
    var isGivenUp = false
    var hasSentEnd = false
    /// What was counted since stream management was asked for; nil before.
    var counts: StreamCounts?
    /// The recorded id by which the session can be resumed.
    var managedID: String?
    /// True once a login without a name has succeeded: then the server chooses the name.
    var isAnonymous = false
    /// Recorded packets of people who are not part of the replay, which have not come so far.
    var strangers: [Stranger] = []
    /// Packets of both directions so far: numbers as in the transcript.
    private var packetCount = 0

    /// Begins to connect.
    init(_ number: Int, _ run: inout ReplayRun) {
        self.number = number
        let isDirect = wantsDirectTLS(run)
        if isDirect { passOverSTARTTLS(&run) }
        run.summary.connections += 1
        run.actions.append(.connect(number, isDirect: isDirect))
    }

    /// The stream of an open connection; nil in every other state, in which setting it does nothing.
    var stream: OpenStream? {
        get { if case .open(let stream) = state { stream } else { nil } }
        set { if let newValue, case .open = state { state = .open(newValue) } }
    }

    var isConnecting: Bool { if case .connecting = state { true } else { false } }
    var isClosed: Bool { if case .closed = state { true } else { false } }
    var canSend: Bool { stream != nil && !outputIsClosed && !isAbandoned }
    /// Nothing more will come.
    var isOver: Bool { serverHasClosed || isClosed }

    mutating func nextNumber() -> Int {
        packetCount += 1
        return packetCount
    }

    // MARK: What happened

    mutating func connected(isSecured: Bool) {
        state = .open(OpenStream())
        self.isSecured = isSecured
    }

    mutating func failed() { state = .closed(unfinished: nil) }

    /// A stream of its own follows, inside TLS.
    mutating func secured(_ run: inout ReplayRun) {
        guard case .securing(let header) = state else { return }
        isSecured = true
        var stream = OpenStream()
        if let header {
            stream.opened(by: header, hasFeatures: true)
            stream.negotiation = .reopened
        }
        state = .open(stream)
        if let header { send(header, &run) }
    }

    /// False if it was closed already.
    mutating func serverClosed(wasReset: Bool) -> Bool {
        if isClosed { return false }
        serverHasClosed = true
        if wasReset || outputIsClosed { close() }
        return true
    }

    /// Both directions are closed.
    mutating func close() {
        switch state {
        case .connecting, .closed: state = .closed(unfinished: nil)
        case .securing: state = .closed(unfinished: .startTLS)
        case .open(let stream): state = .closed(unfinished: stream.negotiation?.exchange)
        }
    }

    // MARK: Steps

    mutating func perform(_ step: RecordedConversation.Step, _ run: inout ReplayRun) -> ReplayProgress {
        if isAbandoned {
            run.countUnsent(step)
            return .done
        }
        // Only who was silent before is waited for briefly.
        run.awaitsBriefly = false
        if let progress = waitForNegotiation(&run) { return progress }
        switch step.event {
        case .opened: return .done
        case .packet(let packet) where packet.direction == .clientToServer:
            return perform(sending: packet, step, &run)
        case .packet(let packet): return perform(expecting: packet, &run)
        case .secured(let isDirect): return secure(isDirect: isDirect, &run)
        case .keepAlive(.clientToServer):
            if canSend { run.actions.append(.send(number, [UInt8(ascii: " ")])) }
            return .done
        case .keepAlive(.serverToClient): return .done
        case .closed(.clientToServer): return closeOutput(&run)
        case .closed(.serverToClient), .reset(.serverToClient): return awaitEnd(&run)
        case .reset(.clientToServer):
            close()
            run.actions.append(.close(number, isReset: true))
            return .done
        case .unreadable(let reason):
            run.summary.unreadable += 1
            run.add(number, .unreadable(reason), .step)
            abandon("the recording goes no further here: \(reason)", &run)
            return .done
        case .receives(let written, let line): return perform(receiving: written, line, &run)
        case .receivesNothing(let line): return listen(line, &run)
        case .awaitsEnd: return awaitAnswerToEnd(&run)
        case .absent(let act, let line):
            tellAbsence(act, line, &run)
            return .done
        case .damaged(_, let reason):
            note("left out, for the recording is damaged here: \(reason)", &run)
            return .done
        }
    }

    // MARK: Telling

    func note(_ text: String, _ run: inout ReplayRun) { run.actions.append(.note(number, text)) }

    func differ(_ text: String, of subject: CaseSubject = .step, _ run: inout ReplayRun) {
        run.summary.differences += 1
        run.actions.append(.differ(number, text))
        run.add(number, .differs(text), subject)
    }

    /// Gives up the rest of the connection.
    mutating func abandon(_ reason: String, _ run: inout ReplayRun) {
        note(reason, &run)
        tellUnexpected(&run)
        isAbandoned = true
        stream?.negotiation = nil
        guard !isClosed else { return }
        endStream(&run)
        outputIsClosed = true
        run.actions.append(.closeOutput(number))
    }
}
