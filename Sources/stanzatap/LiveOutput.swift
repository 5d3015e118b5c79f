import Capture
import Filter
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

    /// What standard output shows of it; files have all.
    var filter = PacketFilter()

    /// How many files of a recording stay; nil for all.
    var keep: Int?

    /// - Parameters:
    ///   - file: what is told, while it grows.
    ///   - transcripts: the folder for those of its first file; of a later one it has that one's name.
    func inspector(of file: CaptureFile, transcripts: String) throws -> Inspector {
        let files = TranscriptFiles(directory: transcripts, options: options, removable: keep != nil)
        let overview = LiveIndex(directory: transcripts) { RecordingFolder.size(ofCaptureOf: $0) }
        var sinks: [any TranscriptSink] = [files, overview]
        if let display { sinks.append(filter.before(display.liveSink(options))) }
        if let counts { sinks.append(counts) }
        let reader = try CaptureSeriesReader(following: file) { [keep] index, path in
            let folder = RecordingFolder.transcripts(of: path)
            // The one goes on whatever goes wrong with the other.
            do { try files.goOn(in: folder) } catch { report("\(error)") }
            do { try overview.goOn(in: folder) } catch { report("\(error)") }
            if let keep { Self.remove(file.paths.prefix(index).dropLast(keep - 1), files) }
        }
        return Inspector(reader: reader, sinks: sinks)
    }

    /// Removes captures and their transcripts, as the user asked for by `--keep`.
    private static func remove(_ captures: some Sequence<String>, _ files: TranscriptFiles) {
        for capture in captures where access(capture, F_OK) == 0 {
            unlink(capture)
            unlink(RecordingFolder.index(of: capture))
            files.remove(folder: RecordingFolder.transcripts(of: capture))
            report("removed \(capture) and its transcripts (--keep)")
        }
    }

    /// How long nothing may happen once the program is to end. Readers that do not read are given up long before; on a busy
    /// machine the work that takes idle time only may not get any for a while.
    private static let stallLimit = Duration.seconds(60)

    /// Lets the inspector read what it has not read yet, and shows how far it is; another Ctrl-C leaves the rest to `show`.
    static func catchUp(_ inspector: LiveInspector, _ signals: Signals) {
        inspector.stop()
        let isTerminal = isatty(STDERR_FILENO) == 1
        let total = inspector.lag
        var (lag, since) = (total, ContinuousClock.now)
        while !inspector.waitUntilDone(seconds: 0.2) {
            if signals.count > 1 { inspector.hurry() }
            if inspector.lag < lag || signals.count == 0 { (lag, since) = (inspector.lag, .now) }
            if ContinuousClock.now - since > stallLimit {
                return report("not all transcripts were written: 'stanzatap show' tells the rest")
            }
            guard isTerminal, total > 0 else { continue }
            let percent = 100 - 100 * inspector.lag / total
            ErrorLines.shared.write("\rstanzatap: writing transcripts, \(percent)% (Ctrl-C again to stop) ")
        }
        if isTerminal && total > 1_000_000 { ErrorLines.shared.write("\n") }
    }
}
