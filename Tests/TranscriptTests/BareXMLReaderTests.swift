import Testing
import XMPP

@testable import Transcript

/// XML that somebody copied out of a console.
struct BareXMLReaderTests {
    private static let tls = "xmlns='urn:ietf:params:xml:ns:xmpp-tls'"
    private static let streams = "xmlns:stream='http://etherx.jabber.org/streams'"

    private func directions(_ text: String) -> [String] {
        BareXMLReader.read(text)?.transcript.packets.map { $0.direction == .clientToServer ? "C" : "S" } ?? []
    }

    @Test(
        "who sent a packet is taken from what it says",
        arguments: [
            ("<stream:stream to='a' \(streams)>", "C"), ("<stream:stream from='a' id='1' to='b' \(streams)>", "S"),
            ("<stream:features \(streams)/>", "S"), ("<starttls \(tls)/>", "C"), ("<proceed \(tls)/>", "S"),
            ("<iq type='get' id='1'/>", "C"), ("<iq type='get' id='1' from='a' to='b@a/c'/>", "S"),
            ("<iq type='result' id='1' from='a'/>", "S"), ("<iq type='result' id='1' to='a'/>", "C"),
            ("<message from='a'/>", "S"), ("<message to='a'/>", "C"), ("<presence/>", "C"),
            ("<r xmlns='urn:xmpp:sm:3'/>", "C"), ("<a xmlns='urn:xmpp:sm:3' h='1'/>", "S"),
        ]
    )
    func guesses(_ xml: String, _ direction: String) {
        #expect(directions(xml) == [direction])
        #expect(BareXMLReader.read(xml)?.repairs.count == 1)
    }

    @Test("an answer goes the other way than its request")
    func answers() {
        #expect(directions("<iq type='get' id='1'/><iq type='result' id='1'/>") == ["C", "S"])
        #expect(directions("<iq type='get' id='1' from='a'/><iq type='error' id='1' from='me'/>") == ["S", "C"])
    }

    @Test(
        "words between packets tell it for certain",
        arguments: [
            ("<!-- In -->\n<presence/>\n<!-- Out -->\n<message from='a'/>", ["S", "C"]),
            ("SENT: <message from='a'/>\nRECV: <presence/>", ["C", "S"]),
            ("Incoming (10:00):\n<presence/>\nOutgoing (10:01):\n<message from='a'/>", ["S", "C"]),
        ]
    )
    func words(_ text: String, _ expected: [String]) {
        #expect(directions(text) == expected)
        #expect(BareXMLReader.read(text)?.repairs == [])
    }

    @Test("packets are numbered, and are as they came, without the comments before them")
    func bytes() {
        let text = "x\n<!-- a -->\n<!-- b -->\n<iq  type='get'/>\n\n<presence\n/>"
        let packets = BareXMLReader.read(text)?.transcript.packets
        #expect(packets?.map(\.number) == [1, 2])
        #expect(packets?.map { String(decoding: $0.xml, as: UTF8.self) } == ["<iq  type='get'/>", "<presence\n/>"])
    }

    @Test(
        "what is no XML ends it with its line",
        arguments: [("<presence/>\n<a\n<b/>", 2), ("<presence/>\n\n<iq><", 3)]
    )
    func damage(_ text: String, _ line: Int) {
        let reading = BareXMLReader.read(text)
        #expect(reading?.transcript.packets.count == 1)
        #expect(reading?.problems.map(\.line) == [line])
    }

    @Test("a text without a packet is none", arguments: ["", "hello", "<", "a < b", "<!-- In -->", "\u{0}<\u{1}"])
    func nothing(_ text: String) { #expect(BareXMLReader.read(text) == nil) }
}
