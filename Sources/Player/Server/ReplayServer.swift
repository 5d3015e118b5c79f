import Capture
import Certificates
import Glibc
import NIOCore
import NIOPosix
import Relay
import Replay
import Synchronization
import XMPP

/// A packet of a client that departs from the recording.
public struct Departure: Sendable, Equatable {
    public let connection: Int
    /// The number of the packet in the transcript, and how it differs; a clause.
    public let text: String
    /// True if it is not the client that failed but the recording.
    public var isFailure = false
}

/// A server that does what a recorded one did, for any number of clients at once.
public final class ReplayServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channels: Mutex<[any Channel]> = Mutex([])
    private let clients: Mutex<[ObjectIdentifier: any Channel]> = Mutex([:])
    private let connections = Atomic<Int>(0)
    /// The exchanges of the recording that were played, counted from 0.
    private let played: Mutex<Set<Int>> = Mutex([])
    private let script: ServerScript
    private let capture: CaptureFile
    private let program: String
    private let source: String
    private let certificates: ServerCertificates?
    private let report: @Sendable (Departure) -> Void
    private let room = ConnectionRoom(limit: RelayLimits().connections)
    private let log: @Sendable (String) -> Void

    /// - Parameters:
    ///   - source: the name of the recording, for the transcripts.
    ///   - authority: signs the certificates that clients are shown; nil to have no TLS.
    ///   - keyPair: shown in place of those, such as the recorded server's own.
    ///   - log: gets single lines for the user's terminal, on any thread.
    ///   - report: told of each departure, on any thread.
    public init(
        _ script: ServerScript,
        source: String,
        capture: CaptureFile,
        program: String,
        authority: CertificateAuthority?,
        keyPair: KeyPair?,
        listening: [String],
        log: @escaping @Sendable (String) -> Void,
        report: @escaping @Sendable (Departure) -> Void
    ) {
        self.script = script
        self.source = source
        self.capture = capture
        self.program = program
        self.report = report
        self.log = log
        certificates = authority.map { ServerCertificates(authority: $0, keyPair: keyPair, listening: listening) }
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    }

    /// Clients that have come so far.
    public var connectionCount: Int { connections.load(ordering: .relaxed) }

    /// What the recorded client said and no client so far.
    public var unplayed: [RecordedExchange] { script.unplayed(played.withLock { $0 }) }

    /// Takes clients at `address` from now on; returns the address with its real port, nil if it is optional and the machine
    /// does not have it.
    public func listen(_ address: ListenAddress) async throws -> Endpoint? {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 512)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // The gate is asked before each client; else a burst of them could go beyond the limit.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { [room, log] channel in
                channel.eventLoop.makeCompletedFuture {
                    let gate = AcceptGate(address: address.endpoint, room: room, log: log)
                    try channel.pipeline.syncOperations.addHandler(gate)
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.accept(channel) }
            }
        do {
            let channel = try await bootstrap.bind(host: address.endpoint.host, port: Int(address.endpoint.port)).get()
            channels.withLock { $0.append(channel) }
            return Endpoint(channel.localAddress)
        } catch  where address.isOptional && !(error is IOError && (error as? IOError)?.errnoCode == EADDRINUSE) {
            return nil
        }
    }

    private func accept(_ channel: any Channel) throws {
        // A client that has gone already has no address any more.
        guard let client = Endpoint(channel.remoteAddress), let listener = Endpoint(channel.localAddress) else {
            throw ChannelError.alreadyClosed
        }
        let number = connections.add(1, ordering: .relaxed).newValue
        let recorder = try begin(number, client, listener)
        let handler = ClientHandler(
            number: number,
            script: script,
            recorder: recorder,
            certificates: certificates,
            plays: { exchange in self.played.withLock { _ = $0.insert(exchange) } },
            report: report
        )
        if certificates != nil {
            try channel.pipeline.syncOperations.addHandler(FirstByteHandler(client: handler))
        }
        try channel.pipeline.syncOperations.addHandler(handler)
        let key = ObjectIdentifier(channel)
        clients.withLock { $0[key] = channel }
        channel.closeFuture.whenComplete { _ in self.clients.withLock { $0[key] = nil } }
    }

    private func begin(_ number: Int, _ client: Endpoint, _ listener: Endpoint) throws -> ConnectionRecorder {
        do {
            var recorder = try ConnectionRecorder(
                file: capture,
                number: number,
                client: client,
                listener: listener,
                program: program
            )
            try recorder.happened(.replay(.server))
            try recorder.happened(.upstreamConnected(host: source, address: listener, how: "a replay"))
            return recorder
        } catch {
            report(Departure(connection: number, text: "\(error)", isFailure: true))
            throw error
        }
    }

    /// Takes no more clients and ends those that are there.
    public func stop() async {
        for channel in channels.withLock({ $0 }) { try? await channel.close() }
        // All at once: each may take a second for the farewell of TLS.
        for closing in clients.withLock({ $0.values.map { $0.close() } }) { try? await closing.get() }
        try? await group.shutdownGracefully()
    }
}
