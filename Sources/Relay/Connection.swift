import Capture
import NIOCore
import TLSHandshake
import XMPP

/// One client, the server found for it, and the record of what both said; everything on one event loop.
///
/// `PairMachine` decides what is to be done, `apply` does it.
final class Connection {
    let number: Int
    let environment: RelayEnvironment
    let loop: any EventLoop
    let queue: CommitQueue
    /// True if the client is on this machine.
    private let clientIsHere: Bool
    private(set) var machine: PairMachine
    /// Nil once something could not be recorded: from then on nothing is passed on.
    private var recorder: ConnectionRecorder?
    private(set) var client: PeerHandler?
    private(set) var server: PeerHandler?
    /// The client's bytes that wait for the server.
    private var held = ByteBuffer()
    /// Where TLS is decrypted: as long as something may have to be done at an exact place.
    var gate: StreamGate?
    /// The STARTTLS negotiation with the server that we carry on ourselves.
    var negotiation: ServerNegotiation?
    /// Until the client answered our own offer of STARTTLS.
    var offer: TLSOffer?
    var tls = TLSProgress()
    /// Only while a stream header is being read, for a parser takes memory.
    private var headerReader: StreamHeaderReader?
    private var search: Task<Void, Never>?
    private(set) var candidate: Candidate?
    private var timer: Scheduled<Void>?
    private var pendingActions: [PairMachine.Action] = []
    private var isPerforming = false
    var clientStream = ClientStream()
    /// Of the stream that the client has.
    var clientRoot = StreamRoot()
    private var looksEncrypted = false
    private(set) var clientHasSpoken = false
    private var serverHasSpoken = false

    /// Records the connection's beginning; throws when it cannot, and then the connection must not be served.
    ///
    /// - Parameter recordedClient: the client's address in the capture, which is another one than its own where that is taken.
    init(
        number: Int,
        client: Endpoint,
        recordedClient: Endpoint,
        listener: Endpoint,
        environment: RelayEnvironment,
        loop: any EventLoop,
        queue: CommitQueue
    ) throws(CaptureError) {
        self.number = number
        self.queue = queue
        clientIsHere = client.unmapped.isLoopback
        self.environment = environment
        self.loop = loop
        let configuration = environment.configuration
        machine = PairMachine(rules: configuration.rules)
        if let tls = environment.tls {
            gate = StreamGate(
                isEncrypted: false,
                editor: tls.interception.editorInTheClear,
                demandsTLS: configuration.rules.demandsSTARTTLS
            )
        }
        recorder = try ConnectionRecorder(
            file: environment.capture,
            number: number,
            client: client,
            recordedClient: recordedClient,
            listener: listener,
            program: configuration.program,
            commitsAtOnce: false
        )
        queue.schedule()
    }

    // MARK: What the channels tell

    func becameActive(_ handler: PeerHandler, remoteAddress: SocketAddress?) {
        loop.assertInEventLoop()
        switch handler.side {
        case .client:
            client = handler
            environment.registry.add(NIOLoopBound(self, eventLoop: loop))
            perform(machine.accepted())
        case .server:
            server = handler
            recordConnected(at: Endpoint(remoteAddress))
            perform(machine.serverConnected(offered: candidate?.offered))
        }
        pump(.client)
        pump(.server)
    }

    func received(_ bytes: ByteBuffer, by handler: PeerHandler) {
        let side = handler.side
        // An address of the server that was given up says something while another one is tried.
        if side == .server, server !== handler { return }
        environment.counters.received(bytes.readableBytes, from: side)
        if side == .server, negotiation != nil { return negotiated(bytes) }
        if side == .client, takesUpTLS(bytes) { return beginTLSWithClient(bytes) }
        let fate = machine.fateOfBytes(from: side)
        if fate == .ignore { return }
        // What the server said is recorded as the client gets it, so after the gate.
        let isGated = fate == .forward && side == .server && gate != nil
        if side == .server { serverHasSpoken = true }
        guard isGated || recordReceived(bytes, from: side) else { return }
        if side == .client {
            clientHasSpoken = true
            tls.clientHasSpoken = tls.clientIsSecured
        }
        noticeEncryption(bytes)
        switch fate {
        case .forward:
            forward(bytes, from: side)
        case .hold:
            hold(bytes)
        case .holdAndReadHeader:
            hold(bytes)
            readHeader(bytes)
        case .refuse:
            refuseUnlessBlank(bytes)
        case .answerToOffer:
            answered(bytes)
        case .drop, .ignore:
            break
        }
    }

    func forward(_ bytes: ByteBuffer, from side: Side) {
        if gate != nil { return pass(throughGate: bytes, from: side) }
        if side == .server { clientStream.wasSaid = true }
        peer(side.other)?.write(bytes)
    }

    func readCompleted(_ side: Side) { pump(side) }

