import Glibc
import Synchronization
import SystemErrors

/// What is wrong with a capture file, told so that a user can act on it.
public struct CaptureError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }

    static func system(_ what: String, _ path: String, _ code: Int32) -> CaptureError {
        CaptureError("\(what) \(path): \(systemReason(code))")
    }
}

/// A capture that grows: the one queue between the relay, which appends, and the inspector, which reads.
///
/// Records wait in memory until `commit` hands them to the kernel, all with one write; what a peer receives only after that
/// is in the file even after `kill -9`. After the first write that fails nothing more is accepted: a hole in a recording is
/// worse than its end.
public final class CaptureFile: Sendable {
    /// When a recording goes on in another file.
    public struct Rotation: Sendable {
        /// Bytes of one file; nil for any number.
        public var maxBytes: Int?
        /// The path of the next file.
        public var nextPath: @Sendable () throws -> String

        public init(maxBytes: Int? = nil, nextPath: @escaping @Sendable () throws -> String) {
            self.maxBytes = maxBytes
            self.nextPath = nextPath
        }
    }

    private let program: String
    /// What the user calls whoever records; nil if that is not to be told.
    let recorder: String?
    private let firstPart = RecordingPart.first()
    private let rotation: Rotation?
    /// What people are told in place of the path, where that leads nowhere for them.
    private let shownName: String?
    private let state: Mutex<State>
    /// Bytes that are safely in the files; always the end of a record.
    private let committedBytes = Atomic<Int>(0)
    private let readerWaits = Atomic<Bool>(false)
    private let growth: GrowthSignal

    private struct State {
        /// All files of the recording; the last one is written.
        var paths: [String]
        var descriptor: Int32
        /// Which file of the recording it is.
        var part: RecordingPart
        /// Of the file before, which somebody may be forcing to the disk.
        var retired: Int32 = -1
        /// Those of files before that the reader has not begun to read, by their numbers.
        var unread: [Int: Int32] = [:]
        /// The number of the file that the reader will begin next.
        var nextToRead = 0
        /// Bytes in the files before.
        var base = 0
        /// Bytes in this one.
        var end = 0
        /// Whole records that are not in the file yet.
        var waiting: [UInt8] = []
        var failure: CaptureError?
        /// Why the last attempt to begin another file was of no use.
        var rotationFailure: CaptureError?
    }

    /// Makes the file (mode 0600; it must not exist) and writes the pcapng headers.
    ///
    /// - Parameters:
    ///   - program: what made the capture, for example `stanzatap 0.1.0`.
    ///   - recorder: what the user calls whoever records, so that captures of several can be told apart.
    public convenience init(
        path: String,
        program: String,
        recorder: String? = nil,
        rotation: Rotation? = nil
    ) throws(CaptureError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try self.init(descriptor: descriptor, path: path, program: program, recorder: recorder, rotation: rotation)
        try append(block: Pcapng.fileHeader(program: program, part: firstPart))
    }

    /// Locks it while it is written: whoever gets a lock knows that it is whole. Where a disk has no locks nobody gets one.
    private static func mark(_ descriptor: Int32) { flock(descriptor, LOCK_EX | LOCK_NB) }

    /// Makes an empty file (mode 0600; it must not exist), for the blocks of another capture.
    public convenience init(copyAt path: String) throws(CaptureError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try self.init(descriptor: descriptor, path: path, program: "")
    }

    /// Makes an empty file without a name, for the blocks of another capture.
    ///
    /// - Parameter folder: the disk on which it lies. `path` leads to it from within this process only.
    public convenience init(namelessCopyIn folder: String) throws(CaptureError) {
        let descriptor = makeNamelessFile(in: folder)
        try self.init(
            descriptor: descriptor,
            path: descriptor < 0 ? folder : "/proc/self/fd/\(descriptor)",
            program: "",
            shownName: "in \(folder)"
        )
    }

    /// Makes a capture that has no name in any folder, so that it is gone when this process is, however that ends.
    ///
    /// - Parameter folder: the disk on which it lies. `path` leads to it from within this process only.
    public convenience init(
        namelessIn folder: String,
        program: String,
        recorder: String? = nil
    ) throws(CaptureError) {
        let descriptor = makeNamelessFile(in: folder)
        let ownPath = descriptor < 0 ? folder : "/proc/self/fd/\(descriptor)"
        try self.init(
            descriptor: descriptor,
            path: ownPath,
            program: program,
            recorder: recorder,
            shownName: "in \(folder), before its secrets are taken out"
        )
        try append(block: Pcapng.fileHeader(program: program, part: firstPart))
    }

