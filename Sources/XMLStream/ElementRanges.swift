extension StreamParser {
    /// Where each element of a packet stands in the packet's bytes, in document order, the packet's root first.
    ///
    /// - Parameter packet: the bytes of one element that the parser accepted; anything else gives ranges without meaning.
    public static func elementRanges(in packet: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var open: [Int] = []
        forEachToken(of: packet) { token, range in
            switch token {
            case .startTag:
                open.append(ranges.count)
                ranges.append(range)
            case .emptyTag:
                ranges.append(range)
            case .endTag:
                if let index = open.popLast() { ranges[index] = ranges[index].lowerBound..<range.upperBound }
            case .text, .instruction, .characterData, .comment, .declaration:
                break
            }
        }
        return ranges
    }

    /// Where comments and processing instructions stand in a packet: what is between their marks. An XML declaration is none.
    public static func misplacedRanges(in packet: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        forEachToken(of: packet) { token, range in
            switch token {
            case .comment:
                ranges.append((range.lowerBound + "<!--".utf8.count)..<(range.upperBound - "-->".utf8.count))
            case .instruction where !XMLDeclaration.isOne(packet[range]):
                ranges.append((range.lowerBound + "<?".utf8.count)..<(range.upperBound - "?>".utf8.count))
            case .text, .startTag, .endTag, .emptyTag, .instruction, .characterData, .declaration:
                break
            }
        }
        return ranges.filter { !$0.isEmpty }
    }

    /// True for the end tag of a stream, also with something in front of it that may not stand there.
    public static func isEnd(_ packet: [UInt8]) -> Bool {
        var tokens = 0
        var endsWithEndTag = false
        forEachToken(of: packet) { token, range in
            if token != .text && token != .comment && token != .instruction { tokens += 1 }
            endsWithEndTag = token == .endTag && range.upperBound == packet.count
        }
        return endsWithEndTag && tokens == 1
    }

    private static func forEachToken(of packet: [UInt8], _ body: (TagScanner.Token, Range<Int>) -> Void) {
        var scanner = TagScanner()
        var (start, position) = (0, 0)
        packet.withUnsafeBufferPointer { bytes in
            while let token = scanner.next(in: bytes, from: start, position: &position) {
                body(token, start..<position)
                // A token that is told at once is not passed over.
                if token == .declaration { return }
                start = position
            }
        }
    }

    /// The name of the current stream's root as its header writes it, such as `stream:stream`; empty before the header.
    public var rootName: String { String(decoding: headerTag, as: UTF8.self) }

    /// Parses a packet that did not come in this stream as if it had: with the prefixes of its header.
    ///
    /// Returns nil if it is not exactly one element. The stream itself is not touched.
    public func parse(apart packet: [UInt8]) -> Element? {
        let parser = StreamParser()
        parser.append(currentHeader)
        guard case .header? = parser.next()?.kind else { return nil }
        parser.append(packet)
        guard case .element(let element)? = parser.next()?.kind, parser.unreadCount == 0 else { return nil }
        return element
    }
}
