import TestKit
import Testing
import XMLStream

private let header = "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

/// Bytes that break a stream: `►` stands where, and is not sent.
private struct Broken: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let index: Int
    let reason: String
    let condition: String
    let testDescription: String

    init(_ marked: String, _ reason: String, _ condition: String = "not-well-formed") {
        self.init(marked, then: [], reason, condition)
    }

    /// - Parameter more: bytes behind the text, for what is no UTF-8.
    init(_ marked: String, then more: [UInt8], _ reason: String, _ condition: String = "not-well-formed") {
        let parts = marked.split(separator: "►", maxSplits: 1, omittingEmptySubsequences: false)
        bytes = Array(parts.joined().utf8) + more
        index = parts[0].utf8.count
        self.reason = reason
        self.condition = condition
        testDescription = marked
    }
}

/// The kinds of the W3C's conformance suite (its `not-wf` documents), and those that servers and clients really send.
private let inPackets: [Broken] = [
    // References.
    Broken("<a>Tom ►& Jerry</a>", "a bare & that begins no reference"),
    Broken("<a>AT►&T x</a>", "a bare & that begins no reference"),
    Broken("<a>AT►&T;x</a>", "a reference to an entity that XMPP does not know", "restricted-xml"),
    Broken("<a>a►&nbsp;b</a>", "a reference to an entity that XMPP does not know", "restricted-xml"),
    Broken("<a>►&LT;</a>", "a reference to an entity that XMPP does not know", "restricted-xml"),
    Broken("<a>►&amp</a>", "the reference &amp lacks its ;"),
    Broken("<a>&amp;►&lt b</a>", "the reference &lt lacks its ;"),
    Broken("<a>►&;</a>", "a bare & that begins no reference"),
    Broken("<a>►&</a>", "a bare & that begins no reference"),
    Broken("<a>►&&amp;</a>", "a bare & that begins no reference"),
    Broken("<a>►&#;</a>", "a broken character reference"),
    Broken("<a>►&#x;</a>", "a broken character reference"),
    Broken("<a>►&#xg;</a>", "a broken character reference"),
    Broken("<a>►&#X41;</a>", "a broken character reference"),
    Broken("<a>►&#12a;</a>", "a broken character reference"),
    Broken("<a>►&#12</a>", "a broken character reference"),
    Broken("<a>►&#x0;</a>", "a reference to U+0000, which is no character of XML"),
    Broken("<a>►&#xD800;</a>", "a reference to U+D800"),
    Broken("<a>►&#xFFFE;</a>", "a reference to U+FFFE"),
    Broken("<a>►&#x110000;</a>", "a reference to a number beyond Unicode"),
    Broken("<a>►&#99999999999999999999;</a>", "a reference to a number beyond Unicode"),
    Broken("<a b='►&'/>", "a bare & that begins no reference"),
    Broken("<a b='x►& c'/>", "a bare & that begins no reference"),
    Broken("<a b='►&x;'/>", "a reference to an entity that XMPP does not know", "restricted-xml"),
    Broken("►<&a;/>", "a bare < before &"),
    // Bare `<`, and tags inside tags.
    Broken("<a>1 ►< 2</a>", "a bare < before a blank"),
    Broken("<a>1 ►<2</a>", "a bare < before 2"),
    Broken("<a>►<=</a>", "a bare < before ="),
    Broken("<a>►<\n</a>", "a bare < before a line break"),
    Broken("<a>►<<b/></a>", "a bare < before <"),
    Broken("►< a/>", "a bare < before a blank"),
    Broken("►<1a/>", "a bare < before 1"),
    Broken("►<-a/>", "a bare < before -"),
    Broken("►<.a/>", "a bare < before ."),
    Broken("►<>", "a bare < before >"),
    Broken(
        "<iq><pref xmlns='urn:x'►<pref xmlns='urn:x'/></pref></iq>",
        "a tag begins inside the tag <pref, which lacks its >"
    ),
    Broken("<a><b ►<c/></a>", "a tag begins inside the tag <b,"),
    Broken("<a>x►</b</a></a>", "the end tag </b> stands where <a> is open"),
    Broken("<a><b>x</b►</a>", "a tag begins inside the tag </b, which lacks its >"),
    Broken("<a►$/>", "$ stands inside the tag <a>"),
    // Attributes.
    Broken("<a b='c' ►b='d'/>", "the attribute b stands in <a> twice"),
    Broken("<a xmlns='u' ►xmlns='u'/>", "the attribute xmlns stands in <a> twice"),
    Broken("<a ►b/>", "the attribute b of <a> has no value"),
    Broken("<a ►b></a>", "the attribute b of <a> has no value"),
    Broken("<a ►b c='d'/>", "the attribute b of <a> has no value"),
    Broken("<a b=►c/>", "the value of the attribute b of <a> does not stand in quotes"),
    Broken("<a b=►1>x</a>", "the value of the attribute b of <a> does not stand in quotes"),
    Broken("<a b=►“1”/>", "the value of the attribute b of <a> does not stand in quotes"),
    Broken("<a b= ►/>", "the value of the attribute b of <a> does not stand in quotes"),
    Broken("<a ►=''/>", "= stands inside the tag <a>"),
    Broken("<a ►'b'/>", "' stands inside the tag <a>"),
    Broken("<a b='c'►d='e'/>", "no blank stands before d in the tag <a>"),
    Broken("<a b='►<'/>", "a < stands in the value of the attribute b"),
    Broken("<a b='c>►<d e=''/>", "a < stands in the value of the attribute b"),
    Broken("<iq id='1 type='►get'/>", "no blank stands before get in the tag <iq>"),
    Broken("<a ►&#98;='c'/>", "& stands inside the tag <a>"),
    Broken("<a ►/ >x", "a / stands in the middle of the tag <a>"),
    Broken("<a►/ >", "a / stands in the middle of the tag <a>"),
    Broken("<a ►1='2'/>", "1 stands inside the tag <a>"),
    // End tags.
    Broken("<a>x►</b>", "the end tag </b> stands where <a> is open"),
    Broken("<a><b>►</a></b>", "the end tag </a> stands where <b> is open"),
    Broken("<m><body>x►</bdy></m>", "the end tag </bdy> stands where <body> is open"),
    Broken("<a>►</A></a>", "the end tag </A> stands where <a> is open"),
    Broken("<a/>►</a>", "the end tag </a> stands where <stream:stream> is open"),
    Broken("<a>►</></a>", "an end tag without a name"),
    Broken("<a>►</ a>", "an end tag without a name"),
    Broken("<a></a ►b='c'>", "b stands inside the end tag </a>"),
    // Characters.
    Broken("<a>A►\u{1A}B</a>", "the control character U+001A, which may not stand in XML"),
    Broken("<a>►\u{0}</a>", "the control character U+0000"),
    Broken("<a>►\u{B}</a>", "the control character U+000B"),
    Broken("<a>►\u{FFFE}</a>", "U+FFFE, which may not stand in XML"),
    Broken("<a>►\u{FFFF}</a>", "U+FFFF, which may not stand in XML"),
    Broken("<a b='►\u{1}'/>", "the control character U+0001"),
    Broken("<a►\u{1}/>", "the control character U+0001"),
    Broken("<a►\u{0}b/>", "the control character U+0000"),
    Broken("<a b►\u{0}='c'/>", "the control character U+0000"),
    Broken("<a>►", then: [0x80] + Array("</a>".utf8), "bytes that are not UTF-8: no character begins with 0x80"),
    Broken("<a>gr►", then: [0xFC] + Array("n</a>".utf8), "bytes that are not UTF-8: no character begins with 0xFC"),
    Broken("<a>►", then: [0xC0, 0x80] + Array("</a>".utf8), "bytes that are not UTF-8: no character begins with 0xC0"),
    Broken(
        "<a>►",
        then: [0xC3, 0x28] + Array("</a>".utf8),
        "bytes that are not UTF-8: 0x28 cannot go on the character that 0xC3 begins"
    ),
    Broken("<a>►", then: [0xE2, 0x82] + Array("</a>".utf8), "bytes that are not UTF-8: 0x3C cannot go on"),
    Broken(
        "<a>►",
        then: [0xE0, 0x80, 0x80] + Array("</a>".utf8),
        "bytes that are not UTF-8: a character is written longer"
    ),
    Broken(
        "<a>►",
        then: [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80] + Array("</a>".utf8),
        "bytes that are not UTF-8: half a surrogate"
    ),
    Broken(
        "<a>►",
        then: [0xF4, 0x90, 0x80, 0x80] + Array("</a>".utf8),
        "bytes that are not UTF-8: no character begins with 0xF4"
    ),
    Broken("<a b='►", then: [0xFF] + Array("'/>".utf8), "bytes that are not UTF-8: no character begins with 0xFF"),
    Broken("<a►", then: [0xFF] + Array("/>".utf8), "bytes that are not UTF-8: no character begins with 0xFF"),
    // CDATA.
    Broken("<a>►]]></a>", "]]> stands in a text"),
    Broken("<a>]►]]></a>", "]]> stands in a text"),
    Broken("<a>►<![cdata[x]]></a>", "<![ begins a section that is no CDATA"),
    Broken("<a>►<![CDATA [x]]></a>", "<![ begins a section that is no CDATA"),
    Broken("►<![INCLUDE[<a/>]]>", "<![ begins a section that is no CDATA"),
    Broken("<a>►<! [CDATA[x]]></a>", "<! begins nothing here"),
    Broken("<a><![CDATA[►\u{1}]]></a>", "the control character U+0001"),
    // Comments, instructions and declarations.
    Broken("<a><!-- a ►-- b --></a>", "-- inside a comment"),
    Broken("<!-- a ►-- b --><a/>", "-- inside a comment"),
    Broken("<a>►<!- x -></a>", "<!- begins nothing"),
    Broken("►<!- x -><a/>", "<!- begins nothing"),
    Broken("<a>►<?XML x?></a>", "<?XML is no XML declaration"),
    Broken("<a>►<? x?></a>", "<? begins no processing instruction"),
    Broken("<a><?x►$ y?></a>", "no blank stands behind the name of a processing instruction"),
    Broken("►<!ELEMENT a ANY><a/>", "a document type declaration", "restricted-xml"),
    Broken("►<!DOCTYPE a><a/>", "a document type declaration", "restricted-xml"),
    Broken("<a>►<!DOCTYPE b></a>", "a document type declaration", "restricted-xml"),
    // What libxml2 tells late, or tells of something else: the first fault counts.
    Broken("<a>x ►& y<b>z</c></a>", "a bare & that begins no reference"),
    Broken("<a b='c' ►b='d'>1 & 2</a>", "the attribute b stands in <a> twice"),
    Broken("<a>x ►& y</a><b>;</b>", "a bare & that begins no reference"),
    Broken("<m><body>x<br>y►</body></m>", "the end tag </body> stands where <br> is open"),
]

