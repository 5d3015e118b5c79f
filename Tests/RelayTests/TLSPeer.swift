import Foundation
import Glibc
import NIOCore
import NIOEmbedded
import NIOSSL
import NIOTLS

/// One thread on which the peers of a test run: they block, and NIO's embedded channels stay on the thread that made them.
@globalActor
actor PeerThread {
    static let shared = PeerThread()

    private static let executor = ThreadExecutor()

    nonisolated var unownedExecutor: UnownedSerialExecutor { Self.executor.asUnownedSerialExecutor() }
}

private final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []

    init() {
        Thread.detachNewThread { [self] in while true { next().runSynchronously(on: asUnownedSerialExecutor()) } }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.withLock {
            jobs.append(job)
            condition.signal()
        }
    }

    private func next() -> UnownedJob {
        condition.withLock {
            while jobs.isEmpty { condition.wait() }
            return jobs.removeFirst()
        }
    }
}

struct TLSPeerProblem: Error, CustomStringConvertible {
    let description: String
}

/// A client or server of a test that speaks TLS: NIOSSL in a channel without a socket, whose bytes a `TestSocket` carries.
///
/// Blocking; to be used on one thread only. Errors of TLS are gathered, and thrown where the test waits for something else.
final class TLSPeer {
    enum Role {
        case client(serverName: String?)
        case server
    }

    let socket: TestSocket
    private let channel = EmbeddedChannel()
    private let ears = Ears()
    private let handler: NIOSSLHandler
    /// How many bytes of TLS go into one write; nil for all at once.
    var writeSize: Int?
    /// True to keep bytes of TLS back, for `takeOutput`.
    var isHolding = false
    /// Decrypted bytes that no `receive` took yet.
    private var unread: [UInt8] = []
    private(set) var socketHasEnded = false
    /// The first bytes of TLS that came.
    private(set) var firstBytes: [UInt8] = []

    init(_ socket: TestSocket, _ role: Role, _ context: NIOSSLContext) throws {
        self.socket = socket
        switch role {
        case .client(let name):
            handler = try NIOSSLClientHandler(context: context, serverHostname: name)
        case .server:
            handler = NIOSSLServerHandler(context: context)
        }
        channel.allowRemoteHalfClosure = true
        try channel.pipeline.syncOperations.addHandlers([Floor(), handler, ears])
    }

    /// Breaks the library's reference cycles.
    deinit {
        channel.pipeline.syncOperations.removeHandler(handler, promise: nil)
        channel.embeddedEventLoop.run()
    }

    /// Goes out with the last words of our handshake, in the same write.
    var greeting: String {
        get { ears.greeting }
        set { ears.greeting = newValue }
    }

    // MARK: What came

    var isSecured: Bool { ears.isSecured }
    var applicationProtocol: String? { ears.applicationProtocol }
    var errors: [any Error] { ears.errors }
    /// True once the other side said that it sends no more.
    var hasFarewell: Bool { ears.hasFarewell }
    var version: NIOSSL.TLSVersion? { handler.tlsVersion }
    /// The leaf that the other side showed, DER.
    var certificate: [UInt8] { get throws { try handler.peerCertificate?.toDERBytes() ?? [] } }

    // MARK: The handshake

    /// Begins TLS and waits for the end of the handshake.
    func secure() throws {
        try begin()
        while !isSecured {
            if let error = errors.first { throw error }
            if !(try pump()) { throw TLSPeerProblem(description: "the connection ended during the handshake") }
        }
    }

    /// Begins TLS: a client says its first word, a server gets ready.
    func begin() throws {
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try emit()
    }

    /// Goes on until the handshake has failed or the connection has ended; what went wrong, in the library's words.
    func secureInVain() -> String {
        do {
            try secure()
            return "secured"
        } catch {
            return "\(error)"
        }
    }

