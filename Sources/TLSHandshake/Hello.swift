/// What a client says at the start of TLS (RFC 8446 section 4.1.2); it is clear text in every version.
public struct ClientHello: Sendable, Equatable {
    /// The versions that it offers, as it ordered them, without reserved values (GREASE, RFC 8701).
    public var versions: [TLSVersion] = []
    /// The host name of the server_name extension (SNI, RFC 6066 section 3).
    public var serverName: String?
    /// The protocols of the ALPN extension (RFC 7301); for XMPP `xmpp-client` (XEP-0368).
    public var applicationProtocols: [String] = []
    /// How many cipher suites it offers.
    public var cipherSuiteCount = 0

    public init() {}

    /// The highest version that it offers.
    public var highestVersion: TLSVersion? { versions.max { $0.rawValue < $1.rawValue } }
}

/// What a server chooses at the start of TLS (RFC 8446 section 4.1.3).
public struct ServerHello: Sendable, Equatable {
    public var version: TLSVersion
    public var cipherSuite: CipherSuite
    /// The protocol that it chose; in TLS 1.3 it is encrypted and not seen here.
    public var applicationProtocol: String?

    public init(version: TLSVersion, cipherSuite: CipherSuite, applicationProtocol: String? = nil) {
        self.version = version
        self.cipherSuite = cipherSuite
        self.applicationProtocol = applicationProtocol
    }
}
