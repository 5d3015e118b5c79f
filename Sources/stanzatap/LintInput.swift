import ArgumentParser
import Capture
import Glibc

/// A recording that `lint` is to judge. It is opened when it is its turn, for there may be many.
enum LintInput {
    /// - Parameter isGuess: true for a text that lay in a folder, which may be no transcript.
    case path(String, isGuess: Bool = false)
    case series(CaptureSeries)

    /// Endings of captures that other programs make, and of texts; each may be compressed.
    private static let captures = [".pcapng", ".pcap"]
    private static let texts = [".txt", ".xml"]
    private static let compressed = ["", ".gz", ".zst"]

    func open() throws -> RecordingInput {
        switch self {
        case .path(let path, _): .file(try failing { try InputBytes(path: path) })
        case .series(let series): try RecordingInput.one(series)
        }
    }

    /// What was named: files, folders, `-`; nothing for the newest recording in `folder`.
    ///
    /// - Returns: true beside them if some of it is not there, which is told.
    static func of(_ paths: [String], newestIn folder: RecordingFolder) throws -> (
        inputs: [LintInput], isIncomplete: Bool
    ) {
        guard !paths.isEmpty else {
            do {
                return ([.series(try folder.newest())], false)
            } catch let failure as Failure {
                throw Failure(failure.description, status: 2)
            }
        }
        if paths.count(where: { $0 == "-" }) > 1 { throw ValidationError("standard input can be read once only") }
        var inputs: [LintInput] = []
        var captures: [String] = []
        var isIncomplete = false
        for path in paths {
            do {
                try Suggestion.requireFile(path)
                if RecordingFolder.isFolder(path) {
                    inputs += try recordings(in: path)
                } else if paths.count > 1, isCapture(path) {
                    captures.append(path)
                } else {
                    inputs.append(.path(path))
                }
            } catch let failure as Failure {
                report(failure.description)
                isIncomplete = true
            }
        }
        return (try joined(captures) + inputs, isIncomplete)
    }

    /// `1 recording`, `2 recordings`.
    static func counted(_ count: Int, _ what: String) -> String { "\(count) \(what)\(count == 1 ? "" : "s")" }

    // MARK: Several files

    /// Captures in which one recording goes on are judged together; whatever does not say so is a recording by itself.
    private static func joined(_ captures: [String]) throws -> [LintInput] {
        guard captures.count > 1 else { return captures.map { .path($0) } }
        return try failing { try CaptureSeries.recordings(of: captures) }.flatMap(split)
    }

    private static func split(_ series: CaptureSeries) -> [LintInput] {
        series.isCertain ? [.series(series)] : series.paths.map { .path($0) }
    }

    private static func isCapture(_ path: String) -> Bool {
        var facts = stat()
        guard path != "-", stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return false }
        return (try? InputBytes(path: path).format()) != nil
    }

    /// The recordings of a folder: captures, ours and others', and transcripts that lie there without their capture.
    private static func recordings(in folder: String) throws -> [LintInput] {
        let own = try RecordingFolder(folder).recordings()
        var known = Set(own.flatMap(\.paths))
        var inputs = own.filter { !$0.isEmpty }.flatMap(split)
        let start = folder.hasSuffix("/") ? folder : folder + "/"
        let names = (namesInFolder(folder) ?? []).sorted()
        var stems = Set(known.map { stem(String($0.dropFirst(start.count))) })
        for name in names where ending(of: name, captures) != nil && !known.contains(start + name) {
            stems.insert(stem(name))
            guard isCapture(start + name) else { continue }
            known.insert(start + name)
            inputs.append(.path(start + name))
        }
        for name in names where ending(of: name, texts) != nil && !stems.contains(stem(name)) {
            if RecordingFolder.isFolder(start + name) { continue }
            inputs.append(.path(start + name, isGuess: true))
        }
        guard !inputs.isEmpty else { throw Failure("\(folder) holds no recording: no capture and no transcript") }
        return inputs
    }

    private static func ending(of name: String, _ endings: [String]) -> String? {
        endings.flatMap { ending in compressed.map { ending + $0 } }.first(where: name.hasSuffix)
    }

    private static func stem(_ name: String) -> String {
        String(name.dropLast(ending(of: name, captures + texts)?.count ?? 0))
    }
}
