import Glibc

/// An IP address and a TCP port.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    let key: AddressKey
    public let port: UInt16

    init(_ key: AddressKey, port: UInt16) {
        self.key = key
        self.port = port
    }

    /// Returns nil unless `address` has 4 or 16 bytes.
    public init?(address: [UInt8], port: UInt16) {
        guard address.count == 4 || address.count == 16 else { return nil }
        self.init(AddressKey(address[...], at: 0, count: address.count), port: port)
    }

    /// The address in network byte order: 4 bytes (IPv4) or 16 bytes (IPv6).
    public var address: [UInt8] { key.bytes }

    /// Reads a numeric address such as `127.0.0.1` or `::1`; nil for a name.
    public init?(host: String, port: UInt16) {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, host, &bytes) == 1 {
            self.init(address: Array(bytes.prefix(4)), port: port)
        } else if inet_pton(AF_INET6, host, &bytes) == 1 {
            self.init(address: bytes, port: port)
        } else {
            return nil
        }
    }

    /// Reads what `description` writes: `127.0.0.1:5222` or `[::1]:5222`.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("[") && host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        self.init(host: String(host), port: port)
    }

    /// The same address with another port.
    public func with(port: UInt16) -> Endpoint { Endpoint(key, port: port) }

    public var isIPv6: Bool { key.isSix }

    public var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(isIPv6 ? AF_INET6 : AF_INET, address, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
