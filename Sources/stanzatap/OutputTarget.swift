import ArgumentParser
import Foundation
import Glibc
import Inspector

/// Where a result goes: standard output, or a new file for its owner only.
struct OutputTarget: Sendable {
    let descriptor: Int32
    let isFile: Bool

    /// - Parameter isBinary: it would make a terminal unusable.
    init(path: String?, isBinary: Bool) throws {
        guard let path else {
            if isBinary, isatty(STDOUT_FILENO) == 1 {
                throw ValidationError("this format is not for a terminal: name a file with --output FILE")
            }
            (descriptor, isFile) = (STDOUT_FILENO, false)
            return
        }
        // What was in packets is not for everybody.
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        isFile = true
        guard descriptor >= 0 else { throw Failure("cannot make \(path): \(String(cString: strerror(errno)))") }
    }

    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Failure("cannot write the result: \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(count)
        }
    }

    /// Colours are for a terminal only.
    var style: TextStyle { isFile ? .plain : .forStandardOutput }
}
