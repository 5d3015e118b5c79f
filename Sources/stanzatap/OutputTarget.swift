import ArgumentParser
import Foundation
import Glibc
import Output

/// Where a result goes: standard output, or a new file for its owner only.
struct OutputTarget: Sendable {
    let writer: DescriptorWriter
    let isFile: Bool

    /// - Parameter isBinary: it would make a terminal unusable.
    init(path: String?, isBinary: Bool) throws {
        guard let path else {
            if isBinary, isatty(STDOUT_FILENO) == 1 {
                throw ValidationError("this format is not for a terminal: name a file with --output FILE")
            }
            (writer, isFile) = (.standardOutput, false)
            return
        }
        // What was in packets is not for everybody.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure("cannot make \(path): \(String(cString: strerror(errno)))") }
        writer = DescriptorWriter(descriptor, name: path)
        isFile = true
    }

    func write(_ bytes: [UInt8]) throws { try failing { try writer.write(bytes) } }

    /// Colours are for a terminal only.
    var style: TextStyle { isFile ? .plain : .forStandardOutput }
}

extension DescriptorWriter {
    static let standardOutput = DescriptorWriter(STDOUT_FILENO, name: "to standard output")
}

extension TextStyle {
    /// Colours only for a person at a terminal who has not turned them off (https://no-color.org).
    static var forStandardOutput: TextStyle {
        isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil ? .colored : .plain
    }
}
