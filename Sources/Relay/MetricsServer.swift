import Capture
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import SystemErrors

/// Answers `GET /metrics` over HTTP with a text that is made for each request.
///
/// Each connection has one request and a few seconds, and there are few at a time: whoever keeps them takes nothing from the
/// clients of the relay, and Prometheus gets its turn.
public final class MetricsServer: Sendable {
    private let channel: any Channel

    /// Connections at a time; others wait.
    static let connectionLimit = 16
    /// For a connection from its first to its last byte. Prometheus gives up after 10 s.
    private static let lifetime = TimeAmount.seconds(4)

    /// - Parameters:
    ///   - text: called on any thread.
    public static func start(
        on address: ListenAddress,
        text: @escaping @Sendable () -> String
    ) async throws(RelayError) -> MetricsServer {
        let room = ConnectionRoom(limit: connectionLimit)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // The gate is asked before each connection; else a burst of them could go beyond the limit.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // Who asks for figures is told nothing of it, and neither is the user.
                    let gate = AcceptGate(address: address.endpoint, room: room, log: { _ in })
                    try channel.pipeline.syncOperations.addHandler(gate)
                }
            }
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let expiry = channel.eventLoop.scheduleTask(in: lifetime) { channel.close(promise: nil) }
                    channel.closeFuture.whenComplete { _ in expiry.cancel() }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(MetricsHandler(text: text))
                }
            }
        do {
            return MetricsServer(try await bootstrap.bind(to: address.endpoint.socketAddress()).get())
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw .addressInUse(address)
        } catch let error as IOError {
            throw .cannotListen(address, reason: connectionReason(error.errnoCode))
        } catch {
            throw .cannotListen(address, reason: LibraryWords.told(error))
        }
    }

    private init(_ channel: any Channel) { self.channel = channel }

    /// Where it listens, with its real port.
    public var address: Endpoint? { Endpoint(channel.localAddress) }

    public func stop() async { try? await channel.close() }
}

private final class MetricsHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let text: @Sendable () -> String
    private var request: HTTPRequestHead?

    init(text: @escaping @Sendable () -> String) { self.text = text }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head): request = head
        case .body: break
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let request else { return }
        let path = request.uri.prefix { $0 != "?" }
        let (status, body): (HTTPResponseStatus, String) =
            switch (request.method, path) {
            case (.GET, "/metrics"), (.HEAD, "/metrics"): (.ok, text())
            case (.GET, _), (.HEAD, _): (.notFound, "There is only /metrics here.\n")
            default: (.methodNotAllowed, "There is only GET here.\n")
            }
        var head = HTTPResponseHead(version: request.version, status: status)
        head.headers.add(name: "Content-Type", value: "text/plain; version=0.0.4; charset=utf-8")
        head.headers.add(name: "Content-Length", value: "\(body.utf8.count)")
        head.headers.add(name: "Connection", value: "close")
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            context.write(Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: written)
        self.request = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

@available(*, unavailable)
extension MetricsHandler: Sendable {}
