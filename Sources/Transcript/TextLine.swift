/// One line of a transcript, without its line end.
struct TextLine: Sendable {
    let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    init(_ text: String) { bytes = Array(text.utf8)[...] }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Without white space on both sides.
    var trimmed: ArraySlice<UInt8> { withoutIndentation.trimmedAtEnd }

    var withoutIndentation: ArraySlice<UInt8> { bytes.drop(while: isBlank) }

    /// True if there is nothing but white space.
    var isEmpty: Bool { bytes.allSatisfy(isBlank) }

    /// What stands between square brackets that enclose the line.
    var event: String? {
        let line = trimmed
        guard line.count >= 2, line.first == UInt8(ascii: "["), line.last == UInt8(ascii: "]") else { return nil }
        return String(decoding: line.dropFirst().dropLast(), as: UTF8.self)
    }

    /// What goes on with the line before, which was broken for a terminal: it stands behind two blanks. Nil for any other line.
    var rest: ArraySlice<UInt8>? {
        guard bytes.starts(with: "  ".utf8) else { return nil }
        let rest = bytes.dropFirst(2)
        guard let first = rest.first, !isBlank(first), first != .lessThan else { return nil }
        return rest
    }

    /// The lines of a text that ends them with LF, CR LF or CR.
    static func lines(of text: String) -> [TextLine] {
        let bytes = Array(text.utf8)
        var lines: [TextLine] = []
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == .lineFeed || byte == .carriageReturn {
                lines.append(TextLine(bytes[start..<index]))
                let isPair = byte == .carriageReturn && index + 1 < bytes.count && bytes[index + 1] == .lineFeed
                index += isPair ? 1 : 0
                start = index + 1
            }
            index += 1
        }
        if start < bytes.count { lines.append(TextLine(bytes[start...])) }
        return lines
    }
}

extension ArraySlice<UInt8> {
    var trimmedAtEnd: Self {
        var slice = self
        while let last = slice.last, isBlank(last) { slice.removeLast() }
        return slice
    }
}
