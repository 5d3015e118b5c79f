import Testing
import XMPP

/// What came, its form in addresses, its form in the DNS; examples of RFC 5890 to 5893, of RFC 7622 and of UTS 46.
private let domains: [(written: String, unicode: String, ascii: String)] = [
    ("example.org", "example.org", "example.org"),
    ("EXAMPLE.org.", "example.org", "example.org"),
    ("im.grü.example", "im.grü.example", "im.xn--gr-yka.example"),
    ("IM.GRÜ.EXAMPLE.", "im.grü.example", "im.xn--gr-yka.example"),
    ("im.gru\u{308}.example", "im.grü.example", "im.xn--gr-yka.example"),
    ("IM.XN--GR-YKA.example", "im.grü.example", "im.xn--gr-yka.example"),
    // RFC 7622 section 3.5, example 5; UTS 46 section 4.5: sharp s and final sigma stay.
    ("ᚠᛇᚻ.example", "ᚠᛇᚻ.example", "xn--3ve8c9a.example"),
    ("faß.de", "faß.de", "xn--fa-hia.de"),
    ("Faß.DE", "faß.de", "xn--fa-hia.de"),
    ("fass.de", "fass.de", "fass.de"),
    ("βόλος.com", "βόλος.com", "xn--nxasmm1c.com"),
    ("ΒΌΛΟΣ.com", "βόλοσ.com", "xn--nxasmq6b.com"),
    ("Bücher.ch", "bücher.ch", "xn--bcher-kva.ch"),
    ("öbb.at", "öbb.at", "xn--bb-eka.at"),
    ("Öbb.at", "öbb.at", "xn--bb-eka.at"),
    // UTS 46 section 2.3: other full stops, wide letters, characters that are ignored or taken apart.
    ("日本語。ＪＰ", "日本語.jp", "xn--wgv71a119e.jp"),
    ("bücher．de｡", "bücher.de", "xn--bcher-kva.de"),
    ("\u{212B}.de", "å.de", "xn--5ca.de"),
    ("ﬁü.de", "fiü.de", "xn--fi-yka.de"),
    ("ü\u{AD}.de", "ü.de", "xn--tda.de"),
    // RFC 5892 appendix A.1: a joiner where writing needs it; RFC 5893: right to left.
    ("نامه\u{200C}ای.com", "نامه\u{200C}ای.com", "xn--mgba3gch31f060k.com"),
    ("אב1.de", "אב1.de", "xn--1-zhcd.de"),
    ("例え.テスト", "例え.テスト", "xn--r8jz45g.xn--zckzah"),
    ("_xmpp.bücher.de", "_xmpp.bücher.de", "_xmpp.xn--bcher-kva.de"),
    // What only looks like an A-label stays (RFC 5890 section 2.3.2.1): the DNS has such names.
    ("xn--zzzzzz99.de", "xn--zzzzzz99.de", "xn--zzzzzz99.de"),
    ("xn--ls8h.la", "xn--ls8h.la", "xn--ls8h.la"),
    ("ü.xn--zzzzzz99.de", "ü.xn--zzzzzz99.de", "xn--tda.xn--zzzzzz99.de"),
    ("192.0.2.1", "192.0.2.1", "192.0.2.1"),
    (
        String(repeating: "a", count: 63) + ".de", String(repeating: "a", count: 63) + ".de",
        String(repeating: "a", count: 63) + ".de"
    ),
]

