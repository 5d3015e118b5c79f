/// Takes off what a network puts before an IP packet, for the link types that captures have
/// (https://www.tcpdump.org/linktypes.html).
enum LinkLayer {
    /// The IP packet in a frame; nil if there is none, or the link type is not known.
    static func network(_ frame: ArraySlice<UInt8>, linkType: Int) -> ArraySlice<UInt8>? {
        switch linkType {
        case 1: ethernet(frame, typeAt: 12)
        case 113: ethernet(frame, typeAt: 14)
        // The type stands first, the packet behind 20 bytes.
        case 276: frame.count >= 20 ? behind(type: frame.number(0, 2), frame.dropFirst(20)) : nil
        // An address family, in the byte order of the machine; the packet itself tells its version.
        case 0, 108: frame.count > 4 ? frame.dropFirst(4) : nil
        case 12, 14, 101, 228, 229: frame
        case 9, 50: pointToPoint(frame)
        default: nil
        }
    }

    static func isKnown(_ linkType: Int) -> Bool {
        [0, 1, 9, 12, 14, 50, 101, 108, 113, 228, 229, 276].contains(linkType)
    }

    private static func ethernet(_ frame: ArraySlice<UInt8>, typeAt: Int) -> ArraySlice<UInt8>? {
        guard frame.count >= typeAt + 2 else { return nil }
        return behind(type: frame.number(typeAt, 2), frame.dropFirst(typeAt + 2))
    }

    private static func behind(type: Int, _ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var (type, rest) = (type, rest)
        // VLAN tags (IEEE 802.1Q, 802.1ad), also several.
        while type == 0x8100 || type == 0x88A8 || type == 0x9100 {
            guard rest.count >= 4 else { return nil }
            type = rest.number(2, 2)
            rest = rest.dropFirst(4)
        }
        switch type {
        case 0x0800, 0x86DD: return rest
        // PPPoE (RFC 2516 section 4): six bytes, then PPP.
        case 0x8864: return rest.count >= 8 ? pointToPoint(rest.dropFirst(6)) : nil
        default: return nil
        }
    }

    private static func pointToPoint(_ frame: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = frame
        if rest.count >= 2, rest.number(0, 2) == 0xFF03 { rest = rest.dropFirst(2) }
        guard rest.count >= 2 else { return nil }
        let kind = rest.number(0, 2)
        return kind == 0x0021 || kind == 0x0057 ? rest.dropFirst(2) : nil
    }
}

extension ArraySlice<UInt8> {
    /// A big-endian number at an offset that must be inside.
    func number(_ offset: Int, _ count: Int) -> Int {
        var value = 0
        for index in startIndex + offset..<startIndex + offset + count { value = value << 8 | Int(self[index]) }
        return value
    }
}
