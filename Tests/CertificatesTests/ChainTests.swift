import Certificates
import SwiftASN1
import TestKit
import Testing
import X509

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
    Case("valid for ages", expected: nil) { try signed(Wanted(from: -700_000, to: 2_900_000)) },
    Case("expired ages ago", expected: "it expired on \(dayFromNow(-690_000))") {
        try signed(Wanted(from: -700_000, to: -690_000))
    },
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

@Suite struct ChainTests {
    @Test(arguments: chains) fileprivate func chain(_ one: Case) async throws {
        let (chain, trusted) = try one.make()
        let result = await (try store(trusted)).verify(chain: chain.map(\.der), domain: one.domain)
        #expect(result == outcome(one.expected))
    }
}