    private init(
        descriptor: Int32,
        path: String,
        program: String,
        recorder: String? = nil,
        rotation: Rotation? = nil,
        shownName: String? = nil
    ) throws(CaptureError) {
        guard descriptor >= 0 else { throw .system("cannot make the capture", path, errno) }
        Self.mark(descriptor)
        self.program = program
        self.recorder = recorder
        self.rotation = rotation
        self.shownName = shownName
        state = Mutex(State(paths: [path], descriptor: descriptor, part: firstPart))
        growth = try GrowthSignal()
    }

    deinit {
        state.withLock { state in
            close(state.descriptor)
            if state.retired >= 0 { close(state.retired) }
            for descriptor in state.unread.values { close(descriptor) }
        }
    }

    /// The file that is written at the moment.
    public var path: String { state.withLock { $0.paths[$0.paths.count - 1] } }

    /// The files of the recording, in order.
    public var paths: [String] { state.withLock { $0.paths } }

    /// Counts the files before the present one.
    var generation: Int { state.withLock { $0.paths.count - 1 } }

    /// Appends a whole block of another capture.
    public func append(block: [UInt8]) throws(CaptureError) {
        try add { (state) throws(CaptureError) in
            state.waiting.append(contentsOf: block)
            try writeOut(&state)
        }
    }

    /// How many bytes of the file are complete records, readable by anyone.
    public var committed: Int { committedBytes.load(ordering: .acquiring) }

    /// Why nothing more can be recorded; nil while all is well.
    public var failure: CaptureError? { state.withLock { $0.failure } }

    /// Ends the recording from without: nothing more is accepted, for this reason.
    public func fail(_ error: CaptureError) { state.withLock { $0.failure = $0.failure ?? error } }

    // MARK: Writing

    /// A payload of more bytes is not copied, but written at once, with all that waits.
    private static let largePayload = 8 * 1024
    /// Bytes that may wait; beyond, they are written at once.
    private static let longQueue = 64 * 1024

    /// Adds a record to those that wait for `commit`.
    ///
    /// - Parameter generation: the file for which the record was made.
    /// - Returns: the present generation. If it is another one nothing was added.
    func queue(_ record: PacketRecord, generation: Int) throws(CaptureError) -> Int {
        try add { (state) throws(CaptureError) in
            if let limit = rotation?.maxBytes, state.end + state.waiting.count >= limit { try rotate(&state) }
            let present = state.paths.count - 1
            guard generation == present else { return present }
            record.appendHead(to: &state.waiting)
            if let payload = record.payload, payload.count > Self.largePayload {
                var tail: [UInt8] = []
                record.appendTail(to: &tail)
                try writeOut(&state, payload, tail)
            } else {
                if let payload = record.payload { state.waiting.append(contentsOf: payload) }
                record.appendTail(to: &state.waiting)
                if state.waiting.count > Self.longQueue { try writeOut(&state) }
            }
            return present
        }
    }

    /// Hands to the kernel all records that wait, whoever queued them. Until then nothing of them may be sent on; not ever,
    /// if this throws.
    public func commit() throws(CaptureError) {
        try add { (state) throws(CaptureError) in
            if !state.waiting.isEmpty { try writeOut(&state) }
        }
    }

    /// Changes what is written, and wakes the reader if the files have grown by that.
    private func add<Answer>(
        _ body: (inout sending State) throws(CaptureError) -> Answer
    ) throws(CaptureError) -> Answer {
        let before = committed
        let answer = try state.withLock { state throws(CaptureError) in
            if let failure = state.failure { throw failure }
            return try body(&state)
        }
        if committed != before, readerWaits.load(ordering: .relaxed),
            readerWaits.exchange(false, ordering: .acquiringAndReleasing)
        {
            growth.signal()
        }
        return answer
    }

    /// Writes what waits, with `payload` and `tail` behind it.
    private func writeOut(
        _ state: inout State,
        _ payload: UnsafeRawBufferPointer? = nil,
        _ tail: [UInt8] = []
    ) throws(CaptureError) {
        do throws(CaptureError) {
            try write(state.waiting, payload, tail, &state)
        } catch {
            state.failure = error
            throw error
        }
        state.waiting.removeAll(keepingCapacity: true)
        committedBytes.store(state.base + state.end, ordering: .releasing)
    }

