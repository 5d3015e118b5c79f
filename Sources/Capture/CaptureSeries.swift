import Glibc

/// The captures of one recording, in the order in which they were recorded, whatever they are called.
public struct CaptureSeries: Sendable, Equatable {
    public let paths: [String]
    /// What is missing between them, and what is there twice and left out: sentences without a full stop.
    public let faults: [String]
    /// True if the captures tell themselves which recording they are of; those of stanzatap 0.1 do not.
    public let isCertain: Bool
    /// True if the recording begins in the first of them, as far as that is known.
    public let hasBeginning: Bool
    /// True if nothing was recorded in any of them.
    public let isEmpty: Bool
    /// True if it is the recording of a replay.
    public let isReplay: Bool
    /// When the last of them was begun, nanoseconds since 1970.
    private let lastBegan: UInt64

    /// The recordings that the captures belong to, the latest one last. Captures that do not tell belong to the one that began
    /// before them; what other programs captured is taken for one recording.
    ///
    /// - Throws: if a file cannot be read or is no capture.
    public static func recordings(of paths: [String]) throws(CaptureError) -> [CaptureSeries] {
        var heads: [CaptureHead] = []
        for path in paths { heads.append(try CaptureHead(path: path)) }
        return grouped(heads)
    }

    /// The recordings in a folder, the latest one last, and why files in it that look like captures are left out. What other
    /// programs captured is left out without a word.
    ///
    /// - Throws: if the folder cannot be read.
    public static func recordings(
        in folder: String
    ) throws(CaptureError) -> (recordings: [CaptureSeries], unreadable: [CaptureError]) {
        var heads: [CaptureHead] = []
        var unreadable: [CaptureError] = []
        guard let all = namesInFolder(folder) else { throw .system("cannot read", folder, errno) }
        let names = Set(all.filter { Self.endings.contains(where: $0.hasSuffix) })
        for name in names.sorted() where !Self.isRedactedCopy(name, among: names) {
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            // A pipe would be waited for.
            guard Self.isRegular(path) else {
                if name.contains("\u{FFFD}") {
                    unreadable.append(CaptureError("cannot read \(path): its name is not UTF-8; rename it"))
                }
                continue
            }
            do throws(CaptureError) {
                heads.append(try CaptureHead(path: path))
            } catch {
                unreadable.append(error)
            }
        }
        return (grouped(heads.filter(\.isOwn)), unreadable)
    }

    private init(_ heads: [CaptureHead]) {
        let ordered = heads.sorted {
            ($0.part?.number ?? 0, $0.began, $0.path) < ($1.part?.number ?? 0, $1.began, $1.path)
        }
        var kept: [CaptureHead] = []
        var faults: [String] = []
        for head in ordered {
            if let part = head.part, let before = kept.last, let number = before.part?.number {
                if part.number == number {
                    faults.append("\(head.path) and \(before.path) are the same part of one recording: it is told once")
                    continue
                }
                if part.number - 1 > number {
                    faults.append(
                        "of the recording, \(Self.parts(number + 1, part.number - 1)) between \(before.path) and \(head.path)"
                    )
                }
            }
            kept.append(head)
        }
        paths = kept.map(\.path)
        self.faults = faults
        isCertain = heads.allSatisfy { $0.part != nil }
        hasBeginning = kept.first.map { $0.part.map { $0.number == 1 } ?? $0.isBeginning } ?? false
        isEmpty = heads.allSatisfy(\.isEmpty)
        isReplay = kept.first?.isReplay ?? false
        lastBegan = kept.map(\.began).max() ?? 0
    }

    private static func parts(_ first: Int, _ last: Int) -> String {
        first == last ? "file \(first) is missing" : "the files \(first) to \(last) are missing"
    }

    private static func grouped(_ heads: [CaptureHead]) -> [CaptureSeries] {
        let known = Dictionary(grouping: heads.filter { $0.part != nil }) { $0.part?.recording ?? "" }
        let unknown = heads.filter { $0.part == nil }.sorted { ($0.began, $0.path) < ($1.began, $1.path) }
        let groups = Array(known.values) + splitAtBeginnings(unknown)
        return groups.map(CaptureSeries.init).sorted { ($0.lastBegan, $0.paths[0]) < ($1.lastBegan, $1.paths[0]) }
    }

    /// A recording of ours begins with its first connection. One that begins at the same time is a copy.
    private static func splitAtBeginnings(_ heads: [CaptureHead]) -> [[CaptureHead]] {
        var groups: [[CaptureHead]] = []
        for head in heads {
            let isOther = head.isOwn && head.isBeginning && head.began != groups.last?[0].began
            if groups.isEmpty || isOther { groups.append([]) }
            groups[groups.count - 1].append(head)
        }
        return groups
    }

    /// True for what `redact` made of another file of the folder: that one is the recording.
    private static func isRedactedCopy(_ name: String, among names: Set<String>) -> Bool {
        guard let ending = endings.first(where: name.hasSuffix) else { return false }
        let stem = name.dropLast(ending.count)
        guard stem.hasSuffix("-redacted") else { return false }
        return endings.contains { names.contains(stem.dropLast("-redacted".count) + $0) }
    }

    private static func isRegular(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }

    /// Those of captures in a folder, also of compressed ones.
    private static let endings = [".pcapng", ".pcapng.gz", ".pcapng.zst"]
}
