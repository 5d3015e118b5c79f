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

    @Test(
        "a listed namespace is its document's for certain, a relative of it only probably",
        arguments: [
            ("jabber:iq:register", "In-Band Registration (XEP-0077)"),
            ("urn:ietf:params:xml:ns:xmpp-bind", "Extensible Messaging and Presence Protocol (XMPP): Core (RFC 6120)"),
            // Never registered: from a schema, from examples, from an earlier version.
            ("eu.siacs.conversations.axolotl", "OMEMO Encryption (XEP-0384)"),
            ("urn:xmpp:hints", "Message Processing Hints (XEP-0334)"),
            ("urn:xmpp:jingle-message:0", "Jingle Message Initiation (XEP-0353)"),
            ("urn:xmpp:mam:1", "Message Archive Management (XEP-0313)"),
            ("urn:xmpp:sm:2", "Stream Management (XEP-0198)"),
            ("urn:xmpp:muc-admin", "Multi-User Chat Administration (a proposal without a number)"),
            // What another document borrowed in an example is not that one's.
            ("jabber:iq:negotiate", "File Transfer (XEP-0052)"),
            ("urn:xmpp:mam:99", "probably Message Archive Management (XEP-0313)"),
            ("urn:xmpp:inbox:7", "probably Inbox (XEP-0430)"),
            ("http://jabber.org/protocol/disco#strange", "probably Service Discovery (XEP-0030)"),
            ("http://jabber.org/protocol/muc#strange", "probably Multi-User Chat (XEP-0045)"),
            ("urn:example:none", nil), ("urn:xmpp:", nil),
        ] as [(String, String?)]
    )
    func registry(namespace: String, name: String?) {
        let known = ProtocolRegistry.lookUp(namespace)
        #expect(known?.name == name)
        #expect(known?.isCertain == name.map { !$0.hasPrefix("probably") })
    }

    @Test("a namespace is found without regard to letter case")
    func spelling() {
        #expect(ProtocolRegistry.spelling(of: "Jabber:IQ:Register") == "jabber:iq:register")
        #expect(ProtocolRegistry.spelling(of: "urn:example:none") == nil)
    }

    @Test(
        "legacy error codes stand for conditions (XEP-0086)",
        arguments: [(409, "conflict"), (401, "not-authorized"), (999, nil)] as [(Int, String?)]
    )
    func legacyCodes(code: Int, condition: String?) {
        #expect(StanzaErrorCondition(legacyCode: code)?.rawValue == condition)
    }
}
