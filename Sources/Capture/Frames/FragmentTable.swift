/// Puts the fragments of IP packets together again (RFC 791 section 3.2, RFC 8200 section 4.5).
struct FragmentTable {
    private struct Key: Hashable {
        let source: AddressKey
        let destination: AddressKey
        let identification: UInt32
        let transport: UInt8
    }

    private struct Parts {
        var pieces: [(offset: Int, bytes: ArraySlice<UInt8>)] = []
        /// The length of the whole, once its last fragment has come.
        var total: Int?
        var transport: UInt8 = 0
    }

    private var packets: [Key: Parts] = [:]

    /// Packets whose fragments are waited for; when there are more, all that wait are given up.
    private static let limit = 256
    private static let pieceLimit = 64
    private static let byteLimit = 65_535

    /// The whole payload and its protocol, once its last missing fragment has come.
    mutating func add(_ datagram: Datagram, _ fragment: Datagram.Fragment) -> (transport: UInt8, payload: [UInt8])? {
        let key = Key(
            source: datagram.source,
            destination: datagram.destination,
            identification: fragment.identification,
            // In IPv6 only the first fragment tells it.
            transport: datagram.source.isSix ? 0 : datagram.transport
        )
        if packets.count >= Self.limit, packets[key] == nil { packets = [:] }
        var parts = packets.removeValue(forKey: key) ?? Parts()
        let end = fragment.offset + datagram.payload.count
        guard end <= Self.byteLimit, parts.pieces.count < Self.pieceLimit, datagram.missing == 0 else { return nil }
        parts.pieces.append((fragment.offset, datagram.payload))
        if fragment.isLast { parts.total = end }
        if fragment.offset == 0 { parts.transport = datagram.transport }
        if let whole = assembled(parts) { return (parts.transport, whole) }
        packets[key] = parts
        return nil
    }

    /// Where fragments overlap, what came first counts.
    private func assembled(_ parts: Parts) -> [UInt8]? {
        guard let total = parts.total else { return nil }
        var bytes: [UInt8] = []
        for piece in parts.pieces.sorted(by: { $0.offset < $1.offset }) {
            guard piece.offset <= bytes.count else { return nil }
            bytes += piece.bytes.dropFirst(bytes.count - piece.offset)
        }
        return bytes.count >= total ? Array(bytes.prefix(total)) : nil
    }
}
