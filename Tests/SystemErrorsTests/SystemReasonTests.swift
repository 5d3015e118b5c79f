import Glibc
import SystemErrors
import Testing

@Suite struct SystemReasonTests {
    @Test("reasons are clauses without a full stop, and numbers without words of ours are told too")
    func words() {
        for number in [ENOENT, EACCES, ENOSPC, EMFILE, EADDRINUSE, ENOTDIR, ECONNREFUSED] {
            let reason = systemReason(number)
            #expect(!reason.isEmpty && !reason.hasSuffix("."))
            #expect(Set([ENOENT, EACCES].map(systemReason)).count == 2)
        }
        #expect(systemReason(ENOTDIR) == "a part of its path is a file, not a folder")
        #expect(!systemReason(9_999).isEmpty)
    }
}