    func writabilityChanged(_ side: Side) { pump(side.other) }

    func inputEnded(_ side: Side) {
        if side == .client { noticeSilentClient() }
        if side == .server {
            noticeSilence()
            emptyGate()
        }
        perform(machine.inputEnded(side))
    }

    func closed(_ handler: PeerHandler, wasReset: Bool) {
        switch handler.side {
        case .client:
            noticeSilentClient()
            perform(machine.closed(.client, wasReset: wasReset))
            client = nil
        case .server:
            // An address of the server that did not answer, while another one may be in use.
            guard server === handler else { return }
            noticeSilence()
            emptyGate()
            perform(machine.closed(.server, wasReset: wasReset))
            server = nil
        }
    }

    // MARK: What the relay tells

    func stop() { perform(machine.stopped()) }

    func recordingFailed() {
        recorder = nil
        // What waits unrecorded must go before we say that.
        queue.commit()
        perform(machine.recordingFailed())
    }

    func searchFailed(_ refusal: Refusal) { perform(machine.searchFailed(refusal)) }

    // MARK: Effects

    /// Does the actions in order; those that an action brings about come after the ones before it in the queue.
    private func perform(_ actions: [PairMachine.Action]) {
        pendingActions.append(contentsOf: actions)
        guard !isPerforming else { return }
        isPerforming = true
        while !pendingActions.isEmpty { apply(pendingActions.removeFirst()) }
        isPerforming = false
        pump(.client)
        pump(.server)
    }

    /// Tells the machine what happened to TLS, and does what it decides.
    func tell(_ input: (inout PairMachine) -> [PairMachine.Action]) { perform(input(&machine)) }

    private func apply(_ action: PairMachine.Action) {
        switch action {
        case .readHeldHeader:
            readHeader(held)
        case .findServer(let domain):
            findServer(domain)
        case .reconnectServer:
            reconnectServer()
        case .sendHeldToServer:
            openGate()
            let bytes = takeHeld()
            if bytes.readableBytes > 0 { forward(bytes, from: .client) }
        case .tls(let action):
            apply(action)
        case .endStream(let reason):
            endStream(reason)
        case .recordClosed(let side):
            record { () throws(CaptureError) in try recorder?.closed(Direction(sender: side)) }
        case .recordReset(let side):
            record { () throws(CaptureError) in try recorder?.reset(Direction(sender: side)) }
        case .recordFailure(let reason):
            record(.failed(reason: reason))
        case .recordNotice(let what):
            record(.noticed(what))
        case .recordRefusal(let refusal):
            record(
                .upstreamFailed(host: refusal.host, condition: refusal.condition.rawValue, reason: refusal.reason)
            )
        case .refuse(let refusal, let domain):
            refuse(refusal, domain)
        case .sayRecordingFailed:
            sayRecordingFailed()
        case .closeOutput(let side):
            peer(side)?.closeOutput()
        case .abort(let side):
            peer(side)?.abort()
        case .close(let side):
            peer(side)?.close()
        case .startTimer(let timer):
            start(timer)
        case .stopTimer:
            timer?.cancel()
        case .end:
            end()
        }
    }

    func peer(_ side: Side) -> PeerHandler? {
        switch side {
        case .client: client
        case .server: server
        }
    }

    /// Asks `side` for more bytes if they may come now.
    func pump(_ side: Side) {
        if machine.mayRead(from: side, otherIsWritable: peer(side.other)?.isWritable ?? false) { peer(side)?.read() }
    }

    /// The client's bytes up to here were for us alone.
    func takeHeld() -> ByteBuffer {
        defer { held = ByteBuffer() }
        return held
    }

    private func hold(_ bytes: ByteBuffer) {
        var bytes = bytes
        held.writeBuffer(&bytes)
    }

    private func readHeader(_ bytes: ByteBuffer) {
        var reader =
            headerReader ?? StreamHeaderReader(byteLimit: environment.configuration.limits.headerBytes)
        let verdict = reader.read(bytes)
        headerReader = verdict == .incomplete ? reader : nil
        if case .domain(let domain) = verdict { named(domain) }
        perform(machine.headerRead(verdict))
    }

    private func start(_ limit: PairMachine.Timer) {
        timer?.cancel()
        let limits = environment.configuration.limits
        let duration =
            switch limit {
            case .header: limits.header
            case .handshake: limits.handshake
            case .probe: limits.probe
            case .refusal: limits.refusal
            case .farewell: limits.farewell
            case .grace: environment.registry.grace
            }
        timer = loop.assumeIsolated().scheduleTask(in: TimeAmount(duration)) { [weak self] in
            guard let self else { return }
            perform(machine.timeExpired())
        }
    }

