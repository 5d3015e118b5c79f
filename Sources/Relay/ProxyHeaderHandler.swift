import Capture
import NIOCore

/// Reads the header of the PROXY protocol, then makes the connection that it tells of, and is gone.
final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let limit: TimeAmount
    /// Serves the client at these addresses; nil for those of the socket.
    private let serve: (any Channel, Endpoint?, Endpoint?) throws -> PeerHandler
    private let refuse: (String) -> Void
    private var bytes: [UInt8] = []
    private var timer: Scheduled<Void>?

    init(
        limit: TimeAmount,
        serve: @escaping (any Channel, Endpoint?, Endpoint?) throws -> PeerHandler,
        refuse: @escaping (String) -> Void
    ) {
        self.limit = limit
        self.serve = serve
        self.refuse = refuse
    }

    func channelActive(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { [weak self] in
            self?.giveUp(context, "none came in time")
        }
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += Self.unwrapInboundIn(data).readableBytesView
        switch ProxyHeader.read(bytes) {
        case .incomplete: break
        case .none(let reason): giveUp(context, reason)
        case .complete(let client, let listener, let count): serve(context, client, listener, Array(bytes[count...]))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if timer == nil { context.fireChannelReadComplete() } else { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    private func serve(_ context: ChannelHandlerContext, _ client: Endpoint?, _ listener: Endpoint?, _ rest: [UInt8]) {
        timer?.cancel()
        timer = nil
        do {
            let handler = try serve(context.channel, client, listener)
            try context.pipeline.syncOperations.addHandler(handler, position: .after(self))
        } catch {
            return context.close(promise: nil)
        }
        context.fireChannelActive()
        if !rest.isEmpty { context.fireChannelRead(Self.wrapInboundOut(ByteBuffer(bytes: rest))) }
        context.fireChannelReadComplete()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func giveUp(_ context: ChannelHandlerContext, _ reason: String) {
        timer?.cancel()
        refuse(reason)
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension ProxyHeaderHandler: Sendable {}
