import SwiftASN1
import Synchronization
import X509

/// A file of trusted certificates, read once.
final class TrustRoots: Sendable {
    /// What the file holds.
    struct Content: Sendable {
        let store: CertificateStore
        let certificates: Set<Certificate>
        let subjects: Set<DistinguishedName>
    }

    private let path: String
    private let content = Mutex<Content?>(nil)

    init(path: String) { self.path = path }

    /// A system's list has 150 certificates, and there are kinds that the library cannot read: those are passed over.
    @discardableResult
    func load() throws(CertificateProblem) -> Content {
        try content.withLock { (content) throws(CertificateProblem) in
            if let content { return content }
            let ders = try parseCertificates(try readFile(path, limit: 1 << 24), path: path)
            let certificates = ders.compactMap { try? Certificate(derEncoded: $0) }
            guard !certificates.isEmpty else {
                throw CertificateProblem("no certificate in \(path) can be read; is the file damaged?")
            }
            let loaded = Content(
                store: CertificateStore(certificates),
                certificates: Set(certificates),
                subjects: Set(certificates.map(\.subject))
            )
            content = loaded
            return loaded
        }
    }
}
