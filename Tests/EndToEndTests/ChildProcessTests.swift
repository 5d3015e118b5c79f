import Foundation
import TestKit
import Testing

@Suite(.serialized)
struct ChildProcessTests {
    private func descriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }

    /// Foundation's `Process` crashes when some 1,365 are open.
    @Test("programs that tests run leave no descriptor behind")
    func descriptorsAreClosed() throws {
        _ = try run("/bin/true", [])
        let before = try descriptors()
        for _ in 0..<50 { _ = try run("/bin/echo", ["x"]) }
        let after = try descriptors()
        // Others may open some meanwhile.
        #expect(after < before + 25, "\(before) before, \(after) after 50 programs")
    }
}
