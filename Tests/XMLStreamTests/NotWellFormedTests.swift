import TestKit
import Testing
import XMLStream

private let header = "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

/// What no XML processor may accept, after the kinds of the W3C's conformance suite (its `not-wf` documents), each as a
/// packet of a stream.
private let notWellFormed: [String] = [
    // Names and tags.
    "<a></b>", "<a><b></a></b>", "<1a/>", "<-a/>", "<.a/>", "<a$/>", "< a/>", "<a/ >", "<a / >x", "<a/></a>", "<>",
    "</>", "<a></ a>",
    "<a><</a>", "<a>a < b</a>", "<a b/>", "<a b></a>", "<a =''/>", "<a b= />", "<a b=c/>",
    "<a b='c' b='d'/>", "<a b='c'd='e'/>", "<a 'b'/>", "<a b='<'/>", "<a b='&'/>", "<a b='& c'/>", "<a b='&#;'/>",
    "<a b='&x;'/>", "<a &#98;='c'/>", "<&a;/>",
    // References.
    "<a>&</a>", "<a>& b</a>", "<a>&b</a>", "<a>&;</a>", "<a>&#;</a>", "<a>&#x;</a>", "<a>&#xg;</a>", "<a>&#12a;</a>",
    "<a>&#0;</a>", "<a>&#1;</a>", "<a>&#xB;</a>", "<a>&#xD800;</a>", "<a>&#xFFFE;</a>", "<a>&#xFFFF;</a>",
    "<a>&#x110000;</a>", "<a>&#99999999999999999999;</a>", "<a>&undefined;</a>", "<a>&lt</a>", "<a>&LT;</a>",
    // CDATA.
    "<a>]]></a>", "<a><![cdata[x]]></a>", "<a><! [CDATA[x]]></a>", "<a>]]]></a>",
    "<a><![CDATA [x]]></a>",
    // Comments, instructions and declarations, which XMPP forbids besides.
    "<a><!-- a -- b --></a>", "<!-- a -- b --><a/>", "<a><!- x -></a>", "<!- x -><a/>", "<a><?XML x?></a>",
    "<a><? x?></a>", "<? x?><a/>", "<!ELEMENT a ANY><a/>", "<!DOCTYPE a><a/>", "<a><!DOCTYPE b></a>",
    "<![INCLUDE[<a/>]]>",
    // Characters.
    "<a>\u{0}</a>", "<a>\u{1}</a>", "<a>\u{8}</a>", "<a>\u{B}</a>", "<a>\u{C}</a>", "<a>\u{1F}</a>", "<a>\u{FFFE}</a>",
    "<a>\u{FFFF}</a>",
    "<a b='\u{1}'/>", "<a\u{1}/>", "<a\u{0}b/>",
]

/// What has no end: it may still become something, so it is no failure, but no packet either.
private let endless: [String] = [
    "<a><?x></a>", "<?x><a/>", "<a><!--></a>", "<!-- <a/>", "<!-- --->", "<a b='c\"/>", "<a><![CDATA[</a>]]</a></b>",
    "<a b='", "<a", "<a><b></b>", "<a><!", "<a></a",
]

/// Bytes that are no UTF-8, in a text.
private let notUTF8: [[UInt8]] = [
    [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xE2, 0x28, 0xA1],
    [0xE0, 0x80, 0x80],
    [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80],
    [0xF5, 0x80, 0x80, 0x80],
    [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xFF, 0xFE],
]

struct NotWellFormedTests {
    /// The kinds of what comes, and how many bytes of it.
    private func read(_ bytes: [UInt8], chunk: Int?) -> (kinds: [String], count: Int) {
        let parser = StreamParser()
        var (kinds, count): ([String], Int) = ([], 0)
        for slice in bytes.slices(of: chunk) {
            parser.append(Array(slice))
            while let event = parser.next() {
                count += event.range.count
                switch event.kind {
                case .header: kinds.append("header")
                case .element: kinds.append("element")
                case .whitespace: kinds.append("whitespace")
                case .strayText: kinds.append("text")
                case .end: kinds.append("end")
                case .oversized: kinds.append("oversized")
                case .failure: kinds.append("failure")
                }
            }
        }
        return (kinds, count)
    }

    @Test("what is not well-formed ends the reading, and never becomes a packet", arguments: notWellFormed, chunkSizes)
    func document(_ packet: String, chunk: Int?) {
        // What follows would be taken for a packet, were the end of the reading missed.
        let (kinds, _) = read(Array((header + "<ok/>" + packet + "<after/></stream:stream>").utf8), chunk: chunk)
        #expect(kinds.starts(with: ["header", "element"]))
        #expect(kinds.last == "failure", "\(kinds)")
        #expect(kinds.count <= 4, "\(kinds)")
    }

    @Test("what has no end never becomes a packet", arguments: endless, chunkSizes)
    func unfinished(_ packet: String, chunk: Int?) {
        let (kinds, count) = read(Array((header + "<ok/>" + packet).utf8), chunk: chunk)
        #expect(kinds == ["header", "element"])
        #expect(count == header.utf8.count + 5)
    }

    @Test("bytes that are no UTF-8 end the reading", arguments: notUTF8, chunkSizes)
    func bytes(_ bytes: [UInt8], chunk: Int?) {
        let input = Array((header + "<ok/><a>").utf8) + bytes + Array("</a><after/>".utf8)
        #expect(read(input, chunk: chunk).kinds == ["header", "element", "failure"])
    }
}
