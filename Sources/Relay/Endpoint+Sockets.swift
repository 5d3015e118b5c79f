import Capture
import NIOCore

extension Endpoint {
    /// Nil for an address that is no IP address, or none.
    public init?(_ address: SocketAddress?) {
        guard let host = address?.ipAddress, let port = address?.port.flatMap({ UInt16(exactly: $0) }) else {
            return nil
        }
        self.init(host: host, port: port)
    }

    /// The same address for NIO.
    func socketAddress() throws -> SocketAddress { try SocketAddress(ipAddress: host, port: Int(port)) }

    /// The same endpoint with an IPv4 address that was written as an IPv6 one (`::ffff:192.0.2.1`) in its own family.
    var unmapped: Endpoint {
        let prefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        guard isIPv6, address.starts(with: prefix) else { return self }
        return Endpoint(address: Array(address.suffix(4)), port: port) ?? self
    }

    /// Nobody but this machine reaches such an address: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        let plain = unmapped.address
        return plain.count == 4 ? plain[0] == 127 : plain.dropLast().allSatisfy { $0 == 0 } && plain[15] == 1
    }

    /// `0.0.0.0` or `::`.
    var isWildcard: Bool { address.allSatisfy { $0 == 0 } }
}
