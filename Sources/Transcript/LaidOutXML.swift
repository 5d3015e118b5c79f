/// Gathers the lines of a laid-out packet and undoes the layout; tells after each line whether the packet may end there.
struct LaidOutXML {
    /// Whether a packet may end behind the last line.
    enum End {
        case no
        /// All that was opened is closed.
        case element
        /// A single start tag was opened: a stream header, or the beginning of an element.
        case startTag
    }

    private enum State: Equatable {
        case text
        /// Behind the `<`.
        case opened
        case startTag
        case quoted(UInt8)
        case endTag
        case instruction
        case declaration
        case comment
        case characterData
    }

    /// The packet's bytes, with the blanks at the end of the last line, which are layout unless it was cut there.
    private(set) var bytes: [UInt8] = []
    /// The lines of the text and where in `bytes` they begin.
    private var starts: [(offset: Int, line: Int)] = []
    private var state = State.text
    private var tagStart = 0
    private var depth = 0
    private var elements = 0
    /// Nothing but blanks came since a tag ended.
    private var isBehindTag = false

    /// Adds a line without its indentation. Between tags, and between a tag and a text, a line break is layout; anywhere else
    /// it stands for a blank.
    mutating func add(_ line: TextLine, number: Int) {
        let text = line.withoutIndentation
        if !bytes.isEmpty { join(beforeTag: text.first == .lessThan) }
        starts.append((bytes.count, number))
        for byte in text { add(byte) }
    }

    private mutating func join(beforeTag: Bool) {
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        if state == .text && (isBehindTag || beforeTag) { return }
        bytes.append(.blank)
    }

    /// Whether a packet may end here.
    var end: End {
        guard state == .text, isBehindTag else { return .no }
        if depth <= 0 { return elements > 0 ? .element : .no }
        return depth == 1 && elements == 1 ? .startTag : .no
    }

    /// Is the first element named `stream`, in any letter case, with or without a prefix?
    var isNamedStream: Bool {
        let name = rootName
        return name == "stream" || name.hasSuffix(":stream")
    }

    /// The first element's name in small letters.
    private(set) var rootName = ""

    /// The line of the text from which the byte at an offset came.
    func line(at offset: Int) -> Int {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle].offset <= offset { low = middle + 1 } else { high = middle }
        }
        return starts.isEmpty ? 1 : starts[max(0, low - 1)].line
    }

    // MARK: Byte by byte, as XMLTokens sees them

    private mutating func add(_ byte: UInt8) {
        bytes.append(byte)
        isBehindTag = isBehindTag && isBlank(byte)
        switch state {
        case .text:
            guard byte == .lessThan else { return }
            state = .opened
            tagStart = bytes.count - 1
        case .opened:
            opened(by: byte)
        case .quoted(let quote):
            if byte == quote { state = .startTag }
        case .startTag:
            if byte.isQuote { state = .quoted(byte) }
            if byte == .greaterThan { endStartTag() }
        case .endTag:
            guard byte == .greaterThan else { return }
            depth -= 1
            elements += 1
            endTag()
        case .instruction:
            if byte == .greaterThan && bytes[bytes.count - 2] == UInt8(ascii: "?") { endTag() }
        case .declaration:
            if byte == .greaterThan { endTag() }
            if byte == UInt8(ascii: "-"), bytes[tagStart...].elementsEqual("<!--".utf8) { state = .comment }
            if byte == UInt8(ascii: "["), bytes[tagStart...].elementsEqual("<![CDATA[".utf8) { state = .characterData }
        case .comment:
            let isLong = bytes.count - tagStart >= "<!---->".utf8.count
            if byte == .greaterThan && isLong && bytes.suffix(3).elementsEqual("-->".utf8) { endTag() }
        case .characterData:
            if byte == .greaterThan && bytes.suffix(3).elementsEqual("]]>".utf8) { endTag() }
        }
    }

    private mutating func opened(by byte: UInt8) {
        switch byte {
        case .slash: state = .endTag
        case UInt8(ascii: "?"): state = .instruction
        case UInt8(ascii: "!"): state = .declaration
        case .greaterThan: endStartTag()
        default: state = .startTag
        }
    }

    private mutating func endStartTag() {
        elements += 1
        if elements == 1 {
            let name = bytes[(tagStart + 1)...].prefix { !isBlank($0) && $0 != .greaterThan && $0 != .slash }
            rootName = String(decoding: name, as: UTF8.self).lowercased()
        }
        if bytes[bytes.count - 2] != .slash { depth += 1 }
        endTag()
    }

    private mutating func endTag() {
        state = .text
        isBehindTag = true
    }
}
