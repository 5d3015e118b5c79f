import Glibc
import Synchronization

/// What is wrong with a capture file, told so that a user can act on it.
public struct CaptureError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }

    static func system(_ what: String, _ path: String, _ code: Int32) -> CaptureError {
        CaptureError("\(what) \(path): \(String(cString: strerror(code)))")
    }
}

/// A capture that grows: the one queue between the relay, which appends, and the inspector, which reads.
///
/// Every record is handed to the kernel whole before `append` returns, so what a peer has received is in the file even
/// after `kill -9`. After the first write that fails nothing more is accepted: a hole in a recording is worse than its end.
public final class CaptureFile: Sendable {
    public let path: String
    private let descriptor: Int32
    private let state: Mutex<State>
    /// Bytes that are safely in the file; always the end of a record.
    private let committedBytes = Atomic<Int>(0)
    private let readerWaits = Atomic<Bool>(false)
    private let growth: GrowthSignal

    private struct State {
        var end = 0
        var failure: CaptureError?
    }

    /// Makes the file (mode 0600; it must not exist) and writes the pcapng headers.
    ///
    /// - Parameter program: what made the capture, for example `stanzatap 0.1.0`.
    public convenience init(path: String, program: String) throws(CaptureError) {
        try self.init(descriptor: open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600), path: path)
        try append(Pcapng.fileHeader(program: program), payload: nil, tail: [])
    }

    /// Makes an empty file (mode 0600; it must not exist), for the blocks of another capture.
    public convenience init(copyAt path: String) throws(CaptureError) {
        try self.init(descriptor: open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600), path: path)
    }

    /// Makes a capture that has no name in any folder, so that it is gone when this process is, however that ends.
    ///
    /// - Parameter folder: the disk on which it lies. `path` leads to it from within this process only.
    public convenience init(namelessIn folder: String, program: String) throws(CaptureError) {
        var path = Array((folder + "/.stanzatap-XXXXXX").utf8CString)
        let descriptor = mkstemp(&path)
        if descriptor >= 0 {
            unlink(path)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        try self.init(descriptor: descriptor, path: descriptor < 0 ? folder : "/proc/self/fd/\(descriptor)")
        try append(Pcapng.fileHeader(program: program), payload: nil, tail: [])
    }

    private init(descriptor: Int32, path: String) throws(CaptureError) {
        guard descriptor >= 0 else { throw .system("cannot make the capture", path, errno) }
        self.path = path
        self.descriptor = descriptor
        state = Mutex(State())
        growth = try GrowthSignal()
    }

    deinit { close(descriptor) }

    /// Appends a whole block of another capture.
    public func append(block: [UInt8]) throws(CaptureError) { try append(block, payload: nil, tail: []) }

    /// How many bytes of the file are complete records, readable by anyone.
    public var committed: Int { committedBytes.load(ordering: .acquiring) }

    /// Why nothing more can be recorded; nil while all is well.
    public var failure: CaptureError? { state.withLock { $0.failure } }

    /// Ends the recording from without: nothing more is accepted, for this reason.
    public func fail(_ error: CaptureError) { state.withLock { $0.failure = $0.failure ?? error } }

    /// Appends one record made of up to three pieces with a single `writev`.
    func append(_ head: [UInt8], payload: UnsafeRawBufferPointer?, tail: [UInt8]) throws(CaptureError) {
        let result: Result<Int, CaptureError> = state.withLock { state in
            if let failure = state.failure { return .failure(failure) }
            do throws(CaptureError) {
                try write(head, payload, tail, at: state.end)
            } catch {
                state.failure = error
                return .failure(error)
            }
            state.end += head.count + (payload?.count ?? 0) + tail.count
            committedBytes.store(state.end, ordering: .releasing)
            return .success(state.end)
        }
        _ = try result.get()
        if readerWaits.load(ordering: .relaxed), readerWaits.exchange(false, ordering: .acquiringAndReleasing) {
            growth.signal()
        }
    }

    private func write(
        _ head: [UInt8],
        _ payload: UnsafeRawBufferPointer?,
        _ tail: [UInt8],
        at end: Int
    ) throws(CaptureError) {
        let total = head.count + (payload?.count ?? 0) + tail.count
        let (written, code): (Int, Int32) = head.withUnsafeBytes { head in
            tail.withUnsafeBytes { tail in
                var pieces = [
                    iovec(iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress), iov_len: head.count),
                    iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: payload?.baseAddress),
                        iov_len: payload?.count ?? 0
                    ),
                    iovec(iov_base: UnsafeMutableRawPointer(mutating: tail.baseAddress), iov_len: tail.count),
                ]
                while true {
                    let count = writev(descriptor, &pieces, 3)
                    if count < 0 && errno == EINTR { continue }
                    return (count, errno)
                }
            }
        }
        guard written == total else {
            if written > 0 { ftruncate(descriptor, end) }
            throw .system("cannot write the capture", path, written < 0 ? code : ENOSPC)
        }
    }

    /// Forces what was written to the disk, against power cuts; slow, so never on an event loop.
    public func synchronize() {
        fdatasync(descriptor)
    }

    // MARK: Waiting for growth (the inspector's side)

    /// Waits until the file is longer than `offset` bytes, `wake` is called, or `milliseconds` have gone by.
    public func waitForGrowth(beyond offset: Int, milliseconds: Int) {
        readerWaits.store(true, ordering: .sequentiallyConsistent)
        if committedBytes.load(ordering: .sequentiallyConsistent) > offset {
            readerWaits.store(false, ordering: .relaxed)
            return
        }
        growth.wait(milliseconds: milliseconds)
    }

    /// Ends a `waitForGrowth` early, for example because the recording is over.
    public func wake() { growth.signal() }
}

/// A wake-up call that is remembered if nobody waits yet: a pipe, because `poll` knows time limits.
private final class GrowthSignal: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    init() throws(CaptureError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .system("cannot make", "a pipe for the inspector", errno) }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func signal() {
        var byte: UInt8 = 1
        _ = Glibc.write(writeEnd, &byte, 1)
    }

    func wait(milliseconds: Int) {
        var request = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, Int32(milliseconds)) > 0 else { return }
        var bytes = [UInt8](repeating: 0, count: 64)
        _ = Glibc.read(readEnd, &bytes, bytes.count)
    }
}
