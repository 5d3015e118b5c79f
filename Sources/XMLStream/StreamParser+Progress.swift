/// How far the bytes are taken apart, and what the token is that was just scanned.
extension StreamParser {
    /// The bytes that belong to no event yet.
    public var unread: ArraySlice<UInt8> { buffer[packetStart...] }

    /// How many bytes belong to no event yet, those of an oversized packet included that were not kept.
    public var unreadCount: Int { buffer.count - packetStart + dropped }

    /// True if bytes of a packet have come, but not all.
    public var isInsidePacket: Bool { phase != .failed && phase != .searching && unreadCount > 0 }

    /// True while the bytes of a packet pass that is over a limit and will not be taken apart.
    public var isInsideOversized: Bool {
        if case .skipping = phase { true } else { false }
    }

    /// The bytes of the current stream's header; empty before it.
    var currentHeader: [UInt8] { header }

    /// Where what was just scanned stands, as seen from its packet.
    var place: String {
        switch phase {
        case .beforeHeader, .between, .searching, .failed: "before"
        case .inside, .skipping: "inside"
        }
    }

    /// Where something stands before the header that may not; nil for white space, and for a byte order mark at the beginning.
    var strayBeforeHeader: Int? {
        guard position > tokenStart, buffer[tokenStart] != .lessThan else { return nil }
        let text = buffer[tokenStart..<position]
        let isMarked = tokenStart == packetStart && text.starts(with: StreamOpening.byteOrderMark)
        return text.dropFirst(isMarked ? StreamOpening.byteOrderMark.count : 0).firstIndex { !$0.isXMLWhitespace }
    }

    var isXMLDeclaration: Bool { XMLDeclaration.isOne(buffer[tokenStart..<position]) }

    /// The name in the start or end tag that was just scanned.
    var rawName: ArraySlice<UInt8> { buffer[tokenStart..<position].tagName }
}
