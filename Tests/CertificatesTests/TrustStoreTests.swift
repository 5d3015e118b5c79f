import Certificates
import Crypto
import Foundation
import SwiftASN1
import TestKit
import Testing
import X509

/// A chain, what is trusted, and what must come of it; nil for trusted.
private struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var domain = "jabber.test"
    let make: @Sendable () throws -> (chain: [Minted], trusted: [Minted])
    let expected: String?

    init(
        _ name: String,
        domain: String = "jabber.test",
        expected: String?,
        make: @escaping @Sendable () throws -> ([Minted], [Minted])
    ) {
        testDescription = name
        self.domain = domain
        self.expected = expected
        self.make = make
    }
}

/// A leaf by a trusted root.
private func signed(_ leaf: Wanted) throws -> ([Minted], [Minted]) {
    let root = try authority("Root").minted()
    return ([try leaf.minted(by: root)], [root])
}

private let chains: [Case] = [
    Case("all is well", expected: nil) { try signed(Wanted()) },
    Case("by way of an intermediate", expected: nil) {
        let root = try authority("Root").minted()
        let middle = try authority("Middle", pathLength: 0).minted(by: root)
        return ([try Wanted().minted(by: middle), middle], [root])
    },
    Case("the root is sent along", expected: nil) {
        let root = try authority("Root").minted()
        return ([try Wanted().minted(by: root), root], [root])
    },
    Case("the chain is in disorder", expected: nil) {
        let root = try authority("Root").minted()
        let one = try authority("One").minted(by: root)
        let two = try authority("Two").minted(by: one)
        return ([try Wanted().minted(by: two), root, one, two], [root])
    },
    Case("self-signed", expected: "the certificate is self-signed and not among the trusted ones") {
        ([try Wanted().minted()], [try authority("Root").minted()])
    },
    Case("self-signed and trusted itself", expected: nil) {
        let leaf = try Wanted().minted()
        return ([leaf], [leaf])
    },
    Case("self-signed, trusted, an authority", expected: nil) {
        let leaf = try Wanted(authority: .some(nil)).minted()
        return ([leaf], [leaf])
    },
    Case("self-signed, trusted, expired", expected: "it expired on \(dayFromNow(-2))") {
        let leaf = try Wanted(from: -9, to: -2).minted()
        return ([leaf], [leaf])
    },
    Case("self-signed, trusted, of another name", domain: "a.test", expected: "it is for jabber.test, not for a.test") {
        let leaf = try Wanted().minted()
        return ([leaf], [leaf])
    },
    Case("self-signed like the trusted one", expected: "the certificate is self-signed and not among the trusted ones")
    {
        ([try Wanted().minted()], [try Wanted().minted()])
    },
    Case("an unknown authority", expected: "it is signed by CN=Other, which is not trusted") {
        ([try Wanted().minted(by: try authority("Other").minted())], [try authority("Root").minted()])
    },
    Case("an unknown authority, sent along", expected: "it is signed by CN=Other, which is not trusted") {
        let other = try authority("Other").minted()
        let middle = try authority("Middle").minted(by: other)
        return ([try Wanted().minted(by: middle), middle, other], [try authority("Root").minted()])
    },
    Case("a missing intermediate", expected: "it is signed by CN=Middle, which is not trusted") {
        let root = try authority("Root").minted()
        return ([try Wanted().minted(by: try authority("Middle").minted(by: root))], [root])
    },
    Case(
        "another authority of the same name",
        expected: "it is signed by CN=Root, but not with the key of the one that is trusted under this name"
    ) {
        ([try Wanted().minted(by: try authority("Root").minted())], [try authority("Root").minted()])
    },
    Case("not by an authority", expected: "it is signed by CN=Server, which is no authority for certificates") {
        let root = try authority("Root").minted()
        let server = try Wanted(commonName: "Server").minted(by: root)
        return ([try Wanted().minted(by: server), server], [root])
    },
    Case(
        "too long a way",
        expected:
            "it is signed by way of CN=Two, CN=One, CN=Root, which is one authority more than the trusted one allows"
    ) {
        let root = try authority("Root").minted()
        let one = try authority("One", pathLength: 0).minted(by: root)
        let two = try authority("Two").minted(by: one)
        return ([try Wanted().minted(by: two), two, one], [root])
    },
    Case("an authority for other names", expected: "it is signed by CN=Root, which may not sign for its names") {
        var root = try authority("Root")
        let constraints = NameConstraints(permittedSubtrees: [.dnsName("other.test")])
        root.extra = [try .init(constraints, critical: true)]
        let minted = try root.minted()
        return ([try Wanted().minted(by: minted)], [minted])
    },
    Case("an unknown critical extension", expected: "it has a critical extension that is not known here, 1.2.3.4") {
        try signed(Wanted(extra: [.init(oid: [1, 2, 3, 4], critical: true, value: [5, 0])]))
    },
    Case("critical names", expected: nil) {
        try signed(
            Wanted(
                names: [],
                extra: [
                    try .init(SubjectAlternativeNames([.dnsName("jabber.test")]), critical: true)
                ]
            )
        )
    },
    Case("for clients", expected: "it is not meant for a server") { try signed(Wanted(usages: [.clientAuth])) },
    Case("for both", expected: nil) { try signed(Wanted(usages: [.clientAuth, .serverAuth])) },
    Case("for anything", expected: nil) { try signed(Wanted(usages: [.any])) },
    Case("for it does not say what", expected: nil) { try signed(Wanted(usages: [])) },
    Case("expired", expected: "it expired on \(dayFromNow(-1))") { try signed(Wanted(from: -9, to: -1)) },
    Case("not valid yet", expected: "it is not valid before \(dayFromNow(1))") { try signed(Wanted(from: 1)) },
    Case(
        "by an expired authority",
        expected: "the certificate of CN=Root, which signed it, expired on \(dayFromNow(-2))"
    ) {
        let root = try authority("Root", from: -9, to: -2).minted()
        return ([try Wanted().minted(by: root)], [root])
    },
    Case(
        "by one not valid yet",
        expected: "the certificate of CN=Middle, which signed it, is not valid before \(dayFromNow(2))"
    ) {
        let root = try authority("Root").minted()
        let middle = try authority("Middle", from: 2).minted(by: root)
        return ([try Wanted().minted(by: middle), middle], [root])
    },
    Case("by two of one key, one of them expired", expected: nil) {
        let old = try authority("Root", from: -9, to: -2)
        var new = try authority("Root")
        new.key = old.key
        let roots = [try old.minted(), try new.minted()]
        return ([try Wanted().minted(by: roots[0])], roots)
    },
    Case(
        "all at once",
        domain: "jabber.test",
        expected: "the certificate is self-signed and not among the trusted ones; it expired on \(dayFromNow(-2)); "
            + "it is not meant for a server; it is for a.test, b.test, not for jabber.test"
    ) {
        let names: [GeneralName] = [.dnsName("a.test"), .dnsName("b.test")]
        return (
            [try Wanted(names: names, from: -9, to: -2, usages: [.clientAuth]).minted()], [try authority("R").minted()]
        )
    },
    Case("RSA", expected: nil) {
        let key = try run("/usr/bin/openssl", ["genrsa", "2048"]).output
        var root = try authority("Root")
        root.key = try Certificate.PrivateKey(pemEncoded: key)
        let minted = try root.minted()
        return ([try Wanted().minted(by: minted)], [minted])
    },
]

