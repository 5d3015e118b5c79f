import Capture
import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Relay
import Replay
import XMPP

/// Does what a replay as the client asks for: connections, TLS, timers, the record. Everything on one event loop.
final class ReplayDriver {
    private struct Link {
        var channel: (any Channel)?
        var recorder: ConnectionRecorder?
        var tls: ServerTLS?
        var isDirect = false
    }

    private let loop: any EventLoop
    private let target: ReplayTarget
    private let capture: CaptureFile
    private let program: String
    private let askUser: @Sendable (String) async -> Void
    private let result: EventLoopPromise<ReplaySummary>
    private let report: @Sendable ([ReplayedCase]) -> Void
    private var replay: ClientReplay
    private var links: [Int: Link] = [:]
    private var timer: Scheduled<Void>?
    private var queue: [ClientReplayAction] = []
    private var isPerforming = false
    /// The recording has failed, so nothing is done any more.
    private var hasFailed = false

    private static let connectSeconds: Int64 = 10
    private static let handshakeSeconds: Int64 = 10
    /// For the server's part in the end of a connection, when all is done.
    private static let farewellSeconds: Int64 = 2

    init(
        replay: ClientReplay,
        target: ReplayTarget,
        capture: CaptureFile,
        program: String,
        loop: any EventLoop,
        result: EventLoopPromise<ReplaySummary>,
        askUser: @escaping @Sendable (String) async -> Void,
        report: @escaping @Sendable ([ReplayedCase]) -> Void
    ) {
        self.replay = replay
        self.target = target
        self.capture = capture
        self.program = program
        self.loop = loop
        self.result = result
        self.askUser = askUser
        self.report = report
    }

    func start() { tell { $0.started() } }

    func interrupt() { tell { $0.interrupted() } }

    // MARK: What happened

    func received(_ bytes: [UInt8], _ connection: Int) { tell { $0.received(bytes, on: connection) } }

    func inputEnded(_ connection: Int) {
        record(connection) { recorder throws(CaptureError) in try recorder.closed(.serverToClient) }
        tell { $0.closed(connection, wasReset: false) }
    }

