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
        /// The client in the clear was offered STARTTLS by ourselves.
        case offering
        /// TLS with the server is being negotiated. `mirrored`: the client asked for it and awaits the answer; otherwise its
        /// bytes are held.
        case securingServer(mirrored: Bool)
        /// TLS with the client is being negotiated.
        case securingClient
        /// The server was not reached. The client's header is awaited, so that the answer can be a proper stream.
        case refusing(Refusal)
        case relaying
        /// The client got its last bytes from us, and its FIN is awaited.
        case takingLeave
        case over
    }

    /// How far the way to the server is.
    private enum Upstream: Equatable {
        case idle, searching, connected
        case failed(Refusal)
    }

    private struct Leg: Equatable {
        /// Its FIN or RST has come.
        var hasEnded = false
        /// We close it on our own account: what it does then is not its doing.
        var isGivenUp = false
        var isClosed = false
    }

    private(set) var phase: Phase
    private let rules: TLSRules
    private var upstream = Upstream.idle
    private var client = Leg()
    private var server: Leg?
    /// True once the client's bytes come to us through TLS that we decrypt.
    private(set) var clientIsEncrypted = false
    /// True once the client's FIN or RST has come.
    var clientHasEnded: Bool { client.hasEnded }
    /// True while nobody but the client itself could end what it sends.
    var clientMayStillSpeak: Bool {
        !client.hasEnded && !client.isGivenUp && server?.hasEnded != true && !isStopped
            && (phase == .relaying || phase == .awaitingHeader)
    }
    /// True once TLS with both sides follows a STARTTLS of the client.
    private var isMirrored = false
    private var isStopped = false
    private var domain: String?
    private var offered: ServiceKind?
    /// Ways to begin with the server that were not tried yet; nil before the first one.
    private var attempts: [ServerSecurity]?

    init(rules: TLSRules) {
        self.rules = rules
        phase = rules.needsHeader(clientIsEncrypted: false) ? .awaitingHeader : .searching
    }

    // MARK: Finding the server

    mutating func accepted() -> [Action] {
        var actions: [Action] = []
        if rules.hasFixedServer {
            upstream = .searching
            actions.append(.findServer(domain: nil))
        }
        return phase == .awaitingHeader ? actions + [.startTimer(.header)] : actions
    }

    mutating func headerRead(_ verdict: HeaderVerdict) -> [Action] {
        switch (phase, verdict) {
        case (_, .incomplete), (.searching, _), (.offering, _), (.securingServer, _), (.securingClient, _),
            (.relaying, _),
            (.takingLeave, _), (.over, _):
            return []
        case (.awaitingHeader, .domain(let domain)) where rules.offersSTARTTLS && !clientIsEncrypted:
            phase = .offering
            return [.startTimer(.header), .tls(.offer(domain: domain))]
        case (.awaitingHeader, .domain(let domain)):
            self.domain = domain
            return [.stopTimer] + advance()
        case (.awaitingHeader, .missingDomain) where rules.hasFixedServer,
            (.awaitingHeader, .notXMPP) where rules.hasFixedServer:
            return [.stopTimer] + advance()
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

    /// The domain is known, or need not be: goes as far towards the server as possible.
    private mutating func advance() -> [Action] {
        phase = .searching
        switch upstream {
        case .idle:
            upstream = .searching
            return [.findServer(domain: domain)]
        case .searching:
            return []
        case .connected:
            return beginWithServer()
        case .failed(let refusal):
            return refuse(refusal, domain: domain)
        }
    }

    /// True while a server may be connected and the client still be served by it.
    var awaitsServer: Bool {
        switch phase {
        case .searching, .awaitingHeader: true
        case .securingClient, .offering: upstream == .searching
        case .securingServer, .refusing, .relaying, .takingLeave, .over: false
        }
    }

    /// - Parameter offered: what the server's SRV record promises.
    mutating func serverConnected(offered: ServiceKind? = nil) -> [Action] {
        server = Leg()
        guard awaitsServer else {
            server?.isGivenUp = true
            return [.close(.server)]
        }
        upstream = .connected
        self.offered = offered
        return phase == .searching ? beginWithServer() : []
    }

    mutating func searchFailed(_ refusal: Refusal) -> [Action] {
        guard awaitsServer else { return [] }
        upstream = .failed(refusal)
        if phase != .searching { return [.recordRefusal(refusal)] }
        // Whoever needs no header for the server still needs one to be told.
        if rules.needsHeader(clientIsEncrypted: clientIsEncrypted) {
            return [.recordRefusal(refusal)] + refuse(refusal, domain: domain ?? refusal.host)
        }
        phase = .refusing(refusal)
        return [.recordRefusal(refusal), .startTimer(.refusal), .readHeldHeader]
    }

    // MARK: TLS

    /// Tries the next way to begin with the server that is connected.
    private mutating func beginWithServer() -> [Action] {
        var left = attempts ?? rules.attempts(clientIsEncrypted: clientIsEncrypted, offered: offered)
        let next = left.isEmpty ? .plain : left.removeFirst()
        attempts = left
        guard next == .plain else {
            phase = .securingServer(mirrored: false)
            // A server that says nothing to one way may answer to the next.
            return [.startTimer(left.isEmpty ? .handshake : .probe), .tls(.secureServer(next, domain: domain))]
        }
        let notice = Action.recordNotice("the connection from stanzatap to the server is not encrypted")
        return (clientIsEncrypted ? [notice] : []) + relay()
    }

    private mutating func relay() -> [Action] {
        phase = .relaying
        return [.stopTimer, .sendHeldToServer] + (client.hasEnded ? [.closeOutput(.server)] : [])
    }

    /// True where the client's very first byte may begin TLS that we take up.
    var mayTakeUpTLS: Bool {
        switch phase {
        case .awaitingHeader, .searching, .relaying, .refusing: !clientIsEncrypted
        case .offering, .securingServer, .securingClient, .takingLeave, .over: false
        }
    }

    /// The client's very first byte begins a TLS handshake (XEP-0368), which we take up.
    mutating func clientBeganWithTLS() -> [Action] {
        guard mayTakeUpTLS else { return [] }
        clientIsEncrypted = true
        attempts = nil
        phase = .securingClient
        return [.startTimer(.handshake), .tls(.secureClient)]
    }

    /// The client took up our offer, and has our agreement.
    mutating func offerTaken() -> [Action] {
        guard phase == .offering else { return [] }
        clientIsEncrypted = true
        phase = .securingClient
        return [.startTimer(.handshake), .tls(.secureClient)]
    }

    mutating func clientSecured() -> [Action] {
        guard phase == .securingClient else { return [] }
        guard isMirrored else {
            phase = .awaitingHeader
            return [.startTimer(.header)]
        }
        phase = .relaying
        return [.stopTimer]
    }

    /// The client asked for STARTTLS and the server agreed.
    mutating func agreedToTLS(domain: String?) -> [Action] {
        guard phase == .relaying else { return [] }
        phase = .securingServer(mirrored: true)
        return [.startTimer(.handshake), .tls(.secureServer(.agreed, domain: domain))]
    }

    mutating func serverSecured() -> [Action] {
        guard case .securingServer(let mirrored) = phase else { return [] }
        guard mirrored else { return relay() }
        clientIsEncrypted = true
        isMirrored = true
        phase = .securingClient
        return [.startTimer(.handshake), .tls(.sendProceed), .tls(.secureClient)]
    }

    mutating func securingFailed(_ side: Side, _ failure: TLSFailure) -> [Action] {
        switch phase {
        case .securingClient where side == .client:
            return [.tls(.recordFailure(.client, failure))] + giveUp()
        case .securingServer(mirrored: true) where side == .server:
            phase = .takingLeave
            return [.tls(.recordFailure(.server, failure)), .tls(.refuse(failure)), .closeOutput(.client)]
                + closeServer()
                + [.startTimer(.farewell)]
        case .securingServer(mirrored: false) where side == .server:
            let actions = closeServer()
            guard failure.isUnavailable, attempts?.isEmpty == false else {
                var failure = failure
                if failure.isUnavailable, failure.remedy.isEmpty, rules.upstream == .auto, rules.hasFixedServer {
                    failure.remedy = "To go on without TLS to the server, run stanzatap with --upstream-tls none."
                }
                let host = domain ?? ""
                let refusal = Refusal(condition: .remoteConnectionFailed, host: host, reason: failure.reason)
                return [.tls(.recordFailure(.server, failure))] + actions + refuse(refusal, domain: domain)
            }
            phase = .searching
            upstream = .searching
            // Its end, when it comes, is nobody's concern any more.
            server = nil
            return [.stopTimer] + actions + [.reconnectServer]
        case .awaitingHeader, .searching, .offering, .securingServer, .securingClient, .refusing, .relaying,
            .takingLeave, .over:
            return []
        }
    }

    /// Bytes came where the encrypted stream was about to begin, and none may be there.
    mutating func rejected(because reason: String) -> [Action] {
        switch phase {
        case .relaying, .offering, .securingServer: phase = .takingLeave
        case .awaitingHeader, .searching, .securingClient, .refusing, .takingLeave, .over: return []
        }
        return [.recordFailure(reason), .endStream(reason), .closeOutput(.client)] + closeServer()
            + [.startTimer(.farewell)]
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
        return actions + closeServer()
    }

    private mutating func closeServer() -> [Action] {
        guard let leg = server, !leg.isClosed else { return [] }
        server?.isGivenUp = true
        return [.close(.server)]
    }

    // MARK: Bytes and their ends

    func fateOfBytes(from side: Side) -> Fate {
        switch phase {
        case .awaitingHeader, .refusing: side == .client ? .holdAndReadHeader : .ignore
        case .searching: side == .client ? .hold : .ignore
        case .offering: side == .client ? .answerToOffer : .ignore
        case .securingServer(let mirrored): side == .server ? .ignore : mirrored ? .refuse : .hold
        case .securingClient: side == .client ? .drop : isMirrored ? .forward : .ignore
        case .relaying: leg(side.other).isClosed ? .drop : .forward
        case .takingLeave, .over: side == .client ? .drop : .ignore
        }
    }

    /// May more be read from `side`, if the other side takes (or does not take) bytes at the moment?
    func mayRead(from side: Side, otherIsWritable: Bool) -> Bool {
        switch phase {
        case .awaitingHeader, .offering: side == .client
        // The client's bytes would only pile up, unless none but white space may come.
        case .securingServer(let mirrored): side == .server || mirrored
        case .refusing, .takingLeave: true
        case .securingClient: side == .client
        case .searching, .over: false
        case .relaying: otherIsWritable
        }
    }

    /// What came inside TLS is none, or may not come there; the end of the socket follows.
    func tlsBroke(_ side: Side, _ failure: TLSFailure) -> [Action] {
        // What is wrong while we close is nobody's concern.
        if leg(side).isGivenUp || phase == .over { return [] }
        return failure.remedy.isEmpty
            ? [.recordFailure("TLS with the \(side) broke: \(failure.reason)")] : [.tls(.recordFailure(side, failure))]
    }

    /// The FIN of `side` came, or its socket is gone, without the close_notify of TLS.
    func endedWithoutFarewell(_ side: Side) -> [Action] {
        guard phase == .relaying, !leg(side).hasEnded, !leg(side).isGivenUp else { return [] }
        return [
            .recordNotice("the \(side) ended TLS without a close_notify, so nobody can tell whether it was cut off")
        ]
    }

    /// The FIN of `side` came, after all its bytes.
    mutating func inputEnded(_ side: Side) -> [Action] {
        guard !leg(side).hasEnded, !leg(side).isGivenUp else { return [] }
        change(side) { $0.hasEnded = true }
        switch phase {
        case .awaitingHeader where side == .client, .offering where side == .client:
            return [.recordClosed(side)] + giveUp(because: "the client closed before its stream header was complete")
        case .awaitingHeader, .offering:
            return [.recordClosed(side)] + giveUp(because: "the server closed before the client had said what it wants")
        case .refusing:
            return [.recordClosed(side)] + giveUp()
        case .securingServer where side == .server:
            return securingFailed(.server, TLSFailure(isUnavailable: true, reason: "the server closed the connection"))
        case .securingClient where side == .client:
            let failure = TLSFailure(reason: "the client closed the connection during the handshake")
            return [.recordClosed(side)] + securingFailed(.client, failure)
        case .securingServer, .securingClient:
            return [.recordClosed(side)] + giveUp(because: "the \(side) closed while TLS was being negotiated")
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
            actions += resetReceived(from: side)
        } else if !before.isGivenUp {
            actions += inputEnded(side)
        }
        change(side) { $0.isClosed = true }
        guard client.isClosed, server?.isClosed ?? true, phase != .over else { return actions }
        phase = .over
        return actions + [.stopTimer, .end]
    }

    private mutating func resetReceived(from side: Side) -> [Action] {
        switch phase {
        case .relaying:
            guard !leg(side.other).isClosed else { return [.recordReset(side)] }
            change(side.other) { $0.isGivenUp = true }
            return [.recordReset(side), .abort(side.other)]
        case .securingServer where side == .server:
            return securingFailed(.server, TLSFailure(isUnavailable: true, reason: "the server reset the connection"))
        case .awaitingHeader, .offering, .securingServer, .securingClient:
            change(side) { $0.isGivenUp = true }
            return [.recordReset(side)] + giveUp()
        case .searching, .refusing, .takingLeave, .over:
            return [.recordReset(side)]
        }
    }

    // MARK: Ends from within

    mutating func timeExpired() -> [Action] {
        switch phase {
        case .awaitingHeader: giveUp(because: "the client sent no complete stream header in time")
        case .offering: giveUp(because: "the client did not ask for TLS in time")
        case .securingServer:
            securingFailed(
                .server,
                TLSFailure(isUnavailable: true, reason: "the server did not complete the TLS handshake in time")
            )
        case .securingClient:
            securingFailed(.client, TLSFailure(reason: "the client did not complete the TLS handshake in time"))
        case .refusing, .takingLeave, .relaying: giveUp()
        case .searching, .over: []
        }
    }

    mutating func stopped() -> [Action] {
        isStopped = true
        let reason = "stanzatap was stopped and closes the connection"
        switch phase {
        case .awaitingHeader, .searching, .offering, .securingServer, .securingClient, .refusing:
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
