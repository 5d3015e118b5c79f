import Certificates
import Crypto
import Foundation
import TestKit
import Testing
import X509

@Suite struct TrustStoreTests {
    @Test(arguments: [
        (Int64(0), "it is not valid before \(dayFromNow(-1))"), (Int64.max, "it expired on \(dayFromNow(30))"),
        (Int64.min, "it is not valid before \(dayFromNow(-1))"),
    ])
    func anyTime(_ seconds: Int64, _ expected: String) async throws {
        let leaf = try Wanted().minted()
        let result = await (try store([leaf])).verify(chain: [leaf.der], domain: "jabber.test", at: seconds)
        #expect(result == .refused(reason: expected))
        let (chain, trusted) = try signed(Wanted())
        guard
            case .refused = await (try store(trusted)).verify(chain: [chain[0].der], domain: "jabber.test", at: seconds)
        else {
            Issue.record("trusted at \(seconds)")
            return
        }
    }

    @Test func whatIsNoCertificate() async throws {
        let root = try authority("Root").minted()
        let store = try store([root])
        #expect(await store.verify(chain: [], domain: "a") == .refused(reason: "the server sent no certificate"))
        for der: [UInt8] in [
            [], [0x30], [0x30, 0x80, 0], Array("hello".utf8), [UInt8](repeating: 0x30, count: 1 << 20),
        ] {
            #expect(await store.verify(chain: [der], domain: "a") == .refused(reason: "it cannot be read"))
        }
        let leaf = try Wanted().minted(by: root)
        for count in stride(from: 1, to: leaf.der.count, by: 7) {
            var damaged = leaf.der
            damaged[count] ^= 0x55
            let result = await store.verify(chain: [damaged, Array(leaf.der.prefix(count))], domain: "jabber.test")
            #expect(result != .trusted, "byte \(count)")
        }
        #expect(await store.verify(chain: [leaf.der, [1, 2], []], domain: "jabber.test") == .trusted)
    }

    @Test(.timeLimit(.minutes(1))) func endlessChains() async throws {
        // One key under one name, with other names beside it: each signs each.
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let ring = try (0..<40).map { number in
            var wanted = try authority("Ring")
            wanted.names = [.dnsName("\(number).test")]
            wanted.key = key
            return try wanted.minted()
        }
        let leaf = try Wanted().minted(by: ring[0])
        let store = try store([try authority("Root").minted()])
        let start = ContinuousClock.now
        let result = await store.verify(chain: [leaf.der] + ring.map(\.der), domain: "jabber.test")
        #expect(result == .refused(reason: "it is signed by CN=Ring, which is not trusted"))
        let big = [UInt8](repeating: 0x30, count: 1 << 20)
        _ = await store.verify(chain: [leaf.der] + [[UInt8]](repeating: big, count: 1000), domain: "jabber.test")
        #expect(ContinuousClock.now - start < .seconds(50))
    }

    @Test func theSystem() async throws {
        let store = try TrustStore.system()
        let leaf = try Wanted().minted()
        let expected = "the certificate is self-signed and not among the trusted ones"
        #expect(await store.verify(chain: [leaf.der], domain: "jabber.test") == .refused(reason: expected))
    }

    @Test(arguments: [
        ("", "PATH holds no certificate; it must have a line -----BEGIN CERTIFICATE-----"),
        (
            "-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----",
            "no certificate in PATH can be read; is the file damaged?"
        ),
        (
            "-----BEGIN CERTIFICATE-----\nMAAA\n",
            "PATH holds no certificate; it must have a line -----BEGIN CERTIFICATE-----"
        ),
    ])
    func aBadFile(_ text: String, _ expected: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/trusted.pem"
        try write(text, path)
        let problem = #expect(throws: CertificateProblem.self) { try TrustStore(pemFile: path) }
        #expect(problem?.description == expected.replacing("PATH", with: path))
    }

    @Test func noFile() {
        let problem = #expect(throws: CertificateProblem.self) { try TrustStore(pemFile: "/nowhere/ca.pem") }
        #expect(problem?.description == "cannot read /nowhere/ca.pem: there is no such file or folder")
    }
}
