/// A version of TLS as it stands in a handshake (RFC 8446 section 4.2.1).
public struct TLSVersion: RawRepresentable, Sendable, Hashable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// For people: `TLS 1.3`.
    public var name: String {
        switch rawValue {
        case 0x0300: "SSL 3.0"
        case 0x0301: "TLS 1.0"
        case 0x0302: "TLS 1.1"
        case 0x0303: "TLS 1.2"
        case 0x0304: "TLS 1.3"
        default: "TLS version 0x" + String(rawValue, radix: 16)
        }
    }
}
