import Capture
import Certificates
import NIOCore
import NIOSSL
import TLSHandshake
import XMPP

/// What a connection knows of its TLS while it comes about.
struct TLSProgress {
    /// True once TLS of either side has been taken up by us.
    var isInUse = false
    var clientIsSecured = false
    /// True once it has said something inside TLS, or cannot any more.
    var clientHasSpoken = false
    /// True for a handshake that a STARTTLS negotiation went before.
    var clientAsked = false
    var serverWasAsked = false
    /// The server's agreement, until the client gets it.
    var proceed: [UInt8] = []
    /// What the server is looked for by, for its certificate.
    var domain: String?
    /// The domain of the client's SNI.
    var serverName: String?
    var shownCertificate: [UInt8]?
    var seenCertificate: TLSFacts.Certificate?
    var verification: TLSFacts.Verification?
    /// True if the server turned out to be another recorder.
    var leadsToRecorder = false
    /// Counts the servers' connections, so that a check that ends late does not tell of another one.
    var attempt = 0

    /// The next attempt knows nothing of the one before.
    mutating func forgetServer() {
        attempt += 1
        seenCertificate = nil
        verification = nil
        serverWasAsked = false
    }
}

extension Connection {
    // MARK: TLS with the client

    /// True for the very first bytes of a client that begins with TLS, if we decrypt it.
    func takesUpTLS(_ bytes: ByteBuffer) -> Bool {
        environment.tls != nil && !clientHasSpoken && machine.mayTakeUpTLS
            && bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) == TLSRecord.handshake
    }

    func beginTLSWithClient(_ bytes: ByteBuffer) {
        tell { $0.clientBeganWithTLS() }
        client?.watcher?.received(bytes)
    }

    func apply(_ action: PairMachine.TLSAction) {
        switch action {
        case .secureClient:
            tls.isInUse = true
            client?.begin(HandshakeWatcher(side: .client, connection: self))
        case .offer(let domain):
            offer(domain)
        case .secureServer(let security, let domain):
            secureServer(security, domain)
        case .sendProceed:
            sendProceed()
        case .refuse(let failure):
            // It has to fit into a comment of the capture.
            change(
                Array(tls.proceed.prefix(FeatureEditor.byteLimit)),
                into: Array("<failure xmlns='\(NS.tls)'/>".utf8),
                reason: failure.reason
            )
            sayToClient(clientRoot.end, reason: failure.reason)
        case .recordFailure(let side, let failure):
            if side == .server { negotiation = nil }
            let certificate = side == .server ? tls.seenCertificate : nil
            record(.tlsFailed(side, reason: failure.reason, certificate: certificate, remedy: failure.remedy))
        }
    }

    private func offer(_ domain: String) {
        offer = TLSOffer()
        let reason = "the server speaks TLS from the first byte, so the client has to start TLS with stanzatap"
        sayToClient(TLSOffer.opening(from: domain, id: .random()), reason: reason)
        // Its header, and perhaps the answer already.
        answered(takeHeld())
    }

    /// The client answered our offer of STARTTLS.
    func answered(_ bytes: ByteBuffer) {
        switch offer?.received(Array(bytes.readableBytesView)) {
        case nil:
            return
        case .agree?:
            tls.clientAsked = true
            agreeToOffer()
            tell { $0.offerTaken() }
        case .refuse(let reason)?:
            clientStream.wasSaid = true
            tell { $0.rejected(because: reason) }
        }
        offer = nil
    }

    private func agreeToOffer() {
        let bytes = ByteBuffer(string: TLSOffer.agreement)
        let isRecorded = recording { recorder throws(CaptureError) in
            try recorder.sentByProxy(
                bytes,
                .serverToClient,
                reason: "the client asked for TLS, which stanzatap offered"
            )
            try recorder.decryptionBegan()
        }
        guard isRecorded else { return }
        client?.write(bytes)
        clientStream = ClientStream()
    }

    /// Gives the client the server's agreement; what follows is recorded as a stream of its own.
    private func sendProceed() {
        let bytes = ByteBuffer(bytes: tls.proceed)
        let isRecorded = recording { recorder throws(CaptureError) in
            try recorder.received(bytes, .serverToClient)
            try recorder.decryptionBegan()
        }
        guard isRecorded else { return }
        client?.write(bytes)
        clientStream = ClientStream()
        openGate()
    }

    /// The client's ClientHello is complete: it is shown a certificate for the domain that it wants.
    func clientHelloRead(_ hello: ClientHello) {
        guard let contexts = environment.tls else { return }
        tls.serverName = hello.serverName
        let names = namedDomains(hello, contexts)
        guard names.isEmpty, !tls.clientAsked, environment.configuration.rules.mayProbe,
            let endpoint = candidate?.endpoint
        else {
            return show(names, contexts)
        }
        let connection = NIOLoopBound(self, eventLoop: loop)
        let loop = self.loop
        let probe = CertificateProbe(
            contexts: contexts,
            loop: loop,
            limit: TimeAmount(environment.configuration.limits.probe)
        )
        Task {
            let names = await contexts.domains(servedAt: endpoint, probe)
            loop.execute { connection.value.show(names, contexts) }
        }
    }

    /// Begins TLS with the client, with a certificate for `domains` and for ourselves.
    private func show(_ domains: [String], _ contexts: TLSContexts) {
        guard let client else { return }
        do {
            let shown = try contexts.toClient(for: certificateNames(domains))
            tls.shownCertificate = shown.certificate
            client.add(NIOSSLServerHandler(context: shown.context))
            client.watcher?.release()
        } catch {
            let reason = "no certificate could be made for it: \(LibraryWords.told(error))"
            tell { $0.securingFailed(.client, TLSFailure(reason: reason)) }
        }
    }

    /// The domains that the client has named, or that it may mean.
    private func namedDomains(_ hello: ClientHello, _ contexts: TLSContexts) -> [String] {
        if tls.clientAsked, let domain = tls.domain { return [domain] }
        if let name = hello.serverName, name.contains(".") { return [name] }
        return contexts.likelyDomains
    }

    /// The domains first; gloox and libpurple look for the host that they connect to, which is us.
    private func certificateNames(_ domains: [String]) -> [String] {
        var names = domains + (tls.serverName.map { domains.contains($0) ? [] : [$0] } ?? [])
        if domains.isEmpty, let host = environment.configuration.upstream?.host { names.append(host) }
        let listening = environment.configuration.listeners.map(\.endpoint.host)
        for name in ["localhost", "127.0.0.1", "::1"] + listening where !names.contains(name) { names.append(name) }
        return names
    }

    /// The stream header named the domain.
    func named(_ domain: String) {
        environment.tls?.remember(domain: domain)
        tls.domain = domain
        if machine.clientIsEncrypted, let name = tls.serverName, !Domain.areSame(name, domain) {
            record(
                .noticed(
                    "the client asked for \(name.shown(limit: 100)) in its TLS handshake (SNI) and for"
                        + " \(domain.shown(limit: 100)) in its stream header"
                )
            )
        }
    }

    // MARK: TLS with the server

    private func secureServer(_ security: ServerSecurity, _ domain: String?) {
        tls.isInUse = true
        tls.domain = domain ?? tls.domain
        switch security {
        case .plain:
            break
        case .direct:
            beginTLSWithServer(isDirect: true)
        case .agreed:
            tls.serverWasAsked = true
            if let domain { environment.tls?.remember(domain: domain) }
            beginTLSWithServer(isDirect: false)
        case .startTLS:
            let negotiation = ServerNegotiation(domain: serverDomain)
            self.negotiation = negotiation
            server?.write(ByteBuffer(string: negotiation.opening))
        }
    }

    /// What the server's certificate must be for: the client's domain, or the name by which we were told to find it.
    private var serverDomain: String { tls.domain ?? ownDomain ?? "" }

    /// What we were told ourselves, in the form that a stream header has.
    private var ownDomain: String? {
        let told = environment.tls?.interception.domain ?? candidate?.host
        return told.map { (try? Domain($0))?.unicode ?? $0 }
    }

    func negotiated(_ bytes: ByteBuffer) {
        for step in negotiation?.received(Array(bytes.readableBytesView)) ?? [] {
            switch step {
            case .send(let text):
                server?.write(ByteBuffer(string: text))
            case .startTLS:
                negotiation = nil
                tls.serverWasAsked = true
                record(.noticed("stanzatap itself negotiated STARTTLS with the server"))
                beginTLSWithServer(isDirect: false)
            case .fail(let failure):
                negotiation = nil
                tell { $0.securingFailed(.server, failure) }
            }
        }
    }

    private func beginTLSWithServer(isDirect: Bool) {
        guard let contexts = environment.tls, let server else { return }
        let domain = serverDomain
        let connection = NIOLoopBound(self, eventLoop: loop)
        let verify: NIOSSLCustomVerificationCallback = { chain, promise in
            connection.value.verify(chain, domain, promise)
        }
        let context = contexts.toServer(isDirect: isDirect)
        // A name that cannot be asked for by SNI, such as an address, is not asked for (RFC 6066 section 3).
        let name = Endpoint(host: domain, port: 0) == nil ? (try? Domain(domain))?.ascii : nil
        let handler =
            (try? NIOSSLClientHandler(context: context, serverHostname: name, customVerificationCallback: verify))
            ?? (try? NIOSSLClientHandler(context: context, serverHostname: nil, customVerificationCallback: verify))
        guard let handler else {
            return tell { $0.securingFailed(.server, TLSFailure(reason: "TLS with the server could not be set up")) }
        }
        server.begin(HandshakeWatcher(side: .server, connection: self))
        server.add(handler)
    }

    private func verify(
        _ chain: [NIOSSLCertificate],
        _ domain: String,
        _ promise: EventLoopPromise<NIOSSLVerificationResult>
    ) {
        let bytes = chain.map { (try? $0.toDERBytes()) ?? [] }
        tls.seenCertificate = bytes.first.flatMap { TLSFacts.Certificate(der: $0) }
        tls.leadsToRecorder = bytes.first.map(RecorderMark.isIn) ?? false
        guard let interception = environment.tls?.interception, !tls.leadsToRecorder else {
            return promise.succeed(.failed)
        }
        let connection = NIOLoopBound(self, eventLoop: loop)
        let loop = self.loop
        let attempt = tls.attempt
        Task {
            let verification = await interception.trust.verify(chain: bytes, domain: domain)
            loop.execute {
                guard connection.value.tls.attempt == attempt else { return promise.succeed(.failed) }
                switch verification {
                case .trusted:
                    connection.value.tls.verification = .trusted(domain: domain)
                    promise.succeed(.certificateVerified)
                case .refused(let reason):
                    connection.value.tls.verification = .refused(reason: reason)
                    promise.succeed(interception.isInsecure ? .certificateVerified : .failed)
                }
            }
        }
    }

    // MARK: How handshakes end

    func secured(_ side: Side, applicationProtocol: String?) {
        record(.tls(side, facts(side, applicationProtocol)))
        switch side {
        case .client:
            tls.clientIsSecured = true
            tell { $0.clientSecured() }
        case .server:
            tell { $0.serverSecured() }
        }
    }

    private func facts(_ side: Side, _ applicationProtocol: String?) -> TLSFacts {
        var facts = TLSFacts()
        if let hello = peer(side)?.watcher?.serverHello {
            facts.version = hello.version.name
            facts.cipherSuite = hello.cipherSuite.name
        }
        facts.applicationProtocol = applicationProtocol
        facts.serverName = peer(side)?.watcher?.clientHello?.serverName
        switch side {
        case .client:
            facts.certificate = tls.shownCertificate.flatMap { TLSFacts.Certificate(der: $0) }
            facts.isDirect = !tls.clientAsked
            facts.hidesChannelBinding = environment.tls.map { !$0.interception.keepsChannelBinding }
        case .server:
            facts.certificate = tls.seenCertificate
            facts.verification = tls.verification
            facts.isDirect = !tls.serverWasAsked
        }
        return facts
    }

    func securingFailed(_ side: Side, _ error: (any Error)? = nil) {
        if side == .server, tls.leadsToRecorder {
            let reason =
                "the server is another recorder, as its certificate says; name the server itself, for two recorders that"
                + " relay to each other never end"
            return tell { $0.securingFailed(side, TLSFailure(reason: reason)) }
        }
        let isInsecure = environment.tls?.interception.isInsecure ?? false
        let failure = TLSFailure(
            side,
            received: peer(side)?.watcher?.refusal,
            hello: peer(side)?.watcher?.clientHello,
            error: error,
            verification: isInsecure ? nil : tls.verification,
            domain: serverDomain
        )
        tell { $0.securingFailed(side, failure) }
    }

    func broke(_ side: Side, _ error: any Error) {
        // An alert that comes behind the handshake is an answer to it: clients of TLS 1.3 look at certificates late.
        if side == .client { tls.clientHasSpoken = true }
        tell { $0.tlsBroke(side, TLSFailure(side, LibraryError(error))) }
    }

    /// A client that ends TLS before it has said anything inside has seen nothing but our certificate.
    func noticeSilentClient() {
        guard tls.clientIsSecured, !tls.clientHasSpoken, machine.clientMayStillSpeak else { return }
        tls.clientHasSpoken = true
        record(.noticed(AlertWatcher.silentClient))
    }

    func endedWithoutFarewell(_ side: Side) { tell { $0.endedWithoutFarewell(side) } }
}
