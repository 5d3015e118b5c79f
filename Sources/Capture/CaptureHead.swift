import Glibc

/// What is known of a capture without reading it: which file of which recording it is, and when it was begun.
struct CaptureHead {
    let path: String
    /// Nil in captures of stanzatap 0.1 and of others.
    let part: RecordingPart?
    /// Nanoseconds since 1970, of its first record; of a capture without any, when its file was changed last.
    let began: UInt64
    /// True if its first record is the beginning of the first connection of a recording.
    let isBeginning: Bool
    /// True if stanzatap recorded it.
    let isOwn: Bool
    /// True if nothing was recorded in it yet.
    let isEmpty: Bool
    /// True if it begins with a connection of a replay.
    let isReplay: Bool

    /// A replay is told of right behind the beginning of its connection.
    private static let recordsToReplay = 4

    /// - Throws: if the file cannot be read or is no capture.
    init(path: String) throws(CaptureError) {
        let reader = try CaptureReader(path: path)
        // What is damaged is told when it is read whole.
        let first = try? reader.next()
        self.path = path
        part = reader.part
        isEmpty = first == nil
        isReplay = Self.tellsOfReplay(reader)
        began = first?.time ?? Self.changed(path)
        switch first?.content {
        case .opened(_, _, let program, _):
            isOwn = part != nil || program != nil
            isBeginning = first?.connection == 1
        case .continued:
            (isOwn, isBeginning) = (true, false)
        case .bytes, .lost, .closed, .reset, .event, nil:
            (isOwn, isBeginning) = (part != nil, false)
        }
    }

    private static func tellsOfReplay(_ reader: CaptureReader) -> Bool {
        for _ in 0..<recordsToReplay {
            if case .event(.replay)? = (try? reader.next())?.content { return true }
        }
        return false
    }

    private static func changed(_ path: String) -> UInt64 {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return 0 }
        return UInt64(clamping: facts.st_mtim.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: facts.st_mtim.tv_nsec)
    }
}
