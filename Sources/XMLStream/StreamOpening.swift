/// What stands where a stream should begin, and does not begin with `<`.
enum StreamOpening {
    /// True if no more bytes are needed to tell what these are: they are not the first part of anything that is known.
    static func isDecided(_ bytes: ArraySlice<UInt8>) -> Bool {
        !known.contains { $0.count > bytes.count && $0.starts(with: bytes) }
    }

    /// U+FEFF in UTF-8.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// What is wrong with bytes that begin with no `<`.
    ///
    /// - Parameter beforeLessThan: true if a `<` follows them.
    static func found(in bytes: ArraySlice<UInt8>, beforeLessThan: Bool) -> FaultFinder.Found {
        FaultFinder.Found(fault: fault(of: bytes, beforeLessThan), index: bytes.startIndex)
    }

    private static func fault(of bytes: ArraySlice<UInt8>, _ beforeLessThan: Bool) -> XMLFault {
        if let encoding = encoding(of: beforeLessThan ? bytes + [.lessThan] : bytes) { return wide(encoding) }
        if requests.contains(where: { bytes.starts(with: $0.utf8) }) {
            return XMLFault("it begins as a request of HTTP does, where XMPP begins with <")
        }
        if bytes.starts(with: answer.utf8) {
            return XMLFault("it begins as an answer of HTTP does, where XMPP begins with <")
        }
        return XMLFault("it does not begin with <, as a stream does")
    }

    /// What is wrong with bytes whose first one is `<`, but no tag in UTF-8; nil if it is nothing of the kind.
    static func faultBehindLessThan(_ bytes: ArraySlice<UInt8>) -> XMLFault? {
        guard bytes.first == .lessThan, bytes.dropFirst().first == 0 else { return nil }
        return wide(bytes.dropFirst(2).first == 0 ? "UTF-32" : "UTF-16")
    }

    private static func wide(_ encoding: String) -> XMLFault {
        XMLFault("the bytes are \(encoding); XMPP knows UTF-8 only (RFC 6120 section 11.6)", .unsupportedEncoding)
    }

    /// By a byte order mark, or by the zeros before the first `<` (XML 1.0 appendix F).
    private static func encoding(of bytes: ArraySlice<UInt8>) -> String? {
        let start = Array(bytes.prefix(4))
        if start.starts(with: [0xFF, 0xFE, 0, 0]) || start.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
        if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
        let zeros = start.prefix { $0 == 0 }.count
        guard start.dropFirst(zeros).first == .lessThan else { return nil }
        return zeros == 1 ? "UTF-16" : zeros == 3 ? "UTF-32" : nil
    }

    private static let known: [[UInt8]] =
        (requests + [answer]).map { Array($0.utf8) } + [
            byteOrderMark, [0xFF, 0xFE, 0, 0], [0xFE, 0xFF], [0, 0, 0xFE, 0xFF], [0, .lessThan], [0, 0, 0, .lessThan],
        ]
    private static let answer = "HTTP/"
    private static let requests = ["GET ", "POST ", "PUT ", "HEAD ", "OPTIONS ", "CONNECT ", "DELETE ", "PRI * "]
}
