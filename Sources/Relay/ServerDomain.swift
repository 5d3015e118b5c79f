import Capture
import XMPP

/// The server that a stream header's `to` names (RFC 7622 section 3.2): an address or a name for the DNS.
enum ServerDomain: Equatable {
    case address(Endpoint)
    case name(Domain)

    /// What it is compared by: the name as the DNS has it, or the address without brackets.
    var normalForm: String {
        switch self {
        case .address(let endpoint): endpoint.host
        case .name(let domain): domain.ascii
        }
    }

    init(_ text: String) throws(DomainProblem) {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let host = isBracketed ? String(text.dropFirst().dropLast()) : text
        if let endpoint = Endpoint(host: host, port: UpstreamAddress.defaultPort), endpoint.isIPv6 || !isBracketed {
            self = .address(endpoint)
            return
        }
        self = .name(try Domain(text))
    }
}

/// A domain to which clients may be joined, and to those below it.
public struct AllowedDomain: Sendable, Hashable {
    /// As `ServerDomain` has it.
    private let normalForm: String

    /// Reads `example.org`, `example.org.`, `bücher.example` or `xn--bcher-kva.example`, and an address for clients that name one.
    public init(argument: String) throws(AddressTextError) {
        do throws(DomainProblem) {
            normalForm = try ServerDomain(argument).normalForm
        } catch {
            throw AddressTextError(
                String(argument.prefix(100)),
                "a domain is written as example.org, and those below it belong to it; \(error)"
            )
        }
    }

    /// True for the domain itself and those below it.
    func covers(_ domain: ServerDomain) -> Bool {
        let name = domain.normalForm
        return name == normalForm || name.hasSuffix("." + normalForm)
    }
}
