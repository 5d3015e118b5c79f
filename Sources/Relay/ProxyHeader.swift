import Capture

/// The header that a load balancer puts before a client's first byte, to tell who the client is
/// (PROXY protocol of HAProxy, versions 1 and 2).
enum ProxyHeader: Equatable {
    case incomplete
    /// Nil where the balancer speaks for itself or does not know; `count` bytes belong to the header.
    case complete(client: Endpoint?, listener: Endpoint?, count: Int)
    /// Why it is none, in a clause.
    case none(reason: String)

    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10] + Array("QUIT".utf8) + [10]
    /// The longest line of version 1, its line end included.
    private static let longestLine = 107
    /// Addresses and the facts behind them; real ones have some hundred bytes.
    private static let longestBody = 4096

    static func read(_ bytes: [UInt8]) -> ProxyHeader {
        if bytes.isEmpty { return .incomplete }
        if signature.starts(with: bytes.prefix(signature.count)) {
            return bytes.count < 16 ? .incomplete : binary(bytes)
        }
        let start = Array("PROXY ".utf8)
        guard start.starts(with: bytes.prefix(start.count)) else { return .none(reason: "it does not begin with one") }
        return line(bytes)
    }

    // MARK: Version 1

    private static func line(_ bytes: [UInt8]) -> ProxyHeader {
        guard let end = bytes.prefix(longestLine).firstRange(of: [13, 10]) else {
            return bytes.count < longestLine ? .incomplete : .none(reason: "its line has no end")
        }
        let words = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: " ")
        if words.count >= 2, words[1] == "UNKNOWN" {
            return .complete(client: nil, listener: nil, count: end.upperBound)
        }
        guard words.count == 6, ["TCP4", "TCP6"].contains(words[1]), let client = endpoint(words[2], words[4]),
            let listener = endpoint(words[3], words[5]), client.isIPv6 == listener.isIPv6
        else { return .none(reason: "its line tells no addresses") }
        return .complete(client: client, listener: listener, count: end.upperBound)
    }

    private static func endpoint(_ host: Substring, _ port: Substring) -> Endpoint? {
        UInt16(port).flatMap { Endpoint(host: String(host), port: $0) }
    }

    // MARK: Version 2

    private static func binary(_ bytes: [UInt8]) -> ProxyHeader {
        let length = Int(bytes[14]) << 8 | Int(bytes[15])
        guard bytes[12] >> 4 == 2, bytes[12] & 15 <= 1 else { return .none(reason: "its version is not 2") }
        guard length <= longestBody else { return .none(reason: "it is \(length) bytes long") }
        let end = 16 + length
        guard bytes.count >= end else { return .incomplete }
        let isLocal = bytes[12] & 15 == 0
        // The address family, in the upper half; TCP or not does not matter.
        let size = bytes[13] >> 4 == 1 ? 4 : bytes[13] >> 4 == 2 ? 16 : 0
        guard !isLocal, size > 0 else { return .complete(client: nil, listener: nil, count: end) }
        guard length >= 2 * size + 4 else { return .none(reason: "its addresses are cut off") }
        func endpoint(_ address: Int, _ port: Int) -> Endpoint? {
            let number = UInt16(bytes[port]) << 8 | UInt16(bytes[port + 1])
            return Endpoint(address: Array(bytes[address..<address + size]), port: number)
        }
        let ports = 16 + 2 * size
        return .complete(client: endpoint(16, ports), listener: endpoint(16 + size, ports + 2), count: end)
    }
}