/// At the beginning of a stream.
private let openings: [Broken] = [
    Broken("►GET / HTTP/1.1\r\nHost: a\r\n\r\n", "it begins as a request of HTTP does"),
    Broken("►OPTIONS * HTTP/1.1\r\n\r\n", "it begins as a request of HTTP does"),
    Broken("►HTTP/1.1 400 Bad Request\r\n\r\n<html></html>", "it begins as an answer of HTTP does"),
    Broken("►hello\n", "it does not begin with <"),
    Broken("\n ►hello<stream>", "it does not begin with <"),
    Broken("\u{FEFF}►hello, this is text\n", "it does not begin with <"),
    Broken("\n►\u{FEFF}<stream>", "it does not begin with <"),
    Broken("►</stream:stream>", "the end tag </stream:stream> closes nothing that is open"),
    Broken("►<!DOCTYPE a>", "a document type declaration", "restricted-xml"),
    Broken(
        "►",
        then: [0xFF, 0xFE, 0x3C, 0, 0x3F, 0, 0x78, 0, 0x3E, 0],
        "the bytes are UTF-16",
        "unsupported-encoding"
    ),
    Broken(
        "►",
        then: [0xFE, 0xFF, 0, 0x3C, 0, 0x3F, 0, 0x78, 0, 0x3E],
        "the bytes are UTF-16",
        "unsupported-encoding"
    ),
    Broken("►", then: [0x3C, 0, 0x3F, 0, 0x78, 0, 0x3E, 0], "the bytes are UTF-16", "unsupported-encoding"),
    Broken("►", then: [0, 0x3C, 0, 0x3F, 0, 0x78, 0, 0x3E], "the bytes are UTF-16", "unsupported-encoding"),
    Broken("►", then: [0xFF, 0xFE, 0, 0, 0x3C, 0, 0, 0, 0x3E], "the bytes are UTF-32", "unsupported-encoding"),
    Broken("►", then: [0, 0, 0, 0x3C, 0, 0, 0, 0x3E], "the bytes are UTF-32", "unsupported-encoding"),
    Broken("►", then: [UInt8](repeating: 1, count: 64), "it does not begin with <"),
    Broken("<?xml ►encoding='ISO-8859-1'?>" + header, "encoding stands at the wrong place in the XML declaration"),
    Broken(
        "<?xml version='1.0' ►encoding='ISO-8859-1'?>" + header,
        "the encoding is ISO-8859-1",
        "unsupported-encoding"
    ),
    Broken("<?xml version='1.0' ►encoding='%'?>" + header, "the value of encoding in the XML declaration is none"),
    Broken("<?xml ►version='1.1'?>" + header, "XML version 1.1", "restricted-xml"),
    Broken("<?xml ►version='one'?>" + header, "the value of version in the XML declaration is none"),
    Broken("<?xml version=►1.0?>" + header, "version has no value in quotes in the XML declaration"),
    Broken("<?xml version='1.0'►encoding='UTF-8'?>" + header, "no blank stands before encoding"),
    Broken("<?xml version='1.0' ►charset='UTF-8'?>" + header, "charset stands in the XML declaration"),
    Broken("<?xml version='1.0' ►xencoding='latin'?>" + header, "xencoding stands in the XML declaration"),
    Broken("<?xml ►garbage?>" + header, "garbage stands in the XML declaration"),
    Broken("<?xml ►$?>" + header, "$ stands in the XML declaration"),
    Broken("►<?xml ?>" + header, "the XML declaration gives no version"),
    Broken("►<?xml?>" + header, "the XML declaration gives no version"),
    Broken("<?xml version='1.0' ►standalone='maybe'?>" + header, "the value of standalone"),
    Broken("<?xml version='1.0' encoding='UTF-8' ►version='1.0'?>" + header, "version stands at the wrong place"),
    Broken("<stream:stream to=►>", "the value of the attribute to"),
    Broken("<stream:stream to='a'►<stream:stream>", "a tag begins inside the tag <stream:stream"),
    Broken("<stream:stream to='a' ►to='b'>", "the attribute to stands in <stream:stream> twice"),
    Broken("<?xml version='1.0'?>\n<stream:stream to='►&a;'>", "a reference to an entity", "restricted-xml"),
]

