import FoundationEssentials
import Glibc
import Transcript

/// Text that waits for its turn, in a file without a name: it may be larger than memory, and nobody else can read it.
final class TextSpool {
    private struct Piece {
        let offset: Int
        let count: Int
    }

    /// Nil until there is something to keep.
    private var file: DescriptorWriter?
    private var end = 0
    private var pieces: [Int: [Piece]] = [:]

    /// Bytes of one connection that are kept in memory; more go to the file.
    static let pieceBytes = 8 * 1024
    private static let name = "a temporary file for transcripts that wait for their turn"

    deinit { if let file { close(file.descriptor) } }

    /// Keeps text of a connection, in order.
    func append(_ bytes: [UInt8], connection: Int) throws(OutputError) {
        try open().write(bytes, at: end)
        pieces[connection, default: []].append(Piece(offset: end, count: bytes.count))
        end += bytes.count
    }

    /// Gives what was kept of a connection, piece by piece, and forgets it.
    func take(_ connection: Int, _ body: ([UInt8]) throws(OutputError) -> Void) throws(OutputError) {
        guard let file, let kept = pieces.removeValue(forKey: connection) else { return }
        for piece in kept {
            var bytes = [UInt8](repeating: 0, count: piece.count)
            guard pread(file.descriptor, &bytes, piece.count, off_t(piece.offset)) == piece.count else {
                throw .system("cannot read \(Self.name)", errno)
            }
            try body(bytes)
        }
    }

    private func open() throws(OutputError) -> DescriptorWriter {
        if let file { return file }
        var path = Array((FileManager.default.temporaryDirectory.path + "/stanzatap-XXXXXX").utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw .system("cannot make \(Self.name)", errno) }
        unlink(path)
        let file = DescriptorWriter(descriptor, name: Self.name)
        self.file = file
        return file
    }
}
