import CZlib
import CZstd
import Testing

/// How a test compresses a file.
enum Packing: String, CaseIterable, Sendable {
    case none, gzip, zstd

    func packed(_ bytes: [UInt8]) throws -> [UInt8] {
        switch self {
        case .none: bytes
        case .gzip: try gzipped(bytes)
        case .zstd: try zstandard(bytes)
        }
    }

    private func gzipped(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        try #require(deflateInit2_(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK)
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
        let code = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        try #require(code == Z_STREAM_END)
        return Array(output.prefix(Int(stream.total_out)))
    }

    private func zstandard(_ bytes: [UInt8]) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let count = ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
        try #require(ZSTD_isError(count) == 0)
        return Array(output.prefix(count))
    }
}
