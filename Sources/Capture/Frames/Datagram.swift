/// An IP packet taken apart (RFC 791, RFC 8200), its extension headers passed over.
struct Datagram {
    /// One part of a packet that was sent in several.
    struct Fragment {
        let identification: UInt32
        /// In bytes.
        let offset: Int
        let isLast: Bool
    }

    let source: AddressKey
    let destination: AddressKey
    /// Of what follows; 6 is TCP.
    let transport: UInt8
    let payload: ArraySlice<UInt8>
    /// Bytes of the payload that were on the wire but not captured.
    let missing: Int
    let fragment: Fragment?

    /// - Parameter cut: bytes at the end of the packet that were not captured (the capture's snap length).
    init?(_ packet: ArraySlice<UInt8>, cut: Int) {
        switch (packet.first ?? 0) >> 4 {
        case 4: self.init(four: packet, cut: cut)
        case 6: self.init(six: packet, cut: cut)
        default: return nil
        }
    }

    private init?(four packet: ArraySlice<UInt8>, cut: Int) {
        guard packet.count >= 20 else { return nil }
        let header = Int(packet[packet.startIndex] & 15) * 4
        // With segmentation offload the length may be 0: then all that is there belongs to it.
        let stated = packet.number(2, 2)
        let total = stated == 0 ? packet.count + cut : stated
        guard header >= 20, total >= header, packet.count >= header else { return nil }
        source = AddressKey(packet, at: 12, count: 4)
        destination = AddressKey(packet, at: 16, count: 4)
        transport = packet[packet.startIndex + 9]
        payload = packet.dropFirst(header).prefix(total - header)
        missing = max(0, total - header - payload.count)
        let flags = packet.number(6, 2)
        let offset = (flags & 0x1FFF) * 8
        let hasMore = flags & 0x2000 != 0
        fragment =
            offset == 0 && !hasMore
            ? nil : Fragment(identification: UInt32(packet.number(4, 2)), offset: offset, isLast: !hasMore)
    }

    private init?(six packet: ArraySlice<UInt8>, cut: Int) {
        guard packet.count >= 40 else { return nil }
        let stated = packet.number(4, 2)
        let total = stated == 0 ? packet.count + cut - 40 : stated
        var rest = packet.dropFirst(40).prefix(max(0, total))
        var left = total
        var next = packet[packet.startIndex + 6]
        var fragment: Fragment?
        // More extension headers than this are nobody's honest packet.
        for _ in 0..<16 where Self.isExtension(next) {
            guard rest.count >= 8 else { return nil }
            var length = (Int(rest[rest.startIndex + 1]) + 1) * 8
            if next == 44 {
                let field = rest.number(2, 2)
                fragment = Fragment(
                    identification: UInt32(rest.number(4, 4)),
                    offset: field & 0xFFF8,
                    isLast: field & 1 == 0
                )
                length = 8
            } else if next == 51 {
                length = (Int(rest[rest.startIndex + 1]) + 2) * 4
            }
            next = rest[rest.startIndex]
            guard rest.count >= length else { return nil }
            rest = rest.dropFirst(length)
            left -= length
            if let fragment, fragment.offset > 0 { break }
        }
        source = AddressKey(packet, at: 8, count: 16)
        destination = AddressKey(packet, at: 24, count: 16)
        transport = next
        payload = rest
        missing = max(0, left - rest.count)
        self.fragment = fragment
    }

    /// Hop-by-hop options, routing, fragment, authentication, destination options, mobility.
    private static func isExtension(_ kind: UInt8) -> Bool { [0, 43, 44, 51, 60, 135].contains(kind) }
}
