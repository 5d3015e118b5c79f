import Certificates
import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import TestKit
import X509

/// Signs the certificates of the servers in a test.
struct TestAuthority: Sendable {
    private let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    private let certificate: Certificate

    init(_ name: String) throws {
        let subject = try DistinguishedName { CommonName(name) }
        let constraints = try Certificate.Extension(
            BasicConstraints.isCertificateAuthority(maxPathLength: nil),
            critical: true
        )
        certificate = try made(subject, by: subject, key.publicKey, signedWith: key, from: -1, to: 30, [constraints])
    }

    var pem: String { get throws { try certificate.serializeAsPEM().pemString + "\n" } }

    /// A server's certificate and its key.
    ///
    /// - Parameters:
    ///   - from: days from now; `to` as well.
    ///   - isSelfSigned: signed by its own key.
    ///   - names: whom it is for, if not just `name`.
    func leaf(
        for name: String,
        from: Double = -1,
        to: Double = 30,
        isSelfSigned: Bool = false,
        names: [GeneralName]? = nil
    ) throws -> KeyPair {
        let leafKey = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let subject = try DistinguishedName { CommonName(name) }
        let leaf = try made(
            subject,
            by: isSelfSigned ? subject : certificate.subject,
            leafKey.publicKey,
            signedWith: isSelfSigned ? leafKey : key,
            from: from,
            to: to,
            [try Certificate.Extension(SubjectAlternativeNames(names ?? [.dnsName(name)]), critical: false)]
        )
        return KeyPair(
            certificates: [Array(try leaf.serializeAsPEM().derBytes)],
            keyPEM: try leafKey.serializeAsPEM().pemString + "\n"
        )
    }
}

private func made(
    _ subject: DistinguishedName,
    by issuer: DistinguishedName,
    _ key: Certificate.PublicKey,
    signedWith signingKey: Certificate.PrivateKey,
    from: Double,
    to: Double,
    _ extensions: [Certificate.Extension]
) throws -> Certificate {
    try Certificate(
        version: .v3,
        serialNumber: .init(),
        publicKey: key,
        notValidBefore: Date().addingTimeInterval(from * 86_400),
        notValidAfter: Date().addingTimeInterval(to * 86_400),
        issuer: issuer,
        subject: subject,
        extensions: try Certificate.Extensions(extensions),
        issuerPrivateKey: signingKey
    )
}

/// What a side of a test does in its TLS.
struct TLSSettings: Sendable {
    var minimum = TLSVersion.tlsv12
    var maximum = TLSVersion.tlsv13
    var protocols: [String] = []
    /// For TLS 1.2, in the words of OpenSSL.
    var ciphers: String?

    static let version12 = TLSSettings(maximum: .tlsv12)
    static let version13 = TLSSettings(minimum: .tlsv13)
    static let version11 = TLSSettings(minimum: .tlsv1, maximum: .tlsv11)

    func apply(to configuration: inout TLSConfiguration) {
        configuration.minimumTLSVersion = minimum
        configuration.maximumTLSVersion = maximum
        configuration.applicationProtocols = protocols
        if let ciphers { configuration.cipherSuites = ciphers }
    }
}

/// The authorities of a test: stanzatap's own, and the one of the servers.
struct TLSWorld: Sendable {
    let folder: TemporaryFolder
    let ours: CertificateAuthority
    let servers: TestAuthority
    let trust: TrustStore

    init() throws {
        folder = try TemporaryFolder()
        ours = try CertificateAuthority.open(directory: folder.path + "/ca")
        servers = try TestAuthority("Authority of servers")
        let path = folder.path + "/servers.pem"
        try servers.pem.write(toFile: path, atomically: true, encoding: .utf8)
        trust = try TrustStore(pemFile: path)
    }

    /// A server that shows `pair`.
    static func serverContext(_ pair: KeyPair, _ settings: TLSSettings = TLSSettings()) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try pair.certificates.map {
                .certificate(try NIOSSLCertificate(bytes: $0, format: .der))
            },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(pair.keyPEM.utf8), format: .pem))
        )
        settings.apply(to: &configuration)
        return try NIOSSLContext(configuration: configuration)
    }

    func serverContext(_ settings: TLSSettings = TLSSettings()) throws -> NIOSSLContext {
        try Self.serverContext(try servers.leaf(for: "jabber.test"), settings)
    }

    /// A client that trusts stanzatap; or nobody.
    func clientContext(
        _ settings: TLSSettings = TLSSettings(),
        trustsUs: Bool = true,
        checksName: Bool = true
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(
            trustsUs ? [try NIOSSLCertificate(bytes: ours.certificateDER, format: .der)] : []
        )
        configuration.certificateVerification = checksName ? .fullVerification : .noHostnameVerification
        settings.apply(to: &configuration)
        return try NIOSSLContext(configuration: configuration)
    }
}
