import Capture
import Configuration
import Glibc
import XMPP

/// Which file somebody may have meant who misspelt its name.
enum Suggestion {
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
        let names = (namesInFolder(folder.isEmpty ? "." : folder, limit: filesLookedAt) ?? []).sorted()
        guard let near = names.first(where: { stem($0) == stem(name) }) ?? Spelling.nearest(to: name, among: names)
        else {
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
}
