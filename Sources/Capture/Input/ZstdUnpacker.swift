import CZstd

/// Unpacks zstd (RFC 8878), also several frames one behind the other.
///
/// A file may ask for a window of at most 128 MiB, which is the library's own limit: that is the memory it can cost.
final class ZstdUnpacker: Unpacker {
    private let stream: OpaquePointer?
    private(set) var isAtEnd = false

    init() { stream = ZSTD_createDStream() }

    deinit { ZSTD_freeDStream(stream) }

    func unpack(
        _ input: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(UnpackingFailure) -> (taken: Int, made: Int) {
        // Asked for the next frame, it would no longer be at the end of one.
        if isAtEnd && input.isEmpty { return (0, 0) }
        guard let stream else { throw UnpackingFailure(reason: "there is no memory left to unpack it") }
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let code = ZSTD_decompressStream(stream, &target, &source)
        guard ZSTD_isError(code) == 0 else { throw UnpackingFailure(reason: Self.reason(ZSTD_getErrorCode(code))) }
        isAtEnd = code == 0
        return (source.pos, target.pos)
    }

    private static func reason(_ code: ZSTD_ErrorCode) -> String {
        switch code {
        case ZSTD_error_frameParameter_windowTooLarge:
            "it was compressed with a window of more than 128 MiB (zstd --long); unzstd --long=31 unpacks it"
        case ZSTD_error_dictionary_wrong, ZSTD_error_dictionary_corrupted:
            "it was compressed with a dictionary, which only unzstd -D DICTIONARY can use"
        case ZSTD_error_memory_allocation: "there is no memory left to unpack it"
        case ZSTD_error_prefix_unknown: "something else follows its compressed data (zstd)"
        default: "its compressed bytes (zstd) are damaged"
        }
    }
}
