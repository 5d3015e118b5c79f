import ArgumentParser
import Capture
import Filter
import Glibc
import Inspector
import Output
import Relay
import Synchronization

/// One run of `stanzatap record`: capture, relay and inspector, from start to end.
struct Recording {
    let configuration: RelayConfiguration
    let recorder: String
    let directory: String
    /// What standard output shows; nil for nothing.
    let display: Format?
    let options: TextOptions
    /// What standard output shows; files have all.
    var filter = PacketFilter()
    /// True if secrets are replaced before anything gets a name on disk.
    var isRedacted = false
    /// Where the figures of the recording can be asked for; nil for nowhere.
    var metrics: ListenAddress?
    var files = FileArguments.Rules()

    private let counts = TranscriptCounts()

    init(
        configuration: RelayConfiguration,
        recorder: String,
        directory: String,
        display: Format?,
        options: TextOptions
    ) {
        self.configuration = configuration
        self.recorder = recorder
        self.directory = directory
        self.display = display
        self.options = options
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let name = try RecordingFolder(directory).newName()
        let path = name.capture
        let file = try failing { try captureFile(path, name) }
        let signals = Signals { [isRedacted] in
            if isRedacted { report("SIGHUP: a recording with --redact has one file only") } else { rotate(file) }
        }
        let inspector = try liveInspector(file, path, transcripts: name.base)
        inspector.start()
        let relay: Relay
        do {
            relay = try await Relay.start(configuration, capture: file, log: report)
        } catch {
            inspector.stop()
            _ = inspector.waitUntilDone(seconds: 5)
            unlink(path)
            // An open relay is a wrong call; all else is a failure of the machine.
            if case .openRelay = error { throw ValidationError("\(error)") }
            throw Failure("\(error)")
        }
        for address in relay.addresses { report("listening on \(address)") }
        let server: MetricsServer?
        do {
            server = try await metricsServer(Metrics(relay: relay, file: file, inspector: inspector, counts: counts))
        } catch {
            LiveOutput.catchUp(inspector, signals)
            RecordingFolder.removeIfEmpty([path])
            throw error
        }
        report("recording to \(path), transcripts in \(name.base)/")
        let failure = await firstOf(signals, relay, file)
        await relay.stop()
        await server?.stop()
        LiveOutput.catchUp(inspector, signals)
        RecordingFolder.tellEnd(of: isRedacted ? [path] : file.paths, file)
        if let failure { throw Failure("the recording ended: \(failure)") }
    }

    private func metricsServer(_ figures: Metrics) async throws -> MetricsServer? {
        guard let metrics else { return nil }
        do throws(RelayError) {
            let server = try await MetricsServer.start(on: metrics) { figures.text }
            if let address = server.address {
                figures.relay.isOwn(address)
                report("figures for Prometheus at http://\(address)/metrics")
            }
            return server
        } catch {
            await figures.relay.stop()
            throw Failure("\(error)")
        }
    }

    private func captureFile(_ path: String, _ name: RecordingFolder.Name) throws(CaptureError) -> CaptureFile {
        let program = configuration.program
        if isRedacted { return try CaptureFile(namelessIn: directory, program: program, recorder: recorder) }
        let last = Mutex(name)
        let rotation = CaptureFile.Rotation(maxBytes: files.maxBytes) { [directory] in
            try last.withLock { last in
                last = try RecordingFolder(directory).newName(after: last)
                return last.capture
            }
        }
        return try CaptureFile(path: path, program: program, recorder: recorder, rotation: rotation)
    }

    private func liveInspector(_ file: CaptureFile, _ path: String, transcripts: String) throws -> LiveInspector {
        let output = LiveOutput(
            display: display,
            options: options,
            counts: metrics == nil ? nil : counts,
            filter: filter,
            keep: files.keep
        )
        guard isRedacted else {
            return LiveInspector(file: file, report: report) {
                try output.inspector(of: file, transcripts: transcripts)
            }
        }
        let copy = try failing { try CaptureFile(copyAt: path) }
        return LiveInspector(file: file, report: report) {
            try RedactedInspection(spool: file, copy: copy) {
                try output.inspector(of: copy, transcripts: transcripts)
            }
        }
    }

    /// Waits for Ctrl-C or for the capture to fail, whichever comes first.
    private func firstOf(_ signals: Signals, _ relay: Relay, _ file: CaptureFile) async -> CaptureError? {
        await withTaskGroup(of: CaptureError?.self) { group in
            group.addTask {
                await signals.first()
                return nil
            }
            group.addTask { await relay.waitUntilFailure() }
            if let seconds = files.seconds {
                group.addTask {
                    while (try? await Task.sleep(for: .seconds(seconds))) != nil { rotate(file) }
                    return nil
                }
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

}

/// Goes on in another file, and says so.
@Sendable
private func rotate(_ file: CaptureFile) {
    if let failure = file.rotate() {
        report("the recording goes on in \(file.path): \(failure)")
    } else {
        report("recording to \(file.path)")
    }
}
