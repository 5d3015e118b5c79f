import TestKit
import Testing

@testable import Certificates

struct RecorderMarkTests {
    @Test("the certificates of a recorder bear its mark, those of a played server do not", arguments: [true, false])
    func mark(_ isOfRecorder: Bool) throws {
        let authority = try CertificateAuthority.open(directory: try TemporaryFolder().path)
        let leaf = try authority.leaf(for: ["jabber.test"], isOfRecorder: isOfRecorder)
        #expect(RecorderMark.isIn(try #require(leaf.certificates.first)) == isOfRecorder)
        #expect(!RecorderMark.isIn(authority.certificateDER))
    }

    @Test("what is no certificate bears none", arguments: [[], [0x30], [UInt8](repeating: 0x30, count: 100_000)])
    func none(_ bytes: [UInt8]) { #expect(!RecorderMark.isIn(bytes)) }
}
