import FoundationEssentials
import Glibc
import Transcript

/// The overview of a recording, `index.jsonl` beside its transcripts: a row for each connection whenever more than a count became
/// known of it, so that the last row of a connection is the one that holds; at its end how long the capture is that it is of.
/// A row counts what is in this capture, and knows what those before it told.
public enum ConnectionIndex {
    /// The name of the file.
    public static let name = "index.jsonl"

    /// The last line: the index tells all of the capture.
    private struct End: Codable {
        var kind = "end"
        /// The length of the capture.
        let bytes: Int
    }

    /// What each line says first.
    private struct Kind: Codable {
        let kind: String
    }

    /// The lines of rows, and the last line if the capture's length is given.
    public static func lines(_ rows: some Sequence<ConnectionRow>, captureBytes: Int? = nil) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes: [UInt8] = []
        for row in rows { if let line = try? encoder.encode(row) { bytes += line + [newLine] } }
        if let captureBytes, let line = try? encoder.encode(End(bytes: captureBytes)) { bytes += line + [newLine] }
        return bytes
    }

    /// The rows of an index, in the order of the connections; nil if it does not tell all of a capture of that length.
    public static func rows(in index: [UInt8], captureBytes: Int) -> [ConnectionRow]? {
        let decoder = JSONDecoder()
        var rows: [Int: ConnectionRow] = [:]
        var isWhole = false
        for line in index.split(separator: newLine) {
            let data = Data(line)
            guard let kind = try? decoder.decode(Kind.self, from: data).kind else { return nil }
            switch kind {
            case "connection":
                guard let row = try? decoder.decode(ConnectionRow.self, from: data), row.isPossible else { return nil }
                rows[row.connection] = row
            case "end": isWhole = (try? decoder.decode(End.self, from: data).bytes) == captureBytes
            default: return nil
            }
        }
        return isWhole ? rows.sorted { $0.key < $1.key }.map(\.value) : nil
    }

    /// Makes the index of a finished capture anew; it appears whole or not at all.
    public static func write(
        _ rows: [ConnectionRow],
        captureBytes: Int,
        to path: String
    ) throws(OutputError) {
        let temporary = "\(path).\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system("cannot make \(path)", errno) }
        defer { unlink(temporary) }
        do throws(OutputError) {
            try DescriptorWriter(descriptor, name: path).write(lines(rows, captureBytes: captureBytes))
        } catch {
            close(descriptor)
            throw error
        }
        close(descriptor)
        guard rename(temporary, path) == 0 else { throw .system("cannot make \(path)", errno) }
    }

    private static let newLine = UInt8(ascii: "\n")
}
