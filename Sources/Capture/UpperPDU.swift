/// Packets without the layers that carried them, for Wireshark (LINKTYPE_WIRESHARK_UPPER_PDU): each names its dissector.
public enum UpperPDU {
    private static let linkType: UInt16 = 252
    /// Longer ones are cut: Wireshark refuses packets of more than 256 KiB.
    public static let byteLimit = 250_000

    /// What each file begins with.
    ///
    /// - Parameter program: what makes the file, for example `stanzatap 0.1.0`.
    public static func fileHeader(program: String) -> [UInt8] {
        Pcapng.fileHeader(program: program, linkType: linkType)
    }

    /// One packet.
    ///
    /// - Parameters:
    ///   - dissector: `xmpp`, or `data` for what is none.
    ///   - comment: shown beside the packet, as `frame.comment`.
    ///   - time: nanoseconds since 1970.
    public static func packet(
        _ bytes: ArraySlice<UInt8>,
        dissector: String,
        source: Endpoint?,
        destination: Endpoint?,
        comment: String,
        time: UInt64
    ) -> [UInt8] {
        var data: [UInt8] = []
        appendTag(12, Array(dissector.utf8), to: &data)
        if let source, let destination, source.isIPv6 == destination.isIPv6 {
            appendTag(source.isIPv6 ? 22 : 20, source.address, to: &data)
            appendTag(source.isIPv6 ? 23 : 21, destination.address, to: &data)
            appendTag(24, [0, 0, 0, 2], to: &data)
            appendTag(25, [0, 0, UInt8(source.port >> 8), UInt8(source.port & 0xFF)], to: &data)
            appendTag(26, [0, 0, UInt8(destination.port >> 8), UInt8(destination.port & 0xFF)], to: &data)
        }
        data += [0, 0, 0, 0]
        data += bytes
        let options = Pcapng.options(comments: comment.isEmpty ? [] : [comment])
        var block: [UInt8] = []
        Pcapng.appendEnhancedPacketHead(to: &block, time: time, packetCount: data.count, optionsCount: options.count)
        block += data
        block += repeatElement(0, count: Pcapng.padding(data.count))
        block += options
        let count = Pcapng.enhancedPacketCount(packetCount: data.count, optionsCount: options.count)
        block.appendLittleEndian(UInt32(count))
        return block
    }

    private static func appendTag(_ tag: UInt16, _ value: [UInt8], to bytes: inout [UInt8]) {
        bytes.appendBigEndian(tag)
        bytes.appendBigEndian(UInt16(value.count + Pcapng.padding(value.count)))
        bytes += value
        bytes += repeatElement(0, count: Pcapng.padding(value.count))
    }
}
