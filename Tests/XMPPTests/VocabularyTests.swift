import Testing
import XMPP

struct VocabularyTests {
    @Test(
        "a JID is taken apart",
        arguments: [
            ("a@b/c", "a", "b", "c"), ("b", nil, "b", nil), ("b/c", nil, "b", "c"), ("a@b/c/d@e", "a", "b", "c/d@e"),
            ("a@b", "a", "b", nil),
        ] as [(String, String?, String, String?)]
    )
    func jid(text: String, local: String?, domain: String, resource: String?) {
        let jid = JID(text)
        #expect(jid.local == local && jid.domain == domain && jid.resource == resource)
        #expect(jid.description == text)
    }

    @Test(
        "text from the network is shown on one line and without control characters",
        arguments: [
            ("plain", "plain"), ("two\nlines", "two lines"), ("laid\r\n\t  out\n", "laid out "),
            ("a  b\tc", "a  b c"), ("\u{e9}  x", "\u{e9}  x"), ("\u{1B}[31mred", "&#x1B;[31mred"),
            ("\u{9B}31m", "&#x9B;31m"), ("\u{202E}evil", "&#x202E;evil"), ("ümläut \u{1F600}", "ümläut \u{1F600}"),
        ]
    )
    func shown(text: String, expected: String) {
        #expect(text.shown() == expected)
    }

    @Test("long text is cut")
    func cut() {
        #expect("ä\n   bcd".shown(limit: 3) == "ä b…")
        #expect(String(repeating: "x", count: 50).shown(limit: 10) == "xxxxxxxxxx…")
    }

    @Test(
        "lists are sentences",
        arguments: [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
    )
    func listed(items: [String], expected: String) {
        #expect(items.listed() == expected)
    }

    @Test("protocols are known by namespace")
    func registry() {
        #expect(ProtocolRegistry.lookUp("jabber:iq:register")?.name == "In-Band Registration (XEP-0077)")
        #expect(ProtocolRegistry.lookUp("jabber:iq:negotiate")?.name == "probably Multi-User Chat (XEP-0045)")
        #expect(ProtocolRegistry.lookUp("http://jabber.org/protocol/disco#strange")?.isCertain == false)
        #expect(ProtocolRegistry.lookUp("urn:example:none") == nil)
        #expect(ProtocolRegistry.spelling(of: "Jabber:IQ:Register") == "jabber:iq:register")
    }

    @Test(
        "legacy error codes stand for conditions (XEP-0086)",
        arguments: [(409, "conflict"), (401, "not-authorized"), (999, nil)] as [(Int, String?)]
    )
    func legacyCodes(code: Int, condition: String?) {
        #expect(StanzaErrorCondition(legacyCode: code)?.rawValue == condition)
    }
}
