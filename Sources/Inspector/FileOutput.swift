import Glibc

/// Why a transcript could not be written.
public struct OutputError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
}

/// Writes whole buffers to a file descriptor, however often the kernel takes less.
enum FileOutput {
    static func write(_ bytes: [UInt8], to descriptor: Int32, name: String) throws(OutputError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                throw OutputError(description: "cannot write \(name): \(String(cString: strerror(errno)))")
            }
            written += count
        }
    }

    /// Appends to the file at `path`, which is made with mode 0600, and closes it again: descriptors are scarce.
    static func append(_ bytes: [UInt8], path: String) throws(OutputError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw OutputError(description: "cannot make the transcript \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        try write(bytes, to: descriptor, name: path)
    }
}
