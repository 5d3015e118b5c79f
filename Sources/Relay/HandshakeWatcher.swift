import NIOCore
import TLSHandshake
import XMLStream
import XMPP

/// Stands between a channel and its TLS handler: reads the hellos that pass, and keeps out what is no TLS.
///
/// The client's bytes are held until its ClientHello is complete, for the certificate that it is shown depends on it. White
/// space before the first byte of TLS is dropped: some clients end `<starttls/>` with a line break.
final class HandshakeWatcher: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let side: Side
    private let connection: Connection
    private var context: ChannelHandlerContext?
    private var inbound: HelloReader? = HelloReader()
    private var outbound: HelloReader? = HelloReader()
    /// Until the handshake is complete.
    private var alerts: AlertReader? = AlertReader()
    private var held = ByteBuffer()
    private var isHolding: Bool
    private var hasBegun = false
    private var hasToldHello = false
    private(set) var clientHello: ClientHello?
    private(set) var serverHello: ServerHello?
    /// What came in place of the other side's hello, or an alert in the clear behind it.
    private(set) var refusal: HelloReader.Result?

    init(side: Side, connection: Connection) {
        self.side = side
        self.connection = connection
        isHolding = side == .client
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { received(Self.unwrapInboundIn(data)) }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if outbound != nil { note(outbound?.read(Self.unwrapOutboundIn(data).readableBytesView), isInbound: false) }
        context.write(data, promise: promise)
    }

    /// Takes bytes as if they had just been read.
    func received(_ bytes: ByteBuffer) {
        var bytes = bytes
        if !hasBegun {
            let blanks = bytes.readableBytesView.prefix(while: \.isXMLWhitespace).count
            bytes.moveReaderIndex(forwardBy: blanks)
            if blanks > 0 { connection.droppedBlanks(blanks, from: side) }
            if bytes.readableBytes == 0 { return }
            hasBegun = true
        }
        if inbound != nil { note(inbound?.read(bytes.readableBytesView), isInbound: true) }
        if let alert = alerts?.read(bytes.readableBytesView), refusal == nil { refusal = .alert(alert) }
        guard isHolding else {
            context?.fireChannelRead(Self.wrapInboundOut(bytes))
            return
        }
        held.writeBuffer(&bytes)
        if let hello = clientHello, !hasToldHello {
            hasToldHello = true
            connection.clientHelloRead(hello)
        }
        if refusal != nil { connection.securingFailed(side) }
    }

    /// The TLS handler stands behind us now: gives it what was held.
    func release() {
        isHolding = false
        let bytes = held
        held = ByteBuffer()
        context?.fireChannelRead(Self.wrapInboundOut(bytes))
        context?.fireChannelReadComplete()
    }

    /// The handshake is complete, so no alert comes in the clear any more.
    func completed() { alerts = nil }

    /// Closes the socket at once, without the farewell of TLS.
    func closeUnderneath() { context?.close(promise: nil) }

    private func note(_ result: HelloReader.Result?, isInbound: Bool) {
        switch result {
        case .incomplete?, nil: return
        case .client(let hello)?: clientHello = hello
        case .server(let hello)?: serverHello = hello
        case .alert?, .notTLS?: if isInbound { refusal = result }
        }
        if isInbound { inbound = nil } else { outbound = nil }
    }
}

@available(*, unavailable)
extension HandshakeWatcher: Sendable {}
