import Capture
import Conversation
import NIOCore
import NIOSSL
import NIOTLS
import Relay
import Replay
import XMPP

/// One client of a replayed server: its session, its record, its TLS; everything on one event loop.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let number: Int
    private let certificates: ServerCertificates?
    private let defaultDomain: String
    private let plays: (Int) -> Void
    private let report: @Sendable (Departure) -> Void
    private var session: ServerSession
    private var recorder: ConnectionRecorder?
    private var shownCertificate: [UInt8] = []
    private var isDirect = false
    private var isSecured = false
    private let watcher = AlertWatcher()
    private var hasSpokenInside = false
    /// True once it was told why TLS failed.
    private var hasToldTLS = false
    private var outputIsClosed = false
    private var inputIsClosed = false

    init(
        number: Int,
        script: ServerScript,
        recorder: ConnectionRecorder,
        certificates: ServerCertificates?,
        plays: @escaping (Int) -> Void,
        report: @escaping @Sendable (Departure) -> Void
    ) {
        self.number = number
        self.certificates = certificates
        self.plays = plays
        self.report = report
        self.recorder = recorder
        defaultDomain = script.server.accounts.domains.first ?? ""
        session = ServerSession(script, number: number)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasSpokenInside = isSecured
        perform(session.received(Array(Self.unwrapInboundIn(data).readableBytesView)), context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            inputIsClosed = true
            if isSecured, !hasSpokenInside, !outputIsClosed {
                record(context) { recorder throws(CaptureError) in
                    try recorder.happened(.noticed(AlertWatcher.silentClient))
                }
            }
            record(context) { recorder throws(CaptureError) in try recorder.closed(.clientToServer) }
            perform(session.inputEnded(), context)
            if outputIsClosed { context.close(promise: nil) }
        }
        if case .handshakeCompleted(let name)? = event as? TLSUserEvent { secured(context, name) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? NIOSSLError, error == .uncleanShutdown { return }
        if !shownCertificate.isEmpty { tlsFailed(context, error) }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        // Where TLS failed, the end is of our making.
        if !inputIsClosed, !outputIsClosed, !hasToldTLS {
            record(context) { recorder throws(CaptureError) in try recorder.reset(.clientToServer) }
        }
        record(context) { recorder throws(CaptureError) in try recorder.ended() }
        recorder = nil
    }

    // MARK: TLS

    private func tlsFailed(_ context: ChannelHandlerContext, _ error: any Error) {
        // A socket that failed behind the handshake is told as a reset.
        guard !hasToldTLS, !outputIsClosed, !isSecured || !(error is IOError) else { return }
        hasToldTLS = true
        let (reason, remedy) = watcher.told(.client, error)
        record(context) { [isSecured] recorder throws(CaptureError) in
            try recorder.happened(
                isSecured && remedy.isEmpty
                    ? .failed(reason: "TLS with the client broke: \(reason)")
                    : .tlsFailed(.client, reason: reason, certificate: nil, remedy: remedy)
            )
        }
    }

    /// The client begins with TLS; `before` is the handler that saw it.
    func beginDirectTLS(after before: any ChannelHandler, _ context: ChannelHandlerContext) {
        isDirect = true
        beginTLS(defaultDomain, context, position: .after(before))
    }

    private func beginTLS(
        _ domain: String,
        _ context: ChannelHandlerContext,
        position: ChannelPipeline.SynchronousOperations.Position
    ) {
        guard let certificates else { return }
        do {
            let shown = try certificates.shown(for: domain)
            shownCertificate = shown.certificate
            try context.channel.pipeline.syncOperations.addHandlers(
                [watcher, NIOSSLServerHandler(context: shown.context)],
                position: position
            )
        } catch {
            record(context) { recorder throws(CaptureError) in
                let reason = LibraryWords.told(error)
                try recorder.happened(.failed(reason: "TLS with the client could not be set up: \(reason)"))
            }
            context.close(promise: nil)
        }
    }

    private func secured(_ context: ChannelHandlerContext, _ applicationProtocol: String?) {
        isSecured = true
        watcher.completed()
        session.secured()
        var facts = TLSFacts()
        let handler = try? context.channel.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)
        facts.version = handler?.tlsVersion.map(ServerTLS.name) ?? "TLS"
        facts.applicationProtocol = applicationProtocol
        facts.certificate = TLSFacts.Certificate(der: shownCertificate)
        facts.isDirect = isDirect
        facts.hidesChannelBinding = true
        let isDirect = self.isDirect
        record(context) { recorder throws(CaptureError) in
            if !isDirect { try recorder.decryptionBegan() }
            try recorder.happened(.tls(.client, facts))
        }
    }

    // MARK: What the session asks for

    private func perform(_ actions: [ServerAction], _ context: ChannelHandlerContext) {
        for action in actions {
            switch action {
            case .record(let bytes): recordBytes(bytes, .clientToServer, context)
            case .send(let bytes):
                recordBytes(bytes, .serverToClient, context)
                guard recorder != nil else { return }
                context.write(Self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .startTLS(let domain):
                context.flush()
                beginTLS(domain, context, position: .first)
            case .plays(let exchange): plays(exchange)
            case .differ(let text):
                report(Departure(connection: number, text: text))
                record(context) { recorder throws(CaptureError) in try recorder.happened(.differed(text)) }
            case .close: close(context)
            }
        }
        context.flush()
    }

    /// Sends the end once everything before it was handed to the kernel.
    private func close(_ context: ChannelHandlerContext) {
        guard !outputIsClosed else { return }
        outputIsClosed = true
        record(context) { recorder throws(CaptureError) in try recorder.closed(.serverToClient) }
        let both = inputIsClosed
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in
            // In TLS half of the connection cannot be closed.
            context.close(mode: both || self.isSecured ? .all : .output, promise: nil)
        }
    }

    private func recordBytes(_ bytes: [UInt8], _ direction: Direction, _ context: ChannelHandlerContext) {
        record(context) { recorder throws(CaptureError) in try recorder.received(ByteBuffer(bytes: bytes), direction) }
    }

    /// What cannot be recorded does not happen: the connection ends.
    private func record(
        _ context: ChannelHandlerContext,
        _ body: (inout ConnectionRecorder) throws(CaptureError) -> Void
    ) {
        guard var current = recorder else { return }
        do {
            try body(&current)
            recorder = current
        } catch {
            recorder = nil
            report(Departure(connection: number, text: "\(error)", isFailure: true))
            context.close(promise: nil)
        }
    }
}

@available(*, unavailable)
extension ClientHandler: Sendable {}
