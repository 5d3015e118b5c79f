import NIOCore
import NIOSSL
import NIOTLS

/// The end of a replay's channel to its server: tells the driver what happens.
final class ServerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: Int
    private let driver: ReplayDriver
    private var lastError: (any Error)?
    private var isSecured = false

    init(connection: Int, driver: ReplayDriver) {
        self.connection = connection
        self.driver = driver
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        driver.received(Array(Self.unwrapInboundIn(data).readableBytesView), connection)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { driver.inputEnded(connection) }
        if case .handshakeCompleted(let name)? = event as? TLSUserEvent {
            isSecured = true
            driver.secured(connection, applicationProtocol: name)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // An end without the farewell of TLS is an end.
        if let error = error as? NIOSSLError, error == .uncleanShutdown { return }
        lastError = lastError ?? error
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { driver.closed(connection, error: lastError) }
}

@available(*, unavailable)
extension ServerHandler: Sendable {}
