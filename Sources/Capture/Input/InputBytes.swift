import Glibc

/// The bytes of a recording, one after the other: those of a file, of a pipe or of standard input, unpacked where they are
/// compressed by gzip or zstd.
///
/// Whether they are compressed is told by their first bytes, not by a name. At most one piece of them is held in memory, so
/// that a recording may be of any size. Not thread-safe.
public final class InputBytes {
    /// What people are told: the path, or `standard input`.
    public let name: String
    /// True if it can be opened again and read from its beginning.
    public let isRegular: Bool
    /// Called before a pipe is waited for that has nothing yet: what was read so far can be shown.
    public var beforeWaiting: (() -> Void)?
    /// What is wrong with the end of a compressed file: a sentence without a full stop; nil as far as nothing is known.
    public private(set) var fault: String?

    private let descriptor: Int32
    /// Where in a file its bytes begin.
    private let start: Int
    /// Where in a file the next bytes are read.
    private var position: Int
    /// How many bytes were given out.
    private(set) var offset = 0
    /// Nil where the bytes are given out as they are.
    private var unpacker: (any Unpacker)?
    /// Bytes of the file that were read and not dealt with.
    private var raw: ArraySlice<UInt8> = []
    /// Bytes that were asked for in advance and not given out.
    private var ahead: ArraySlice<UInt8> = []
    private var hasEnded = false
    /// What was read of a pipe while nothing of it was given out: it can still be kept whole.
    private var beginning: [UInt8] = []

    private static let pieceBytes = 256 * 1024

    /// Opens a file or a named pipe; `-` is standard input.
    public convenience init(path: String) throws(CaptureError) {
        if path != "-" {
            try self.init(name: path, descriptor: open(path, O_RDONLY | O_CLOEXEC))
            return
        }
        guard isatty(STDIN_FILENO) == 0 else {
            throw CaptureError("standard input is a terminal: name a file, or have a program write a recording into -")
        }
        let start = max(0, Int(lseek(STDIN_FILENO, 0, SEEK_CUR)))
        let own = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
        try self.init(name: "standard input", descriptor: own, start: start)
    }

    /// - Parameters:
    ///   - descriptor: the open file, which is closed with this value; -1 if it could not be opened, for the reason in `errno`.
    ///   - start: where in a file it begins.
    init(name: String, descriptor: Int32, start: Int = 0) throws(CaptureError) {
        guard descriptor >= 0 else { throw .system("cannot read", name, errno) }
        self.name = name
        self.descriptor = descriptor
        self.start = start
        position = start
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            throw CaptureError("\(name) is a folder, not a file")
        }
        isRegular = facts.st_mode & S_IFMT == S_IFREG
        // All is set: if this throws, deinit closes the descriptor.
        unpacker = Compression(magic: try magic())?.makeUnpacker()
    }

    deinit { close(descriptor) }

    /// True if it is unpacked.
    public var isCompressed: Bool { unpacker != nil }

    // MARK: Reading

    /// Reads what comes next, at least one byte; 0 at the end, or at the end for now of a file that grows.
    ///
    /// - Throws: if it cannot be read, or is damaged.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(CaptureError) -> Int {
        guard !buffer.isEmpty else { return 0 }
        let count = try ahead.isEmpty ? readOn(into: buffer) : Self.take(from: &ahead, into: buffer)
        offset += count
        if count > 0, !beginning.isEmpty { beginning = [] }
        return count
    }

    /// The first bytes, which stay to be read; fewer where there are no more.
    ///
    /// To be asked before anything is read.
    func first(_ count: Int) throws(CaptureError) -> [UInt8] {
        if unpacker == nil, isRegular { return try at(position, count) }
        var bytes = Array(ahead)
        while bytes.count < count {
            var piece = [UInt8](repeating: 0, count: count - bytes.count)
            let more = try piece.reading { (buffer) throws(CaptureError) in try readOn(into: buffer) }
            if more == 0 { break }
            bytes += piece[..<more]
        }
        ahead = bytes[...]
        return Array(bytes.prefix(count))
    }

    /// True if there is not one byte. To be asked before anything is read.
    public func isEmpty() throws(CaptureError) -> Bool { try first(1).isEmpty }

    private func readOn(into buffer: UnsafeMutableRawBufferPointer) throws(CaptureError) -> Int {
        guard let unpacker else {
            return try raw.isEmpty ? readFile(into: buffer) : Self.take(from: &raw, into: buffer)
        }
        while true {
            if raw.isEmpty, !hasEnded { try readPiece() }
            let (taken, made): (Int, Int)
            do throws(UnpackingFailure) {
                (taken, made) = try raw.reading { (bytes) throws(UnpackingFailure) in
                    try unpacker.unpack(bytes, into: buffer)
                }
            } catch {
                throw CaptureError("\(name): \(error.reason)")
            }
            raw = raw.dropFirst(taken)
            if made > 0 { return made }
            if hasEnded, taken == 0 || raw.isEmpty {
                if !unpacker.isAtEnd { fault = "\(name) is cut off in the middle of its compressed data" }
                return 0
            }
        }
    }

    private func readPiece() throws(CaptureError) {
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        let count = try piece.reading { (buffer) throws(CaptureError) in try readFile(into: buffer) }
        raw = piece[..<count]
        hasEnded = count == 0
    }

    private func readFile(into buffer: UnsafeMutableRawBufferPointer) throws(CaptureError) -> Int {
        if !isRegular { tellOfWaiting() }
        while true {
            let count =
                isRegular
                ? pread(descriptor, buffer.baseAddress, buffer.count, off_t(position))
                : Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw .system("cannot read", name, errno) }
            position += count
            if !isRegular, offset == 0 { beginning += buffer.prefix(count) }
            return count
        }
    }

    private func tellOfWaiting() {
        guard let beforeWaiting else { return }
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&request, 1, 0) == 0 { beforeWaiting() }
    }

    private static func take(
        from bytes: inout ArraySlice<UInt8>,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        let count = min(bytes.count, buffer.count)
        buffer.copyBytes(from: bytes.prefix(count))
        bytes = bytes.dropFirst(count)
        return count
    }

    /// The first bytes of the file itself.
    private func magic() throws(CaptureError) -> [UInt8] {
        if isRegular { return try at(position, 4) }
        var bytes: [UInt8] = []
        while bytes.count < 4 {
            var piece = [UInt8](repeating: 0, count: 4 - bytes.count)
            let count = try piece.reading { (buffer) throws(CaptureError) in try readFile(into: buffer) }
            if count == 0 { break }
            bytes += piece[..<count]
        }
        raw = bytes[...]
        return bytes
    }

    private func at(_ place: Int, _ count: Int) throws(CaptureError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let found = pread(descriptor, &bytes, count, off_t(place))
        if found < 0 { throw .system("cannot read", name, errno) }
        return Array(bytes.prefix(found))
    }
}

