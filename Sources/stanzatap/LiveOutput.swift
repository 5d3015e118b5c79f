import Capture
import Foundation
import Glibc
import Inspector

/// What a run that records shows and writes while it goes on: transcripts in files, and on standard output.
struct LiveOutput: Sendable {
    /// What standard output shows; nil for nothing.
    let display: Format?
    let options: TextOptions
    /// Counts what is told, where somebody may ask for it.
    var counts: TranscriptCounts?

    func inspector(capture: String, transcripts: String) throws -> Inspector {
        var sinks: [any TranscriptSink] = [TranscriptFiles(directory: transcripts, options: options)]
        switch display {
        case .text?: sinks.append(StreamedText(descriptor: STDOUT_FILENO, style: .forStandardOutput, options: options))
        case .jsonl?: sinks.append(StreamedJSONLines(descriptor: STDOUT_FILENO))
        case nil: break
        }
        if let counts { sinks.append(counts) }
        return Inspector(reader: try CaptureReader(path: capture), sinks: sinks)
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
