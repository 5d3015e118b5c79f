import Capture
import NIOCore
import Synchronization

/// The open connections of a relay, and how it is going to end.
///
/// The lock is taken when a connection begins or ends, never for its bytes.
final class ConnectionRegistry: Sendable {
    private struct State {
        var count = 0
        var open: [Int: NIOLoopBound<Connection>] = [:]
        var isClosing = false
        var failure: CaptureError?
        var grace = Duration.zero
        var addresses: [Endpoint] = []
        var recorded = RecordedAddresses()
        /// Other listeners of this process, to which no client may be joined either.
        var otherAddresses: [Endpoint] = []
        /// Open connections by server.
        var atServer: [Endpoint: Int] = [:]
        var listeners: [any Channel] = []
        var waiters: [CheckedContinuation<Void, Never>] = []

        mutating func takeWaitersIfEmpty() -> [CheckedContinuation<Void, Never>] {
            guard open.isEmpty else { return [] }
            defer { waiters = [] }
            return waiters
        }
    }

    private let state = Mutex(State())
    /// Yields the failure of the recording, if it comes to that; ends when the relay does.
    let failures: AsyncStream<CaptureError>
    private let failed: AsyncStream<CaptureError>.Continuation

    init() { (failures, failed) = AsyncStream.makeStream() }

    var openCount: Int { state.withLock { $0.open.count } }

    var acceptedCount: Int { state.withLock { $0.count } }

    /// How long peers may take to close after the relay was stopped.
    var grace: Duration { state.withLock { $0.grace } }

    // MARK: Listeners

    var addresses: [Endpoint] { state.withLock { $0.addresses } }

    /// Where this process listens, for whatever purpose.
    var ownAddresses: [Endpoint] { state.withLock { $0.addresses + $0.otherAddresses } }

    func add(ownAddress: Endpoint) { state.withLock { $0.otherAddresses.append(ownAddress) } }

    func add(listener: any Channel) {
        let isClosing = state.withLock { state in
            if let address = Endpoint(listener.localAddress) { state.addresses.append(address) }
            if !state.isClosing { state.listeners.append(listener) }
            return state.isClosing
        }
        if isClosing { listener.close(promise: nil) }
    }

    // MARK: Connections

    /// The number for a new connection, counted from 1, and the address under which its client is recorded; nil when none
    /// is taken any more.
    func begin(_ client: Endpoint, _ listener: Endpoint) -> (number: Int, recordedClient: Endpoint)? {
        state.withLock { state in
            guard !state.isClosing else { return nil }
            state.count += 1
            return (state.count, state.recorded.claim(client, listener, for: state.count))
        }
    }

    /// Must be called on the connection's event loop.
    func add(_ connection: NIOLoopBound<Connection>) {
        let number = connection.value.number
        let isClosing = state.withLock { state in
            state.open[number] = connection
            return state.isClosing
        }
        if isClosing { connection.eventLoop.execute { connection.value.stop() } }
    }

    func remove(_ number: Int) {
        let waiters = state.withLock { state in
            state.open[number] = nil
            state.recorded.release(number)
            return state.takeWaitersIfEmpty()
        }
        for waiter in waiters { waiter.resume() }
    }

    // MARK: Connections to servers

    /// Counts another connection to a server; false if there are as many as there may be.
    func takePlace(at server: Endpoint, limit: Int) -> Bool {
        state.withLock { state in
            let count = state.atServer[server, default: 0]
            guard count < limit else { return false }
            state.atServer[server] = count + 1
            return true
        }
    }

    /// One of them is over, or did not come about.
    func giveBackPlace(at server: Endpoint) {
        state.withLock { state in
            let left = (state.atServer[server] ?? 1) - 1
            state.atServer[server] = left > 0 ? left : nil
        }
    }

    // MARK: The end

    /// The recording failed: no new connections, and none of the open ones may go on. Only the first failure counts.
    func recordingFailed(_ error: CaptureError) {
        let (isFirst, open) = state.withLock { state in
            let isFirst = state.failure == nil
            if isFirst { state.failure = error }
            state.isClosing = true
            return (isFirst, state.open.values)
        }
        guard isFirst else { return }
        for connection in open { connection.eventLoop.execute { connection.value.recordingFailed() } }
        Task { await closeListeners() }
        // Told last: whoever waits for it stops the relay, and the clients must hear the reason before that.
        failed.yield(error)
    }

    /// Stops accepting and waits until every connection is over.
    func stop(grace: Duration) async {
        state.withLock { $0.grace = grace }
        await closeListeners()
        for connection in state.withLock({ $0.open.values }) {
            connection.eventLoop.execute { connection.value.stop() }
        }
        await withCheckedContinuation { waiter in
            let waiters = state.withLock { state in
                state.waiters.append(waiter)
                return state.takeWaitersIfEmpty()
            }
            for waiter in waiters { waiter.resume() }
        }
        failed.finish()
    }

    private func closeListeners() async {
        let listeners = state.withLock { state in
            state.isClosing = true
            defer { state.listeners = [] }
            return state.listeners
        }
        for listener in listeners { try? await listener.close() }
    }
}
