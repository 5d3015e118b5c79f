/// Where something is wrong in the bytes of a direction, and what stands around it.
public struct FaultPlace: Sendable, Equatable {
    /// Bytes before it, counted from the first byte that the parser was ever given.
    public let offset: Int
    /// Bytes of the packet before it.
    public let packetOffset: Int
    /// How the packet begins, as far as that is not in `before`.
    public let beginning: [UInt8]
    /// What stands right before it.
    public let before: [UInt8]
    /// What is wrong, and what stands behind it as far as it has come.
    public let after: [UInt8]
    /// True if more had come than stands in `after`.
    public let isCut: Bool

    /// Bytes that are kept of each.
    static let kept = (beginning: 64, before: 160, after: 96)

    /// - Parameters:
    ///   - packet: from the packet's first byte on.
    ///   - index: of the byte at fault.
    ///   - dropped: bytes of the packet before it that are not in `packet`.
    ///   - start: where the packet begins in its direction.
    init(in packet: ArraySlice<UInt8>, at index: Int, dropped: Int, from start: Int) {
        let behind = packet[index...]
        let front = packet[..<index]
        packetOffset = front.count + dropped
        offset = start + packetOffset
        isCut = behind.count > Self.kept.after
        after = Array(isCut ? behind.prefix(Self.kept.after).withoutHalfCharacter : behind)
        if front.count <= Self.kept.beginning + Self.kept.before {
            (beginning, before) = ([], Array(front))
        } else {
            beginning = Array(front.prefix(Self.kept.beginning).withoutHalfCharacter)
            before = Array(front.suffix(Self.kept.before).drop { $0 & 0xC0 == 0x80 })
        }
    }
}

extension ArraySlice<UInt8> {
    /// Without the bytes at the end that begin a character of UTF-8 and do not end it.
    fileprivate var withoutHalfCharacter: Self {
        guard let lead = indices.suffix(4).last(where: { self[$0] & 0xC0 != 0x80 }), self[lead] >= 0xC0 else {
            return self
        }
        let length = self[lead] < 0xE0 ? 2 : self[lead] < 0xF0 ? 3 : 4
        return endIndex - lead < length ? self[..<lead] : self
    }
}
