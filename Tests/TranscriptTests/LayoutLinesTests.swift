import TestKit
import Testing

@testable import Transcript

/// A packet and the lines that it is shown in.
struct LayoutCase: Sendable, CustomTestStringConvertible {
    let name: String
    let xml: String
    let lines: [String]
    var testDescription: String { name }

    init(_ name: String, _ xml: String, _ lines: String...) {
        self.name = name
        self.xml = xml
        self.lines = lines
    }
}

private let layouts = [
    LayoutCase("a tag alone", "<iq/>", "<iq/>"),
    LayoutCase("elements", "<a><b/><c></c></a>", "<a>", "  <b/>", "  <c></c>", "</a>"),
    LayoutCase("a text", "<a><b> x </b></a>", "<a>", "  <b> x </b>", "</a>"),
    LayoutCase("a peer's own layout", "<a>\r\n\t<b/>\n   <c>x</c>\n</a>", "<a>", "  <b/>", "  <c>x</c>", "</a>"),
    LayoutCase(
        "mixed content stays",
        "<a><b>x <i>y</i> <u> z</u></b></a>",
        "<a>",
        "  <b>x <i>y</i> <u> z</u></b>",
        "</a>"
    ),
    LayoutCase("only blanks", "<a><b>  </b></a>", "<a>", "  <b>  </b>", "</a>"),
    LayoutCase("only a line break", "<a>\n</a>", "<a>&#xA;</a>"),
    LayoutCase("an end tag", "</stream:stream>", "</stream:stream>"),
    LayoutCase("line breaks in a text", "<a>1\n2\r\n3\r4\t5</a>", "<a>1&#xA;2&#xA;3&#xA;4&#x9;5</a>"),
    LayoutCase("line breaks in a value", "<a b='1\n2\r\n3\t4\r5'/>", "<a b='1 2 3 4 5'/>"),
    LayoutCase("line breaks between attributes", "<a\n\tb='1'  c='2'\r\n/>", "<a  b='1'  c='2' />"),
    LayoutCase("CDATA", "<a><![CDATA[</b>]]></a>", "<a><![CDATA[</b>]]></a>"),
    LayoutCase("a line break in CDATA", "<a><![CDATA[1\n2]]></a>", "<a><![CDATA[1]]>&#xA;<![CDATA[2]]></a>"),
    LayoutCase(
        "quotes, entities, prefixes",
        "<x:a b=\"'>\" c='&lt;'>&amp;</x:a>",
        "<x:a b=\"'>\" c='&lt;'>&amp;</x:a>"
    ),
    LayoutCase("a terminal's control characters", "<a>\u{1B}[2J\u{7F}\u{9B}</a>", "<a>&#x1B;[2J&#x7F;&#x9B;</a>"),
    LayoutCase(
        "characters nobody sees",
        "<a b='\u{202E}'>\u{200E}\u{2066}\u{2028}\u{FEFF}</a>",
        "<a b='&#x202E;'>&#x200E;&#x2066;&#x2028;&#xFEFF;</a>"
    ),
    LayoutCase("letters of all kinds stay", "<a>é 你好 😀 \u{200D}</a>", "<a>é 你好 😀 \u{200D}</a>"),
    LayoutCase(
        "a stream header",
        "<?xml version='1.0'?><stream:stream to='a'  xmlns='b'\n  id = 'c > d' >",
        "<?xml version='1.0'?>",
        "<stream:stream to='a'",
        "xmlns='b'",
        "id = 'c > d'>"
    ),
    LayoutCase("a header without attributes", "<stream>", "<stream>"),
    LayoutCase("a header that is empty", "<s:stream a='1' b='2'/>", "<s:stream a='1' b='2'/>"),
    LayoutCase(
        "a nonza called stream",
        "<stream a='1' b='2'><c/></stream>",
        "<stream a='1' b='2'>",
        "  <c/>",
        "</stream>"
    ),
    LayoutCase("a byte order mark", "\u{FEFF}<?xml version='1.0'?><stream>", "<?xml version='1.0'?>", "<stream>"),
    LayoutCase("half a text", "<a><b>hello", "<a>", "  <b>hello"),
    LayoutCase("half a tag", "<a><b c='>\n", "<a>", "  <b c='> "),
    LayoutCase("no XML", "x\n<y>", "x&#xA;<y>"),
    LayoutCase("end tags too many", "</a></b><c/>", "</a>", "</b>", "<c/>"),
    LayoutCase("nothing", "", ""),
]

@Suite("The layout of a packet")
struct LayoutLinesTests {
    @Test("changes only the white space between tags", arguments: layouts)
    func lines(_ layout: LayoutCase) {
        let text = laidOut(layout.xml)
        #expect(text == layout.lines.joined(separator: "\n"))
        #expect(laidOut(joined(text)) == text)
    }

    @Test(
        "shows what is not UTF-8",
        arguments: [[0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80]] as [[UInt8]]
    )
    func invalid(bytes: [UInt8]) {
        let text = laidOut(Array("<a>x".utf8) + bytes + Array("y</a>".utf8))
        #expect(text == "<a>x" + String(repeating: "&#xFFFD;", count: bytes.count) + "y</a>")
    }

    @Test("takes thousands of levels in linear time")
    func deep() {
        let count = 50_000
        let xml = String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count)
        let text = laidOut(xml)
        #expect(text.utf8.count < xml.utf8.count + 2 * count * 82)
        #expect(joined(text) == Array(xml.utf8))
    }

    @Test("takes any bytes")
    func anyBytes() {
        var random = SeededRandom(seed: 7)
        let alphabet = Array("<>/='\"?![]-& \n\rabc\u{FF}".utf8) + [0xFF, 0x80, 0x1B]
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            let text = laidOut(bytes)
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F })
            _ = joined(text)
        }
    }
}
