import Capture
import Certificates

extension TLSFacts.Certificate {
    /// What a certificate says of itself, cut to what fits into an event; nil if `der` is none.
    public init?(der: [UInt8]) {
        guard let facts = CertificateFacts(der: der) else { return nil }
        self.init(
            subject: String(facts.subject.prefix(Self.textLimit)),
            issuer: String(facts.issuer.prefix(Self.textLimit)),
            notBefore: facts.notBefore,
            notAfter: facts.notAfter,
            sha256: facts.sha256,
            names: facts.names.prefix(Self.nameLimit).map { String($0.prefix(Self.textLimit)) }
        )
    }

    /// An event is to fit into a comment of the capture, whatever a server puts into its certificate.
    private static let textLimit = 400
    private static let nameLimit = 40
}
