import Capture
import Foundation
import Glibc
import Inspector
import Output
import Transcript

/// What a run that records shows and writes while it goes on: transcripts in files, and on standard output.
struct LiveOutput: Sendable {
    /// What standard output shows; nil for nothing.
    let display: Format?
    let options: TextOptions
    /// Counts what is told, where somebody may ask for it.
    var counts: TranscriptCounts?

    /// How many files of a recording stay; nil for all.
    var keep: Int?

    /// - Parameters:
    ///   - file: what is told, while it grows.
    ///   - transcripts: the folder for those of its first file; of a later one it has that one's name.
    func inspector(of file: CaptureFile, transcripts: String) throws -> Inspector {
        let files = TranscriptFiles(directory: transcripts, options: options)
        var sinks: [any TranscriptSink] = [files]
        if let display { sinks.append(display.liveSink(options)) }
        if let counts { sinks.append(counts) }
        let reader = try CaptureSeriesReader(following: file) { [keep] index, path in
            do {
                try files.goOn(in: Self.folder(of: path))
            } catch {
                report("\(error)")
            }
            if let keep { Self.remove(file.paths.prefix(index).dropLast(keep - 1)) }
        }
        return Inspector(reader: reader, sinks: sinks)
    }

    private static func folder(of capture: String) -> String {
        capture.hasSuffix(".pcapng") ? String(capture.dropLast(".pcapng".count)) : capture + "-transcripts"
    }

    /// Removes captures and their transcripts, as the user asked for by `--keep`.
    private static func remove(_ captures: some Sequence<String>) {
        for capture in captures where access(capture, F_OK) == 0 {
            unlink(capture)
            try? FileManager.default.removeItem(atPath: folder(of: capture))
            report("removed \(capture) and its transcripts (--keep)")
        }
    }

    /// Lets the inspector read what it has not read yet, and shows how far it is; another Ctrl-C leaves the rest to `show`.
    static func catchUp(_ inspector: LiveInspector, _ signals: Signals) {
        inspector.stop()
        let isTerminal = isatty(STDERR_FILENO) == 1
        let total = inspector.lag
        while !inspector.waitUntilDone(seconds: 0.2) {
            if signals.count > 1 { inspector.hurry() }
            guard isTerminal, total > 0 else { continue }
            let percent = 100 - 100 * inspector.lag / total
            FileHandle.standardError.write(
                Data("\rstanzatap: writing transcripts, \(percent)% (Ctrl-C again to stop) ".utf8)
            )
        }
        if isTerminal && total > 1_000_000 { FileHandle.standardError.write(Data("\n".utf8)) }
    }
}
