import Certificates
import SwiftASN1
import Testing
import X509

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
    ({ [.dnsName("XN--MLLER-KVA.test.")] }, "mu\u{308}ller.test", nil),
    ({ [.dnsName("xn--mller-kva.test")] }, "xn--mller-kva.test", nil),
    ({ [.dnsName("*.xn--mller-kva.test")] }, "im.MÜLLER.test.", nil),
    ({ [.dnsName("*.test")] }, "müller.test", nil),
    (
        { [.dnsName("xn--gr-xka.test")] }, "grü.test",
        "it is for xn--gr-xka.test, not for grü.test (xn--gr-yka.test)"
    ),
    (
        { [.dnsName("*.xn--mller-kva.test")] }, "müller.test",
        "it is for *.xn--mller-kva.test, not for müller.test (xn--mller-kva.test)"
    ),
    ({ [.dnsName("test")] }, "i❤.test", "it is for test, not for i❤.test"),
    ({ [try xmppAddress("müller.test")] }, "xn--mller-kva.test", nil),
    ({ [try xmppAddress("xn--mller-kva.test")] }, "müller.test", nil),
    ({ [try service("_XMPP-client.XN--mller-kva.test.")] }, "müller.test", nil),
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

@Suite struct NameTests {
    @Test(arguments: named.indices) func name(_ index: Int) async throws {
        let one = named[index]
        let root = try authority("Root").minted()
        let leaf = try Wanted(names: try one.names()).minted(by: root)
        let result = await (try store([root])).verify(chain: [leaf.der], domain: one.domain)
        #expect(result == outcome(one.expected), "\(one.domain)")
    }
}
