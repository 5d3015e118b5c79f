import XMLStream
import XMPP

/// Reads a packet's XML from the lines of a transcript.
struct XMLReader {
    /// What was found, and the index of the line behind it.
    struct Found {
        var bytes: [UInt8]
        var omittedBytes = 0
        var repairs: [LineNote] = []
        let next: Int
    }

    let lines: [TextLine]
    /// Our own texts hold what was on the wire: mending them would be wrong, and where the XML ends in them is certain.
    var isOwnText = false
    private let hasBlanksInQuotes: Bool

    init(lines: [TextLine]) {
        self.lines = lines
        hasBlanksInQuotes = QuoteSurvey(lines).isDamaged
    }

    /// The XML that begins at a line; nil if there is none that can be read.
    func read(from start: Int) -> Found? {
        var layout = LaidOutXML()
        var index = start
        /// A lone start tag, with which the packet ends if nothing better follows.
        var header: (layout: LaidOutXML, next: Int)?
        while index < lines.count, PacketHeaderLine(lines[index]) == nil {
            if !layout.bytes.isEmpty, let omitted = OmittedLine(lines[index].trimmed) {
                return Found(bytes: layout.bytes, omittedBytes: omitted.count, next: index + 1)
            }
            if lines[index].isEmpty {
                guard !isOwnText, hasTag(at: index + 1) || layout.bytes.isEmpty else { break }
                index += 1
                continue
            }
            guard !layout.bytes.isEmpty || isOwnText || hasTag(at: index) else { return nil }
            layout.add(lines[index], number: index + 1)
            index += 1
            switch layout.end {
            case .no: break
            case .element: return found(layout, next: index)
            case .startTag where !hasTag(at: index) && (layout.isNamedStream || isOwnText):
                return found(layout, next: index)
            case .startTag: header = header ?? (layout, index)
            }
        }
        guard let header, header.layout.isNamedStream else { return nil }
        return found(header.layout, next: header.next)
    }

    /// Does the line begin with a tag?
    private func hasTag(at index: Int) -> Bool {
        index < lines.count && lines[index].withoutIndentation.first == .lessThan
    }

    private func found(_ layout: LaidOutXML, next: Int) -> Found? {
        var found = Found(bytes: Array(layout.bytes[...].trimmedAtEnd), next: next)
        // A packet that ends well may still be cut in the transcript.
        if next < lines.count, let omitted = OmittedLine(lines[next].trimmed) {
            return Found(bytes: layout.bytes, omittedBytes: omitted.count, next: next + 1)
        }
        if !isOwnText {
            let mended = XMLRepair.mend(found.bytes, hasBlanksInQuotes: hasBlanksInQuotes)
            found.bytes = mended.bytes
            found.repairs = mended.repairs.map { LineNote(line: layout.line(at: $0.offset), text: $0.text) }
        }
        let isReadable = layout.end == .startTag ? isHeader(found.bytes) : isPacket(found.bytes)
        return isReadable ? found : nil
    }

    // MARK: Is it XML?

    private func isHeader(_ bytes: [UInt8]) -> Bool {
        let parser = StreamParser()
        parser.append(bytes)
        guard case .header = parser.next()?.kind else { return false }
        return parser.unreadCount == 0
    }

    /// Well-formed in the middle of a stream? Prefixes may come from a header that is not here.
    private func isPacket(_ bytes: [UInt8]) -> Bool {
        if StreamParser.isEnd(bytes) { return true }
        let parser = StreamParser()
        parser.append(Array("<s xmlns='\(NS.client)' xmlns:stream='\(NS.streams)'>".utf8) + bytes)
        _ = parser.next()
        switch parser.next()?.kind {
        case .header?, .element?, .oversized?: return parser.unreadCount == 0
        case .whitespace?, .strayText?, .end?, .failure?, nil: return false
        }
    }
}
