@preconcurrency import Dispatch
import Glibc
import Synchronization

/// The requests to end: Ctrl-C, `kill`, and a terminal that goes away.
final class Signals: Sendable {
    private let received = Atomic<Int>(0)
    private let stream: AsyncStream<Void>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        self.stream = stream
        let handled = [SIGINT, SIGTERM, SIGHUP]
        for number in handled { signal(number, SIG_IGN) }
        sources = handled.map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
        for source in sources {
            source.setEventHandler { [weak self] in
                self?.received.add(1, ordering: .relaxed)
                continuation.yield()
            }
            source.resume()
        }
    }

    /// How many came so far.
    var count: Int { received.load(ordering: .relaxed) }

    /// Waits for the first one.
    func first() async {
        for await _ in stream { return }
    }
}
