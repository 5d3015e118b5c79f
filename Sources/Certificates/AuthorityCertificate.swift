import X509

/// The certificate of a certificate authority, which clients are to trust; its key is not needed for that.
public struct AuthorityCertificate: Sendable {
    /// Where it lies.
    public let path: String
    /// It as PEM.
    public let pem: String
    /// It as DER.
    public let der: [UInt8]

    /// That of an authority.
    public init(_ authority: CertificateAuthority) {
        path = authority.certificatePath
        pem = authority.certificatePEM
        der = authority.certificateDER
    }

    private init(_ certificate: Certificate, path: String) throws {
        self.path = path
        der = try certificate.der()
        pem = Certificates.pem("CERTIFICATE", der)
    }

    /// The certificate in `directory`, where that belongs to another user, such as the one of the packaged unit; nil if there
    /// is none, or it is this user's own.
    public static func ofAnotherUser(in directory: String) throws(CertificateProblem) -> AuthorityCertificate? {
        let files = AuthorityFiles(directory: directory)
        guard let certificate = try files.certificateOfAnotherUser() else { return nil }
        return try telling("\(files.certificatePath) is damaged") {
            try AuthorityCertificate(certificate, path: files.certificatePath)
        }
    }
}
