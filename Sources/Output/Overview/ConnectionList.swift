/// The overview of a recording for people: two lines a connection.
///
///       1  2026-11-28 07:50:22 UTC  anna@jabber.test/phone, Gajim 1.7.3
///          jabber.test, TLS 1.3, 23 packets in 0.076 s, 1 warning: logged in
public enum ConnectionList {
    /// The lines of a recording's connections.
    ///
    /// - Parameters:
    ///   - stories: lines to stand below a connection, by its number.
    ///   - columns: where lines are broken at blanks; nil for nowhere.
    public static func lines(
        of rows: [ConnectionRow],
        stories: [Int: [String]] = [:],
        columns: Int? = nil
    ) -> [String] {
        let width = max(3, rows.map { String($0.connection).count }.max() ?? 0)
        let indent = String(repeating: " ", count: width + 2)
        return rows.flatMap { row in
            let number = String(row.connection)
            let first = String(repeating: " ", count: width - number.count) + number + "  " + who(row)
            let below = (stories[row.connection] ?? []).map { indent + $0 }
            return ([first, indent + what(row)] + below).flatMap { broken($0, columns, indent: indent + "  ") }
        }
    }

    private static func who(_ row: ConnectionRow) -> String {
        var parts: [String] = []
        if let began = row.began { parts.append(shortened(began)) }
        let name = row.account ?? row.client.map { "client \($0)" } ?? "a client"
        parts.append(name + (row.software.map { ", \($0)" } ?? ""))
        return parts.joined(separator: "  ")
    }

    private static func what(_ row: ConnectionRow) -> String {
        var parts = [row.domain, row.encryption].compactMap { $0 }
        let packets = row.packets == 1 ? "1 packet" : "\(row.packets) packets"
        parts.append(packets + (row.seconds.map { " in " + time($0) } ?? ""))
        if row.warnings > 0 { parts.append(row.warnings == 1 ? "1 warning" : "\(row.warnings) warnings") }
        if row.notes > 0 { parts.append(row.notes == 1 ? "1 note" : "\(row.notes) notes") }
        let result = row.result.isEmpty ? (row.isFinished ? "" : "not ended") : row.result
        return parts.joined(separator: ", ") + (result.isEmpty ? "" : ": " + result)
    }

    /// `2026-11-28 07:50:22 UTC` of RFC 3339's form.
    private static func shortened(_ moment: String) -> String {
        let parts = moment.split(separator: "T")
        guard parts.count == 2 else { return moment }
        return "\(parts[0]) \(parts[1].prefix(8)) UTC"
    }

    private static func time(_ seconds: Double) -> String {
        // A user's file may say anything.
        guard (0..<1e12).contains(seconds) else { return "? s" }
        let whole = Int(seconds)
        switch whole {
        case 60...: return "\(whole / 3600) h \(whole / 60 % 60) min".replacing("0 h ", with: "")
        case 10...: return "\(whole) s"
        default:
            let milliseconds = String(Int((seconds * 1000).rounded()))
            let padded = String(repeating: "0", count: max(0, 4 - milliseconds.count)) + milliseconds
            return "\(padded.dropLast(3)).\(padded.suffix(3)) s"
        }
    }

    private static func broken(_ line: String, _ columns: Int?, indent: String) -> [String] {
        guard let columns, line.count > columns else { return [line] }
        var lines: [String] = []
        var current = ""
        for (index, word) in line.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            if index > 0, current.count + 1 + word.count > columns, current.contains(where: { $0 != " " }) {
                lines.append(current)
                current = indent + word
            } else {
                current += (index > 0 ? " " : "") + word
            }
        }
        return lines + [current]
    }
}
