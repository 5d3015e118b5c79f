import Capture
import NIOCore
import NIOPosix

/// A recording relay: takes clients, finds their servers, passes bytes on untouched once they are in the capture.
public final class Relay: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let pool: NIOThreadPool
    private let registry: ConnectionRegistry
    private let log: LimitedLog
    /// How much went through.
    public let counters = RelayCounters()

    /// Name look-ups that can wait for slow name servers at the same time.
    private static let lookupThreads = 8

    /// Starts listening. Clients are taken from then on.
    ///
    /// - Parameters:
    ///   - capture: where everything is recorded; it stays open after `stop`.
    ///   - log: gets single lines for the user's terminal about the relay as a whole; what concerns one connection is in
    ///     the capture. May be called on any thread.
    public static func start(
        _ configuration: RelayConfiguration,
        capture: CaptureFile,
        log: @escaping @Sendable (String) -> Void
    ) async throws(RelayError) -> Relay {
        if configuration.upstream == nil, configuration.allowedDomains.isEmpty,
            let open = configuration.listeners.first(where: { !$0.endpoint.isLoopback })
        {
            throw .openRelay(open)
        }
        let relay = Relay(threads: configuration.threads, log: LimitedLog(log))
        do throws(RelayError) {
            try await relay.listen(configuration, capture, log)
            return relay
        } catch {
            await relay.stop(grace: .zero)
            throw error
        }
    }

    private init(threads: Int, log: LimitedLog) {
        self.log = log
        group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, threads))
        pool = NIOThreadPool(numberOfThreads: Self.lookupThreads)
        pool.start()
        registry = ConnectionRegistry()
    }

    private func listen(
        _ configuration: RelayConfiguration,
        _ capture: CaptureFile,
        _ log: @escaping @Sendable (String) -> Void
    ) async throws(RelayError) {
        let environment = RelayEnvironment(
            configuration: configuration,
            capture: capture,
            registry: registry,
            queues: try await queues(capture),
            nameService: NameService(pool: pool, resolver: configuration.resolver),
            counters: counters,
            log: self.log,
            tls: try tls(configuration)
        )
        let room = ConnectionRoom(limit: configuration.limits.connections)
        let listener = Listener(environment: environment, group: group, room: room, log: log)
        for address in configuration.listeners {
            if let channel = try await listener.bind(address) { registry.add(listener: channel) }
        }
        if addresses.isEmpty { throw .noListener }
    }

    private func queues(_ capture: CaptureFile) async throws(RelayError) -> CommitQueues {
        do {
            return try await CommitQueues(Array(group.makeIterator()), capture: capture, registry: registry)
        } catch {
            throw .noListener
        }
    }

    private func tls(_ configuration: RelayConfiguration) throws(RelayError) -> TLSContexts? {
        guard let interception = configuration.interception else { return nil }
        return try TLSContexts(interception)
    }

    /// The addresses that clients can connect to, with their real ports.
    public var addresses: [Endpoint] { registry.addresses }

    /// This process listens there too, for another purpose: no client is joined to it.
    public func isOwn(_ address: Endpoint) { registry.add(ownAddress: address) }

    /// How many clients are connected at the moment.
    public var openConnections: Int { registry.openCount }

    /// How many were taken since the relay began.
    public var acceptedConnections: Int { registry.acceptedCount }

    /// Waits for the recording to fail (disk full): from then on the relay takes no client and passes no byte on.
    ///
    /// Returns nil if the relay is stopped, or the task cancelled, before that. To be called once.
    public func waitUntilFailure() async -> CaptureError? {
        for await failure in registry.failures { return failure }
        return nil
    }

    /// Takes no more clients, sends a FIN to both sides of every connection, and returns when all have ended and the
    /// capture holds everything.
    ///
    /// - Parameter grace: how long the peers may take to close on their part, before they are closed.
    public func stop(grace: Duration = .seconds(2)) async {
        await registry.stop(grace: grace)
        log.end()
        let (group, pool) = (self.group, self.pool)
        // A look-up that waits for a slow name server need not keep the caller waiting.
        Task {
            try? await pool.shutdownGracefully()
            try? await group.shutdownGracefully()
        }
    }
}
