import CZlib

/// Unpacks gzip (RFC 1952), also several members one behind the other, as `cat` and parallel compressors make them.
final class GzipUnpacker: Unpacker {
    /// On the heap, for zlib remembers where it lies.
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var isAtEnd = false
    /// True behind the last member: what follows is no compressed data.
    private var isOver = false

    /// The largest window, and gzip's header and checksum.
    private static let windowBits: Int32 = 15 + 16

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func unpack(
        _ input: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(UnpackingFailure) -> (taken: Int, made: Int) {
        if isOver || isAtEnd && input.isEmpty { return (input.count, 0) }
        if isAtEnd {
            // Tapes and block devices fill up with zeros, which gzip passes over too.
            guard input[0] == 0x1F else {
                isOver = true
                return (input.count, 0)
            }
            inflateReset(stream)
            isAtEnd = false
        }
        let status = inflate(input, output)
        let taken = input.count - Int(stream.pointee.avail_in)
        let made = output.count - Int(stream.pointee.avail_out)
        switch status {
        case Z_OK: break
        // No progress is possible without more bytes.
        case Z_BUF_ERROR: break
        case Z_STREAM_END: isAtEnd = true
        case Z_NEED_DICT: throw UnpackingFailure(reason: "it needs a dictionary, which gzip does not know")
        case Z_MEM_ERROR: throw UnpackingFailure(reason: "there is no memory left to unpack it")
        default: throw UnpackingFailure(reason: "its compressed bytes (gzip) are damaged")
        }
        return (taken, made)
    }

    private func inflate(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int32 {
        // zlib does not write to its input, though its type says so.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(clamping: input.count)
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(clamping: output.count)
        return CZlib.inflate(stream, Z_NO_FLUSH)
    }
}
