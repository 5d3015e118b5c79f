@preconcurrency import Dispatch
import Glibc
import Output
import Synchronization
import Threads

/// The requests to end: Ctrl-C, `kill`, and a terminal that goes away. A SIGHUP without that may mean something else.
final class Signals: Sendable {
    private let received = Atomic<Int>(0)
    /// How long after the first one the program is ended; 0 for never.
    private let patience = Atomic<Int>(0)
    private let stream: AsyncStream<Void>
    private let sources: [any DispatchSourceSignal]

    /// - Parameter hungUp: called for a SIGHUP that does not come from a terminal's end; without it, that is one too.
    init(hungUp: (@Sendable () -> Void)? = nil) {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        self.stream = stream
        let handled = [SIGINT, SIGTERM, SIGHUP]
        for number in handled { signal(number, SIG_IGN) }
        sources = handled.map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
        let hadTerminal = isatty(STDIN_FILENO) == 1
        for (source, number) in zip(sources, handled) {
            source.setEventHandler { [weak self] in
                let hasLostTerminal = hadTerminal && isatty(STDIN_FILENO) == 0
                if number == SIGHUP, let hungUp, !hasLostTerminal { return hungUp() }
                if self?.received.add(1, ordering: .relaxed).newValue == 1 { self?.beginToLosePatience() }
                standardOutputPatience.end()
                continuation.yield()
            }
            source.resume()
        }
    }

    /// Ends the program so many seconds after the first one, if it has not ended by itself: for work that may wait in the
    /// system's own calls, such as for a terminal that was stopped.
    func endProgram(within seconds: Int) { patience.store(seconds, ordering: .relaxed) }

    private func beginToLosePatience() {
        let seconds = patience.load(ordering: .relaxed)
        if seconds == 0 { return }
        startThread(named: "patience") {
            sleep(UInt32(clamping: seconds))
            report("not all was shown: standard output takes no more")
            stanzatap.endProgram(1)
        }
    }

    /// How many came so far.
    var count: Int { received.load(ordering: .relaxed) }

    /// Waits for the first one.
    func first() async {
        for await _ in stream { return }
    }
}
