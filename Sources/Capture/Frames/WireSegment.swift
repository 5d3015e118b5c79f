/// A TCP segment of a foreign capture (RFC 9293 section 3.1).
struct WireSegment {
    let source: Endpoint
    let destination: Endpoint
    let sequence: UInt32
    let acknowledgment: UInt32?
    let flags: TCPFlags
    let payload: ArraySlice<UInt8>
    /// Bytes behind the payload that were on the wire but not captured.
    let missing: Int

    init?(_ source: AddressKey, _ destination: AddressKey, _ bytes: ArraySlice<UInt8>, missing: Int) {
        guard bytes.count >= 20 else { return nil }
        let header = Int(bytes[bytes.startIndex + 12] >> 4) * 4
        guard header >= 20, header <= bytes.count else { return nil }
        self.source = Endpoint(source, port: UInt16(bytes.number(0, 2)))
        self.destination = Endpoint(destination, port: UInt16(bytes.number(2, 2)))
        flags = TCPFlags(rawValue: bytes[bytes.startIndex + 13])
        sequence = UInt32(bytes.number(4, 4))
        acknowledgment = flags.contains(.ack) ? UInt32(bytes.number(8, 4)) : nil
        payload = bytes.dropFirst(header)
        self.missing = missing
    }
}
