import Configuration
import XMPP

/// What `config show` writes: each option with its value, as YAML, and in a comment where it comes from.
struct SettingsText {
    let table: OptionTable
    let settings: Settings

    /// Comments of shorter lines stand in one column.
    private static let columnLimit = 44

    var text: String {
        let rows = table.options.map { row($0) }
        let column = rows.map(\.value.count).filter { $0 <= Self.columnLimit }.max() ?? 0
        return rows.map { row in
            let gap = String(repeating: " ", count: max(2, column + 2 - row.value.count))
            return "\(row.value)\(gap)# \(row.origin)\n"
        }
        .joined()
    }

    private func row(_ option: OptionShape) -> (value: String, origin: String) {
        guard let chosen = settings.chosen[option.name] else { return standard(option, by: nil) }
        let place = chosen.place() + (chosen.profile.map { ", profile \($0.shown(limit: 60))" } ?? "")
        guard let values = chosen.setting.values else { return standard(option, by: place) }
        let texts = values.map { option.isFlag ? $0.text : Self.scalar($0.text) }
        return (
            "\(option.name): " + (option.isRepeating ? "[\(texts.joined(separator: ", "))]" : texts.joined()), place
        )
    }

    /// Flags and values are written out; what stands in words, or where there is none, would be no value of the file.
    private func standard(_ option: OptionShape, by place: String?) -> (value: String, origin: String) {
        let by = place.map { ", by \($0)" } ?? ""
        guard let standard = option.standard else { return ("# \(option.name):", "not set" + by) }
        let origin = "default" + by
        if option.isFlag || Self.isPlain(standard) { return ("\(option.name): \(standard)", origin) }
        return ("# \(option.name):", "\(origin): \(standard)")
    }

    /// In quotes where YAML could read something else than the text.
    private static func scalar(_ text: String) -> String {
        let safe = text.shown(limit: 2_000)
        return isPlain(safe) ? safe : "'" + safe.replacing("'", with: "''") + "'"
    }

    private static func isPlain(_ text: String) -> Bool {
        let words: Set<String> = ["true", "false", "null", "~"]
        guard let first = text.unicodeScalars.first, !words.contains(text.lowercased()), text.last != ":" else {
            return false
        }
        let isWord = { (scalar: Unicode.Scalar) in
            scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789/._".unicodeScalars.contains(scalar))
        }
        return isWord(first) && text.unicodeScalars.allSatisfy { isWord($0) || "-+:@=".unicodeScalars.contains($0) }
    }
}
