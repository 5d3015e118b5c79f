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
        let base = try OutputBase.make(in: directory)
        let file = try CaptureFile(path: base + ".pcapng", program: configuration.program)
        let inspector = LiveInspector(file: file, report: report) { [display, options] in
            try LiveOutput(display: display, options: options).inspector(capture: file.path, transcripts: base)
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
        LiveOutput.catchUp(inspector, signals)
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

}

extension TextStyle {
    /// Colours only for a person at a terminal who has not turned them off (https://no-color.org).
    static var forStandardOutput: TextStyle {
        isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil ? .colored : .plain
    }
}
