/// The numbers of the pcapng format (draft-ietf-opsawg-pcapng) that reader and writer share.
enum Pcapng {
    static let sectionHeader: UInt32 = 0x0A0D_0D0A
    static let interfaceDescription: UInt32 = 1
    /// Obsolete, but old files have it.
    static let packet: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let enhancedPacket: UInt32 = 6
    static let byteOrderMagic: UInt32 = 0x1A2B_3C4D

    static let optionEnd: UInt16 = 0
    static let optionComment: UInt16 = 1
    static let optionApplication: UInt16 = 4
    static let optionTimeResolution: UInt16 = 9
    static let optionTimeOffset: UInt16 = 14

    /// LINKTYPE_RAW: the packet begins with an IPv4 or IPv6 header.
    static let linkTypeRaw: UInt16 = 101

    /// What the two bytes of an option's length can tell.
    static let longestComment = 0xFFFF

    static func padding(_ count: Int) -> Int { (4 - count % 4) % 4 }

    /// The section header and the description of the one interface, with which each capture begins.
    ///
    /// - Parameter part: of a recording's file, which one it is.
    static func fileHeader(program: String, part: RecordingPart? = nil, linkType: UInt16 = linkTypeRaw) -> [UInt8] {
        var section: [UInt8] = []
        section.appendLittleEndian(byteOrderMagic)
        section.appendLittleEndian(UInt16(1))
        section.appendLittleEndian(UInt16(0))
        section.appendLittleEndian(UInt64.max)
        for comment in part?.comments ?? [] { appendOption(optionComment, Array(comment.utf8), to: &section) }
        appendOption(optionApplication, Array(program.utf8), to: &section)
        section.appendLittleEndian(UInt32(0))

        var interface: [UInt8] = []
        interface.appendLittleEndian(linkType)
        interface.appendLittleEndian(UInt16(0))
        interface.appendLittleEndian(UInt32(0))
        appendOption(optionTimeResolution, [9], to: &interface)
        interface.appendLittleEndian(UInt32(0))
        return block(sectionHeader, section) + block(interfaceDescription, interface)
    }

    /// The start of an Enhanced Packet Block up to its packet data; `options` are those behind the data, in bytes.
    static func appendEnhancedPacketHead(to bytes: inout [UInt8], time: UInt64, packetCount: Int, optionsCount: Int) {
        bytes.appendLittleEndian(enhancedPacket)
        bytes.appendLittleEndian(UInt32(enhancedPacketCount(packetCount: packetCount, optionsCount: optionsCount)))
        bytes.appendLittleEndian(UInt32(0))
        bytes.appendLittleEndian(UInt32(truncatingIfNeeded: time >> 32))
        bytes.appendLittleEndian(UInt32(truncatingIfNeeded: time))
        bytes.appendLittleEndian(UInt32(packetCount))
        bytes.appendLittleEndian(UInt32(packetCount))
    }

    /// The length of a whole Enhanced Packet Block in bytes.
    static func enhancedPacketCount(packetCount: Int, optionsCount: Int) -> Int {
        28 + packetCount + padding(packetCount) + optionsCount + 4
    }

    /// The options of a packet: its comments, if any.
    static func options(comments: [String]) -> [UInt8] {
        guard !comments.isEmpty else { return [] }
        var bytes: [UInt8] = []
        for comment in comments { appendOption(optionComment, fitting(comment), to: &bytes) }
        bytes.appendLittleEndian(UInt32(optionEnd))
        return bytes
    }

    /// A comment, cut at a length that fits into 16 bits.
    static func fitting(_ comment: String) -> [UInt8] { Array(comment.utf8.prefix(longestComment)) }

    static func appendOption(_ code: UInt16, _ value: [UInt8], to bytes: inout [UInt8]) {
        bytes.appendLittleEndian(code)
        bytes.appendLittleEndian(UInt16(value.count))
        bytes.append(contentsOf: value)
        bytes.append(contentsOf: repeatElement(0, count: padding(value.count)))
    }

    static func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(type)
        bytes.appendLittleEndian(UInt32(body.count + 12))
        bytes.append(contentsOf: body)
        bytes.appendLittleEndian(UInt32(body.count + 12))
        return bytes
    }
}
