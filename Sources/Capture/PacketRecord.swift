import Glibc

/// One record of a capture as it goes into the file: an Enhanced Packet Block around a made-up TCP segment.
struct PacketRecord {
    let segment: SyntheticSegment
    let payload: UnsafeRawBufferPointer?
    /// The packet's options, as `Pcapng.options` makes them.
    let options: [UInt8]
    /// Nanoseconds since 1970.
    let time: UInt64

    init(_ segment: SyntheticSegment, payload: UnsafeRawBufferPointer?, comments: [String]) {
        self.segment = segment
        self.payload = payload
        options = Pcapng.options(comments: comments)
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        time = UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    private var packetCount: Int { segment.headerCount + segment.payloadCount }

    /// What stands before the payload.
    func appendHead(to bytes: inout [UInt8]) {
        Pcapng.appendEnhancedPacketHead(
            to: &bytes,
            time: time,
            packetCount: packetCount,
            optionsCount: options.count
        )
        segment.write(to: &bytes)
    }

    /// What stands behind the payload.
    func appendTail(to bytes: inout [UInt8]) {
        for _ in 0..<Pcapng.padding(packetCount) { bytes.append(0) }
        bytes.append(contentsOf: options)
        bytes.appendLittleEndian(
            UInt32(Pcapng.enhancedPacketCount(packetCount: packetCount, optionsCount: options.count))
        )
    }
}
