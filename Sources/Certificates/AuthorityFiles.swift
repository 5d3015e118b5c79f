import Crypto
import FoundationEssentials
import Glibc
import SwiftASN1
import X509
import XMPP

/// `ca.pem` and `ca-key.pem` in one directory.
///
/// Programs that start at once agree without a lock: the key that gets the name first is everybody's key, and any
/// certificate for it will do, of which again the first that gets the name is everybody's.
struct AuthorityFiles {
    let directory: String
    var certificatePath: String { directory + "/ca.pem" }
    var keyPath: String { directory + "/ca-key.pem" }

    func open() throws(CertificateProblem) -> CertificateAuthority {
        if !exists(keyPath) { try makeKey() }
        let key = try loadKey()
        let wasMade = exists(certificatePath) ? false : try makeCertificate(key)
        let certificate = try loadCertificate()
        try check(certificate, key)
        return try telling("cannot use \(certificatePath)") {
            try CertificateAuthority(files: self, certificate: certificate, key: key, wasMade: wasMade)
        }
    }

    /// What is there, nothing made; nil if neither file is.
    func existing() throws(CertificateProblem) -> CertificateAuthority? {
        guard exists(keyPath) || exists(certificatePath) else { return nil }
        guard exists(keyPath) else { throw missingKey }
        guard exists(certificatePath) else {
            throw CertificateProblem(
                "\(certificatePath) is missing, the certificate for \(keyPath); 'stanzatap ca path' makes it anew"
            )
        }
        let key = try loadKey()
        let certificate = try loadCertificate()
        try check(certificate, key)
        return try telling("cannot use \(certificatePath)") {
            try CertificateAuthority(files: self, certificate: certificate, key: key, wasMade: false)
        }
    }

    /// The certificate of another user's authority, without its key; nil if it is this user's own, or not there.
    func certificateOfAnotherUser() throws(CertificateProblem) -> Certificate? {
        guard let owner = try? FileFacts(path: certificatePath).owner, owner != geteuid() else { return nil }
        return try loadCertificate()
    }

    // MARK: Making

    private func makeKey() throws(CertificateProblem) {
        // The certificate comes after its key: whoever sees one without the other must look for the key again.
        if exists(certificatePath), !exists(keyPath) { throw missingKey }
        try makeDirectory(directory)
        let text = try telling("cannot make a key") { try newKey().serializeAsPEM().pemString + "\n" }
        _ = try publish(Array(text.utf8), at: keyPath, mode: 0o600)
    }

    private var missingKey: CertificateProblem {
        CertificateProblem(
            "\(keyPath) is missing, the key of \(certificatePath); "
                + "put it back, or remove \(certificatePath) to have both made anew"
        )
    }

    /// False if another program was faster.
    private func makeCertificate(_ key: Certificate.PrivateKey) throws(CertificateProblem) -> Bool {
        let text = try telling("cannot make a certificate") { pem("CERTIFICATE", try authority(key).der()) }
        return try publish(Array(text.utf8), at: certificatePath, mode: 0o644)
    }

    private func authority(_ key: Certificate.PrivateKey) throws -> Certificate {
        let now = Date()
        let today = day(Int64(now.timeIntervalSince1970))
        let name = try DistinguishedName { CommonName("stanzatap CA on \(shortHostName()) (\(today))") }
        return try Certificate(
            version: .v3,
            serialNumber: randomSerialNumber(),
            publicKey: key.publicKey,
            notValidBefore: now.addingTimeInterval(-.day),
            notValidAfter: Calendar.utc.date(byAdding: .year, value: 10, to: now) ?? now,
            issuer: name,
            subject: name,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key
        )
    }

    // MARK: Loading

    private func loadKey() throws(CertificateProblem) -> Certificate.PrivateKey {
        let facts = try FileFacts(path: keyPath)
        guard facts.owner == geteuid() else {
            throw CertificateProblem(
                "\(keyPath) belongs to another user (number \(facts.owner)); give stanzatap a directory of your own"
            )
        }
        guard facts.mode & 0o066 == 0 else {
            throw CertificateProblem(
                "other users may read or write \(keyPath), which lets them pose as any server; chmod 600 \(keyPath)"
            )
        }
        let bytes = try readFile(keyPath)
        return try parsePrivateKey(bytes, path: keyPath).key
    }

    private func loadCertificate() throws(CertificateProblem) -> Certificate {
        let ders = try parseCertificates(try readFile(certificatePath), path: certificatePath)
        return try telling("\(certificatePath) is damaged") { try Certificate(derEncoded: ders[0]) }
    }

    private func check(_ certificate: Certificate, _ key: Certificate.PrivateKey) throws(CertificateProblem) {
        guard certificate.publicKey == key.publicKey else {
            throw CertificateProblem(
                "\(certificatePath) and \(keyPath) do not belong together; "
                    + "put the right one back, or remove both to have them made anew"
            )
        }
        guard case .isCertificateAuthority? = try? certificate.extensions.basicConstraints else {
            throw CertificateProblem(
                "\(certificatePath) is not the certificate of an authority; remove it to have one made for \(keyPath)"
            )
        }
        let now = Int64(Date().timeIntervalSince1970)
        guard now <= certificate.lastSecond else {
            throw CertificateProblem(
                "\(certificatePath) expired on \(day(certificate.lastSecond)); "
                    + "remove it and \(keyPath) to have them made anew, and have the clients trust the new one"
            )
        }
        guard now >= certificate.firstSecond else {
            throw CertificateProblem(
                "\(certificatePath) is not valid before \(day(certificate.firstSecond)); set the clock right"
            )
        }
    }
}

func newKey() -> Certificate.PrivateKey { Certificate.PrivateKey(P256.Signing.PrivateKey()) }

private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// The first label of this machine's name, with room for the rest of a common name of 64 bytes.
private func shortHostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "this machine" }
    let name = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard let label = (try? Domain(name))?.ascii.split(separator: ".").first else { return "this machine" }
    return String(label.prefix(36))
}

extension Calendar {
    static var utc: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }
}
