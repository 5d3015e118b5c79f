import Capture
import NIOCore
import NIOPosix

/// One address at which the server may be.
struct Candidate: Sendable, Equatable {
    /// The name by which it is looked for.
    let host: String
    let endpoint: Endpoint
    /// How the address was found, for people.
    let how: String
}

/// Finds the server of one client and connects to it, on the client's event loop.
struct ServerSearch: Sendable {
    let environment: RelayEnvironment
    let loop: any EventLoop
    /// Makes the handler of the channel to a candidate; called on the loop.
    let makeHandler: @Sendable (Candidate) -> PeerHandler

    /// Returns nil once connected; the handler has learnt of it by then.
    func run(domain: String?) async -> Refusal? {
        guard let upstream = environment.configuration.upstream else { return nil }
        switch await environment.nameService.addresses(of: upstream.host, port: upstream.port) {
        case .found(let endpoints):
            return await connect(
                to: endpoints.map { Candidate(host: upstream.host, endpoint: $0, how: "fixed by --upstream") },
                host: upstream.host
            )
        case .noSuchName, .noRecord, .failed:
            return Refusal(condition: .remoteConnectionFailed, host: upstream.host, reason: "not found")
        }
    }

    private func connect(to candidates: [Candidate], host: String) async -> Refusal? {
        for candidate in candidates {
            do {
                try await connect(to: candidate)
                return nil
            } catch {
                continue
            }
        }
        return Refusal(condition: .remoteConnectionFailed, host: host, reason: "not reached")
    }

    private func connect(to candidate: Candidate) async throws {
        let makeHandler = self.makeHandler
        _ = try await ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(environment.configuration.limits.connect))
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: ChannelTuning.waterMark)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(makeHandler(candidate))
                }
            }
            .connect(to: candidate.endpoint.socketAddress()).get()
    }
}
