/// A block of a capture as it lies in the file, and what it tells.
public struct CapturedBlock: Sendable {
    /// The whole block. The bytes of a peer in `records` are a part of it, with the same indices.
    public let bytes: ArraySlice<UInt8>
    public let records: [CaptureRecord]

    /// - Parameter bytes: one whole block in little-endian order, as `CaptureReader.nextBlock` gives it.
    public init(bytes: ArraySlice<UInt8>, records: [CaptureRecord]) {
        self.bytes = bytes
        self.records = records
    }

    /// What kinds of blocks there are for somebody who copies them.
    public enum Kind: Sendable {
        /// The header of a section, or the description of an interface.
        case frame
        /// A packet, which can have comments.
        case packet
        /// Statistics, names, keys of TLS, or what a later version of the format knows.
        case other
    }

    public var kind: Kind {
        switch type {
        case Pcapng.sectionHeader, Pcapng.interfaceDescription: .frame
        case Pcapng.enhancedPacket: .packet
        default: .other
        }
    }

    /// True if the packet carries bytes that a peer sent.
    public var hasPayload: Bool {
        guard kind == .packet else { return false }
        let body = bytes.dropFirst(8).dropLast(4)
        return Segment(packet: body.dropFirst(20).prefix(Int(uint32(20))))?.payload.isEmpty != true
    }

    private var type: UInt32 { uint32(0) }

    private func uint32(_ offset: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: bytes.number(at: bytes.startIndex + offset, 4, isBigEndian: false))
    }

    /// The comments of a section header or a packet, in order: texts for people, and our events as JSON.
    public var comments: [String] {
        options.filter { $0.code == Pcapng.optionComment }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    /// The block with other comments, and without its other options where it is a packet's.
    public func with(comments: [String]) -> [UInt8] {
        let body = bytes.dropFirst(8).dropLast(4)
        var content = Array(body.prefix(optionsStart))
        let kept = kind == .packet ? [] : options.filter { $0.code != Pcapng.optionComment }
        for comment in comments { Pcapng.appendOption(Pcapng.optionComment, Pcapng.fitting(comment), to: &content) }
        for option in kept { Pcapng.appendOption(option.code, Array(option.value), to: &content) }
        if !comments.isEmpty || !kept.isEmpty { content.appendLittleEndian(UInt32(Pcapng.optionEnd)) }
        return Pcapng.block(type, content)
    }

    private var options: [(code: UInt16, value: ArraySlice<UInt8>)] {
        guard kind != .other, bytes.count >= optionsStart + 12 else { return [] }
        return block.options(from: optionsStart)
    }

    /// Where the options begin in the body.
    private var optionsStart: Int {
        switch type {
        case Pcapng.sectionHeader: 16
        case Pcapng.interfaceDescription: 8
        default:
            // The reader has seen that the packet is not longer than its block.
            20 + Int(uint32(20)) + Pcapng.padding(Int(uint32(20)))
        }
    }

    private var block: Block {
        Block(type: type, body: bytes.dropFirst(8).dropLast(4), whole: bytes, isBigEndian: false, offset: 0)
    }
}
