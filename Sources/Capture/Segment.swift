/// A TCP segment as it lies in a capture.
struct Segment {
    let source: Endpoint
    let destination: Endpoint
    let sequence: UInt32
    let flags: TCPFlags
    let payload: ArraySlice<UInt8>

    /// Takes an IPv4 or IPv6 packet (RFC 791, RFC 8200) apart; nil for what is no TCP or too short to tell.
    init?(packet: ArraySlice<UInt8>) {
        guard let first = packet.first else { return nil }
        let base = packet.startIndex
        let (header, addressing, total): (Int, Range<Int>, Int)
        switch first >> 4 {
        case 4:
            header = Int(first & 15) * 4
            guard packet.count >= 20, header >= 20, packet[base + 9] == 6 else { return nil }
            (addressing, total) = (12..<16, packet.number(2, 2))
        case 6:
            header = 40
            guard packet.count >= 40, packet[base + 6] == 6 else { return nil }
            (addressing, total) = (8..<24, 40 + packet.number(4, 2))
        default:
            return nil
        }
        guard packet.count >= header + 20 else { return nil }
        let (tcp, size) = (base + header, addressing.count)
        let start = tcp + Int(packet[tcp + 12] >> 4) * 4
        let end = min(packet.endIndex, base + total)
        guard start >= tcp + 20, start <= end else { return nil }
        source = Endpoint(
            AddressKey(packet, at: addressing.lowerBound, count: size),
            port: UInt16(packet.number(header, 2))
        )
        destination = Endpoint(
            AddressKey(packet, at: addressing.upperBound, count: size),
            port: UInt16(packet.number(header + 2, 2))
        )
        sequence = UInt32(packet.number(header + 4, 4))
        flags = TCPFlags(rawValue: packet[tcp + 13])
        payload = packet[start..<end]
    }
}
