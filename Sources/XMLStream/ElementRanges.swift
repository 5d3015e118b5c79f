extension StreamParser {
    /// Where each element of a packet stands in the packet's bytes, in document order, the packet's root first.
    ///
    /// - Parameter packet: the bytes of one element that the parser accepted; anything else gives ranges without meaning.
    public static func elementRanges(in packet: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var open: [Int] = []
        var scanner = TagScanner()
        var start = 0
        var position = 0
        packet.withUnsafeBufferPointer { bytes in
            while let token = scanner.next(in: bytes, from: start, position: &position) {
                switch token {
                case .startTag:
                    open.append(ranges.count)
                    ranges.append(start..<position)
                case .emptyTag:
                    ranges.append(start..<position)
                case .endTag:
                    if let index = open.popLast() { ranges[index] = ranges[index].lowerBound..<position }
                case .text, .instruction, .characterData, .comment, .declaration:
                    break
                }
                start = position
            }
        }
        return ranges
    }

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
