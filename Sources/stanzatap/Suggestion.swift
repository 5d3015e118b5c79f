import Glibc
import XMPP

/// Which of the names that there are somebody may have meant.
enum Suggestion {
    /// The closest name; nil if none is close.
    static func of(_ text: String, among names: [String]) -> String? {
        let limit = max(1, min(3, text.count / 3))
        let close = names.map { (name: $0, steps: steps(from: text, to: $0)) }.filter { $0.steps <= limit }
        return close.min { ($0.steps, $0.name) < ($1.steps, $1.name) }?.name
    }

    /// How many characters must be put in, left out, changed, or exchanged with their neighbour.
    static func steps(from first: String, to second: String) -> Int {
        let (first, second) = (Array(first.lowercased()), Array(second.lowercased()))
        if first.isEmpty || second.isEmpty { return max(first.count, second.count) }
        var rows = [Array(0...second.count)]
        for (row, character) in first.enumerated() {
            var next = [row + 1]
            for (column, other) in second.enumerated() {
                let change = rows[row][column] + (character == other ? 0 : 1)
                var best = min(rows[row][column + 1] + 1, next[column] + 1, change)
                if row > 0, column > 0, character == second[column - 1], first[row - 1] == other {
                    best = min(best, rows[row - 1][column - 1] + 1)
                }
                next.append(best)
            }
            rows.append(next)
        }
        return rows[first.count][second.count]
    }

    // MARK: Files

    /// In folders of more files than that a user finds the name sooner than we do.
    private static let filesLookedAt = 10_000

    /// That there is no file at `path`, and which one in the same folder may be meant.
    static func missingFile(_ path: String) -> String {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[...$0]) } ?? ""
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        if !folder.isEmpty, !RecordingFolder.isFolder(folder) {
            return "there is no file \(path.shown()): there is no folder \(String(folder.dropLast()).shown())"
        }
        let names = entries(of: folder.isEmpty ? "." : folder)
        guard let near = names.first(where: { stem($0) == stem(name) }) ?? of(name, among: names) else {
            return "there is no file \(path.shown())"
        }
        return "there is no file \(path.shown()); did you mean \((folder + near).shown())?"
    }

    /// - Throws: `Failure` if there is nothing at `path`.
    static func requireFile(_ path: String?, status: Int32 = 1) throws {
        guard let path, path != "-", access(path, F_OK) != 0, errno == ENOENT || errno == ENOTDIR else { return }
        throw Failure(missingFile(path), status: status)
    }

    /// The name without its endings, but not without the milliseconds that names of recordings have.
    private static func stem(_ name: String) -> Substring {
        let endings = [".gz", ".zst", ".pcapng", ".pcap", ".txt", ".scs"]
        var stem = name[...]
        while let ending = endings.first(where: { stem.hasSuffix($0) }) { stem = stem.dropLast(ending.count) }
        return stem
    }

    private static func entries(of folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while names.count < filesLookedAt, let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
