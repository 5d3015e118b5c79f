/// A TCP segment as it lies in a capture.
struct Segment {
    let source: Endpoint
    let destination: Endpoint
    let flags: TCPFlags
    let payload: ArraySlice<UInt8>

    /// Takes an IPv4 or IPv6 packet (RFC 791, RFC 8200) apart; nil for what is no TCP or too short to tell.
    init?(packet: ArraySlice<UInt8>) {
        guard let first = packet.first else { return nil }
        let base = packet.startIndex
        let addressing: (source: Range<Int>, destination: Range<Int>, header: Int, total: Int)
        switch first >> 4 {
        case 4:
            let header = Int(first & 15) * 4
            guard packet.count >= 20, header >= 20, packet[base + 9] == 6 else { return nil }
            addressing = (12..<16, 16..<20, header, Int(packet.number(at: base + 2, 2, isBigEndian: true)))
        case 6:
            guard packet.count >= 40, packet[base + 6] == 6 else { return nil }
            addressing = (8..<24, 24..<40, 40, 40 + Int(packet.number(at: base + 4, 2, isBigEndian: true)))
        default:
            return nil
        }
        let tcp = base + addressing.header
        guard packet.count >= addressing.header + 20 else { return nil }
        func address(_ range: Range<Int>) -> [UInt8] {
            Array(packet[base + range.lowerBound..<base + range.upperBound])
        }
        func port(_ position: Int) -> UInt16 { UInt16(packet.number(at: tcp + position, 2, isBigEndian: true)) }
        guard let source = Endpoint(address: address(addressing.source), port: port(0)),
            let destination = Endpoint(address: address(addressing.destination), port: port(2))
        else { return nil }
        let start = tcp + Int(packet[tcp + 12] >> 4) * 4
        let end = min(packet.endIndex, base + addressing.total)
        guard start >= tcp + 20, start <= end else { return nil }
        self.source = source
        self.destination = destination
        flags = TCPFlags(rawValue: packet[tcp + 13])
        payload = packet[start..<end]
    }
}