    private func findServer(_ domain: String?) {
        let beganWithTLS = held.getInteger(at: held.readerIndex, as: UInt8.self) == TLSRecord.handshake
        let services = environment.configuration.rules.services(clientIsEncrypted: tls.isInUse || beganWithTLS)
        guard let known = ServerSearch.known(environment.configuration) else {
            return search(services) { await $0.run(domain: domain) }
        }
        makeSearch(services).run(known: known) { [weak self] refusal in
            if let refusal { self?.searchFailed(refusal) }
        }
    }

    private func reconnectServer() {
        guard let candidate else { return }
        server = nil
        negotiation = nil
        tls.forgetServer()
        search([]) { await $0.run(again: candidate) }
    }

    private func search(
        _ services: [ServiceKind],
        _ body: @escaping @Sendable (ServerSearch) async -> Refusal?
    ) {
        let connection = NIOLoopBound(self, eventLoop: loop)
        let loop = self.loop
        let search = makeSearch(services)
        self.search = Task {
            guard let refusal = await body(search), !Task.isCancelled else { return }
            loop.execute { connection.value.searchFailed(refusal) }
        }
    }

    private func makeSearch(_ services: [ServiceKind]) -> ServerSearch {
        let connection = NIOLoopBound(self, eventLoop: loop)
        return ServerSearch(
            environment: environment,
            loop: loop,
            services: services,
            clientIsHere: clientIsHere
        ) { candidate in
            let handler = PeerHandler(side: .server, connection: connection.value)
            connection.value.candidate = candidate
            return handler
        }
    }

    private func recordConnected(at address: Endpoint?) {
        // A server that comes too late, after the client left, is closed unrecorded.
        guard let candidate, machine.awaitsServer else { return }
        record(
            .upstreamConnected(host: candidate.host, address: address ?? candidate.endpoint, how: candidate.how)
        )
    }

    private func refuse(_ refusal: Refusal, _ domain: String?) {
        let text = "stanzatap: \(refusal.reason)"
        let stream = StreamErrorText.stream(refusal.condition, text, from: domain, id: String.random())
        let bytes = ByteBuffer(string: stream)
        let isRecorded = record { () throws(CaptureError) in
            try recorder?.sentByProxy(bytes, .serverToClient, reason: refusal.reason)
        }
        if isRecorded { client?.write(bytes) }
    }

    private func sayRecordingFailed() {
        guard !looksEncrypted || tls.clientIsSecured, client?.watcher == nil || tls.clientIsSecured,
            clientStream.isSent || clientHasSpoken
        else { return }
        let text = "stanzatap cannot record any more"
        client?.write(
            ByteBuffer(
                string: clientStream.isSent
                    ? StreamErrorText.end(.resourceConstraint, text, of: clientRoot)
                    : StreamErrorText.stream(.resourceConstraint, text, from: nil, id: String.random())
            )
        )
    }

    private func end() {
        record { () throws(CaptureError) in try recorder?.ended() }
        search?.cancel()
        queue.add(.end(number))
    }

    /// A server that closes without a word after the client's header may want TLS from the first byte.
    private func noticeSilence() {
        guard gate != nil, machine.phase == .relaying, clientHasSpoken, !serverHasSpoken, !tls.isInUse,
            !machine.clientHasEnded
        else { return }
        serverHasSpoken = true
        record(
            .noticed(
                "the server closed without a word; if it speaks TLS from the first byte, run stanzatap with"
                    + " --upstream-tls direct"
            )
        )
    }

    /// A TLS handshake record at the start of what was read: from then on no error text of ours could be understood.
    private func noticeEncryption(_ bytes: ByteBuffer) {
        if bytes.getInteger(at: bytes.readerIndex, as: UInt16.self) == 0x1603 { looksEncrypted = true }
    }

    // MARK: Recording

    func record(_ event: CaptureEvent) {
        record { () throws(CaptureError) in try recorder?.happened(event) }
    }

    private func recordReceived(_ bytes: ByteBuffer, from side: Side) -> Bool {
        record { () throws(CaptureError) in try recorder?.received(bytes, Direction(sender: side)) }
    }

    /// Records with the recorder; see `record`.
    @discardableResult
    func recording(_ body: (inout ConnectionRecorder) throws(CaptureError) -> Void) -> Bool {
        record { () throws(CaptureError) in
            guard var current = recorder else { return }
            defer { recorder = current }
            try body(&current)
        }
    }

    /// True if it was recorded, so that what was recorded may be passed on.
    @discardableResult
    private func record(_ body: () throws(CaptureError) -> Void) -> Bool {
        guard recorder != nil else { return false }
        do {
            try body()
            queue.schedule()
            return true
        } catch {
            recorder = nil
            environment.registry.recordingFailed(error)
            return false
        }
    }
}

@available(*, unavailable)
extension Connection: Sendable {}

extension String {
    /// A stream id that nobody can guess (RFC 6120 section 4.7.3).
    static func random() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }
}
