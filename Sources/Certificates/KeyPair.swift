/// A certificate chain and the private key of its first certificate.
public struct KeyPair: Sendable {
    /// DER, the leaf first.
    public let certificates: [[UInt8]]
    /// PEM, `-----BEGIN PRIVATE KEY-----`.
    public let keyPEM: String

    public init(certificates: [[UInt8]], keyPEM: String) {
        self.certificates = certificates
        self.keyPEM = keyPEM
    }
}
