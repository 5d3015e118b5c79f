/// How text looks on a terminal: in colours, its sentences broken at blanks. Plain anywhere else.
public struct TextStyle: Sendable {
    /// Header lines bold, XML blue, sentences in the terminal's own colour, warnings yellow, events dim.
    public var isColored: Bool
    /// The width at which sentences are broken; nil for not at all. XML is never broken.
    public var columns: Int?

    /// True if a person looks on: runs of packets may be folded into a line.
    public var isTerminal: Bool

    public init(isColored: Bool = false, columns: Int? = nil, isTerminal: Bool = false) {
        self.isColored = isColored
        self.columns = columns
        self.isTerminal = isTerminal
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
        if LineBreaking.isXML(line) { return Array("\u{1B}[34m".utf8) }
        return []
    }
}

/// Breaks a sentence where a terminal would break a word.
enum LineBreaking {
    /// Narrower terminals break as they like.
    static let leastColumns = 20

    /// Before what goes on with a line that was broken: so a reader puts the two together again.
    private static let indentation = "  "

    /// The line with line feeds in the places of blanks, so that no part is wider than the terminal unless a word is; nil for
    /// one that stays as it is: XML, and what fits.
    static func broken(_ line: ArraySlice<UInt8>, columns: Int) -> [UInt8]? {
        guard columns >= leastColumns, line.count > columns, !isXML(line), !isAboutXML(line) else {
            return nil
        }
        var result: [UInt8] = []
        var width = 0
        for word in line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false) {
            let length = DisplayWidth.of(String(decoding: word, as: UTF8.self))
            if width > 0, width + 1 + length > columns, mayBegin(word) {
                result.append(UInt8(ascii: "\n"))
                result += indentation.utf8
                width = indentation.utf8.count
            } else if !result.isEmpty {
                result.append(UInt8(ascii: " "))
                width += 1
            }
            result += word
            width += length
        }
        return result
    }

    /// False for a word that would make its line look like something else, or like nothing.
    private static func mayBegin(_ word: ArraySlice<UInt8>) -> Bool {
        switch word.first {
        case nil, UInt8(ascii: "["), UInt8(ascii: "<"): false
        default: !["Warning:", "Note:"].contains { word.elementsEqual($0.utf8) } && !looksLikeArrow(word)
        }
    }

    /// `C->S` and the like, as header lines begin.
    private static func looksLikeArrow(_ word: ArraySlice<UInt8>) -> Bool {
        guard let first = word.first, "CcSs".utf8.contains(first) else { return false }
        return word.dropFirst().first == UInt8(ascii: "-")
    }

    /// True for a line that tells where XML begins or that some is left out: only whole does a reader know it.
    private static func isAboutXML(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.first == UInt8(ascii: "[") else { return false }
        let text = String(decoding: line, as: UTF8.self)
        return text.hasSuffix(" got instead:]")
            || text.hasSuffix(" left out of the transcript; the capture holds them all.]")
    }

    /// True for a line of XML as transcripts lay it out: a tag, what is indented, an attribute.
    static func isXML(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first else { return false }
        if first == UInt8(ascii: "<") || first == UInt8(ascii: " ") { return true }
        guard let sign = line.firstIndex(of: UInt8(ascii: "=")), sign > line.startIndex,
            let quote = line[sign...].dropFirst().first
        else { return false }
        let isQuote = quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
        return isQuote && !line[..<sign].contains(UInt8(ascii: " "))
    }
}