    private func write(
        _ head: [UInt8],
        _ payload: UnsafeRawBufferPointer?,
        _ tail: [UInt8],
        _ state: inout State
    ) throws(CaptureError) {
        let total = head.count + (payload?.count ?? 0) + tail.count
        let descriptor = state.descriptor
        let (written, code): (Int, Int32) = head.withUnsafeBytes { head in
            tail.withUnsafeBytes { tail in
                var pieces = (Self.piece(head), Self.piece(payload), Self.piece(tail))
                return withUnsafeMutableBytes(of: &pieces) { pieces in
                    while true {
                        let count = writev(descriptor, pieces.assumingMemoryBound(to: iovec.self).baseAddress, 3)
                        if count < 0 && errno == EINTR { continue }
                        return (count, errno)
                    }
                }
            }
        }
        guard written == total else {
            if written > 0 { ftruncate(descriptor, off_t(state.end)) }
            let name = shownName ?? state.paths[state.paths.count - 1]
            throw .system("cannot write the capture", name, written < 0 ? code : ENOSPC)
        }
        state.end += total
    }

    private static func piece(_ bytes: UnsafeRawBufferPointer?) -> iovec {
        iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes?.baseAddress), iov_len: bytes?.count ?? 0)
    }

    // MARK: The next file

    /// Goes on in another file, if the recording was made so that it can.
    ///
    /// - Returns: why it could not; the recording then goes on where it was.
    public func rotate() -> CaptureError? {
        guard rotation != nil else { return CaptureError("this recording has one file only") }
        let failure = state.withLock { state -> CaptureError? in
            state.rotationFailure = nil
            do throws(CaptureError) {
                try rotate(&state)
            } catch {
                return error
            }
            defer { state.rotationFailure = nil }
            return state.rotationFailure
        }
        growth.signal()
        return failure
    }

    /// Why the recording did not go on in another file although this one is full; nil if it did. Asked for once: after that
    /// another file is tried again.
    public func takeRotationFailure() -> CaptureError? {
        state.withLock { state in
            defer { state.rotationFailure = nil }
            return state.rotationFailure
        }
    }

    /// Throws if what waits cannot be written to the present file.
    private func rotate(_ state: inout State) throws(CaptureError) {
        // Tried again only when somebody has heard of it, or each record would try.
        guard let rotation, state.rotationFailure == nil, state.failure == nil else { return }
        if !state.waiting.isEmpty { try writeOut(&state) }
        do {
            let path = try rotation.nextPath()
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw CaptureError.system("cannot make the capture", path, errno) }
            Self.mark(descriptor)
            var next = State(paths: state.paths + [path], descriptor: descriptor, part: state.part.next)
            next.base = state.base + state.end
            do throws(CaptureError) {
                try write(Pcapng.fileHeader(program: program, part: next.part), nil, [], &next)
            } catch {
                close(descriptor)
                unlink(path)
                throw error
            }
            if state.retired >= 0 { close(state.retired) }
            next.retired = state.descriptor
            keepForReader(of: state, in: &next)
            state = next
        } catch {
            state.rotationFailure = error as? CaptureError ?? CaptureError("\(error)")
        }
    }

    /// A reader that is farther behind finds the files by their names, if they are still there.
    private static let keptForReader = 32

    private func keepForReader(of state: State, in next: inout State) {
        (next.unread, next.nextToRead) = (state.unread, state.nextToRead)
        let index = state.paths.count - 1
        if index >= state.nextToRead {
            let descriptor = duplicate(state.descriptor)
            if descriptor >= 0 { next.unread[index] = descriptor }
        }
        if let dropped = next.unread.removeValue(forKey: index - Self.keptForReader) { close(dropped) }
    }

    /// Reads the file of that number, from 0, whatever became of its name: somebody may have taken it away already. Nil if
    /// the recording has not come to it.
    ///
    /// The one reader of the recording asks for the files in their order.
    func reader(of index: Int) throws(CaptureError) -> CaptureReader? {
        let found: (path: String, descriptor: Int32?)? = state.withLock { state in
            guard index < state.paths.count else { return nil }
            state.nextToRead = index + 1
            let isWritten = index == state.paths.count - 1
            let descriptor = isWritten ? duplicate(state.descriptor) : state.unread.removeValue(forKey: index)
            return (state.paths[index], descriptor)
        }
        guard let found else { return nil }
        guard let descriptor = found.descriptor else { return try CaptureReader(path: found.path) }
        return try CaptureReader(InputBytes(name: found.path, descriptor: descriptor))
    }

    /// True if somebody removed the file that is written: what goes there is lost with this process.
    public var isRemoved: Bool {
        var facts = stat()
        return state.withLock { shownName != nil ? -1 : fstat($0.descriptor, &facts) } == 0
            && facts.st_nlink == 0
    }

    /// Forces what was written to the disk, against power cuts; slow, so never on an event loop.
    public func synchronize() {
        let (descriptor, retired) = state.withLock { ($0.descriptor, $0.retired) }
        fdatasync(descriptor)
        if retired >= 0 { fdatasync(retired) }
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

/// The same file under another number, with one place for writing in common; -1 if there can be none.
private func duplicate(_ descriptor: Int32) -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }

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
