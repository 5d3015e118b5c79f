import Glibc
import Synchronization

/// How long whoever writes to a terminal or a pipe waits for its reader: for ever, until the program is to end.
public final class WritePatience: Sendable {
    private let isEnding = Atomic<Bool>(false)
    private let look: Int32
    private let limit: Duration

    /// - Parameter limit: for a reader that takes nothing, once the program is to end.
    public init(limit: Duration = .seconds(2)) {
        self.limit = limit
        look = 50
    }

    /// The program is to end: from now on nobody is waited for longer than the limit.
    public func end() { isEnding.store(true, ordering: .releasing) }

    /// Waits until `descriptor` takes bytes; false if nobody reads and the program is to end.
    func waitForRoom(_ descriptor: Int32) -> Bool {
        var start: ContinuousClock.Instant?
        while true {
            var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let count = poll(&state, 1, look)
            // An error is told by the write that follows.
            if count > 0 || count < 0 && errno != EINTR { return true }
            guard isEnding.load(ordering: .acquiring) else { continue }
            let began = start ?? ContinuousClock.now
            start = began
            if ContinuousClock.now - began > limit { return false }
        }
    }
}