// MARK: The whole, and once more

extension InputBytes {
    /// All bytes at once.
    ///
    /// - Parameter limit: more are not read from a pipe or out of a compressed file, whose size nobody knows before.
    public func contents(limit: Int) throws(CaptureError) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        while true {
            let count = try piece.reading { (buffer) throws(CaptureError) in try read(into: buffer) }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= limit || isRegular && !isCompressed else {
                throw CaptureError(
                    "\(name) holds a text of more than \(limit / 1_048_576) MiB, and texts are held in memory;"
                        + " a capture may be of any size"
                )
            }
        }
    }

    /// What comes next, at most `count` bytes; nothing at the end.
    public func next(_ count: Int) throws(CaptureError) -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: count)
        let found = try piece.reading { (buffer) throws(CaptureError) in try read(into: buffer) }
        return Array(piece.prefix(found))
    }

    /// The same bytes from their beginning once more; only where it `isRegular`.
    public func again() throws(CaptureError) -> InputBytes {
        // By its descriptor: the name may be another file's by now, and standard input has none. Both tell the system from
        // where on they read, so neither disturbs the other.
        try InputBytes(name: name, descriptor: fcntl(descriptor, F_DUPFD_CLOEXEC, 0), start: start)
    }

    /// Itself where it `isRegular`; else a copy of what comes, in a file without a name (mode 0600) that is gone with this
    /// process, so that it can be read more than once. To be called before anything is read; its format may be asked for.
    ///
    /// - Parameter folder: the disk on which the copy lies.
    public func readableAgain(in folder: String) throws(CaptureError) -> InputBytes {
        if isRegular { return self }
        let copy = makeNamelessFile(in: folder)
        guard copy >= 0 else { throw .system("cannot make a file to read \(name) twice in", folder, errno) }
        do throws(CaptureError) {
            var piece = beginning
            beginning = []
            // None of it is given out by this value any more.
            offset = piece.count
            while !piece.isEmpty {
                try keep(piece, in: copy, folder)
                piece = [UInt8](repeating: 0, count: Self.pieceBytes)
                let count = try piece.reading { (buffer) throws(CaptureError) in try readFile(into: buffer) }
                piece.removeLast(piece.count - count)
            }
        } catch {
            close(copy)
            throw error
        }
        return try InputBytes(name: name, descriptor: copy)
    }

    private func keep(_ bytes: [UInt8], in copy: Int32, _ folder: String) throws(CaptureError) {
        let written = bytes.withUnsafeBytes { Glibc.write(copy, $0.baseAddress, $0.count) }
        guard written == bytes.count else {
            throw .system("cannot keep what comes from \(name) in", folder, written < 0 ? errno : ENOSPC)
        }
    }
}

/// A file without a name, for its owner only; -1 if there can be none, for the reason in `errno`.
func makeNamelessFile(in folder: String) -> Int32 {
    var path = Array((folder + "/.stanzatap-XXXXXX").utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { return -1 }
    unlink(path)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
}

extension [UInt8] {
    /// Lends its memory; for errors that have a type.
    mutating func reading<Answer, Failure: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        let answer = withUnsafeMutableBytes { buffer in Result { () throws(Failure) in try body(buffer) } }
        return try answer.get()
    }
}

extension ArraySlice<UInt8> {
    func reading<Answer, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        let answer = withUnsafeBytes { buffer in Result { () throws(Failure) in try body(buffer) } }
        return try answer.get()
    }
}
