import NIOCore
import TLSHandshake
import XMPP

/// Stands before the TLS handler of a replay, and tells afterwards why a handshake failed or TLS broke, as the relay does.
public final class AlertWatcher: ChannelInboundHandler {
    public typealias InboundIn = ByteBuffer
    public typealias InboundOut = ByteBuffer

    private var alerts: AlertReader? = AlertReader()
    private var hellos: HelloReader? = HelloReader()
    private var clientHello: ClientHello?
    /// What came in place of a hello or behind it.
    private var refusal: HelloReader.Result?

    /// What is told of a client that ends TLS before it has said anything inside: it has seen nothing but the certificate.
    public static let silentClient =
        "the client ends TLS without a word inside it, as clients do that do not trust the certificate;"
        + " 'stanzatap ca trust-help' tells how to have it do so"

    public init() {}

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Self.unwrapInboundIn(data).readableBytesView
        note(hellos?.read(bytes))
        if let alert = alerts?.read(bytes), refusal == nil { refusal = .alert(alert) }
        context.fireChannelRead(data)
    }

    private func note(_ result: HelloReader.Result?) {
        switch result {
        case .incomplete?, nil: return
        case .client(let hello)?: clientHello = hello
        case .server?: break
        case .alert?, .notTLS?: refusal = result
        }
        hellos = nil
    }

    /// The handshake is complete, so no alert comes in the clear any more.
    public func completed() { (alerts, hellos) = (nil, nil) }

    /// Why TLS with that side failed or broke: a clause, and what would help, a sentence or nothing.
    ///
    /// - Parameter error: of the TLS handler; nil if the connection ended.
    public func told(_ side: Side, _ error: (any Error)?) -> (reason: String, remedy: String) {
        let failure = TLSFailure(
            side,
            received: refusal,
            hello: clientHello,
            error: error,
            verification: nil,
            domain: ""
        )
        return (failure.reason, failure.remedy)
    }
}

@available(*, unavailable)
extension AlertWatcher: Sendable {}
