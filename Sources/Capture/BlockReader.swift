/// One block of a pcapng file.
struct Block {
    let type: UInt32
    /// The content between the two length fields.
    let body: ArraySlice<UInt8>
    /// All of it, `body` with the fields around it: a part of the same bytes, with the same indices.
    let whole: ArraySlice<UInt8>
    /// True if the section was written on a big-endian machine.
    let isBigEndian: Bool
    /// Where the block begins in the file, in bytes.
    let offset: Int

    func uint16(_ position: Int) -> UInt16 { UInt16(truncatingIfNeeded: number(position, 2)) }
    func uint32(_ position: Int) -> UInt32 { UInt32(truncatingIfNeeded: number(position, 4)) }

    private func number(_ position: Int, _ count: Int) -> UInt64 {
        body.number(at: body.startIndex + position, count, isBigEndian: isBigEndian)
    }

    /// The options from `position` on, as far as they are whole: code and value.
    func options(from position: Int) -> [(code: UInt16, value: ArraySlice<UInt8>)] {
        var options: [(code: UInt16, value: ArraySlice<UInt8>)] = []
        var position = position
        while position + 4 <= body.count {
            let code = uint16(position)
            let count = Int(uint16(position + 2))
            guard code != Pcapng.optionEnd, position + 4 + count <= body.count else { break }
            let start = body.startIndex + position + 4
            options.append((code, body[start..<start + count]))
            position += 4 + count + Pcapng.padding(count)
        }
        return options
    }
}

extension ArraySlice<UInt8> {
    /// A whole number at an index that must be inside.
    func number(at index: Int, _ count: Int, isBigEndian: Bool) -> UInt64 {
        var value: UInt64 = 0
        for offset in 0..<count {
            value = value << 8 | UInt64(self[isBigEndian ? index + offset : index + count - 1 - offset])
        }
        return value
    }
}

/// Reads a pcapng file block by block, also one that still grows: nil means "no whole block for now".
struct BlockReader {
    /// Larger blocks are taken for damage; ours have at most 66 KB, those of others a jumbo packet and its options.
    static let maximumBlock = 16 * 1024 * 1024
    private static let chunk = 1024 * 1024

    let path: String
    private let input: InputBytes
    private var buffer: [UInt8] = []
    private var position = 0
    /// Where `buffer` begins in the file.
    private var base = 0
    private var isBigEndian = false
    private var scratch = [UInt8](repeating: 0, count: chunk)

    init(_ input: InputBytes) {
        path = input.name
        self.input = input
    }

    /// How many bytes of whole blocks were read.
    var offset: Int { base + position }

    mutating func next() throws(CaptureError) -> Block? {
        guard try fill(12) else { return nil }
        let type = number(4, at: position)
        if type == UInt64(Pcapng.sectionHeader) { try readByteOrder() }
        let blockType = UInt32(truncatingIfNeeded: number(4, at: position))
        let length = Int(number(4, at: position + 4))
        guard length >= 12, length % 4 == 0, length <= Self.maximumBlock else {
            throw CaptureError("\(path): damaged at byte \(offset): a block cannot have \(length) bytes")
        }
        guard try fill(length) else { return nil }
        guard Int(number(4, at: position + length - 4)) == length else {
            throw CaptureError("\(path): damaged at byte \(offset): the two lengths of a block differ")
        }
        let block = Block(
            type: blockType,
            body: buffer[position + 8..<position + length - 4],
            whole: buffer[position..<position + length],
            isBigEndian: isBigEndian,
            offset: offset
        )
        position += length
        return block
    }

    /// The bytes behind the last whole block.
    mutating func leftOver() -> Int {
        var count = buffer.count - position
        // Counted and not kept, for a pipe may bring any number.
        while true {
            let more = try? scratch.reading { (bytes) throws(CaptureError) in try input.read(into: bytes) }
            guard let more, more > 0 else { return count }
            count += more
        }
    }

    private mutating func readByteOrder() throws(CaptureError) {
        let magic = buffer[(position + 8)...].number(at: position + 8, 4, isBigEndian: true)
        switch UInt32(truncatingIfNeeded: magic) {
        case Pcapng.byteOrderMagic: isBigEndian = true
        case Pcapng.byteOrderMagic.byteSwapped: isBigEndian = false
        default: throw CaptureError("\(path): damaged at byte \(offset): a section without a byte-order mark")
        }
    }

    private func number(_ count: Int, at index: Int) -> UInt64 {
        buffer[...].number(at: index, count, isBigEndian: isBigEndian)
    }

    /// Makes sure that `count` bytes from `position` on are in the buffer; false if the file does not have them (yet).
    private mutating func fill(_ count: Int) throws(CaptureError) -> Bool {
        if buffer.count - position >= count { return true }
        base += position
        // A copy, for slices of the old buffer may still be in use.
        buffer = Array(buffer[position...])
        position = 0
        while buffer.count < count {
            let read = try scratch.reading { (bytes) throws(CaptureError) in try input.read(into: bytes) }
            if read == 0 { return false }
            buffer.append(contentsOf: scratch[..<read])
        }
        return true
    }
}