/// What never ends, so that only the end of the bytes tells that it is broken.
private let endless: [Broken] = [
    Broken("<message><body>Tom ►& Jerry", "a bare & that begins no reference"),
    Broken("<iq type='get' id='1>►<query/></iq>", "a < stands in the value of the attribute id"),
]

/// The failure, or nil; the bytes come in pieces and then no more.
func failure(_ bytes: [UInt8], chunk: Int?) -> StreamError? {
    let parser = StreamParser()
    for slice in bytes.slices(of: chunk) {
        parser.append(Array(slice))
        while let event = parser.next() {
            if case .failure(let error) = event.kind { return error }
        }
    }
    guard case .failure(let error)? = parser.finish()?.kind else { return nil }
    return error
}

struct FaultTests {
    private func check(_ broken: Broken, behind start: String, _ chunk: Int?, end: String = "") throws {
        let input = Array(start.utf8) + broken.bytes + Array(end.utf8)
        let error = try #require(failure(input, chunk: chunk))
        #expect(error.reason.hasPrefix(broken.reason), "\(error.reason)")
        #expect(error.condition.rawValue == broken.condition)
        let place = try #require(error.place)
        #expect(place.offset == start.utf8.count + broken.index)
        #expect(Array(input.dropFirst(place.offset)).starts(with: place.after.prefix(1)))
        #expect(Array(input.prefix(place.offset)).suffix(place.before.count).elementsEqual(place.before))
    }

