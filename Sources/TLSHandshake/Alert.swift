/// A message by which a side gives up TLS (RFC 8446 section 6).
public struct Alert: Sendable, Equatable {
    public let code: UInt8

    public init(code: UInt8) { self.code = code }

    /// The alert's name in the RFC, with blanks: `unknown ca`.
    public var name: String {
        switch code {
        case 0: "close notify"
        case 10: "unexpected message"
        case 20: "bad record mac"
        case 22: "record overflow"
        case 40: "handshake failure"
        case 42: "bad certificate"
        case 43: "unsupported certificate"
        case 44: "certificate revoked"
        case 45: "certificate expired"
        case 46: "certificate unknown"
        case 47: "illegal parameter"
        case 48: "unknown ca"
        case 49: "access denied"
        case 50: "decode error"
        case 51: "decrypt error"
        case 70: "protocol version"
        case 71: "insufficient security"
        case 80: "internal error"
        case 86: "inappropriate fallback"
        case 90: "user canceled"
        case 109: "missing extension"
        case 110: "unsupported extension"
        case 112: "unrecognized name"
        case 113: "bad certificate status response"
        case 115: "unknown psk identity"
        case 116: "certificate required"
        case 120: "no application protocol"
        default: "alert \(code)"
        }
    }
}
