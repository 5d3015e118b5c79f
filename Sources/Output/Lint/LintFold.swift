import XMPP

/// Puts equal findings of a recording together, as many as a table holds.
struct LintFold {
    /// A finding with what is like it.
    struct Entry: Sendable {
        let first: LintFinding
        /// How many there are, itself included.
        var count = 1
        /// The numbers of the next ones.
        var more: [Int] = []

        /// How many of the others are named.
        static let named = 5

        /// ` (and 11 more: 014, 019, …)`; empty if there is one only.
        var rest: String {
            guard count > 1 else { return "" }
            let names = more.map(LintFinding.padded) + (count - 1 > more.count ? ["…"] : [])
            return " (and \(count - 1) more\(more.isEmpty ? "" : ": " + names.joined(separator: ", ")))"
        }
    }

    /// What makes two findings of a recording equal. Ids and numbers in the text differ from packet to packet.
    private struct Key: Hashable {
        let connection: Int?
        let fingerprint: String
        let text: String
    }

    /// Entries that are held; when there are more, all are given out and the table begins anew.
    static let limit = 4096

    private var entries: [Entry] = []
    private var places: [Key: Int] = [:]

    /// Returns what is to be written before it, if the table was full.
    mutating func add(_ finding: LintFinding) -> [Entry] {
        let key = Key(
            connection: finding.connection,
            fingerprint: finding.fingerprint,
            text: Self.withoutNumbers(finding.text)
        )
        if let place = places[key] {
            entries[place].count += 1
            if entries[place].more.count < Entry.named, let number = finding.number {
                entries[place].more.append(number)
            }
            return []
        }
        let full = entries.count >= Self.limit ? takeAll() : []
        places[key] = entries.count
        entries.append(Entry(first: finding))
        return full
    }

    /// All entries, those of one connection together, in the order of their packets.
    mutating func takeAll() -> [Entry] {
        defer { (entries, places) = ([], [:]) }
        return entries.enumerated().sorted { one, other in
            let (first, second) = (one.element.first, other.element.first)
            return (first.connection ?? 0, first.line ?? first.number ?? .max, one.offset)
                < (second.connection ?? 0, second.line ?? second.number ?? .max, other.offset)
        }.map(\.element)
    }

    private static func withoutNumbers(_ text: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            if isDigit, result.last == UInt8(ascii: "0") { continue }
            result.append(isDigit ? UInt8(ascii: "0") : byte)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
