import Testing
import Transcript
import XMPP

@testable import Output

struct WrappedTextTests {
    /// A transcript with sentences of all kinds that are too long.
    private static let transcript: Transcript = {
        let words =
            "one two [three] <four> Warning: five C->S 1 six  seven Note: eight nine ten eleven twelve thirteen."
        var packet = PacketRecord(
            number: 1,
            direction: .clientToServer,
            xml: Array(
                "<message to='a@example.org' type='chat'><body>one two three four five six</body></message>".utf8
            )
        )
        packet.replacement = Array("<message><body>one two</body></message>".utf8)
        packet.replacementOmittedBytes = 123_456
        packet.telling.text = words
        packet.telling.findings = [Finding(.warning, words), Finding(.note, words)]
        let title = [
            "XMPP session with example.org",
            "Client 127.0.0.1:40000, server example.org (127.0.0.1:5222), stanzatap 0.1.0",
        ]
        let event = EventRecord(kind: "", text: "TLS 1.3 with nobody in particular, " + words)
        return Transcript(title: title, records: [.packet(packet), .event(event), .prose([words, "The end of it."])])
    }()

    @Test("what was broken for a terminal reads back as it was", arguments: [20, 21, 30, 40, 64, 80, 200])
    func roundTrip(columns: Int) throws {
        let text = TextWriter.text(Self.transcript)
        var bytes: [UInt8] = []
        TextStyle(columns: columns).append(Array(text.utf8), to: &bytes)
        let wrapped = String(decoding: bytes, as: UTF8.self)
        #expect(columns > 150 || wrapped != text)
        #expect(try TextReader.read(wrapped).transcript == TextReader.read(text).transcript)
        #expect(try TextReader.read(text).transcript.records == Self.transcript.records)
    }

    @Test("XML and sentences have colours apart")
    func colors() {
        var bytes: [UInt8] = []
        TextStyle.colored.append(Array("<a\nxmlns='b'>\nThe client sends a.".utf8), to: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "\u{1B}[34m<a\u{1B}[0m\n\u{1B}[34mxmlns='b'>\u{1B}[0m\nThe client sends a."
        )
    }
}