    /// The bytes of TLS that would be sent next, unsent.
    func takeOutput() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += buffer.readableBytesView }
        return bytes
    }

    // MARK: Bytes

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        try emit()
    }

    /// Waits until `text` has come; everything before it and itself.
    @discardableResult
    func receive(through text: String) throws -> String {
        let pattern = Array(text.utf8)
        return String(
            decoding: try take { $0.firstRange(of: pattern)?.upperBound },
            as: UTF8.self
        )
    }

    func receive(exactly count: Int) throws -> [UInt8] { try take { $0.count >= count ? count : nil } }

    /// Everything until the other side's close_notify or FIN.
    func receiveToEnd() throws -> [UInt8] {
        while !hasFarewell, try pump() {}
        defer { unread = [] }
        gather()
        return unread
    }

    func receiveText() throws -> String { String(decoding: try receiveToEnd(), as: UTF8.self) }

    private func take(_ end: ([UInt8]) -> Int?) throws -> [UInt8] {
        while true {
            gather()
            if let end = end(unread) {
                defer { unread.removeFirst(end) }
                return Array(unread[..<end])
            }
            if let error = errors.first { throw error }
            if hasFarewell {
                throw TLSPeerProblem(description: "close_notify after \(String(decoding: unread, as: UTF8.self))")
            }
            if !(try pump()) {
                throw TLSPeerProblem(
                    description: "the connection ended after \(String(decoding: unread, as: UTF8.self))"
                )
            }
        }
    }

    // MARK: The end

    /// Sends close_notify, and receives on.
    func sendFarewell() throws {
        channel.close(mode: .output, promise: nil)
        try emit()
    }

    /// Sends close_notify and a FIN, as a program that is done does.
    func finish() throws {
        try sendFarewell()
        socket.shutdownOutput()
    }

    /// Waits for the FIN of the socket.
    func waitForEnd() throws { while try pump() {} }

    /// Sends `bytes` and then close_notify and a FIN, while it receives everything that comes.
    ///
    /// - Parameter pause: microseconds between reads, for a slow reader.
    func exchange(_ bytes: [UInt8], pausing pause: useconds_t = 0) throws -> [UInt8] {
        isHolding = true
        var (output, position, isDone): (ArraySlice<UInt8>, Int, Bool) = ([], 0, false)
        while !hasFarewell || !isDone || !output.isEmpty {
            if output.isEmpty, position < bytes.count {
                let end = min(position + 65_536, bytes.count)
                try send(Array(bytes[position..<end]))
                position = end
                output = try takeOutput()[...]
            } else if output.isEmpty, !isDone {
                try sendFarewell()
                output = try takeOutput()[...]
                isDone = true
            }
            let ready = try socket.wait(forInput: !hasFarewell, output: !output.isEmpty)
            if ready.input {
                if !(try pump()) { break }
                // It reads slowly on purpose: the pause is what is tested, nothing is waited for.
                usleep(pause)
            }
            if ready.output {
                output = output.dropFirst(try socket.sendWhatFits(output))
                if isDone, output.isEmpty { socket.shutdownOutput() }
            }
        }
        gather()
        defer { unread = [] }
        return unread
    }

    // MARK: The socket

    /// Takes the next bytes from the socket; false at its end.
    @discardableResult
    func pump() throws -> Bool {
        if socketHasEnded { return false }
        let bytes = try socket.receive()
        if firstBytes.count < 16 { firstBytes += bytes.prefix(16) }
        if bytes.isEmpty {
            socketHasEnded = true
            return false
        }
        channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
        channel.pipeline.fireChannelReadComplete()
        try emit()
        return true
    }

    private func gather() {
        unread += ears.bytes
        ears.bytes = []
    }

    private func emit() throws {
        if isHolding { return }
        let bytes = try takeOutput()
        guard let size = writeSize else { return try socket.send(bytes) }
        for start in stride(from: 0, to: bytes.count, by: size) {
            try socket.send(Array(bytes[start..<min(start + size, bytes.count)]))
        }
    }
}

/// Keeps the channel open, for it cannot be closed by halves; the socket is closed by the test.
private final class Floor: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) { promise?.succeed() }
}

/// Notes what comes out of the TLS handler.
private final class Ears: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    var bytes: [UInt8] = []
    var greeting = ""
    var isSecured = false
    var applicationProtocol: String?
    var errors: [any Error] = []
    var hasFarewell = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += Self.unwrapInboundIn(data).readableBytesView
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { hasFarewell = true }
        if case .handshakeCompleted(let name)? = event as? TLSUserEvent {
            isSecured = true
            applicationProtocol = name
            if !greeting.isEmpty { context.writeAndFlush(NIOAny(ByteBuffer(string: greeting)), promise: nil) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { errors.append(error) }
}
