import ArgumentParser
import Capture
import Glibc

/// What a command reads: a file, a pipe or standard input, or the captures of one recording.
enum RecordingInput {
    case file(InputBytes)
    case series(CaptureSeries)

    /// - Parameters:
    ///   - paths: what the user named: a file (`-` for standard input), captures of one recording, or a folder, for the latest
    ///     recording in it; nothing for the newest recording in `folder`.
    ///   - skipsReplays: the newest recording is one that no replay made.
    /// - Throws: `Failure` or `ValidationError`; what is wrong with the call has status 2.
    static func of(
        _ paths: [String],
        newestIn folder: RecordingFolder,
        skipsReplays: Bool = false
    ) throws -> RecordingInput {
        guard let first = paths.first else { return try one(folder.newest(skipsReplays: skipsReplays)) }
        if let folder = paths.first(where: RecordingFolder.isFolder) {
            guard paths.count == 1 else {
                throw Failure("\(folder) is a folder: show it alone, or name its captures", status: 2)
            }
            return try one(latest(in: folder))
        }
        for path in paths { try Suggestion.requireFile(path) }
        return try paths.count == 1 ? .file(failing { try InputBytes(path: first) }) : several(paths)
    }

    /// A capture alone is read as a file.
    static func one(_ series: CaptureSeries) throws -> RecordingInput {
        guard series.paths.count == 1, series.faults.isEmpty else { return .series(series) }
        return .file(try failing { try InputBytes(path: series.paths[0]) })
    }

    /// The recordings that the captures are of, the latest one last; nil if they are no captures of several recordings.
    static func each(of paths: [String]) throws -> [RecordingInput]? {
        guard paths.count > 1, !paths.contains(where: RecordingFolder.isFolder) else { return nil }
        for path in paths { try Suggestion.requireFile(path) }
        let recordings = try recordings(of: paths)
        return recordings.count > 1 ? try recordings.map(one) : nil
    }

    private static func several(_ paths: [String]) throws -> RecordingInput {
        let recordings = try recordings(of: paths)
        guard recordings.count == 1 else {
            let several = recordings.map(\.told).joined(separator: "; ")
            throw Failure(
                "these are captures of \(recordings.count) recordings, show one at a time (as jsonl all at once): \(several)",
                status: 2
            )
        }
        return .series(recordings[0])
    }

    private static func recordings(of paths: [String]) throws -> [CaptureSeries] {
        for path in paths {
            // Opening a pipe would take what is in it from whoever reads it next.
            guard path != "-", !isPipe(path) else {
                throw ValidationError(
                    "\(path == "-" ? "standard input" : path) can be read once only: name it alone, without other captures"
                )
            }
            guard try failing({ try InputBytes(path: path).format() }) != nil else {
                throw ValidationError("only captures go on in others, and \(path) is none")
            }
        }
        return try failing { try CaptureSeries.recordings(of: paths) }
    }

    private static func isPipe(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT != S_IFREG
    }

    private static func latest(in folder: String) throws -> CaptureSeries {
        let recordings = try RecordingFolder(folder).recordings()
        guard let latest = recordings.last(where: { !$0.isEmpty }) ?? recordings.last else {
            throw Failure("\(folder) holds no capture that stanzatap recorded")
        }
        if recordings.count > 1 {
            report("\(folder) holds \(recordings.count) recordings; shown is the latest one, \(latest.told)")
            for other in recordings where other != latest { report("not shown: \(other.told)") }
        }
        return latest
    }

    /// What people call it.
    var name: String {
        switch self {
        case .file(let input): input.name
        case .series(let series): series.told
        }
    }

    /// False if it is a text. To be asked before anything is read.
    func isCapture() throws -> Bool {
        switch self {
        case .file(let input):
            try failing { () throws(CaptureError) in
                if try input.format() != nil { return true }
                if try input.isEmpty() { throw CaptureError("\(input.name) is empty") }
                return false
            }
        case .series: true
        }
    }
}

extension InputBytes {
    /// Texts are held in memory. More is read only from files that are not compressed, whose size their owner sees.
    private static let largestText = 256 * 1024 * 1024

    /// The whole of a text.
    func text() throws -> String {
        let bytes = try failing { try contents(limit: Self.largestText) }
        if let fault { report(fault) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Where files without a name lie that hold what must be read twice.
var temporaryFolder: String {
    if let folder = getenv("TMPDIR").map({ String(cString: $0) }), RecordingFolder.isFolder(folder) { return folder }
    return RecordingFolder.isFolder("/var/tmp") ? "/var/tmp" : "/tmp"
}