    @Test("what is wrong in a packet is told with its place, however its bytes come", arguments: inPackets, chunkSizes)
    private func packets(_ broken: Broken, chunk: Int?) throws {
        try check(broken, behind: header + "<ok/>", chunk, end: "<after/></stream:stream>")
    }

    @Test("what is wrong at the beginning of a stream likewise", arguments: openings, chunkSizes)
    private func beginnings(_ broken: Broken, chunk: Int?) throws {
        try check(broken, behind: "", chunk)
    }

    @Test("what never ends is told when the bytes do", arguments: endless, chunkSizes)
    private func ends(_ broken: Broken, chunk: Int?) throws {
        try check(broken, behind: header + "<ok/>", chunk)
    }

    @Test(
        "what may still become a packet is no failure",
        arguments: ["<a b='c", "<a>&am", "<a>&#1", "<!-- a", "<a", "<"],
        chunkSizes
    )
    func unfinished(_ packet: String, chunk: Int?) {
        #expect(failure(Array((header + packet).utf8), chunk: chunk) == nil)
    }

    @Test("of a long packet the beginning is kept, and what stands around the place", arguments: chunkSizes)
    func window(chunk: Int?) throws {
        let long = String(repeating: "ä", count: 3000)
        let error = try #require(failure(Array((header + "<a>\(long)&\(long)</a>").utf8), chunk: chunk))
        let place = try #require(error.place)
        #expect(place.packetOffset == 6003)
        #expect(String(decoding: place.beginning, as: UTF8.self) == "<a>" + long.prefix(30))
        #expect(String(decoding: place.before, as: UTF8.self) == long.prefix(80).description)
        #expect(place.after.first == UInt8(ascii: "&"))
    }
}
