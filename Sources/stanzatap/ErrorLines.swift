import Dispatch
import Glibc
import Synchronization
import Threads

/// Lines for the user on standard error, written by a thread of their own: whoever has something to tell never waits for a
/// terminal or a pipe, event loops above all.
final class ErrorLines: Sendable {
    static let shared = ErrorLines(descriptor: STDERR_FILENO)

    private struct State {
        var waiting: [UInt8] = []
        /// Lines for which there was no room.
        var leftOut = 0
        var isWriting = false
        var hasWriter = false
    }

    private let descriptor: Int32
    private let state = Mutex(State())
    private let hasMore = DispatchSemaphore(value: 0)
    /// Bytes that wait while nobody reads; more are counted.
    private static let limit = 256 * 1024

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Has a text written as soon as that is possible; returns at once.
    func write(_ text: String) {
        let mustStart = state.withLock { state in
            if state.waiting.count + text.utf8.count > Self.limit {
                state.leftOut += 1
            } else {
                state.waiting += text.utf8
            }
            defer { state.hasWriter = true }
            return !state.hasWriter
        }
        if mustStart { startThread(named: "error lines") { self.writeAll() } }
        hasMore.signal()
    }

    /// Waits until all is written, at most `seconds`; true if it is.
    @discardableResult
    func flush(seconds: Double = 1) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while state.withLock({ $0.isWriting || !$0.waiting.isEmpty }) {
            if ContinuousClock.now > deadline { return false }
            usleep(1000)
        }
        return true
    }

    private func writeAll() {
        while true {
            hasMore.wait()
            let bytes = state.withLock { state in
                var bytes = state.waiting
                if state.leftOut > 0 { bytes += Array("stanzatap: \(state.leftOut) lines were left out\n".utf8) }
                state.waiting = []
                state.leftOut = 0
                state.isWriting = !bytes.isEmpty
                return bytes
            }
            writeWhole(bytes)
            state.withLock { $0.isWriting = false }
        }
    }

    private func writeWhole(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// One line for the user on standard error; may be called on any thread.
@Sendable
func report(_ line: String) { ErrorLines.shared.write("stanzatap: \(line)\n") }

/// Ends the program with what is still to be told, as far as anybody reads it.
func endProgram(_ status: Int32) -> Never {
    ErrorLines.shared.flush()
    exit(status)
}
