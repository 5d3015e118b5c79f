import Dispatch
import Foundation
import Synchronization
import Testing
import Threads

@Suite struct ThreadTests {
    @Test(
        "a thread runs with its name, cut after 15 bytes",
        arguments: [("inspector", "inspector"), ("a name that is long", "a name that is ")]
    )
    func runs(name: String, told: String) {
        let seen = Mutex("")
        let done = DispatchSemaphore(value: 0)
        let isStarted = startThread(named: name, stackBytes: 1 << 20) {
            let own = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
            seen.withLock { $0 = own ?? "" }
            done.signal()
        }
        #expect(isStarted)
        #expect(done.wait(timeout: .now() + 20) == .success)
        #expect(seen.withLock { $0 } == told + "\n")
    }

    @Test("a stack that the system cannot give is told")
    func tooLarge() {
        #expect(!startThread(named: "large", stackBytes: 1 << 50) {})
    }
}
