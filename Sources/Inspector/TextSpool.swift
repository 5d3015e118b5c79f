import Foundation
import Glibc

/// Text that waits for its turn, in a file without a name: it may be larger than memory, and nobody else can read it.
final class TextSpool {
    private struct Piece {
        let offset: Int
        let count: Int
    }

    private var descriptor: Int32 = -1
    private var end = 0
    private var pieces: [Int: [Piece]] = [:]

    /// Bytes of one connection that are kept in memory; more go to the file.
    static let pieceBytes = 8 * 1024

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Keeps text of a connection, in order.
    func append(_ bytes: [UInt8], connection: Int) throws(OutputError) {
        try openFile()
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written, off_t(end + written))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failed("write") }
            written += count
        }
        pieces[connection, default: []].append(Piece(offset: end, count: bytes.count))
        end += bytes.count
    }

    /// Gives what was kept of a connection, piece by piece, and forgets it.
    func take(_ connection: Int, _ body: ([UInt8]) throws -> Void) throws {
        for piece in pieces.removeValue(forKey: connection) ?? [] {
            var bytes = [UInt8](repeating: 0, count: piece.count)
            guard pread(descriptor, &bytes, piece.count, off_t(piece.offset)) == piece.count else {
                throw failed("read")
            }
            try body(bytes)
        }
    }

    private func openFile() throws(OutputError) {
        guard descriptor < 0 else { return }
        var path = Array((FileManager.default.temporaryDirectory.path + "/stanzatap-XXXXXX").utf8CString)
        descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw failed("make") }
        unlink(path)
    }

    private func failed(_ what: String) -> OutputError {
        OutputError(
            description:
                "cannot \(what) a temporary file for transcripts that wait for their turn: \(String(cString: strerror(errno)))"
        )
    }
}
