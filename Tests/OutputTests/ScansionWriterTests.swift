import Conversation
import Testing

@testable import Output
@testable import Replay

@Suite("scripts of scansion")
struct ScansionWriterTests {
    @Test("a recording becomes a script that is read again")
    func writing() throws {
        let transcript = """
            C->S 001
            <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHRlc3QzADEyMzQ=</auth>

            S->C 002
            <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>

            S->C 003
            <iq id='b1' type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>test3@jabber.test/home</jid></bind></iq>

            C->S 004
            <message to='test3@jabber.test' id='m1'><body>a &lt; b</body></message>

            S->C 005
            <message from='test3@jabber.test/home' id='m1'><body>a &lt; b</body><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/></message>

            C->S 006
            </stream:stream>
            """
        let text = ScansionWriter.write(try TranscriptLoader.load(transcript), title: "A test")
        #expect(text.contains("[Client] Test3\n\tjid: test3@jabber.test\n\tpassword: 1234\n\tresource: home\n"))
        #expect(
            text.contains(
                "Test3 sends:\n\t<message to=\"${Test3's JID}\" id=\"m1\">\n\t\t<body>a &lt; b</body>\n\t</message>\n"
            )
        )
        #expect(text.contains("from=\"${Test3's full JID}\"") && text.contains("stamp=\"{scansion:any}\""))
        #expect(try ScansionReader.read(text).steps.map(\.act).last == .disconnects)
        _ = try ScansionLoader.load(text)
    }
}
