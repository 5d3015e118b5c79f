import Foundation
import Glibc
import Synchronization

/// Appends secrets of TLS connections to a file in NSS key log format, as browsers do for SSLKEYLOGFILE.
final class KeyLog: Sendable {
    private let descriptor: Int32
    private let hasFailed = Mutex(false)

    /// Opens the file, or makes it for its owner only: who has it and a capture reads everything.
    init(path: String) throws {
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure("cannot write the key log \(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// Writes one line, in one piece, for several programs may share the file.
    @Sendable
    func write(_ bytes: [UInt8]) {
        let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written != bytes.count else { return }
        let isFirst = hasFailed.withLock { failed in
            defer { failed = true }
            return !failed
        }
        if isFirst { report("the key log cannot be written: \(String(cString: strerror(errno)))") }
    }
}
