/// The formats of captures, told by their first bytes.
public enum CaptureFormat: Sendable {
    case pcapng
    case pcap
}

extension InputBytes {
    /// Nil if it is no capture; throws if it cannot be read, or is one that has to be unpacked first. To be asked before
    /// anything is read.
    public func format() throws(CaptureError) -> CaptureFormat? {
        let magic = try first(4)
        if magic.isEmpty, fault != nil {
            throw CaptureError("\(name) is cut off so early in its compressed data that nothing of it can be read")
        }
        switch magic {
        case [0x0A, 0x0D, 0x0D, 0x0A]: return .pcapng
        // Micro- and nanoseconds, both byte orders, and a variant of old Linux kernels.
        case [0xA1, 0xB2, 0xC3, 0xD4], [0xD4, 0xC3, 0xB2, 0xA1], [0xA1, 0xB2, 0x3C, 0x4D], [0x4D, 0x3C, 0xB2, 0xA1],
            [0xA1, 0xB2, 0xCD, 0x34], [0x34, 0xCD, 0xB2, 0xA1]:
            return .pcap
        default: break
        }
        let packed: [(start: [UInt8], program: String)] = [
            ([0x1F, 0x8B], "gunzip"), ([0xFD, 0x37, 0x7A, 0x58], "unxz"), ([0x28, 0xB5, 0x2F, 0xFD], "unzstd"),
            ([0x42, 0x5A, 0x68], "bunzip2"), ([0x50, 0x4B, 0x03, 0x04], "unzip"),
        ]
        for (start, program) in packed where magic.starts(with: start) {
            let twice = isCompressed ? " twice" : ""
            throw CaptureError(
                "\(name) is compressed\(twice); unpack it first, with \(program) (only gzip and zstd, once, are unpacked here)"
            )
        }
        return nil
    }
}