private let notDomains: [(text: String, why: String)] = [
    ("", "it is empty"), (".", "it is empty"), ("。", "it is empty"),
    ("a..b", "is empty"), (".a", "is empty"), ("a..", "is empty"), ("\u{AD}.de", "is empty"),
    ("a b", "the character \" \""), ("romeo@example.org", "the character \"@\""), ("a/b", "the character \"/\""),
    ("a\u{0}b", "the character \"&#x0;\""), ("ü\u{0}.de", "the character \"&#x0;\""), ("*.de", "the character \"*\""),
    ("::1", "the character \":\""), ("ü＠b.de", "no domain name may have"), ("ü／b.de", "no domain name may have"),
    ("i❤.ws", "no domain name may have"), ("💩.la", "no domain name may have"),
    ("ü\u{E000}.de", "no domain name may have"),
    ("＊.org", "stands for \"*\""), ("a／b", "stands for \"/\""), ("a＠b", "stands for \"@\""), ("a＼b", "stands for"),
    ("a\u{A0}b", "stands for \" \""), ("＜script＞.de", "stands for \"<\""), ("a\u{2100}b", "stands for \"/\""),
    ("-ü.de", "begins or ends with a hyphen"), ("ü-.de", "begins or ends with a hyphen"),
    ("ab--ü.de", "third and fourth"), ("\u{300}a.de", "begins with a combining character"),
    ("a\u{200C}b.com", "where it may not stand"), ("aא.de", "mixes directions"), ("1אב.de", "mixes directions"),
    ("xn--ü.de", "is no xn-- label"),
    (String(repeating: "a", count: 64), "longer than 63 bytes"),
    (String(repeating: "ü", count: 60) + ".de", "longer than 63 bytes in its xn-- form"),
    (Array(repeating: "abcdefg", count: 40).joined(separator: "."), "longer than 253 bytes"),
    (Array(repeating: "ü", count: 100).joined(separator: "."), "longer than 253 bytes"),
    (String(repeating: "ü", count: 32_500), "longer than 1023 bytes"),
    (String(repeating: "a.", count: 32_500), "longer than 1023 bytes"),
]

@Suite("domains in all their forms")
struct DomainTests {
    @Test("what is a domain", arguments: domains.indices)
    func forms(_ index: Int) throws {
        let one = domains[index]
        let domain = try Domain(one.written)
        #expect(domain.written == one.written)
        #expect(Array(domain.unicode.utf8) == Array(one.unicode.utf8), "\(one.written)")
        #expect(domain.ascii == one.ascii, "\(one.written)")
        #expect(domain.isInternational == (one.unicode != one.ascii))
        #expect(try Domain(domain.unicode) == domain && Domain(domain.ascii) == domain)
        #expect(Domain.areSame(one.written, one.ascii + ".") && Domain.areSame(one.unicode, one.ascii))
    }

    @Test("what is none, and why", arguments: notDomains.indices)
    func refused(_ index: Int) {
        let one = notDomains[index]
        let problem = #expect(throws: DomainProblem.self) { try Domain(one.text) }
        let told = problem?.description ?? ""
        #expect(told.contains(one.why), "\(told)")
        #expect(told.utf8.count < 250 && told.hasPrefix("it") || told.hasPrefix("one of its"), "\(told)")
        #expect(Domain.areSame(one.text, one.text))
    }

    @Test(
        "who wrote A-labels",
        arguments: [
            ("im.xn--gr-yka.example", true), ("XN--GR-YKA.EXAMPLE", true), ("im.grü.example", false),
            ("example.org", false),
            ("xn--zzzzzz99.de", false), ("ü.xn--tda.de", true),
        ]
    )
    func labels(text: String, isWritten: Bool) throws { #expect(try Domain(text).isWrittenInALabels == isWritten) }

    @Test(
        "different domains",
        arguments: [
            ("faß.de", "fass.de"), ("βόλος.com", "βόλοσ.com"), ("grü.example", "gru.example"), ("a.b", "a.b.c"),
            ("::1", "::2"),
            ("xn--gr-xka.example", "grü.example"),
        ]
    )
    func different(one: String, other: String) { #expect(!Domain.areSame(one, other)) }

    @Test(
        "what bare addresses are compared by",
        arguments: [
            ("Romeo@Example.ORG", "romeo@example.org"), ("romeo@GRÜ.example.", "romeo@xn--gr-yka.example"),
            ("romeo@xn--gr-yka.example", "romeo@xn--gr-yka.example"), ("grü.example", "xn--gr-yka.example"),
            ("MÜLLER@example.org", "müller@example.org"), ("xn--gr-yka@example.org", "xn--gr-yka@example.org"),
        ]
    )
    func keys(address: String, key: String) { #expect(address.addressKey == key) }
}
