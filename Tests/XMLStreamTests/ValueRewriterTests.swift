import Testing
import XMLStream

@Suite("values of packets")
struct ValueRewriterTests {
    private func rewritten(_ packet: String, _ change: (ValueRewriter.Value) -> String?) -> String {
        String(decoding: ValueRewriter.rewrite(Array(packet.utf8), change), as: UTF8.self)
    }

    @Test("values have their places, references are resolved")
    func places() {
        let packet =
            "<iq  id = 'a&amp;b' xmlns='x'><q:field var=\"user&#x41;\"><value>v&lt;</value></q:field> <e/></iq>"
        let values = ValueRewriter.values(in: Array(packet.utf8))
        #expect(values.map(\.text) == ["a&b", "userA", "v<"])
        #expect(values.map(\.slot.element) == ["iq", "field", "value"])
        #expect(values.map(\.slot.attribute) == ["id", "var", nil])
        #expect(values.map(\.slot.field) == [nil, "userA", "userA"])
        #expect(values.map(\.slot.depth) == [1, 2, 3])
    }

    @Test("all but the values stays byte for byte")
    func bytes() {
        let packet = "<?xml version='1.0'?><s:stream to=\"a\"\nxmlns:s='a'  id = 'a' >"
        #expect(
            rewritten(packet) { $0.text == "a" ? "<'b\">" : nil }
                == "<?xml version='1.0'?><s:stream to=\"&lt;&apos;b&quot;&gt;\"\nxmlns:s='a'  id = '&lt;&apos;b&quot;&gt;' >"
        )
        #expect(rewritten(packet) { _ in nil } == packet)
    }

    @Test(
        "odd bytes change nothing",
        arguments: ["", "<", "<a", "<a b", "<a b=", "<a b='", "</a>", "x", "<a =''/>", "<a b c='d'/>"]
    )
    func odd(_ packet: String) { #expect(rewritten(packet) { _ in nil } == packet) }

    @Test("text is escaped and resolved again", arguments: ["a&b", "<>'\"", "\u{9}\u{A}\u{D}", "ü€😀", "&amp;", "&#0;"])
    func escaping(_ text: String) { #expect(XMLText.resolved(XMLText.escaped(text)) == text) }
}
