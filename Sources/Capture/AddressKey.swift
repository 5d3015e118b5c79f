/// An IP address as two numbers: fast to compare and to hash, which is done for each packet.
struct AddressKey: Hashable {
    let high: UInt64
    let low: UInt64
    let isSix: Bool

    /// Reads `count` bytes, 4 or 16, at an offset where they must be.
    init(_ packet: ArraySlice<UInt8>, at offset: Int, count: Int) {
        var (high, low): (UInt64, UInt64) = (0, 0)
        let start = packet.startIndex + offset
        for index in start..<start + count {
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(packet[index])
        }
        (self.high, self.low, isSix) = (high, low, count == 16)
    }

    /// In network byte order.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends `bytes`, without an array in between: that is done twice for each record.
    func append(to bytes: inout [UInt8]) {
        if isSix {
            bytes.appendBigEndian(high)
            bytes.appendBigEndian(low)
        } else {
            bytes.appendBigEndian(UInt32(truncatingIfNeeded: low))
        }
    }
}
