import Glibc
import NIOCore
import NIOSSL
import NIOTLS
import XMPP

/// One side of a connection in its channel's pipeline: tells the `Connection` what happened, does what it asks for.
///
/// Reading is by request only (`autoRead` is off), so that a side is read no faster than the other one takes.
final class PeerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let side: Side
    private let connection: Connection
    private var context: ChannelHandlerContext?
    /// An error says that the socket failed; so does its end when neither side has ended its sending.
    private var hasFailed = false
    private var outputIsClosed = false
    /// Stands before the TLS handler, once there is one.
    private(set) var watcher: HandshakeWatcher?
    private var hasTLS = false
    private var isSecured = false
    /// What is to be sent when it is in the capture, and where TLS is to come first, when that is there.
    private var waiting: [ByteBuffer] = []
    /// True while the queue knows that something waits.
    private var awaitsRelease = false
    /// True once the end of TLS was told, or is of our own making.
    private var endIsTold = false

    init(side: Side, connection: Connection) {
        self.side = side
        self.connection = connection
    }

    // MARK: What happened

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    /// A channel that closes before it was ever active is not told as inactive; told twice, nothing happens.
    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        connection.closed(self, wasReset: true)
    }

    func channelActive(context: ChannelHandlerContext) {
        connection.becameActive(self, remoteAddress: context.remoteAddress)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.received(Self.unwrapInboundIn(data), by: self)
    }

    func channelReadComplete(context: ChannelHandlerContext) { connection.readCompleted(side) }

    func channelWritabilityChanged(context: ChannelHandlerContext) { connection.writabilityChanged(side) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { connection.inputEnded(side) }
        if case .handshakeCompleted(let name)? = event as? TLSUserEvent {
            isSecured = true
            watcher?.completed()
            connection.secured(side, applicationProtocol: name)
        }
    }

    /// NIO closes the channel after a socket error; the end of the channel is then told as a reset.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? NIOSSLError, error == .uncleanShutdown {
            // A socket that failed has not ended at all.
            if !endIsTold, !hasFailed { connection.endedWithoutFarewell(side) }
            endIsTold = true
            return
        }
        if watcher != nil, !isSecured { connection.securingFailed(side, error) }
        // Only the first error tells why, and a socket's own is told as a reset.
        if isSecured, !hasFailed, !(error is IOError), !(error is ChannelError) { connection.broke(side, error) }
        hasFailed = true
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.closed(self, wasReset: hasFailed || !outputIsClosed)
    }

    // MARK: What is to be done, once what was recorded is in the capture

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func read() { context?.read() }

    func write(_ bytes: ByteBuffer) {
        waiting.append(bytes)
        awaitRelease()
        connection.queue.hold(bytes.readableBytes)
    }

    /// Sends a FIN once everything before it was handed to the kernel.
    func closeOutput() { connection.queue.add(.closeOutput(self)) }

    /// Sends a RST once everything before it was handed to the kernel.
    func abort() {
        endIsTold = true
        connection.queue.add(.abort(self))
    }

    func close() { connection.queue.add(.close(self)) }

    /// Puts a watcher of handshakes before this handler, and at once or later a TLS handler between the two.
    func begin(_ watcher: HandshakeWatcher) {
        // What was written up to here is said in the clear.
        connection.queue.commit()
        guard let context else { return }
        self.watcher = watcher
        // Adding fails only on a channel that is closed already, and its end has been told or will be.
        try? context.pipeline.syncOperations.addHandler(watcher, position: .before(self))
    }

    func add(_ handler: NIOSSLHandler) {
        guard let context else { return }
        try? context.pipeline.syncOperations.addHandler(handler, position: .before(self))
        hasTLS = true
        awaitRelease()
    }

    private func awaitRelease() {
        guard !awaitsRelease, !waiting.isEmpty else { return }
        awaitsRelease = true
        connection.queue.add(.release(self))
    }

    // MARK: What the queue does

    /// Sends what waits, unless TLS is to come first.
    func release() {
        awaitsRelease = false
        guard let context, watcher == nil || hasTLS, !waiting.isEmpty else { return }
        for bytes in waiting { context.write(Self.wrapOutboundOut(bytes), promise: nil) }
        waiting.removeAll(keepingCapacity: true)
        context.flush()
        if side == .client { connection.clientStream.isSent = connection.clientStream.wasSaid }
    }

    /// Forgets what waits: it could not be recorded.
    func discard() { waiting = [] }

    /// NIO's own `close(mode: .output)` throws unsent bytes away when the input has ended already: it escalates to a full
    /// close. So it is called when an empty write, queued behind all others, has been flushed.
    func closeOutputNow() {
        afterFlush { handler, context in
            handler.outputIsClosed = true
            context.close(mode: .output, promise: nil)
        }
    }

    func abortNow() {
        afterFlush { _, context in
            let options = context.channel as? any SocketOptionProvider
            _ = options?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            // The farewell of TLS would wait for an answer.
            if let watcher = self.watcher { watcher.closeUnderneath() } else { context.close(promise: nil) }
        }
    }

    func closeNow() { context?.close(promise: nil) }

    private func afterFlush(_ body: @escaping (PeerHandler, ChannelHandlerContext) -> Void) {
        guard let context else { return }
        // What TLS holds back is not seen here.
        if watcher == nil, (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) == 0 {
            return body(self, context)
        }
        let loop = context.eventLoop
        let flushed = loop.makePromise(of: Void.self)
        flushed.futureResult.assumeIsolated().whenSuccess {
            // Not within the flush that tells us: what TLS writes when it closes could not be flushed then.
            loop.assumeIsolated().execute {
                if let context = self.context { body(self, context) }
            }
        }
        context.writeAndFlush(Self.wrapOutboundOut(context.channel.allocator.buffer(capacity: 0)), promise: flushed)
    }
}

@available(*, unavailable)
extension PeerHandler: Sendable {}
