import SwiftASN1
import X509

extension CertificateAuthority {
    /// The authority in `directory` as it is there; nil if there is none. Nothing is made.
    ///
    /// - Throws: if what lies there is not sound: one of its two files is missing, the key is not its owner's alone, they do not
    ///   belong together, or it is not valid now.
    public static func existing(directory: String) throws(CertificateProblem) -> CertificateAuthority? {
        try AuthorityFiles(directory: directory).existing()
    }
}

extension TrustStore {
    /// True if the certificate is one of those that are trusted to sign.
    ///
    /// - Throws: if their list cannot be read.
    public func holds(_ der: [UInt8]) throws(CertificateProblem) -> Bool {
        guard let certificate = try? Certificate(derEncoded: der) else { return false }
        return try roots.load().certificates.contains(certificate)
    }
}
