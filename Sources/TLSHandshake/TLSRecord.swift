/// Types of TLS records (RFC 8446 section 5.1), the first byte of each.
public enum TLSRecord {
    public static let alert: UInt8 = 0x15
    /// What a client that begins with TLS begins with (XEP-0368).
    public static let handshake: UInt8 = 0x16
}
