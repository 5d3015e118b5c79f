import ArgumentParser
import Capture
import Glibc
import Output

/// `show --list`.
extension Show {
    /// An index that is larger is of more connections than anybody reads in a list.
    private static let indexLimit = 256 * 1024 * 1024

    /// Tells the connections of what was named: files of one recording, or all recordings in a folder.
    func showList(of named: [String]) throws {
        guard format == .transcript(.text) || format == .transcript(.jsonl) else {
            throw ValidationError("a list is text or jsonl, not \(format.defaultValueDescription)")
        }
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
        let heading = (isFirst ? "" : "\n") + name + (rows.isEmpty ? ": no connection" : "")
        let lines = [heading] + ConnectionList.lines(of: rows, columns: columns)
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    // MARK: Rows

    /// False beside them if not all could be read, which is told.
    private func rows(of input: RecordingInput) throws -> (rows: [ConnectionRow], isWhole: Bool) {
        let capture = indexedCapture(of: input)
        if let capture, let rows = Self.indexed(capture) { return (rows, true) }
        let table = ConnectionTable()
        if case .file(let text) = input, try !input.isCapture() {
            let shown = ShownTranscript(
                input: text,
                selection: selection,
                explainsAnew: explain,
                isRedacted: redact
            )
            try shown.run(table)
            return (table.rows, true)
        }
        let told = try inspectFiles(input, table)
        if let damage = told.damage { report("\(damage); what stands before it is listed") }
        if let missing = told.missing { throw Failure("\(input.name) holds no connection \(missing)") }
        let isWhole = told.damage == nil && !told.isIncomplete
        if isWhole, let capture { Self.remember(table.rows, of: capture) }
        return (table.rows, isWhole)
    }

    /// The capture, if it alone is the recording, and all of it is asked for as it is.
    private func indexedCapture(of input: RecordingInput) -> String? {
        guard case .file(let bytes) = input, bytes.isRegular, connection.isEmpty, port.isEmpty, !redact else {
            return nil
        }
        return RecordingFolder.isFolder(RecordingFolder.transcripts(of: bytes.name)) ? bytes.name : nil
    }

    private static func indexed(_ capture: String) -> [ConnectionRow]? {
        guard let bytes = size(of: capture), let input = try? InputBytes(path: RecordingFolder.index(of: capture)),
            let index = try? input.contents(limit: indexLimit)
        else { return nil }
        return ConnectionIndex.rows(in: index, captureBytes: bytes)
    }

    /// Makes the index anew, for the next time; where that fails the next time only takes as long as this one.
    private static func remember(_ rows: [ConnectionRow], of capture: String) {
        guard let bytes = size(of: capture) else { return }
        try? ConnectionIndex.write(rows, captureBytes: bytes, to: RecordingFolder.index(of: capture))
    }

    private static func size(of path: String) -> Int? {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : nil
    }
}

extension ConnectionRow {
    fileprivate func inFile(_ name: String) -> ConnectionRow {
        var row = self
        row.file = name
        return row
    }
}
