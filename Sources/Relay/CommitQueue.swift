import Capture
import NIOCore

/// What the connections of one event loop are about to do to the world, held back until what they recorded is in the capture.
///
/// All that happens in one turn of the loop, on however many connections, goes into the capture with a single write, and only
/// then on to the peers.
final class CommitQueue {
    enum Deed {
        /// Send what was written to this side.
        case release(PeerHandler)
        case closeOutput(PeerHandler)
        case abort(PeerHandler)
        case close(PeerHandler)
        /// The connection of this number is over.
        case end(Int)
    }

    private let capture: CaptureFile
    private let registry: ConnectionRegistry
    private let loop: any EventLoop
    private var deeds: [Deed] = []
    private var isScheduled = false
    /// Bytes that peers hold back.
    private var held = 0
    /// So many are not held until the end of a turn: a turn may read from thousands of connections.
    private static let longWait = 4 * 1024 * 1024
    /// From then on nothing is recorded, and what is sent are only our own words about that.
    private var hasFailed = false

    init(capture: CaptureFile, registry: ConnectionRegistry, loop: any EventLoop) {
        self.capture = capture
        self.registry = registry
        self.loop = loop
    }

    func add(_ deed: Deed) {
        deeds.append(deed)
        schedule()
    }

    /// To be called when a peer holds bytes back until they are recorded.
    func hold(_ count: Int) {
        held += count
        if held > Self.longWait { commit() }
    }

    /// To be called when something was recorded: has it written at the end of the present turn.
    func schedule() {
        guard !isScheduled else { return }
        isScheduled = true
        loop.assumeIsolated().execute {
            self.isScheduled = false
            self.commit()
        }
    }

    /// Writes what was recorded and does what waited for it, in order.
    func commit() {
        let due = deeds
        deeds = []
        held = 0
        let failure = hasFailed ? nil : write()
        if let failure {
            hasFailed = true
            for deed in due { deed.discard() }
            registry.recordingFailed(failure)
        }
        for deed in due { perform(deed) }
    }

    private func write() -> CaptureError? {
        do throws(CaptureError) {
            try capture.commit()
            return nil
        } catch {
            return error
        }
    }

    private func perform(_ deed: Deed) {
        switch deed {
        case .release(let peer): peer.release()
        case .closeOutput(let peer): peer.closeOutputNow()
        case .abort(let peer): peer.abortNow()
        case .close(let peer): peer.closeNow()
        case .end(let number): registry.remove(number)
        }
    }
}

extension CommitQueue.Deed {
    /// What was not recorded is not sent.
    fileprivate func discard() {
        if case .release(let peer) = self { peer.discard() }
    }
}

@available(*, unavailable)
extension CommitQueue: Sendable {}

/// The queues of all event loops of a relay.
struct CommitQueues: Sendable {
    private let queues: [ObjectIdentifier: NIOLoopBound<CommitQueue>]

    init(_ loops: [any EventLoop], capture: CaptureFile, registry: ConnectionRegistry) async throws {
        var queues: [ObjectIdentifier: NIOLoopBound<CommitQueue>] = [:]
        for loop in loops {
            queues[ObjectIdentifier(loop)] = try await loop.submit {
                NIOLoopBound(CommitQueue(capture: capture, registry: registry, loop: loop), eventLoop: loop)
            }.get()
        }
        self.queues = queues
    }

    /// Nil for a loop of somebody else's. To be called on the loop.
    func queue(of loop: any EventLoop) -> CommitQueue? { queues[ObjectIdentifier(loop)]?.value }
}
