import Capture
import XMPP

/// A `HOST[:PORT]` text that cannot be read, told so that a user can mend it.
public struct AddressTextError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ text: String, _ problem: String) { description = "'\(text)': \(problem)" }
}

/// Where the relay listens: a numeric address and a TCP port.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    public static let defaultPort: UInt16 = 5222

    public var endpoint: Endpoint
    /// True if it does not matter when the machine has no such address, as for `[::1]` where IPv6 is off.
    public var isOptional: Bool

    public init(_ endpoint: Endpoint, optional: Bool = false) {
        self.endpoint = endpoint
        isOptional = optional
    }

    /// Reads `127.0.0.1`, `127.0.0.1:5222`, `[::1]`, `[::1]:5222` or `localhost:5222`; port 0 takes any free port.
    public init(argument: String) throws(AddressTextError) {
        let (host, port) = try splitAddress(argument)
        let numericHost = host == "localhost" ? "127.0.0.1" : host
        guard let endpoint = Endpoint(host: numericHost, port: port ?? Self.defaultPort) else {
            throw AddressTextError(argument, "listen on a numeric address, such as 127.0.0.1:5222 or [::1]:5222")
        }
        self.init(endpoint)
    }

    public var description: String { endpoint.description }
}

/// The one server that every client is joined to: a name or numeric address and a TCP port.
public struct UpstreamAddress: Sendable, Hashable, CustomStringConvertible {
    public static let defaultPort: UInt16 = 5222

    public var host: String
    public var port: UInt16

    public init(host: String, port: UInt16 = UpstreamAddress.defaultPort) {
        self.host = host
        self.port = port
    }

    /// Reads `example.org`, `example.org:5222`, `bücher.example`, `192.0.2.1:5222`, `[2001:db8::1]` or `[2001:db8::1]:5222`.
    public init(argument: String) throws(AddressTextError) {
        let (host, port) = try splitAddress(argument)
        if port == 0 { throw AddressTextError(argument, "port 0 cannot be connected to") }
        if Endpoint(host: host, port: 0) == nil {
            do throws(DomainProblem) { _ = try Domain(host) } catch {
                throw AddressTextError(String(argument.prefix(100)), "that is no name of a host: \(error)")
            }
        }
        self.init(host: host, port: port ?? Self.defaultPort)
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// The name server to ask instead of the system's: a numeric address and a UDP port.
public struct ResolverAddress: Sendable, Hashable, CustomStringConvertible {
    public static let defaultPort: UInt16 = 53

    public var endpoint: Endpoint

    public init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    /// Reads `192.0.2.53`, `127.0.0.1:5353` or `[::1]:5353`.
    public init(argument: String) throws(AddressTextError) {
        let (host, port) = try splitAddress(argument)
        guard let endpoint = Endpoint(host: host, port: port ?? Self.defaultPort), endpoint.port > 0 else {
            throw AddressTextError(argument, "a name server is given as a numeric address, such as 127.0.0.1:53")
        }
        self.init(endpoint)
    }

    public var description: String { endpoint.description }
}

/// Takes `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT` apart; an IPv6 address without brackets has no port.
private func splitAddress(_ text: String) throws(AddressTextError) -> (host: String, port: UInt16?) {
    if text.hasPrefix("[") {
        guard let bracket = text.firstIndex(of: "]") else { throw AddressTextError(text, "']' is missing") }
        let host = String(text[text.index(after: text.startIndex)..<bracket])
        guard Endpoint(host: host, port: 0)?.isIPv6 == true else {
            throw AddressTextError(text, "between '[' and ']' stands an IPv6 address, such as [::1]")
        }
        let rest = text[text.index(after: bracket)...]
        guard rest.isEmpty || rest.hasPrefix(":") else {
            throw AddressTextError(text, "after ']' only a port can follow, such as [::1]:5222")
        }
        return (host, rest.isEmpty ? nil : try port(rest.dropFirst(), in: text))
    }
    if Endpoint(host: text, port: 0)?.isIPv6 == true { return (text, nil) }
    guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x2F || $0 == 0x7F }) else {
        throw AddressTextError(text, "a host name has neither spaces nor slashes")
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2 else {
        throw AddressTextError(text, "write an IPv6 address with a port as [2001:db8::1]:5222")
    }
    guard let host = parts.first, !host.isEmpty else { throw AddressTextError(text, "the host is missing") }
    return (String(host), parts.count == 2 ? try port(parts[1], in: text) : nil)
}

private func port(_ digits: Substring, in text: String) throws(AddressTextError) -> UInt16 {
    guard digits.allSatisfy(\.isNumber), let port = UInt16(digits) else {
        throw AddressTextError(text, "the port is a number from 0 to 65535")
    }
    return port
}
