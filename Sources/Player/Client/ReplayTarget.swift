import Capture
import Certificates
import Relay
import XMPP

/// The server that a replay talks to, and how its certificate is checked.
public struct ReplayTarget: Sendable {
    public var address: UpstreamAddress
    /// What the server's certificate must be for; the domain of the session.
    public var domain: String
    public var trust: TrustStore
    /// Goes on with a server whose certificate was refused; the transcript says so.
    public var isInsecure = false

    public init(address: UpstreamAddress, domain: String, trust: TrustStore) {
        self.address = address
        self.domain = domain
        self.trust = trust
    }

    /// True if nobody can listen in on the way.
    public var isNear: Bool {
        Domain.areSame(address.host, "localhost") || Endpoint(host: address.host, port: 0)?.isLoopback == true
    }
}
