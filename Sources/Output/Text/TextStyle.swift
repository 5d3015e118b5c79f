/// Colours for a terminal; none anywhere else.
public enum TextStyle: Sendable {
    case plain
    case colored

    /// Adds text, coloured line by line: header lines bold, warnings yellow, events dim.
    func append(_ text: [UInt8], to bytes: inout [UInt8]) {
        guard case .colored = self else {
            bytes += text
            return
        }
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if line.offset > 0 { bytes.append(UInt8(ascii: "\n")) }
            let color = Self.color(of: line.element)
            bytes += color
            bytes += line.element
            if !color.isEmpty { bytes += Array("\u{1B}[0m".utf8) }
        }
    }

    private static func color(of line: ArraySlice<UInt8>) -> [UInt8] {
        if line.starts(with: Array("C->S ".utf8)) { return Array("\u{1B}[1;32m".utf8) }
        if line.starts(with: Array("S->C ".utf8)) { return Array("\u{1B}[1;36m".utf8) }
        if line.starts(with: Array("Warning: ".utf8)) { return Array("\u{1B}[33m".utf8) }
        if line.starts(with: Array("[".utf8)) || line.starts(with: Array("Note: ".utf8)) {
            return Array("\u{1B}[2m".utf8)
        }
        return []
    }
}
