import NIOCore

/// Looks at the first byte of a client: TLS begins with 0x16 (RFC 8446 section 5.1), XML with anything else.
final class FirstByteHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let client: ClientHandler
    private var hasLooked = false

    init(client: ClientHandler) { self.client = client }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Self.unwrapInboundIn(data)
        if !hasLooked, let first = bytes.readableBytesView.first {
            hasLooked = true
            // The TLS handler goes behind this one, and gets these bytes.
            if first == 0x16 { client.beginDirectTLS(after: self, context) }
        }
        context.fireChannelRead(data)
    }
}

@available(*, unavailable)
extension FirstByteHandler: Sendable {}
