import XMPP

/// TCP flags (RFC 9293 section 3.1).
struct TCPFlags: OptionSet, Sendable {
    let rawValue: UInt8
    static let fin = TCPFlags(rawValue: 0x01)
    static let syn = TCPFlags(rawValue: 0x02)
    static let rst = TCPFlags(rawValue: 0x04)
    static let psh = TCPFlags(rawValue: 0x08)
    static let ack = TCPFlags(rawValue: 0x10)
}

/// The made-up IP and TCP headers around recorded bytes, so that Wireshark, tcpdump and tcpflow read our captures.
///
/// The TCP checksum is left 0, as a network card with checksum offloading shows it; nobody checks it by default, and
/// summing every byte would cost a tenth of the relay's speed.
struct SyntheticSegment {
    /// An IPv4 datagram holds 65,535 bytes with its headers; a bit less keeps us clear of the border in IPv6 as well.
    static let maximumPayload = 65_000

    let source: Endpoint
    let destination: Endpoint
    let sequence: UInt32
    let acknowledgment: UInt32
    let flags: TCPFlags
    let payloadCount: Int

    var headerCount: Int { (source.isIPv6 ? 40 : 20) + 20 }

    func write(to bytes: inout [UInt8]) {
        if source.isIPv6 { writeIPv6(to: &bytes) } else { writeIPv4(to: &bytes) }
        bytes.appendBigEndian(source.port)
        bytes.appendBigEndian(destination.port)
        bytes.appendBigEndian(sequence)
        bytes.appendBigEndian(acknowledgment)
        bytes.append(5 << 4)
        bytes.append(flags.rawValue)
        bytes.appendBigEndian(UInt16.max)
        bytes.appendBigEndian(UInt32(0))
    }

    private func writeIPv4(to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.appendBigEndian(UInt16(0x4500))
        bytes.appendBigEndian(UInt16(headerCount + payloadCount))
        // May not be fragmented, 64 hops, TCP, and room for the checksum.
        bytes.appendBigEndian(UInt64(0x0000_4000_4006_0000))
        source.key.append(to: &bytes)
        destination.key.append(to: &bytes)
        var sum: UInt32 = 0
        for index in stride(from: start, to: start + 20, by: 2) {
            sum += UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
        }
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
        let checksum = ~UInt16(sum)
        bytes[start + 10] = UInt8(checksum >> 8)
        bytes[start + 11] = UInt8(checksum & 0xFF)
    }

    private func writeIPv6(to bytes: inout [UInt8]) {
        bytes.appendBigEndian(UInt32(0x6000_0000))
        bytes.appendBigEndian(UInt16(20 + payloadCount))
        // TCP, 64 hops.
        bytes.appendBigEndian(UInt16(0x0640))
        source.key.append(to: &bytes)
        destination.key.append(to: &bytes)
    }
}

extension [UInt8] {
    mutating func appendBigEndian<Integer: FixedWidthInteger>(_ value: Integer) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    mutating func appendLittleEndian<Integer: FixedWidthInteger>(_ value: Integer) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
