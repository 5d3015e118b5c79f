import Certificates
import NIOCore
import NIOSSL
import Synchronization
import XMPP

/// The TLS settings for clients of a replayed server, one for each domain, made at its first use.
final class ServerCertificates: Sendable {
    /// What a client is shown.
    struct Shown: Sendable {
        let context: NIOSSLContext
        /// The leaf, DER.
        let certificate: [UInt8]
    }

    private let authority: CertificateAuthority
    private let keyPair: KeyPair?
    /// Names by which clients reach us, beside the domain.
    private let names: [String]
    private let shown = Mutex<[String: Shown]>([:])

    private static let limit = 256

    init(authority: CertificateAuthority, keyPair: KeyPair?, listening: [String]) {
        self.authority = authority
        self.keyPair = keyPair
        names = ["localhost", "127.0.0.1", "::1"] + listening
    }

    func shown(for domain: String) throws -> Shown {
        let domain = Domain.normalForm(domain)
        if let known = shown.withLock({ $0[domain] }) { return known }
        let all = ([domain] + names).filter { !$0.isEmpty }
        let pair = try keyPair ?? authority.leaf(for: all)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try pair.certificates.map {
                .certificate(try NIOSSLCertificate(bytes: $0, format: .der))
            },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(pair.keyPEM.utf8), format: .pem))
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["xmpp-client"]
        configuration.shutdownTimeout = .seconds(1)
        let made = Shown(
            context: try NIOSSLContext(configuration: configuration),
            certificate: pair.certificates.first ?? []
        )
        shown.withLock { shown in
            if shown.count >= Self.limit { shown = [:] }
            shown[domain] = made
        }
        return made
    }
}
