import Capture

/// The server that a stream header's `to` names (RFC 7622 section 3.2): an address or a name for the DNS.
enum ServerDomain: Equatable {
    case address(Endpoint)
    /// Lower-case, without a dot at its end.
    case name(String)

    /// The name, or the address without brackets.
    var text: String {
        switch self {
        case .address(let endpoint): endpoint.host
        case .name(let name): name
        }
    }

    /// Nil for what neither is an address nor can be in the DNS. Internationalised names are known in their `xn--` form
    /// only.
    init?(_ text: String) {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let host = isBracketed ? String(text.dropFirst().dropLast()) : text
        if let endpoint = Endpoint(host: host, port: UpstreamAddress.defaultPort), endpoint.isIPv6 || !isBracketed {
            self = .address(endpoint)
            return
        }
        let name = (text.hasSuffix(".") ? String(text.dropLast()) : text).lowercased()
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy({ (1...63).contains($0.utf8.count) }),
            name.utf8.allSatisfy(isPartOfName)
        else { return nil }
        self = .name(name)
    }
}

/// A domain to which clients may be joined, and to those below it.
public struct AllowedDomain: Sendable, Hashable {
    /// In lower case, without a dot at its end.
    let name: String

    /// Reads `example.org` or `example.org.`, and an address for clients that name one.
    public init(argument: String) throws(AddressTextError) {
        guard let domain = ServerDomain(argument) else {
            throw AddressTextError(
                argument,
                "a domain is written as example.org, an internationalised one in its xn-- form; those below it belong to it"
            )
        }
        name = domain.text
    }
}

private func isPartOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
    default: false
    }
}