    func secured(_ connection: Int, applicationProtocol: String?) {
        guard let tls = links[connection]?.tls, let channel = links[connection]?.channel else { return }
        let version = try? channel.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self).tlsVersion
        tls.completed(version, applicationProtocol: applicationProtocol)
        let isDirect = links[connection]?.isDirect == true
        record(connection) { recorder throws(CaptureError) in
            try recorder.happened(.tls(.server, tls.facts))
            if !isDirect { try recorder.decryptionBegan() }
        }
        tell { isDirect ? $0.connected(connection, isSecured: true) : $0.secured(connection) }
    }

    func closed(_ connection: Int, error: (any Error)?) {
        guard links[connection]?.channel != nil else { return }
        links[connection]?.channel = nil
        if let tls = links[connection]?.tls, !tls.isComplete {
            let (reason, remedy) = tls.told(error)
            record(connection) { recorder throws(CaptureError) in
                try recorder.happened(
                    .tlsFailed(.server, reason: reason, certificate: tls.facts.certificate, remedy: remedy)
                )
            }
            end(connection)
            let told = "TLS with the server failed: \(reason)" + (remedy.isEmpty ? "" : ". " + remedy)
            return tell { $0.failed(connection, reason: told) }
        }
        let wasReset = error is IOError
        if wasReset {
            record(connection) { recorder throws(CaptureError) in try recorder.reset(.serverToClient) }
        }
        tell { $0.closed(connection, wasReset: wasReset) }
    }

    // MARK: What is to be done

    private func tell(_ input: (inout ClientReplay) -> [ClientReplayAction]) {
        guard !hasFailed else { return }
        queue += input(&replay)
        let cases = replay.takeCases()
        if !cases.isEmpty { report(cases) }
        guard !isPerforming else { return }
        isPerforming = true
        while !queue.isEmpty { apply(queue.removeFirst()) }
        isPerforming = false
    }

    private func apply(_ action: ClientReplayAction) {
        switch action {
        case .connect(let connection, let isDirect): connect(connection, isDirect: isDirect)
        case .record(let connection, let bytes): recordBytes(bytes, .serverToClient, connection)
        case .send(let connection, let bytes):
            recordBytes(bytes, .clientToServer, connection)
            guard !hasFailed else { return }
            links[connection]?.channel?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        case .startTLS(let connection): startTLS(connection)
        case .closeOutput(let connection): closeOutput(connection)
        case .close(let connection, let isReset): close(connection, isReset: isReset)
        case .differ(let connection, let text):
            record(connection) { recorder throws(CaptureError) in try recorder.happened(.differed(text)) }
        case .note(let connection, let text):
            record(connection) { recorder throws(CaptureError) in try recorder.happened(.noticed(text)) }
        case .wait(let seconds): wait(seconds)
        case .awaitUser(let what): ask(what)
        case .finish(let summary): finish(summary)
        }
    }

    private func connect(_ connection: Int, isDirect: Bool) {
        links[connection] = Link(isDirect: isDirect)
        let driver = NIOLoopBound(self, eventLoop: loop)
        ClientBootstrap(group: loop)
            .connectTimeout(.seconds(Self.connectSeconds))
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = ServerHandler(connection: connection, driver: driver.value)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .connect(host: target.address.host, port: Int(target.address.port))
            .hop(to: loop)
            .assumeIsolated()
            .whenComplete { result in self.connected(connection, result) }
    }

    private func connected(_ connection: Int, _ result: Result<any Channel, any Error>) {
        switch result {
        case .failure(let error):
            let reason = "\(target.address) cannot be reached: \(LibraryWords.told(error))"
            tell { $0.failed(connection, reason: reason) }
        case .success(let channel):
            links[connection]?.channel = channel
            begin(connection, channel)
            guard links[connection]?.isDirect == true else {
                return tell { $0.connected(connection, isSecured: false) }
            }
            startTLS(connection)
        }
    }

    private func begin(_ connection: Int, _ channel: any Channel) {
        guard let client = Endpoint(channel.localAddress), let server = Endpoint(channel.remoteAddress) else { return }
        do {
            var recorder = try ConnectionRecorder(
                file: capture,
                number: connection,
                client: client,
                listener: server,
                program: program
            )
            let how = "as the replay was told"
            try recorder.happened(.replay(.client))
            try recorder.happened(.upstreamConnected(host: target.address.host, address: server, how: how))
            links[connection]?.recorder = recorder
        } catch {
            fail(error)
        }
    }

    private func startTLS(_ connection: Int) {
        guard let channel = links[connection]?.channel else { return }
        let tls = ServerTLS(target: target, isDirect: links[connection]?.isDirect == true)
        links[connection]?.tls = tls
        do {
            try channel.pipeline.syncOperations.addHandlers([tls.watcher, tls.handler(loop: loop)], position: .first)
        } catch {
            let reason = "TLS with the server could not be set up: \(LibraryWords.told(error))"
            return tell { $0.failed(connection, reason: reason) }
        }
        loop.assumeIsolated().scheduleTask(in: .seconds(Self.handshakeSeconds)) { self.limit(tls, connection) }
    }

    /// A server that agreed to TLS and then says nothing is not waited for.
    private func limit(_ tls: ServerTLS, _ connection: Int) {
        guard !tls.isComplete, let channel = links[connection]?.channel else { return }
        closed(connection, error: SilentServer(seconds: Self.handshakeSeconds))
        Self.closeUnderneath(channel)
    }

    /// Closes the socket at once, whatever is still to be written: the farewell of TLS, or bytes that nobody reads.
    private static func closeUnderneath(_ channel: any Channel) {
        let tls = try? channel.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self)
        if let tls { tls.close(promise: nil) } else { channel.close(promise: nil) }
    }

    /// Once all that was sent is with the kernel: NIO throws away what is unsent when the input has ended already.
    private func closeOutput(_ connection: Int) {
        guard let channel = links[connection]?.channel else { return }
        record(connection) { recorder throws(CaptureError) in try recorder.closed(.clientToServer) }
        channel.writeAndFlush(ByteBuffer()).assumeIsolated().whenComplete { _ in
            channel.close(mode: .output, promise: nil)
        }
    }

    private func close(_ connection: Int, isReset: Bool) {
        guard let channel = links[connection]?.channel else { return }
        if isReset {
            record(connection) { recorder throws(CaptureError) in try recorder.reset(.clientToServer) }
            let options = channel as? any SocketOptionProvider
            _ = options?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        }
        channel.writeAndFlush(ByteBuffer()).assumeIsolated().whenComplete { _ in channel.close(promise: nil) }
    }

    private func wait(_ seconds: Double) {
        timer?.cancel()
        let driver = NIOLoopBound(self, eventLoop: loop)
        timer = loop.scheduleTask(in: .milliseconds(Int64(seconds * 1000))) {
            driver.value.tell { $0.timedOut() }
        }
    }

    private func ask(_ what: String) {
        let driver = NIOLoopBound(self, eventLoop: loop)
        let (loop, askUser) = (self.loop, self.askUser)
        Task {
            await askUser(what)
            loop.execute { driver.value.tell { $0.userAgreed() } }
        }
    }

    private func finish(_ summary: ReplaySummary) {
        timer?.cancel()
        let closing = links.values.compactMap { $0.channel?.closeFuture }
        for connection in links.keys.sorted() { end(connection) }
        let driver = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: .seconds(Self.farewellSeconds)) {
            for channel in driver.value.links.values.compactMap(\.channel) { Self.closeUnderneath(channel) }
        }
        EventLoopFuture.andAllComplete(closing, on: loop).assumeIsolated().whenComplete { _ in
            self.result.succeed(summary)
        }
    }

    // MARK: The record

    private func recordBytes(_ bytes: [UInt8], _ direction: Direction, _ connection: Int) {
        record(connection) { recorder throws(CaptureError) in
            try recorder.received(ByteBuffer(bytes: bytes), direction)
        }
    }

    /// What cannot be recorded is not said: everything ends.
    private func fail(_ error: any Error) {
        guard !hasFailed else { return }
        hasFailed = true
        queue = []
        timer?.cancel()
        for link in links.values { link.channel?.close(promise: nil) }
        result.fail(error)
    }

    private func end(_ connection: Int) {
        record(connection) { recorder throws(CaptureError) in try recorder.ended() }
        links[connection]?.recorder = nil
    }

    private func record(_ connection: Int, _ body: (inout ConnectionRecorder) throws(CaptureError) -> Void) {
        guard var recorder = links[connection]?.recorder else { return }
        do {
            try body(&recorder)
            links[connection]?.recorder = recorder
        } catch {
            fail(error)
        }
    }
}

@available(*, unavailable)
extension ReplayDriver: Sendable {}
