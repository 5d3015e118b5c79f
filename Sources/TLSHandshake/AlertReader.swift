/// Looks for an alert in the clear among the records of one direction, until the handshake is complete.
///
/// A client of TLS 1.3 that does not accept a certificate may say so before it encrypts (OpenSSL does), when the library of
/// the other side awaits encrypted bytes only and takes the alert for damage. Whoever reads the records sees it all the same:
/// an encrypted alert is longer than its two bytes, or travels as application data (RFC 8446 section 5.2).
public struct AlertReader: Sendable {
    /// The bytes of the present record so far: its header, then those of an alert.
    private var head: [UInt8] = []
    /// Bytes of the present record that are passed over.
    private var rest = 0

    private static let headerBytes = 5
    private static let fatal: UInt8 = 2

    public init() {}

    /// Takes the next bytes of the direction; the alert that ends in them, if one does.
    public mutating func read(_ bytes: some Collection<UInt8>) -> Alert? {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let skipped = min(rest, bytes.count)
            bytes = bytes.dropFirst(skipped)
            rest -= skipped
            guard rest == 0, let byte = bytes.popFirst() else { continue }
            head.append(byte)
            if let alert = evaluate() { return alert }
        }
        return nil
    }

    private mutating func evaluate() -> Alert? {
        guard head.count >= Self.headerBytes else { return nil }
        let length = Int(head[3]) << 8 | Int(head[4])
        guard head[0] == TLSRecord.alert, head[1] == 3, length == 2 else {
            (head, rest) = ([], length)
            return nil
        }
        guard head.count == Self.headerBytes + length else { return nil }
        defer { head = [] }
        // A warning, such as of a name that is not known, ends nothing (RFC 5246 section 7.2).
        guard head[Self.headerBytes] == Self.fatal else { return nil }
        return Alert(code: head[Self.headerBytes + 1])
    }
}
