import Capture
import NIOCore
import XMPP

/// What a relay is to do.
public struct RelayConfiguration: Sendable {
    /// Where to listen; at least one must be usable.
    public var listeners: [ListenAddress]
    /// The server for every client; nil to find each client's own server as the client itself would.
    public var upstream: UpstreamAddress?
    /// Without a fixed server: the domains, and those below them, that clients may be joined to; empty for all.
    public var allowedDomains: [AllowedDomain] = []
    /// True if each client's connection begins with the header of the PROXY protocol, by a load balancer before us.
    public var expectsProxyHeader = false
    /// The name server to ask; nil for the system's way, which knows /etc/hosts as well.
    public var resolver: ResolverAddress?
    /// What records, for example `stanzatap 0.1.0`.
    public var program: String
    /// Event loop threads.
    public var threads = min(2, System.coreCount)
    public var limits = RelayLimits()
    /// How TLS is decrypted; nil to pass it on untouched.
    public var interception: Interception?

    public init(
        listeners: [ListenAddress],
        upstream: UpstreamAddress? = nil,
        resolver: ResolverAddress? = nil,
        program: String
    ) {
        self.listeners = listeners
        self.upstream = upstream
        self.resolver = resolver
        self.program = program
    }
}

extension RelayConfiguration {
    /// May clients be joined to the server of this domain?
    func allows(_ domain: ServerDomain) -> Bool {
        allowedDomains.isEmpty || allowedDomains.contains { $0.covers(domain) }
    }

    var rules: TLSRules {
        TLSRules(
            intercepts: interception != nil,
            strips: interception?.strips ?? false,
            upstream: interception?.upstream ?? .auto,
            hasFixedServer: upstream != nil,
            isNear: upstream.map {
                Domain.areSame($0.host, "localhost") || Endpoint(host: $0.host, port: 0)?.isLoopback == true
            }
                ?? false
        )
    }
}

/// How long and how much the relay waits for.
public struct RelayLimits: Sendable, Equatable {
    /// Until the client's stream header is complete, when the server is to be found by it.
    public var header: Duration = .seconds(30)
    /// For each address of the server that is tried.
    public var connect: Duration = .seconds(10)
    /// For a TLS handshake with either side, the STARTTLS negotiation that we carry on ourselves included.
    public var handshake: Duration = .seconds(20)
    /// For TLS with the server, as long as there is another way to try.
    public var probe: Duration = .seconds(5)
    /// For the client's stream header, when the fixed server was not reached and the client is to be told.
    public var refusal: Duration = .seconds(5)
    /// For the client's FIN after our last bytes: closing at once could send a RST, which eats them.
    public var farewell: Duration = .seconds(2)
    /// Bytes of a client that are held while its stream header is not complete.
    public var headerBytes = 64 * 1024
    /// Connections at a time; more clients have to wait. By default what the limit of file descriptors leaves room for.
    public var connections = DescriptorLimit.connections
    /// Open connections to one address of a server. Below the number of clients, so that of two recorders that are each
    /// other's server one ends the circle.
    public var connectionsToServer = max(1, DescriptorLimit.connections - 16)

    public init() {}
}
