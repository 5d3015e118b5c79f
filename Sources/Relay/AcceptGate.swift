import Capture
import Glibc
import NIOCore
import Synchronization
import SystemErrors

/// Lets a listener accept only while there is room for another connection.
///
/// Waiting clients stay in the kernel's queue. The room is counted, for to run out of file descriptors is fatal on Linux:
/// libdispatch, on which Swift's tasks run, ends the process when it cannot open a file.
public final class AcceptGate: ChannelDuplexHandler {
    public typealias InboundIn = any Channel
    public typealias OutboundIn = any Channel

    /// How long other connections get to end, before room is looked for again.
    private static let pause = TimeAmount.milliseconds(200)
    /// Between two lines in the log.
    private static let silence = TimeAmount.minutes(1)

    private let address: Endpoint
    private let room: ConnectionRoom
    private let log: @Sendable (String) -> Void
    private var lastLogged: NIODeadline?

    public init(address: Endpoint, room: ConnectionRoom, log: @escaping @Sendable (String) -> Void) {
        self.address = address
        self.room = room
        self.log = log
    }

    public func read(context: ChannelHandlerContext) {
        if room.isLeft { return context.read() }
        tell("there are as many connections as this process may have file descriptors for")
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { self.read(context: context) }
    }

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let room = self.room
        room.take()
        Self.unwrapInboundIn(data).closeFuture.whenComplete { _ in room.giveBack() }
        context.fireChannelRead(data)
    }

    /// The system as a whole may run out of descriptors or memory all the same. After an accept that failed NIO goes on
    /// asking at once, so reading itself is switched off; its own `AcceptBackoffHandler` does not prevent that.
    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let code = (error as? IOError)?.errnoCode, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code) else {
            return
        }
        tell(systemReason(code))
        let channel = context.channel
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            try? channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }

    private func tell(_ reason: String) {
        let now = NIODeadline.now()
        guard lastLogged.map({ now - $0 > Self.silence }) ?? true else { return }
        lastLogged = now
        log("\(address): clients have to wait: \(reason)")
    }
}

@available(*, unavailable)
extension AcceptGate: Sendable {}

/// Counts the accepted connections of all listeners.
public final class ConnectionRoom: Sendable {
    private let limit: Int
    private let taken = Atomic(0)

    /// - Parameter limit: connections at a time.
    public init(limit: Int) { self.limit = limit }

    var isLeft: Bool { taken.load(ordering: .relaxed) < limit }

    func take() { taken.add(1, ordering: .relaxed) }

    func giveBack() { taken.subtract(1, ordering: .relaxed) }
}
