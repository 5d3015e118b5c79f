import Capture
import Glibc
import Output
import SystemErrors
import Transcript

/// A folder that recordings go to, and how they lie in it:
///
///     captures/2026-11-23T05-15-40.123.pcapng    a capture, named by the time
///     captures/2026-11-23T05-15-40.123/001.txt   its transcripts, one for each connection
///     captures/2026-11-23T05-15-40.123/index.jsonl    the overview of its connections
///     captures/2026-11-23T06-15-40.123.pcapng    where the recording goes on (--max-size, --rotate), with its own transcripts
///
/// What lies in folders below, such as the samples in `captures/samples`, belongs to none of these recordings.
struct RecordingFolder: Sendable {
    /// Where `record` writes unless it is told otherwise.
    static let usual = "captures"

    private static let ending = ".pcapng"
    /// Names are tried so far ahead of the time.
    private static let tries = 10_000

    let path: String

    init(_ path: String = usual) { self.path = path }

    static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    /// The folder for the transcripts of a capture.
    static func transcripts(of capture: String) -> String {
        capture.hasSuffix(ending) ? String(capture.dropLast(ending.count)) : capture + "-transcripts"
    }

    /// The overview of a capture's connections, beside its transcripts.
    static func index(of capture: String) -> String { transcripts(of: capture) + "/" + ConnectionIndex.name }

    /// The length of a capture in bytes; nil if it is not there.
    static func size(of capture: String) -> Int? {
        var facts = stat()
        return stat(capture, &facts) == 0 ? Int(facts.st_size) : nil
    }

    /// The length of the capture whose transcripts are in a folder.
    static func size(ofCaptureOf transcripts: String) -> Int? { size(of: transcripts + ending) }

    /// Held while something beside a capture is written.
    struct Lock {
        private let descriptor: Int32

        /// Nil if the capture is being recorded, or is another user's.
        init?(finished capture: String) {
            var facts = stat()
            descriptor = open(capture, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { return nil }
            guard fstat(descriptor, &facts) == 0, facts.st_uid == geteuid(), flock(descriptor, LOCK_EX | LOCK_NB) == 0
            else {
                close(descriptor)
                return nil
            }
        }

        func end() { close(descriptor) }
    }

    // MARK: Making

    /// The name of a new capture.
    struct Name {
        /// The path without its ending; that of the transcripts.
        let base: String
        /// The time that it is named by, since 1970.
        fileprivate let milliseconds: Int

        var capture: String { base + ending }
    }

    /// A name by the time to the millisecond: all of one length, so that every program that sorts them finds the order in
    /// which they were made. The folder is made if it is not there.
    ///
    /// - Parameter last: the name that was given out before, if any; the new one sorts behind it, also where that file is gone
    ///   or the clock was set back.
    func newName(after last: Name? = nil) throws -> Name {
        try make(path)
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let milliseconds = now.tv_sec * 1000 + now.tv_nsec / 1_000_000
        let start = max(milliseconds, last.map { $0.milliseconds + 1 } ?? 0)
        for moment in start..<start + Self.tries {
            let name = Name(base: "\(path)/\(Self.time(moment))", milliseconds: moment)
            if access(name.capture, F_OK) != 0 && access(name.base, F_OK) != 0 { return name }
        }
        throw Failure("no name is free for a capture in \(path)")
    }

    /// Makes the folder and those above it, for their owner only.
    private func make(_ folder: String) throws {
        if folder.isEmpty || Self.isFolder(folder) { return }
        if let slash = folder.lastIndex(of: "/") { try make(String(folder[..<slash])) }
        if mkdir(folder, 0o700) == 0 || errno == EEXIST && Self.isFolder(folder) { return }
        let reason = errno == EEXIST ? "\(folder) is a file, not a folder" : systemReason(errno)
        throw Failure("cannot make the folder \(path): \(reason)")
    }

    /// - Parameter milliseconds: since 1970.
    private static func time(_ milliseconds: Int) -> String {
        // No colons: shells and other systems take them for something else.
        String(rfc3339(UInt64(max(0, milliseconds)) * 1_000_000).prefix(23)).replacing(":", with: "-")
    }

    // MARK: Ending

    /// Says where a recording lies that has ended; one without a connection is removed, with its folder for transcripts.
    ///
    /// - Parameters:
    ///   - captures: all files of the recording, in order.
    ///   - file: what was recorded; `captures` are copies of it where secrets were taken out.
    static func tellEnd(of captures: [String], _ file: CaptureFile) {
        // --keep has removed some.
        let names = captures.filter { access($0, F_OK) == 0 }.joined(separator: ", ")
        guard isEmpty(file.paths), removeIfEmpty(captures) else { return report("recorded to \(names)") }
        let reason = file.failure == nil ? "there was no connection" : "nothing could be recorded"
        report("\(reason), so the empty recording \(names) was removed")
    }

    /// True if the captures are one recording, whole, and without a connection.
    private static func isEmpty(_ captures: [String]) -> Bool {
        // Most are not, and of a long recording there are thousands.
        guard let first = captures.first, (try? CaptureSeries.recordings(of: [first]))?.first?.isEmpty == true,
            let recordings = try? CaptureSeries.recordings(of: captures), recordings.count == 1
        else { return false }
        return recordings[0].isEmpty && recordings[0].paths.count == captures.count
    }

    /// Removes a recording without a connection; false if it has one, or if what lies there is something else.
    @discardableResult
    static func removeIfEmpty(_ captures: [String]) -> Bool {
        guard isEmpty(captures) else { return false }
        for capture in captures {
            unlink(capture)
            unlink(index(of: capture))
            rmdir(transcripts(of: capture))
        }
        return true
    }

    // MARK: Finding

    /// The recordings in the folder that hold something, the newest one last. Files that cannot be read are told.
    func recordings() throws -> [CaptureSeries] {
        let (all, unreadable) = try failing { try CaptureSeries.recordings(in: path) }
        for error in unreadable { report("\(error)") }
        return all
    }

    /// The newest recording of the folder that holds a connection, for a command to which no file was named; standard error
    /// says which one it is.
    ///
    /// - Parameter skipsReplays: recordings that a replay made are passed over.
    /// - Throws: `Failure` that says where was looked for one, and how to make one.
    func newest(skipsReplays: Bool = false) throws -> CaptureSeries {
        guard Self.isFolder(path) else { throw nothing }
        let all = try recordings().filter { !skipsReplays || !$0.isReplay }
        guard let newest = all.last(where: { !$0.isEmpty }) else { throw nothing }
        let kind = skipsReplays ? "newest recording that is no replay" : "newest recording"
        report("reading \(newest.told), the \(kind) in \(path)")
        if let later = all.last, later.isEmpty { report("\(later.told) is newer, but holds no connection yet") }
        return newest
    }

    var nothing: Failure {
        let hasSamples = Self.isFolder(path + "/samples")
        let samples = hasSamples ? " (the samples in \(path)/samples are read by their names)" : ""
        return Failure(
            "no file is named, and there is no recording in \(absolutePath)\(samples): make one with"
                + " 'stanzatap record', name a file, or name the folder of recordings with --out DIR"
        )
    }

    private var absolutePath: String {
        if path.hasPrefix("/") { return path }
        guard let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return String(cString: folder) + "/" + path
    }
}

extension CaptureSeries {
    /// Its first capture, and how many more there are.
    var told: String {
        let more = paths.count - 1
        return paths[0] + (more > 0 ? " and \(more) more" : "")
    }
}
