import Certificates
import Foundation
import TestKit
import Testing

@Suite("the authority as it is there")
struct AuthorityStateTests {
    private let folder: TemporaryFolder
    private var directory: String { folder.path + "/data" }

    init() throws { folder = try TemporaryFolder() }

    @Test("nothing is made where none is")
    func none() throws {
        #expect(try CertificateAuthority.existing(directory: directory) == nil)
        #expect(!FileManager.default.fileExists(atPath: directory))
    }

    @Test(
        "it is the one that was made, and what is unsound is told",
        arguments: [
            ("rm ca.pem", "ca.pem is missing, the certificate for "),
            ("rm ca-key.pem", "ca-key.pem is missing, the key of "),
            ("chmod 640 ca-key.pem", "other users may read or write "), ("echo x > ca.pem", "holds no certificate"),
        ]
    )
    func unsound(_ change: String, _ says: String) throws {
        let made = try CertificateAuthority.open(directory: directory)
        let found = try #require(try CertificateAuthority.existing(directory: directory))
        #expect(found.certificateDER == made.certificateDER && !found.wasMade)
        _ = try run("/bin/sh", ["-c", "cd '\(directory)' && \(change)"])
        let before = try FileManager.default.contentsOfDirectory(atPath: directory)
        let problem = #expect(throws: CertificateProblem.self) {
            try CertificateAuthority.existing(directory: directory)
        }
        #expect(problem?.description.contains(says) == true, "\(problem?.description ?? "")")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == before)
    }

    @Test("a list of trusted ones holds it or does not")
    func trust() throws {
        let one = try CertificateAuthority.open(directory: directory)
        let other = try CertificateAuthority.open(directory: folder.path + "/other")
        let store = try TrustStore(pemFile: one.certificatePath)
        #expect(try store.holds(one.certificateDER))
        #expect(try !store.holds(other.certificateDER))
        #expect(try !store.holds([1, 2, 3]))
    }
}
