import Certificates
import Foundation
import TestKit
import Testing

@Suite struct LeafTests {
    let folder: TemporaryFolder
    let authority: CertificateAuthority

    init() throws {
        folder = try TemporaryFolder()
        authority = try CertificateAuthority.open(directory: folder.path)
    }

    /// `openssl x509 -text` of the leaf, after `openssl verify` accepted it.
    private func listing(_ pair: KeyPair) throws -> String {
        let path = folder.path + "/leaf.der"
        try Data(pair.certificates[0]).write(to: URL(fileURLWithPath: path))
        let pem = folder.path + "/leaf.pem"
        _ = try run("/usr/bin/openssl", ["x509", "-inform", "der", "-in", path, "-out", pem])
        let arguments = ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", authority.certificatePath, pem]
        let verified = try run("/usr/bin/openssl", arguments)
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        return try run("/usr/bin/openssl", ["x509", "-in", pem, "-noout", "-text"]).output
    }

    @Test func whatOpensslSaysOfIt() throws {
        let pair = try authority.leaf(for: ["Jabber.Test.", "localhost", "127.0.0.1", "::1", "jabber.test"])
        #expect(pair.certificates.count == 2)
        let text = try listing(pair)
        let wanted = [
            "Subject: CN = jabber.test\n", "NIST CURVE: P-256",
            "DNS:jabber.test, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1\n",
            "X509v3 Extended Key Usage: \n                TLS Web Server Authentication",
            "X509v3 Key Usage: critical\n                Digital Signature\n", "X509v3 Authority Key Identifier:",
        ]
        for part in wanted { #expect(text.contains(part), "\(part) in \(text)") }
    }

    @Test func theKeyBelongsToIt() throws {
        let pair = try authority.leaf(for: ["jabber.test"])
        #expect(pair.keyPEM.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let files = (folder.path + "/c.der", folder.path + "/k.pem")
        try Data(pair.certificates[0]).write(to: URL(fileURLWithPath: files.0))
        try write(pair.keyPEM, files.1)
        let own = try run("/usr/bin/openssl", ["x509", "-inform", "der", "-in", files.0, "-noout", "-pubkey"]).output
        #expect(own == (try run("/usr/bin/openssl", ["pkey", "-in", files.1, "-pubout"]).output))
    }

    static let long = String(repeating: "a", count: 60) + ".jabber.test"

    @Test(arguments: [
        (["jabber.test"], "CN=jabber.test", ["jabber.test"]),
        (["[::1]", "b.test"], "CN=::1", ["::1", "b.test"]),
        (["müller.test"], "CN=xn--mller-kva.test", ["xn--mller-kva.test"]),
        (["MU\u{308}LLER.test.", "xn--mller-kva.test", "i❤.test"], "CN=xn--mller-kva.test", ["xn--mller-kva.test"]),
        ([String(repeating: "ü", count: 32_500), "faß.test"], "CN=xn--fa-hia.test", ["xn--fa-hia.test"]),
        ([long], "CN=stanzatap", [long]),
        (["a b", "ok.test", "", ".", "a..b", "*.test", "1.2.3.4\0x"], "CN=ok.test", ["ok.test"]),
        ([String(repeating: "a", count: 64) + ".test"], "CN=stanzatap", []),
        ([], "CN=stanzatap", []),
        (["under_score.test"], "CN=under_score.test", ["under_score.test"]),
    ])
    func names(_ asked: [String], _ subject: String, _ names: [String]) throws {
        let pair = try authority.leaf(for: asked)
        let facts = try #require(CertificateFacts(der: pair.certificates[0]))
        #expect(facts.subject == subject)
        #expect(facts.names == names)
        let now = Int64(Date().timeIntervalSince1970)
        #expect(abs(facts.notBefore - (now - 86_400)) < 60)
        #expect(abs(facts.notAfter - (now + 397 * 86_400)) < 60)
        _ = try listing(pair)
    }

    @Test func everySerialNumberIsAnother() throws {
        var serials: Set<Substring> = []
        for _ in 0..<20 {
            let text = try listing(try authority.leaf(for: ["jabber.test"]))
            let line = text.split(separator: "\n").first { $0.contains(":") && $0.hasPrefix("            ") }
            let serial = try #require(line)
            #expect(serial.split(separator: ":").count == 16)
            serials.insert(serial)
        }
        #expect(serials.count == 20)
    }

    @Test func aLeafIsTrustedByItsAuthority() async throws {
        let store = try TrustStore(pemFile: authority.certificatePath)
        let pair = try authority.leaf(for: ["jabber.test", "127.0.0.1"])
        #expect(await store.verify(chain: pair.certificates, domain: "jabber.test") == .trusted)
        #expect(await store.verify(chain: pair.certificates, domain: "127.0.0.1") == .trusted)
    }

    // MARK: The cache
}
