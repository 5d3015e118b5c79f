/// Characters of XML and their bytes in UTF-8.
extension FaultFinder {
    /// Passes over one character that may stand in XML, and gives it.
    @discardableResult
    mutating func character() throws(Stop) -> UInt32 {
        let (value, length) = try scalar()
        guard Self.isCharacter(value) else { throw fault(.character(value)) }
        index += length
        return value
    }

    /// The character that begins here, and how many bytes it has (RFC 3629 section 4).
    func scalar() throws(Stop) -> (value: UInt32, length: Int) {
        let lead = try byte()
        if lead < 0x80 { return (UInt32(lead), 1) }
        guard (0xC2...0xF4).contains(lead) else { throw fault(.beginsNoCharacter(lead)) }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = UInt32(lead) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for offset in 1..<length {
            guard index + offset < bytes.endIndex else { throw Stop.outOfBytes }
            let next = bytes[index + offset]
            guard next & 0xC0 == 0x80 else { throw fault(.brokenOff(lead, next)) }
            if offset == 1, let wrong = Self.wrongPair(lead, next) { throw fault(wrong) }
            value = value << 6 | UInt32(next & 0x3F)
        }
        return (value, length)
    }

    private static func wrongPair(_ lead: UInt8, _ next: UInt8) -> XMLFault? {
        switch (lead, next) {
        case (0xE0, ..<0xA0), (0xF0, ..<0x90): .writtenTooLong
        case (0xED, 0xA0...): .surrogate
        case (0xF4, 0x90...): .beginsNoCharacter(lead)
        default: nil
        }
    }

    /// XML 1.0 section 2.2.
    static func isCharacter(_ value: UInt32) -> Bool {
        switch value {
        case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: true
        default: false
        }
    }

    /// XML 1.0 section 2.3, production 4.
    static func isNameStart(_ value: UInt32) -> Bool {
        switch value {
        case 0x3A, 0x41...0x5A, 0x5F, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D,
            0x37F...0x1FFF,
            0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD,
            0x1_0000...0xE_FFFF:
            true
        default: false
        }
    }

    /// XML 1.0 section 2.3, production 4a.
    static func isNameCharacter(_ value: UInt32) -> Bool {
        switch value {
        case 0x2D, 0x2E, 0x30...0x39, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
        default: isNameStart(value)
        }
    }
}

extension XMLFault {
    static let writtenTooLong = XMLFault("bytes that are not UTF-8: a character is written longer than it may be")
    static let surrogate = XMLFault(
        "bytes that are not UTF-8: half a surrogate pair of UTF-16, as programs write it that take UTF-16 apart"
    )

    static func beginsNoCharacter(_ byte: UInt8) -> XMLFault {
        XMLFault("bytes that are not UTF-8: no character begins with \(hex(byte))")
    }

    static func brokenOff(_ lead: UInt8, _ next: UInt8) -> XMLFault {
        XMLFault("bytes that are not UTF-8: \(hex(next)) cannot go on the character that \(hex(lead)) begins")
    }

    /// `0xC3`.
    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0x0" : "0x") + String(byte, radix: 16, uppercase: true)
    }
}
