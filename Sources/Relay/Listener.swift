import Capture
import Glibc
import NIOCore
import NIOPosix
import SystemErrors
import XMPP

/// Binds listening sockets and makes a `Connection` of every client that they accept.
struct Listener: Sendable {
    let environment: RelayEnvironment
    let group: MultiThreadedEventLoopGroup
    let room: ConnectionRoom
    let log: @Sendable (String) -> Void

    /// Connections that the kernel keeps for us while we are busy.
    private static let backlog: Int32 = 512

    /// Binds `address`; nil if it is optional and the machine has no such address.
    func bind(_ address: ListenAddress) async throws(RelayError) -> (any Channel)? {
        do {
            return try await bootstrap(address).bind(to: address.endpoint.socketAddress()).get()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw .addressInUse(address)
        } catch let error as IOError
            where address.isOptional && [EADDRNOTAVAIL, EAFNOSUPPORT].contains(error.errnoCode)
        {
            return nil
        } catch let error as IOError {
            throw .cannotListen(address, reason: connectionReason(error.errnoCode))
        } catch {
            throw .cannotListen(address, reason: LibraryWords.told(error))
        }
    }

    private func bootstrap(_ address: ListenAddress) -> ServerBootstrap {
        let environment = self.environment
        let (room, log) = (self.room, self.log)
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // The gate is asked before each client; else a burst of them could go beyond the limit.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let gate = AcceptGate(address: address.endpoint, room: room, log: log)
                    try channel.pipeline.syncOperations.addHandler(gate)
                }
            }
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try ChannelTuning.apply(to: channel)
                    try accept(channel, environment)
                }
            }
    }
}

/// What both sides of a connection are set to.
enum ChannelTuning {
    /// Bytes that may wait for a slow peer before we stop reading from the other.
    static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: 256 * 1024, high: 1024 * 1024)

    /// Bytes that one read may fetch, by what the reads before fetched; much at once makes long stanzas cheap.
    private static let receiving = AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2048, maximum: 256 * 1024)

    /// To be called in a channel's initialiser: a bootstrap sets its options one by one with a promise for each.
    static func apply(to channel: any Channel) throws {
        guard let options = channel.syncOptions else { return }
        try options.setOption(.autoRead, value: false)
        try options.setOption(.allowRemoteHalfClosure, value: true)
        try options.setOption(.tcpOption(.tcp_nodelay), value: 1)
        try options.setOption(.writeBufferWaterMark, value: waterMark)
        try options.setOption(.recvAllocator, value: receiving)
    }
}

/// Thrown in a channel's initialiser to have a client closed that is not served.
private struct NotServed: Error {}

private func accept(
    _ channel: any Channel,
    _ environment: RelayEnvironment
) throws {
    let log = environment.log
    guard environment.configuration.expectsProxyHeader else {
        try? channel.pipeline.syncOperations.addHandler(try connection(of: channel, nil, nil, environment))
        return
    }
    let balancer = channel.remoteAddress
    let handler = ProxyHeaderHandler(
        limit: TimeAmount(environment.configuration.limits.header),
        serve: { try connection(of: $0, $1, $2, environment) },
        refuse: { reason in
            let from = Endpoint(balancer).map { "\($0)" } ?? "somebody"
            log.tell(
                "a connection from \(from) was closed: it must begin with a header of the PROXY protocol, but \(reason)",
                kind: "connections without a header of the PROXY protocol"
            )
        }
    )
    try channel.pipeline.syncOperations.addHandler(handler)
}

/// - Parameters:
///   - client: where the client really is, and the address that it connected to; nil for those of the socket.
private func connection(
    of channel: any Channel,
    _ client: Endpoint?,
    _ listener: Endpoint?,
    _ environment: RelayEnvironment
) throws -> PeerHandler {
    // A client that has gone already has no address any more.
    guard let client = client ?? Endpoint(channel.remoteAddress),
        let listener = listener ?? Endpoint(channel.localAddress),
        let queue = environment.queues.queue(of: channel.eventLoop),
        let (number, recordedClient) = environment.registry.begin(client, listener)
    else { throw NotServed() }
    do throws(CaptureError) {
        let connection = try Connection(
            number: number,
            client: client,
            recordedClient: recordedClient,
            listener: listener,
            environment: environment,
            loop: channel.eventLoop,
            queue: queue
        )
        return PeerHandler(side: .client, connection: connection)
    } catch {
        environment.registry.recordingFailed(error)
        throw NotServed()
    }
}
