import FoundationEssentials
import SwiftASN1
import X509
import XMPP

/// Signs a certificate for whichever server a client believes to speak with.
public final class CertificateAuthority: Sendable {
    /// Where its certificate lies, for clients to trust.
    public let certificatePath: String
    /// The same, to be copied.
    public let certificatePEM: String
    /// DER of the same.
    public let certificateDER: [UInt8]
    /// Whether this call made it, so that no client can trust it yet.
    public let wasMade: Bool

    private let certificate: Certificate

    private let key: Certificate.PrivateKey
    private let keyIdentifier: ArraySlice<UInt8>?

    init(files: AuthorityFiles, certificate: Certificate, key: Certificate.PrivateKey, wasMade: Bool) throws {
        certificatePath = files.certificatePath
        certificateDER = try certificate.der()
        certificatePEM = pem("CERTIFICATE", certificateDER)
        self.certificate = certificate
        self.key = key
        self.wasMade = wasMade
        keyIdentifier = try? certificate.extensions.subjectKeyIdentifier?.keyIdentifier
    }

    /// $XDG_DATA_HOME/stanzatap, or else ~/.local/share/stanzatap.
    public static func defaultDirectory(environment: [String: String]) -> String {
        // The XDG base directory specification has a relative path ignored.
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return data + "/stanzatap" }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        return (home ?? FileManager.default.homeDirectoryForCurrentUser.path) + "/.local/share/stanzatap"
    }

    /// The authority whose certificate and key lie in `directory`, made there at first use.
    public static func open(directory: String) throws(CertificateProblem) -> CertificateAuthority {
        try AuthorityFiles(directory: directory).open()
    }

    /// A certificate for all of `names`, host names and addresses, with a key of its own. What can be in no certificate is
    /// left out, for one odd name must not keep a client from being served under its others.
    ///
    /// Each leaf has a fresh key: making one costs less than signing, and so no two servers seem to share a key.
    ///
    /// - Parameter isOfRecorder: it carries a mark by which another recorder sees that it would relay to a recorder.
    public func leaf(for names: [String], isOfRecorder: Bool = false) throws(CertificateProblem) -> KeyPair {
        try telling("cannot make a certificate for \(printable(names.joined(separator: ", ")))") {
            let leafKey = newKey()
            let leaf = try certificate(for: names, key: leafKey.publicKey, isOfRecorder)
            return KeyPair(
                certificates: [try leaf.der(), certificateDER],
                keyPEM: try leafKey.serializeAsPEM().pemString + "\n"
            )
        }
    }

    private func certificate(
        for names: [String],
        key leafKey: Certificate.PublicKey,
        _ isOfRecorder: Bool
    ) throws -> Certificate {
        let subjects = unique(names.compactMap(canonicalName))
        // X.520 allows 64 characters. A subject must not be empty, or the names would have to be critical.
        let commonName = subjects.first.flatMap { $0.utf8.count <= 64 ? $0 : nil } ?? "stanzatap"
        let now = Date()
        return try Certificate(
            version: .v3,
            serialNumber: randomSerialNumber(),
            publicKey: leafKey,
            notValidBefore: now.addingTimeInterval(-.day),
            // Some platforms accept no more than 398 days.
            notValidAfter: min(now.addingTimeInterval(397 * .day), certificate.notValidAfter),
            issuer: certificate.subject,
            subject: DistinguishedName { CommonName(commonName) },
            extensions: try leafExtensions(subjects, isOfRecorder),
            issuerPrivateKey: key
        )
    }

    private func leafExtensions(_ subjects: [String], _ isOfRecorder: Bool) throws -> Certificate.Extensions {
        var extensions = try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage([.serverAuth])
        }
        if let keyIdentifier {
            try extensions.append(.init(AuthorityKeyIdentifier(keyIdentifier: keyIdentifier), critical: false))
        }
        if !subjects.isEmpty {
            try extensions.append(.init(SubjectAlternativeNames(subjects.map(generalName)), critical: false))
        }
        if isOfRecorder {
            try extensions.append(RecorderMark.mark)
        }
        return extensions
    }
}

/// A name as it stands in a certificate; nil for what can stand in none.
private func canonicalName(_ name: String) -> String? {
    addressBytes(name).map(addressText) ?? (try? Domain(name))?.ascii
}

private func generalName(_ canonical: String) -> GeneralName {
    if let address = addressBytes(canonical) { return .ipAddress(ASN1OctetString(contentBytes: address[...])) }
    return .dnsName(canonical)
}

/// 16 random bytes, the first one neither negative nor zero, so that DER neither adds nor drops any.
func randomSerialNumber() -> Certificate.SerialNumber {
    var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
    bytes[0] = bytes[0] & 0x3F | 0x40
    return Certificate.SerialNumber(bytes: bytes)
}

extension TimeInterval {
    static var day: TimeInterval { 86_400 }
}
