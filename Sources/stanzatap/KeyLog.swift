import Glibc
import Output
import Synchronization
import SystemErrors
import Transcript

/// Appends secrets of TLS connections to a file in NSS key log format, as browsers do for SSLKEYLOGFILE.
final class KeyLog: Sendable {
    private let writer: DescriptorWriter
    private let hasFailed = Mutex(false)

    /// Opens the file, or makes it for its owner only: who has it and a capture reads everything. A pipe that takes nothing is no
    /// reason to wait: secrets are written on event loops.
    init(path: String) throws {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else {
            throw Failure("cannot write the key log \(path): \(systemReason(errno))")
        }
        writer = DescriptorWriter(descriptor, name: "the key log \(path)")
    }

    deinit { close(writer.descriptor) }

    /// Writes one line, in one piece, for several programs may share the file.
    @Sendable
    func write(_ bytes: [UInt8]) {
        do throws(OutputError) {
            try writer.write(bytes)
        } catch {
            let isFirst = hasFailed.withLock { failed in
                defer { failed = true }
                return !failed
            }
            if isFirst { report("\(error)") }
        }
    }
}
