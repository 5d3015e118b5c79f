import Glibc

/// The formats of captures, told by their first bytes.
public enum CaptureFormat: Sendable {
    case pcapng
    case pcap

    /// Nil if the file at `path` is no capture; throws if it cannot be read, or is one that has to be unpacked first.
    public static func of(path: String) throws(CaptureError) -> CaptureFormat? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("cannot read", path, errno) }
        defer { close(descriptor) }
        return try find(descriptor, path)
    }

    static func of(_ descriptor: Int32, _ path: String) throws(CaptureError) -> CaptureFormat {
        guard let format = try find(descriptor, path) else {
            throw CaptureError("\(path) is no capture: it begins neither as pcapng (0a 0d 0d 0a) nor as pcap")
        }
        return format
    }

    private static func find(_ descriptor: Int32, _ path: String) throws(CaptureError) -> CaptureFormat? {
        var magic = [UInt8](repeating: 0, count: 4)
        let count = pread(descriptor, &magic, 4, 0)
        if count < 0 { throw .system("cannot read", path, errno) }
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
            ([0x42, 0x5A, 0x68], "bunzip2"),
        ]
        for (start, program) in packed where magic.starts(with: start) {
            throw CaptureError("\(path) is compressed; unpack it first, with \(program)")
        }
        return nil
    }
}
