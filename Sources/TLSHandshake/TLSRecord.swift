/// Types of TLS records (RFC 8446 section 5.1), the first byte of each.
public enum TLSRecord {
    public static let alert: UInt8 = 0x15
    /// What a client that begins with TLS begins with (XEP-0368).
    public static let handshake: UInt8 = 0x16

    /// Do the bytes begin as a record of TLS does? Fewer than two are judged by the first.
    public static func begins(_ bytes: some Collection<UInt8>) -> Bool {
        guard let type = bytes.first, (0x14...0x17).contains(type) else { return false }
        return bytes.dropFirst().first.map { $0 == 3 } ?? true
    }

    /// What bytes are that begin as a record of TLS does, with its article; nil for others.
    public static func told(_ bytes: some Collection<UInt8>) -> String? {
        guard begins(bytes) else { return nil }
        // Behind the header of a record, five bytes, stands the type of the handshake's message.
        let isHello = bytes.first == handshake && bytes.dropFirst(5).first.map { $0 == 1 } ?? false
        return isHello ? "a TLS ClientHello" : "a record of TLS"
    }
}
