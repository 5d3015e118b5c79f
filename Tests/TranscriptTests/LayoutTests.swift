import TestKit
import Testing
import XMPP

@testable import Transcript

/// A packet on the wire and its lines in a transcript.
struct Layout: Sendable, CustomTestStringConvertible {
    let name: String
    let wire: String
    let text: String
    var testDescription: String { name }
}

private let layouts: [Layout] = [
    Layout(name: "nothing inside", wire: "<a></a>", text: "<a></a>"),
    Layout(name: "an empty tag", wire: "<a b='1'/>", text: "<a b='1'/>"),
    Layout(name: "text alone stays on the line", wire: "<a> x </a>", text: "<a> x </a>"),
    Layout(
        name: "elements are indented",
        wire: "<a><b><c/></b><d>t</d></a>",
        text: "<a>\n  <b>\n    <c/>\n  </b>\n  <d>t</d>\n</a>"
    ),
    Layout(name: "white space of the peer is layout", wire: "<a>\n\t<b/>\n</a>", text: "<a>\n  <b/>\n</a>"),
    Layout(name: "mixed content stays as sent", wire: "<a>x <b> <c/></b> y</a>", text: "<a>x <b> <c/></b> y</a>"),
    Layout(name: "a line break in text", wire: "<a>1\n2\r\n3\r4\t5</a>", text: "<a>1&#xA;2&#xA;3&#xA;4&#x9;5</a>"),
    Layout(name: "a line break in an attribute", wire: "<a b='1\n2'\n c='3'/>", text: "<a b='1 2'  c='3'/>"),
    Layout(
        name: "a line break in CDATA",
        wire: "<a><![CDATA[1\n2]]></a>",
        text: "<a><![CDATA[1]]>&#xA;<![CDATA[2]]></a>"
    ),
    Layout(
        name: "control characters",
        wire: "<a>\u{1B}[0m\u{9B}\u{202E}\u{7F}</a>",
        text: "<a>&#x1B;[0m&#x9B;&#x202E;&#x7F;</a>"
    ),
    Layout(name: "letters stay", wire: "<a b=\"ü\">日本\u{1F600}</a>", text: "<a b=\"ü\">日本\u{1F600}</a>"),
    Layout(
        name: "a header",
        wire: "<?xml version='1.0' ?><stream:stream to='a'  xml:lang='e n' >",
        text: "<?xml version='1.0' ?>\n<stream:stream to='a'\nxml:lang='e n'>"
    ),
    Layout(name: "an end", wire: "</stream:stream>", text: "</stream:stream>"),
    Layout(name: "half a packet", wire: "<a><b>te", text: "<a>\n  <b>te"),
    Layout(name: "half a tag", wire: "<a><b c='", text: "<a>\n  <b c='"),
    Layout(name: "no XML", wire: "hello", text: "hello"),
]

struct LayoutTests {
    @Test("a packet is laid out", arguments: layouts)
    func layOut(_ layout: Layout) {
        #expect(laidOut(Array(layout.wire.utf8)) == layout.text)
    }

    @Test("bytes that are not UTF-8 are shown as what they are not")
    func invalid() {
        #expect(laidOut([0x3C, 0x61, 0x3E, 0xFF, 0xC3, 0x28, 0x3C, 0x2F, 0x61, 0x3E]) == "<a>&#xFFFD;&#xFFFD;(</a>")
    }

    @Test("deep nesting costs linear space")
    func deep() {
        let wire = String(repeating: "<a>", count: 20_000) + String(repeating: "</a>", count: 20_000)
        #expect(laidOut(Array(wire.utf8)).utf8.count < 4_000_000)
    }
}

func laidOut(_ wire: [UInt8]) -> String {
    var layout = XMLLayout()
    var bytes: [UInt8] = []
    layout.append(wire, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}
