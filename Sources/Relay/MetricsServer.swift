import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// Answers `GET /metrics` over HTTP with a text that is made for each request.
public final class MetricsServer: Sendable {
    private let channel: any Channel

    /// - Parameters:
    ///   - text: called on any thread.
    public static func start(
        on address: ListenAddress,
        text: @escaping @Sendable () -> String
    ) async throws(RelayError) -> MetricsServer {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(MetricsHandler(text: text))
                }
            }
        do {
            return MetricsServer(try await bootstrap.bind(to: address.endpoint.socketAddress()).get())
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw .addressInUse(address)
        } catch let error as IOError {
            throw .cannotListen(address, reason: String(cString: strerror(error.errnoCode)))
        } catch {
            throw .cannotListen(address, reason: "\(error)")
        }
    }

    private init(_ channel: any Channel) { self.channel = channel }

    /// Where it listens, with its real port: `127.0.0.1:9100`.
    public var address: String { channel.localAddress.map { "\($0.ipAddress ?? ""):\($0.port ?? 0)" } ?? "" }

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
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            context.write(Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        if !request.isKeepAlive {
            written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        }
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: written)
        self.request = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

@available(*, unavailable)
extension MetricsHandler: Sendable {}
