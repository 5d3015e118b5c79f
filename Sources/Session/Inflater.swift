import CZlib
import XMLStream

/// Unpacks one direction of a stream that zlib compressed (XEP-0138, RFC 1950), as its bytes come.
final class Inflater {
    struct Failure: Error {
        /// A clause without a full stop.
        let reason: String
    }

    /// XML of presences and rosters is packed to a twentieth at best, a bomb to a thousandth: bytes that may come out for one
    /// that went in.
    static let greatestRatio = 100
    /// Bytes that may come out at once, whatever went in before: what is told of them is held in memory.
    static let greatestAllowance = 2 * 1024 * 1024
    private static let pieceBytes = 16 * 1024

    /// On the heap, for zlib remembers where it lies.
    private let stream: UnsafeMutablePointer<z_stream>
    /// Bytes that may still come out.
    private var allowance = greatestAllowance
    private var hasEnded = false

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Unpacks `bytes` in pieces, so that no more memory is taken however much comes out; stops when `body` returns false.
    ///
    /// Throws at bytes that zlib did not make, behind the end of the compressed stream, and when too much comes out.
    func inflate(_ bytes: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Bool) throws(Failure) {
        if stream.pointee.total_in == 0, bytes.first(where: { !$0.isXMLWhitespace }) == UInt8(ascii: "<") {
            throw Failure(reason: "it goes on in plain XML, although compression by zlib was agreed upon")
        }
        var input = Array(bytes)
        var output = [UInt8](repeating: 0, count: Self.pieceBytes)
        allowance = min(allowance + input.count * Self.greatestRatio, Self.greatestAllowance)
        var position = 0
        while true {
            if hasEnded, position < input.count {
                throw Failure(reason: "bytes behind the end of the compressed stream")
            }
            let (status, read, count) = step(&input, from: position, &output)
            position += read
            allowance -= count
            if allowance < 0 {
                throw Failure(reason: "it unpacks to far more than its size, as a bomb does")
            }
            if count > 0, !body(output[..<count]) { return }
            switch status {
            case Z_OK: continue
            // No progress is possible without more bytes.
            case Z_BUF_ERROR: return
            case Z_STREAM_END: hasEnded = true
            default:
                let isHeader = stream.pointee.total_in <= 2
                throw Failure(
                    reason: isHeader ? "the bytes are not compressed by zlib" : "the compressed bytes are damaged"
                )
            }
            if position == input.count { return }
        }
    }

    private func step(
        _ input: inout [UInt8],
        from position: Int,
        _ output: inout [UInt8]
    ) -> (status: Int32, read: Int, written: Int) {
        input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                let available = input.count - position
                stream.pointee.next_in = input.baseAddress.map { $0 + position }
                stream.pointee.avail_in = UInt32(available)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                let status = CZlib.inflate(stream, Z_SYNC_FLUSH)
                return (
                    status, available - Int(stream.pointee.avail_in), output.count - Int(stream.pointee.avail_out)
                )
            }
        }
    }
}