/// The names in a certificate, the domain, and whether they go together.
private let named: [(names: @Sendable () throws -> [GeneralName], domain: String, expected: String?)] = [
    ({ [.dnsName("jabber.test")] }, "JABBER.test.", nil),
    ({ [.dnsName("Jabber.Test.")] }, "jabber.test", nil),
    (
        { [.dnsName("jabber.org"), .dnsName("www.jabber.org")] }, "jabber.test",
        "it is for jabber.org, www.jabber.org, not for jabber.test"
    ),
    ({ [] }, "jabber.test", "it names nobody in its subjectAltName"),
    ({ [.rfc822Name("jabber.test")] }, "jabber.test", "it names nobody in its subjectAltName"),
    ({ [.dnsName("*.jabber.test")] }, "a.jabber.test", nil),
    ({ [.dnsName("*.Jabber.test")] }, "A.jabber.test", nil),
    ({ [.dnsName("*.jabber.test")] }, "jabber.test", "it is for *.jabber.test, not for jabber.test"),
    ({ [.dnsName("*.jabber.test")] }, "a.b.jabber.test", "it is for *.jabber.test, not for a.b.jabber.test"),
    ({ [.dnsName("*.jabber.test")] }, ".jabber.test", "it is for *.jabber.test, not for .jabber.test"),
    ({ [.dnsName("j*.jabber.test")] }, "ja.jabber.test", "it is for j*.jabber.test, not for ja.jabber.test"),
    ({ [.dnsName("*a.jabber.test")] }, "aa.jabber.test", "it is for *a.jabber.test, not for aa.jabber.test"),
    ({ [.dnsName("a.*.test")] }, "a.b.test", "it is for a.*.test, not for a.b.test"),
    ({ [.dnsName("*.*.test")] }, "a.*.test", "it is for *.*.test, not for a.*.test"),
    ({ [.dnsName("*")] }, "test", "it is for *, not for test"),
    ({ [.dnsName("*.0.0.1")] }, "127.0.0.1", "it is for *.0.0.1, not for 127.0.0.1"),
    ({ [.dnsName("127.0.0.1")] }, "127.0.0.1", "it is for 127.0.0.1, not for 127.0.0.1"),
    ({ [address([127, 0, 0, 1])] }, "127.0.0.1", nil),
    ({ [address([127, 0, 0, 1])] }, "127.0.0.2", "it is for 127.0.0.1, not for 127.0.0.2"),
    ({ [address([UInt8](repeating: 0, count: 15) + [1])] }, "::1", nil),
    ({ [address([UInt8](repeating: 0, count: 15) + [1])] }, "[0:0::1]", nil),
    ({ [address([1, 2, 3])] }, "jabber.test", "it is for 010203, not for jabber.test"),
    ({ [try xmppAddress("jabber.test")] }, "Jabber.test", nil),
    ({ [try xmppAddress("*.test")] }, "jabber.test", "it is for *.test, not for jabber.test"),
    ({ [try xmppAddress("romeo@jabber.test")] }, "jabber.test", "it is for romeo@jabber.test, not for jabber.test"),
    ({ [try service("_xmpp-client.jabber.test")] }, "jabber.test", nil),
    ({ [try service("_xmpps-client.jabber.test")] }, "jabber.test", nil),
    (
        { [try service("_xmpp-server.jabber.test")] }, "jabber.test",
        "it is for _xmpp-server.jabber.test, not for jabber.test"
    ),
    ({ [try service("_xmpp-client.*.test")] }, "jabber.test", "it is for _xmpp-client.*.test, not for jabber.test"),
    ({ [.dnsName("xn--mller-kva.test")] }, "Müller.test", nil),
    ({ [try xmppAddress("müller.test")] }, "Müller.test", nil),
    ({ [try service("_xmpp-client.xn--mller-kva.test")] }, "müller.test", nil),
    (
        { (1...9).map { .dnsName("\($0).test") } }, "jabber.test",
        "it is for 1.test, 2.test, 3.test, 4.test, 5.test, 6.test and 3 more, not for jabber.test"
    ),
    ({ [.dnsName("a\u{1B}[2J\nb")] }, "c\u{7}", "it is for a\\1b[2J\\0ab, not for c\\07"),
    (
        { [.dnsName("jabber.test\0.evil.test")] }, "jabber.test",
        "it is for jabber.test\\00.evil.test, not for jabber.test"
    ),
]

private func store(_ trusted: [Minted]) throws -> TrustStore {
    let folder = try TemporaryFolder()
    try write("A listing\n" + trusted.map(\.pem).joined(separator: "\nmore\n"), folder.path + "/trusted.pem")
    return try TrustStore(pemFile: folder.path + "/trusted.pem")
}

private func outcome(_ reason: String?) -> Verification { reason.map { .refused(reason: $0) } ?? .trusted }

@Suite struct TrustStoreTests {
    @Test(arguments: chains) fileprivate func chain(_ one: Case) async throws {
        let (chain, trusted) = try one.make()
        let result = await (try store(trusted)).verify(chain: chain.map(\.der), domain: one.domain)
        #expect(result == outcome(one.expected))
    }

    @Test(arguments: named.indices) func name(_ index: Int) async throws {
        let one = named[index]
        let root = try authority("Root").minted()
        let leaf = try Wanted(names: try one.names()).minted(by: root)
        let result = await (try store([root])).verify(chain: [leaf.der], domain: one.domain)
        #expect(result == outcome(one.expected), "\(one.domain)")
    }

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
        #expect(ContinuousClock.now - start < .seconds(20))
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
        #expect(problem?.description == "cannot read /nowhere/ca.pem: No such file or directory")
    }
}
