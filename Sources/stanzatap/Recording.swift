import ArgumentParser
import Capture
import Foundation
import Glibc
import Inspector
import Relay

/// One run of `stanzatap record`: capture, relay and inspector, from start to end.
struct Recording {
    let configuration: RelayConfiguration
    let directory: String
    /// What standard output shows; nil for nothing.
    let display: Format?
    let options: TextOptions

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let signals = Signals()
        let base = try makeBase()
        let file = try CaptureFile(path: base + ".pcapng", program: configuration.program)
        let inspector = LiveInspector(file: file, report: report) { [display, options] in
            try Self.inspector(capture: file.path, transcripts: base, display: display, options: options)
        }
        inspector.start()
        let relay: Relay
        do {
            relay = try await Relay.start(configuration, capture: file, log: report)
        } catch {
            inspector.stop()
            _ = inspector.waitUntilDone(seconds: 5)
            unlink(file.path)
            // An open relay is a wrong call; all else is a failure of the machine.
            if case .openRelay = error { throw ValidationError("\(error)") }
            throw Failure("\(error)")
        }
        for address in relay.addresses { report("listening on \(address)") }
        report("recording to \(file.path), transcripts in \(base)/")
        let failure = await firstOf(signals, relay)
        await relay.stop()
        catchUp(inspector, signals)
        report("recorded to \(file.path)")
        if let failure { throw Failure("the recording ended: \(failure)") }
    }

    /// Waits for Ctrl-C or for the capture to fail, whichever comes first.
    private func firstOf(_ signals: Signals, _ relay: Relay) async -> CaptureError? {
        await withTaskGroup(of: CaptureError?.self) { group in
            group.addTask {
                await signals.first()
                return nil
            }
            group.addTask { await relay.waitUntilFailure() }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    /// Lets the inspector read what it has not read yet, and shows how far it is; another Ctrl-C leaves the rest to `show`.
    private func catchUp(_ inspector: LiveInspector, _ signals: Signals) {
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

    private static func inspector(
        capture: String,
        transcripts: String,
        display: Format?,
        options: TextOptions
    ) throws -> Inspector {
        var sinks: [any TranscriptSink] = [TranscriptFiles(directory: transcripts, options: options)]
        switch display {
        case .text?: sinks.append(StreamedText(descriptor: STDOUT_FILENO, style: .forStandardOutput, options: options))
        case .jsonl?: sinks.append(StreamedJSONLines(descriptor: STDOUT_FILENO))
        case nil: break
        }
        return Inspector(reader: try CaptureReader(path: capture), sinks: sinks)
    }

    /// The path of the new capture without its ending: named by the time, with a count where that is taken.
    private func makeBase() throws -> String {
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Failure("cannot make the folder \(directory): \(error.localizedDescription)")
        }
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        var text = [CChar](repeating: 0, count: 64)
        strftime(&text, text.count, "%Y-%m-%dT%H-%M-%S", &parts)
        let name =
            directory + "/" + String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let candidates = [name] + (2..<1000).map { "\(name)-\($0)" }
        guard let free = candidates.first(where: { access($0 + ".pcapng", F_OK) != 0 && access($0, F_OK) != 0 }) else {
            throw Failure("no name is free for a capture in \(directory)")
        }
        return free
    }
}

extension TextStyle {
    /// Colours only for a person at a terminal who has not turned them off (https://no-color.org).
    static var forStandardOutput: TextStyle {
        isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil ? .colored : .plain
    }
}
