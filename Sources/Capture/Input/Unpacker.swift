/// Unpacks the bytes of a compressed file as they come, in as little memory as its format lets us.
protocol Unpacker: AnyObject {
    /// Unpacks a part of `input` into `output`.
    ///
    /// - Returns: how many bytes were taken, and how many came out; both are 0 where it needs more input.
    /// - Throws: at bytes that cannot be unpacked.
    func unpack(
        _ input: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(UnpackingFailure) -> (taken: Int, made: Int)

    /// True where a file may end.
    var isAtEnd: Bool { get }
}

/// Why compressed bytes cannot be unpacked: a clause without a full stop.
struct UnpackingFailure: Error {
    let reason: String
}

/// How a file is compressed, told by its first bytes.
enum Compression {
    case gzip
    case zstd

    /// Nil if the bytes are those of no compressed file that can be unpacked here.
    init?(magic: [UInt8]) {
        if magic.starts(with: [0x1F, 0x8B]) {
            self = .gzip
        } else if magic.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) || Self.isSkippable(magic) {
            self = .zstd
        } else {
            return nil
        }
    }

    /// A frame of zstd that holds no data (RFC 8878 section 3.1.2); programs that compress in parallel begin with one.
    private static func isSkippable(_ magic: [UInt8]) -> Bool {
        magic.count >= 4 && magic[0] & 0xF0 == 0x50 && magic[1...3] == [0x2A, 0x4D, 0x18]
    }

    func makeUnpacker() -> any Unpacker {
        switch self {
        case .gzip: GzipUnpacker()
        case .zstd: ZstdUnpacker()
        }
    }
}
