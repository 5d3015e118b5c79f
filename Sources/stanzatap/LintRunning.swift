import ArgumentParser
import Capture
import Glibc
import Inspector
import Output
import SystemErrors
import Transcript
import XMPP

/// The work of `lint`: one recording after the other.
extension Lint {
    /// - Returns: how many warnings were told, and true if something could not be read.
    func lint() throws -> (warnings: Int, isIncomplete: Bool) {
        let selection = LintSelection(
            severity: severity.severity,
            only: try LintWords.read(only, of: "--only"),
            ignored: try LintWords.read(ignore, of: "--ignore")
        )
        let known = try baseline.map(readBaseline)
        let (inputs, isPartial) = try LintInput.of(files, newestIn: RecordingFolder(out))
        var isIncomplete = isPartial
        let run = LintRun(
            selection,
            filter: try FilterArgument.read(filter),
            codes: KnownFindings.codes,
            baseline: known ?? LintBaseline(),
            writer: writeBaseline == nil ? try writer() : nil
        )
        for input in inputs {
            do {
                isIncomplete = try !lint(input, run) || isIncomplete
            } catch let failure as Failure {
                if !failure.description.isEmpty { report(failure.description) }
                isIncomplete = true
            }
            try work { () throws(OutputError) in try run.endFile() }
        }
        try work { () throws(OutputError) in try run.end() }
        if let writeBaseline { try write(run.found, to: writeBaseline) }
        tell(run)
        return (run.counts.warnings, isIncomplete)
    }

    private func writer() throws -> any LintWriter {
        let target: OutputTarget
        do {
            target = try OutputTarget(path: output, isBinary: false)
        } catch let failure as Failure {
            throw Failure(failure.description, status: 2)
        }
        switch format {
        case .findings(let format):
            return format.writer(target.writer, isColored: target.style(color).isColored, program: program)
        case .markdown: throw ValidationError("markdown is for --list-codes")
        }
    }

    /// What cannot be written ends the work.
    private func work(_ body: () throws(OutputError) -> Void) throws {
        do throws(OutputError) {
            try body()
        } catch {
            throw Failure("\(error)", status: 2)
        }
    }

    private func tell(_ run: LintRun) {
        let counts = run.counts
        var parts = [LintInput.counted(counts.warnings, "warning"), LintInput.counted(counts.notes, "note")]
        if counts.known > 0 { parts.append("\(counts.known) known by \(baseline ?? "the baseline")") }
        let recordings = LintInput.counted(counts.recordings, "recording")
        if counts.recordings > 0 { report("\(parts.joined(separator: ", ")) in \(recordings)") }
        if let baseline, run.unmet > 0 {
            report("\(LintInput.counted(run.unmet, "line")) of \(baseline) fit nothing that was found")
        }
        if let writeBaseline {
            let kinds = LintInput.counted(run.found.fingerprints.count, "kind")
            report("\(kinds) of findings written to \(writeBaseline)")
        }
    }

    // MARK: One recording

    /// False if it could not be read whole, which is told.
    private func lint(_ named: LintInput, _ run: LintRun) throws -> Bool {
        let input = try named.open()
        switch input {
        case .file(let bytes):
            if case .path(_, isGuess: true) = named, try failing({ try bytes.isEmpty() }) { return true }
            guard try input.isCapture() else { return try lint(transcript: bytes, named, run) }
            let reader = try failing { try CaptureReader(bytes, ports: Set(port)) }
            let isWhole = try inspect(reader, bytes.name, run)
            if isWhole, let leftOut = reader.leftOut.told { report("\(bytes.name): left out \(leftOut)") }
            if let fault = bytes.fault { report("\(fault): what stands before the cut is judged") }
            return isWhole && bytes.fault == nil
        case .series(let series):
            for fault in series.faults { report(fault) }
            let reader = try failing { try CaptureSeriesReader(series) }
            let isWhole = try inspect(reader, series.paths.first ?? input.name, run)
            for fault in reader.faults { report(fault) }
            return isWhole && series.faults.isEmpty && reader.faults.isEmpty
        }
    }

    private func inspect(_ source: any RecordSource, _ name: String, _ run: LintRun) throws -> Bool {
        let inspector = Inspector(
            reader: source,
            sinks: [run.sink(file: name)],
            selection: Selection(connections: Set(connection))
        )
        var isWhole = true
        try failing {
            do {
                while try inspector.step() > 0 {}
            } catch let damage as CaptureError {
                report("\(damage); what stands before it is judged")
                isWhole = false
            }
            let rest = try inspector.finish()
            if isWhole, rest > 0 {
                report("\(name) ends in the middle of a record: its last \(rest) bytes are not judged")
            }
        }
        if let missing = inspector.missing.min() {
            report("\(name) holds no connection \(missing)")
            return false
        }
        if inspector.connections == 0 { report("\(name) holds no connection") }
        return isWhole
    }

    /// A transcript is told anew: what stands under its packets is somebody's word, without codes.
    private func lint(transcript bytes: InputBytes, _ named: LintInput, _ run: LintRun) throws -> Bool {
        let reading: TextReading
        let isBare: Bool
        do {
            (reading, isBare) = try ShownTranscript.read(bytes)
        } catch {
            // Not every text in a folder is one.
            if case .path(_, isGuess: true) = named { return true }
            throw error
        }
        guard connection.isEmpty || connection == [1] else {
            throw Failure("\(bytes.name) is the transcript of one connection, its number is 1")
        }
        for note in reading.problems { report("\(bytes.name), \(note)") }
        let told = TranscriptExplainer.explain(reading.transcript, .drop, isBare: isBare)
        let sink = run.sink(file: bytes.name, packetLines: reading.packetLines)
        for record in told.records { sink.add(record, connection: 1) }
        try failing { try sink.flush() }
        return reading.problems.isEmpty
    }

    // MARK: Baselines

    private func readBaseline(_ path: String) throws -> LintBaseline {
        do {
            try Suggestion.requireFile(path, status: 2)
            let text = try failing { try InputBytes(path: path) }.text()
            return try LintBaseline(reading: text, codes: Set(KnownFindings.codes.map(\.id)))
        } catch let error as LintBaselineError {
            throw Failure("\(path) is no baseline: \(error)", status: 2)
        } catch let failure as Failure {
            throw Failure(failure.description, status: 2)
        }
    }

    /// It appears whole or not at all.
    private func write(_ found: LintBaseline, to path: String) throws {
        let temporary = "\(path).\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure("cannot make \(path): \(systemReason(errno))", status: 2) }
        defer { unlink(temporary) }
        let writer = DescriptorWriter(descriptor, name: path)
        do throws(OutputError) {
            try writer.write(Array(found.text.utf8))
        } catch {
            close(descriptor)
            throw Failure("\(error)", status: 2)
        }
        close(descriptor)
        guard rename(temporary, path) == 0 else {
            throw Failure("cannot make \(path): \(systemReason(errno))", status: 2)
        }
    }
}
