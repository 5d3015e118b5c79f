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

    @Test(
        "bytes that are no XML are shown as they came, on one line, and cannot pass for the mark",
        arguments: [
            (Array("a\r\n\tb  c".utf8), "a&#xD;&#xA;&#x9;b  c"), (Array("\u{1B}[31m\u{9B}".utf8), "&#x1B;[31m&#x9B;"),
            (Array("x►y".utf8), "x&#x25BA;y"), ([0x61, 0xC3, 0x28, 0xFF], "a\\xC3(\\xFF"),
            ([0xED, 0xA0, 0xBD], "\\xED\\xA0\\xBD"),
            (Array("\u{FFFE}ü\u{202E}".utf8), "&#xFFFE;ü&#x202E;"), ([0xE2, 0x82], "\\xE2\\x82"), ([], ""),
        ] as [([UInt8], String)]
    )
    func broken(bytes: [UInt8], expected: String) {
        #expect(BrokenText.shown(bytes) == expected)
    }

    @Test(
        "text is told from what is none",
        arguments: [
            (Array("GET / HTTP/1.1\r\n".utf8), true), ([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0], false),
            ([0xFF, 0xFE, 0x3C, 0, 0x3F, 0, 0x78, 0, 0x6D, 0], true), ([UInt8](repeating: 0, count: 64), false),
            (Array("gr".utf8) + [0xFC, 0xDF] + Array("e aus Berlin".utf8), true),
            ([0x78, 0x9C, 0xAA, 0x56, 0xCA], false),
        ] as [([UInt8], Bool)]
    )
    func text(bytes: [UInt8], expected: Bool) {
        #expect(BrokenText.isText(bytes) == expected)
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
