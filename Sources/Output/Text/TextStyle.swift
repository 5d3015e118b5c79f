/// How text looks on a terminal: in colours, its sentences broken at blanks. Plain anywhere else.
public struct TextStyle: Sendable {
    /// Header lines bold, warnings yellow, events dim.
    public var isColored: Bool
    /// The width at which sentences are broken; nil for not at all. XML is never broken.
    public var columns: Int?

    public init(isColored: Bool = false, columns: Int? = nil) {
        self.isColored = isColored
        self.columns = columns
    }

    /// Bytes as they are.
    public static let plain = TextStyle()
    public static let colored = TextStyle(isColored: true)

    /// True if text is written as it is.
    var isPlain: Bool { !isColored && columns == nil }

    /// Adds text, line by line.
    func append(_ text: [UInt8], to bytes: inout [UInt8]) {
        if isPlain {
            bytes += text
            return
        }
        for (index, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: "\n")) }
            let color = isColored ? Self.color(of: line) : []
            bytes += color
            bytes += columns.flatMap { LineBreaking.broken(line, columns: $0) } ?? Array(line)
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

/// Breaks a sentence where a terminal would break a word.
enum LineBreaking {
    /// Narrower terminals break as they like.
    static let leastColumns = 20

    /// The line with line feeds in the places of blanks, so that no part is wider than the terminal unless a word is; nil for
    /// one that stays as it is: XML, which begins with `<` or a blank, and what fits.
    static func broken(_ line: ArraySlice<UInt8>, columns: Int) -> [UInt8]? {
        guard columns >= leastColumns, line.count > columns, let first = line.first, first != UInt8(ascii: "<"),
            first != UInt8(ascii: " ")
        else { return nil }
        var result: [UInt8] = []
        var width = 0
        for word in line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false) {
            // Bytes that go on with a character of UTF-8 take no room.
            let length = word.count { $0 & 0xC0 != 0x80 }
            if width > 0, width + 1 + length > columns {
                result.append(UInt8(ascii: "\n"))
                width = 0
            } else if !result.isEmpty {
                result.append(UInt8(ascii: " "))
                width += 1
            }
            result += word
            width += length
        }
        return result
    }
}
