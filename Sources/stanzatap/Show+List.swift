import ArgumentParser
import Capture
import Filter
import Inspector
import Output
import XMPP

/// `show --list`.
extension Show {
    /// Bytes; an index that is larger is of more connections than anybody reads in a list.
    private static let indexLimit = 256 * 1024 * 1024

    /// Tells the connections of what was named: files of one recording, or all recordings in a folder.
    func showList(of named: [String]) throws {
        guard format == .transcript(.text) || format == .transcript(.jsonl) else {
            throw ValidationError("a list is text or jsonl, not \(format.defaultValueDescription)")
        }
        if explain { throw ValidationError("--explain is for transcripts, not for a list") }
        let target = try OutputTarget(path: output, isBinary: false)
        var isIncomplete = false
        for (index, input) in try listed(named).enumerated() {
            let (rows, isWhole) = try rows(of: input)
            if !isWhole { isIncomplete = true }
            try target.write(text(rows, input.name, isFirst: index == 0, target.style(text.options.color).columns))
        }
        // What is missing was told already.
        if isIncomplete { throw Failure("") }
    }

    /// The recordings, the newest one last.
    private func listed(_ named: [String]) throws -> [RecordingInput] {
        let folder = named.isEmpty ? out : named.count == 1 && RecordingFolder.isFolder(named[0]) ? named[0] : nil
        guard let folder else { return [try RecordingInput.of(named, newestIn: RecordingFolder(out))] }
        let recordings = try RecordingFolder(folder).recordings().filter { !$0.isEmpty }
        if recordings.isEmpty { throw RecordingFolder(folder).nothing }
        return try recordings.map(RecordingInput.one)
    }

    private func text(_ rows: [ConnectionRow], _ name: String, isFirst: Bool, _ columns: Int?) -> [UInt8] {
        if format == .transcript(.jsonl) {
            return ConnectionIndex.lines(rows.map { $0.inFile(name) })
        }
        let heading = (isFirst ? "" : "\n") + name.shown(limit: .max) + (rows.isEmpty ? ": no connection" : "")
        // Of a folder that somebody else made, an index may hold anything.
        let lines = [heading] + ConnectionList.lines(of: rows, columns: columns).map { $0.shown(limit: .max) }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    // MARK: Rows

    /// False beside them if not all could be read, which is told.
    private func rows(of input: RecordingInput) throws -> (rows: [ConnectionRow], isWhole: Bool) {
        let filter = try display.packets()
        let captures = filter.isEmpty ? indexedCaptures(of: input) : []
        if let rows = Self.indexed(captures) { return (rows, true) }
        // Asked before they are read: what is recorded meanwhile may be told or not.
        let lengths = captures.map { RecordingFolder.size(of: $0) }
        let table = ConnectionTable()
        let picker = ConnectionPicker(table, filter)
        func rows() -> [ConnectionRow] {
            ConnectionRow.joined(table.captures).filter { picker.picks(connection: $0.connection) }
        }
        if case .file(let text) = input, try !input.isCapture() {
            let shown = ShownTranscript(
                input: text,
                selection: selection,
                explainsAnew: explain,
                isRedacted: redact
            )
            try shown.run(picker)
            return (rows(), true)
        }
        let told = try inspectFiles(input, picker) { table.goOn() }
        if let damage = told.damage { report("\(damage); what stands before it is listed") }
        if let missing = told.missing { throw Failure("\(input.name) holds no connection \(missing)") }
        let isWhole = told.damage == nil && !told.isIncomplete
        if isWhole, Self.hasBeginning(captures) { Self.remember(table.captures, of: captures, lengths) }
        return (rows(), isWhole)
    }

    /// The captures, if each may have an index, and all of them is asked for as it is.
    private func indexedCaptures(of input: RecordingInput) -> [String] {
        guard connection.isEmpty, port.isEmpty, !redact else { return [] }
        let captures: [String]
        switch input {
        case .file(let bytes): captures = bytes.isRegular ? [bytes.name] : []
        case .series(let series): captures = series.isCertain && series.faults.isEmpty ? series.paths : []
        }
        let haveFolders = captures.allSatisfy { RecordingFolder.isFolder(RecordingFolder.transcripts(of: $0)) }
        return haveFolders ? captures : []
    }

    private static func indexed(_ captures: [String]) -> [ConnectionRow]? {
        var parts: [[ConnectionRow]] = []
        for capture in captures {
            let path = RecordingFolder.index(of: capture)
            guard let bytes = RecordingFolder.size(of: capture), let length = RecordingFolder.size(of: path),
                length <= indexLimit, let input = try? InputBytes(path: path), input.isRegular,
                let index = try? input.contents(limit: indexLimit),
                let rows = ConnectionIndex.rows(in: index, captureBytes: bytes)
            else { return nil }
            parts.append(rows)
        }
        return parts.isEmpty ? nil : ConnectionRow.joined(parts)
    }

    /// True if nothing went before that an index made of these captures alone would not know.
    private static func hasBeginning(_ captures: [String]) -> Bool {
        guard let first = captures.first else { return false }
        return (try? CaptureSeries.recordings(of: [first]))?.first?.hasBeginning ?? false
    }

    /// Makes the indexes anew, for the next time; where that fails the next time only takes as long as this one. Those of
    /// captures that are being recorded are left to the recorder, and those of another user to that one.
    private static func remember(_ parts: [[ConnectionRow]], of captures: [String], _ lengths: [Int?]) {
        guard parts.count == captures.count else { return }
        for (index, capture) in captures.enumerated() {
            guard let length = lengths[index], let lock = RecordingFolder.Lock(finished: capture) else { continue }
            defer { lock.end() }
            try? ConnectionIndex.write(parts[index], captureBytes: length, to: RecordingFolder.index(of: capture))
        }
    }
}

extension ConnectionRow {
    fileprivate func inFile(_ name: String) -> ConnectionRow {
        var row = self
        row.file = name
        return row
    }
}
