import Certificates

/// How TLS is decrypted: which certificates are shown, what is asked of the server.
public struct Interception: Sendable {
    /// Signs the certificates that clients are shown.
    public var authority: CertificateAuthority
    /// Shown to every client in place of one that is made for it, such as the server's own.
    public var keyPair: KeyPair?
    /// Shown to the server, for a login by SASL EXTERNAL (XEP-0178).
    public var clientKeyPair: KeyPair?
    /// What the server's certificate is held against.
    public var trust: TrustStore
    /// Goes on with a server whose certificate was refused; the transcript says so.
    public var isInsecure = false
    public var upstream = UpstreamTLS.auto
    /// Hides STARTTLS from the client and speaks TLS to the server only.
    public var strips = false
    /// Leaves mechanisms with channel binding in what the client sees.
    public var keepsChannelBinding = false
    /// The server's domain, for clients that begin with TLS and do not tell it by SNI.
    public var domain: String?
    /// Gets a line in NSS key log format, with its line end, for each secret of either leg. May be called on any thread.
    public var keyLog: (@Sendable ([UInt8]) -> Void)?

    public init(authority: CertificateAuthority, trust: TrustStore) {
        self.authority = authority
        self.trust = trust
    }
}
