import Capture
import Certificates
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization

/// Asks a server with direct TLS which names its certificate is for.
///
/// A client that begins with TLS and names no domain (gloox and sendxmpp do not) must be shown a certificate before it says
/// whom it wants; what the server itself would show is the best guess. Nothing but the handshake is exchanged.
struct CertificateProbe: Sendable {
    let contexts: TLSContexts
    let loop: any EventLoop
    let limit: TimeAmount

    /// The domains in the server's certificate; none if it does not answer by TLS in time.
    func domains(at endpoint: Endpoint) async -> [String] {
        let found = loop.makePromise(of: [String].self)
        let answer = CertificateAnswer(found)
        let context = contexts.toServer(isDirect: true)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(limit)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(
                        context: context,
                        serverHostname: nil,
                        customVerificationCallback: { chain, verdict in
                            answer.take(chain)
                            verdict.succeed(.certificateVerified)
                        }
                    )
                    try channel.pipeline.syncOperations.addHandlers([handler, FarewellHandler()])
                }
            }
        guard let channel = try? await bootstrap.connect(to: endpoint.socketAddress()).get() else {
            answer.giveUp()
            return []
        }
        channel.closeFuture.whenComplete { _ in answer.giveUp() }
        let timeout = loop.scheduleTask(in: limit) { channel.close(promise: nil) }
        defer { timeout.cancel() }
        return (try? await found.futureResult.get()) ?? []
    }
}

/// Completes a promise at the first of: a certificate, the end.
private final class CertificateAnswer: Sendable {
    private let found: EventLoopPromise<[String]>
    private let isOpen = Mutex(true)

    init(_ found: EventLoopPromise<[String]>) { self.found = found }

    func take(_ chain: [NIOSSLCertificate]) {
        let facts = (try? chain.first?.toDERBytes()).flatMap { CertificateFacts(der: $0) }
        complete((facts?.names ?? []).filter(isDomain))
    }

    func giveUp() { complete([]) }

    private func complete(_ names: [String]) {
        let isFirst = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        if isFirst { found.succeed(Array(names.prefix(Self.nameLimit))) }
    }

    /// A certificate may name hundreds; one of ours for all of them would be as large.
    private static let nameLimit = 8

    private func isDomain(_ name: String) -> Bool {
        name.contains(".") && !name.contains("*") && Endpoint(host: name, port: 0) == nil
    }
}

/// Ends TLS in order as soon as it is established: jabberd2 spoils its next connection when TLS is broken off.
private final class FarewellHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

@available(*, unavailable)
extension FarewellHandler: Sendable {}
