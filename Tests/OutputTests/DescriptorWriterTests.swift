import Foundation
import Glibc
import Synchronization
import SystemErrors
import TestKit
import Testing
import Transcript

@testable import Output

@Suite("the writer of descriptors")
struct DescriptorWriterTests {
    @Test("a pipe that takes less at once gets all of it, signals or not")
    func partial() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let sent = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        // A handler that does nothing, installed without SA_RESTART: a write that waits ends with EINTR.
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in }
        sigaction(SIGUSR2, &action, nil)
        let received = Mutex<[UInt8]>([])
        let writing = pthread_self()
        let hasRead = DispatchSemaphore(value: 0)
        let thread = Thread { [ends] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(ends[0], &buffer, buffer.count)
                guard count > 0 else { break }
                received.withLock { $0 += buffer[..<count] }
                if received.withLock({ $0.count }) < 900_000 { pthread_kill(writing, SIGUSR2) }
            }
            close(ends[0])
            hasRead.signal()
        }
        thread.start()
        try DescriptorWriter(ends[1], name: "a pipe").write(sent)
        close(ends[1])
        hasRead.wait()
        #expect(received.withLock { $0 } == sent)
    }

    @Test("errors name what was written")
    func failure() throws {
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        #expect(throws: OutputError("cannot write the transcript: \(systemReason(ENOSPC))")) {
            try DescriptorWriter(full, name: "the transcript").write([1])
        }
        #expect(throws: Never.self) { try DescriptorWriter(full, name: "nothing").write([]) }
    }

    @Test("what is broken is told once and not tried again")
    func broken() throws {
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        let sink = StreamedJSONLines(DescriptorWriter(full, name: "the lines"))
        sink.add(.prose(["a"]), connection: 1)
        #expect(throws: OutputError.self) { try sink.flush() }
        sink.add(.prose(["a"]), connection: 1)
        #expect(throws: Never.self) { try sink.flush() }
    }
}
