import Glibc
import SystemErrors
import Transcript

/// Writes whole buffers to a file descriptor, which stays its owner's, however often the kernel takes less.
public struct DescriptorWriter: Sendable {
    public let descriptor: Int32
    /// What errors call it: `the transcript`, or a path.
    public let name: String
    /// Of the reader, where there is one; nil waits for ever.
    private let patience: WritePatience?

    /// What a pipe takes without blocking once it takes anything (`PIPE_BUF`).
    private static let pieceBytes = 4096

    /// - Parameter patience: for a terminal or a pipe, whose reader may stop reading.
    public init(_ descriptor: Int32, name: String, patience: WritePatience? = nil) {
        self.name = name
        self.patience = Self.isFile(descriptor) ? nil : patience
        self.descriptor = self.patience == nil ? descriptor : Self.unblocked(descriptor) ?? descriptor
    }

    /// The same pipe or terminal, opened anew, for what is set for an open one is set for everybody who has it; nil where that
    /// is not to be had, as with sockets.
    private static func unblocked(_ descriptor: Int32) -> Int32? {
        let own = open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        return own >= 0 ? own : nil
    }

    private static func isFile(_ descriptor: Int32) -> Bool {
        var facts = stat()
        return fstat(descriptor, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }

    /// - Parameter offset: where in the file; nil where it stands.
    public func write(_ bytes: [UInt8], at offset: Int? = nil) throws(OutputError) {
        let code = bytes.withUnsafeBytes { bytes -> Int32 in
            var written = 0
            while written < bytes.count {
                if let patience, !patience.waitForRoom(descriptor) { return ETIMEDOUT }
                let end = patience == nil ? bytes.count : min(bytes.count, written + Self.pieceBytes)
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written..<end])
                let count =
                    offset.map { pwrite(descriptor, rest.baseAddress, rest.count, off_t($0 + written)) }
                    ?? Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0 && (errno == EINTR || errno == EAGAIN && patience != nil) { continue }
                // What takes nothing and says nothing of it would be asked for ever.
                guard count > 0 else { return count < 0 ? errno : EIO }
                written += count
            }
            return 0
        }
        if code != 0 { throw .system("cannot write \(name)", code) }
    }
}

extension OutputError {
    /// - Parameter code: of `errno`.
    static func system(_ what: String, _ code: Int32) -> OutputError {
        OutputError("\(what): \(systemReason(code))")
    }
}
