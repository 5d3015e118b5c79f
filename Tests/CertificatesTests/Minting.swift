import Certificates
import Crypto
import Foundation
import SwiftASN1
import TestKit
import X509

/// A certificate made for a test, and its key.
struct Minted {
    let certificate: Certificate
    let key: Certificate.PrivateKey
    let der: [UInt8]

    var pem: String { PEMDocument(type: "CERTIFICATE", derBytes: der).pemString + "\n" }
    var keyPEM: String { get throws { try key.serializeAsPEM().pemString + "\n" } }
}

/// What a test wants of a certificate.
struct Wanted {
    var commonName = "jabber.test"
    var names: [GeneralName] = [.dnsName("jabber.test")]
    /// Days from now.
    var from: Double = -1
    var to: Double = 30
    /// Nil: not an authority; else the path length.
    var authority: Int??
    var usages: [ExtendedKeyUsage.Usage] = [.serverAuth]
    var extra: [Certificate.Extension] = []
    var key = Certificate.PrivateKey(P256.Signing.PrivateKey())

    /// Signed by `issuer`, or by itself.
    func minted(by issuer: Minted? = nil) throws -> Minted {
        let subject = try DistinguishedName { CommonName(commonName) }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: .init(),
            publicKey: key.publicKey,
            notValidBefore: Date().addingTimeInterval(from * 86_400),
            notValidAfter: Date().addingTimeInterval(to * 86_400),
            issuer: issuer?.certificate.subject ?? subject,
            subject: subject,
            extensions: try extensions(),
            issuerPrivateKey: issuer?.key ?? key
        )
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return Minted(certificate: certificate, key: key, der: serializer.serializedBytes)
    }

    private func extensions() throws -> Certificate.Extensions {
        var extensions = Certificate.Extensions()
        if let authority {
            let constraints = BasicConstraints.isCertificateAuthority(maxPathLength: authority)
            try extensions.append(.init(constraints, critical: true))
        }
        if !usages.isEmpty { try extensions.append(.init(try ExtendedKeyUsage(usages), critical: false)) }
        if !names.isEmpty { try extensions.append(.init(SubjectAlternativeNames(names), critical: false)) }
        for one in extra { try extensions.append(one) }
        return extensions
    }
}

/// An authority named `name`.
func authority(_ name: String, pathLength: Int? = nil, from: Double = -1, to: Double = 30) throws -> Wanted {
    Wanted(commonName: name, names: [], from: from, to: to, authority: .some(pathLength), usages: [])
}

func xmppAddress(_ text: String) throws -> GeneralName {
    .otherName(.init(typeID: [1, 3, 6, 1, 5, 5, 7, 8, 5], value: try ASN1Any(erasing: ASN1UTF8String(text))))
}

func service(_ text: String) throws -> GeneralName {
    .otherName(.init(typeID: [1, 3, 6, 1, 5, 5, 7, 8, 7], value: try ASN1Any(erasing: try ASN1IA5String(text))))
}

func address(_ bytes: [UInt8]) -> GeneralName { .ipAddress(ASN1OctetString(contentBytes: bytes[...])) }

/// A leaf by a trusted root.
func signed(_ leaf: Wanted) throws -> ([Minted], [Minted]) {
    let root = try authority("Root").minted()
    return ([try leaf.minted(by: root)], [root])
}

/// Those that are trusted, read from a file.
func store(_ trusted: [Minted]) throws -> TrustStore {
    let folder = try TemporaryFolder()
    try write("A listing\n" + trusted.map(\.pem).joined(separator: "\nmore\n"), folder.path + "/trusted.pem")
    return try TrustStore(pemFile: folder.path + "/trusted.pem")
}

/// What a check must come to: refused for that reason, or trusted if it is nil.
func outcome(_ reason: String?) -> Verification {
    reason.map { .refused(reason: $0) } ?? .trusted
}
