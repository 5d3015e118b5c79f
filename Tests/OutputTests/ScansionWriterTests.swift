import Conversation
import Foundation
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

    /// What a client said, what the server said, and how a part of the latter is written.
    struct MadeUpCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var sent = "<presence/>"
        let received: String
        let written: String
    }

    static let madeUp: [MadeUpCase] = [
        MadeUpCase(
            testDescription: "the id of the server's own message",
            received: "<message from='x@y' id='q1'><body>a</body></message>",
            written: "<message from=\"x@y\" id=\"{scansion:any}\">"
        ),
        MadeUpCase(
            testDescription: "an id that a client gave stays",
            sent: "<message to='x@y' id='q1'/>",
            received: "<message from='x@y' id='q1'/>",
            written: "<message from=\"x@y\" id=\"q1\"/>"
        ),
        MadeUpCase(
            testDescription: "an uptime, be it a number that was said",
            sent: "<iq id='u' type='get' to='10'/>",
            received: "<iq id='u' type='result'><query xmlns='jabber:iq:last' seconds='10'/></iq>",
            written: "<query xmlns=\"jabber:iq:last\" seconds=\"{scansion:any}\"/>"
        ),
        MadeUpCase(
            testDescription: "the URLs of a slot",
            received:
                "<iq><slot xmlns='urn:xmpp:http:upload:0'><put url='https://u/1'/><get url='https://u/2'/></slot></iq>",
            written: "<put url=\"{scansion:any}\"/>\n\t\t\t<get url=\"{scansion:any}\"/>"
        ),
        MadeUpCase(
            testDescription: "what lets an upload pass",
            received:
                "<iq><slot xmlns='urn:xmpp:http:upload:0'><put url='u'><header name='Authorization'>Bearer x</header></put></slot></iq>",
            written: "<header name=\"Authorization\">{scansion:any}</header>"
        ),
        MadeUpCase(
            testDescription: "the URLs of an older slot",
            received: "<iq><slot xmlns='urn:xmpp:http:upload'><put>https://u/1</put></slot></iq>",
            written: "<put>{scansion:any}</put>"
        ),
        MadeUpCase(
            testDescription: "credentials of a relay",
            received:
                "<iq><services xmlns='urn:xmpp:extdisco:2'><service type='turn' username='1' password='2' expires='3'/></services></iq>",
            written:
                "type=\"turn\" username=\"{scansion:any}\" password=\"{scansion:any}\" expires=\"{scansion:any}\"/>"
        ),
        MadeUpCase(
            testDescription: "the id in an archive, and the query's id that the client gave",
            sent: "<iq id='m' type='set'><query xmlns='urn:xmpp:mam:2' queryid='f27'/></iq>",
            received: "<message><result xmlns='urn:xmpp:mam:2' queryid='f27' id='a1'/></message>",
            written: "queryid=\"f27\" id=\"{scansion:any}\"/>"
        ),
        MadeUpCase(
            testDescription: "the ids of a page",
            received:
                "<iq><fin xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><first index='0'>a1</first><last>a2</last></set></fin></iq>",
            written: "<first index=\"0\">{scansion:any}</first>\n\t\t\t\t<last>{scansion:any}</last>"
        ),
        MadeUpCase(
            testDescription: "the stanza-id of an archive",
            received: "<message><stanza-id xmlns='urn:xmpp:sid:0' by='x@y' id='a1'/></message>",
            written: "by=\"x@y\" id=\"{scansion:any}\"/>"
        ),
        MadeUpCase(
            testDescription: "a time wherever it stands",
            received: "<iq><metadata xmlns='urn:xmpp:mam:2'><start timestamp='2026-01-01T00:00:00Z'/></metadata></iq>",
            written: "<start timestamp=\"{scansion:any}\"/>"
        ),
        MadeUpCase(
            testDescription: "a token of a protocol that nobody knows",
            received: "<iq><x xmlns='y' key='k2f84hd83jd83'><t>9d8f7a6s5d4f3</t></x></iq>",
            written: "<x xmlns=\"y\" key=\"{scansion:any}\">\n\t\t\t<t>{scansion:any}</t>"
        ),
        MadeUpCase(
            testDescription: "what people write stays, and so do names",
            received: "<message><body>9d8f7a6s5d4f3</body><x xmlns='y' node='k2f84hd83jd83'/></message>",
            written: "<body>9d8f7a6s5d4f3</body>\n\t\t<x xmlns=\"y\" node=\"k2f84hd83jd83\"/>"
        ),
        MadeUpCase(
            testDescription: "children that come in any order",
            received:
                "<iq><query xmlns='http://jabber.org/protocol/disco#info'><feature var='a'/><feature var='b'/></query></iq>",
            written: "<query xmlns=\"http://jabber.org/protocol/disco#info\" scansion:strict=\"false\">"
        ),
        MadeUpCase(
            testDescription: "several lines, and what looks like a variable",
            sent: "<message><body> a&#10;&#10;b ${c}</body></message>",
            received: "<presence/>",
            written: "<body> a&#10;&#10;b &#36;{c}</body>"
        ),
        MadeUpCase(
            testDescription: "an attribute with a prefix",
            received: "<message><x xmlns='y' xmlns:z='w' z:a='1'/></message>",
            written: "<x xmlns=\"y\" xmlns:ns1=\"w\" ns1:a=\"1\"/>"
        ),
    ]

    @Test("what a server makes up is any value", arguments: madeUp)
    func values(_ entry: MadeUpCase) throws {
        let transcript = """
            S->C 001
            <iq id='b1' type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>a@x/home</jid></bind></iq>

            C->S 002
            \(entry.sent)

            S->C 003
            \(entry.received)
            """
        let text = ScansionWriter.write(try TranscriptLoader.load(transcript), title: "A test")
        #expect(text.contains(entry.written), "\(text)")
        _ = try ScansionLoader.load(text)
    }

    @Test("where a client repeats what the server made up, a remark tells so")
    func repeated() throws {
        let transcript = """
            S->C 001
            <iq id='b1' type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>a@x/home</jid></bind></iq>

            S->C 002
            <iq id='q7' type='get' from='x'><ping xmlns='urn:xmpp:ping'/></iq>

            C->S 003
            <iq id='q7' type='result' to='x'/>

            C->S 004
            <iq id='q8' type='get' to='x'/>

            S->C 005
            <message id='q7'/>
            """
        let text = ScansionWriter.write(try TranscriptLoader.load(transcript), title: "A test")
        let remark = "# This repeats a value that the server made up; another run has another one.\n"
        #expect(text.contains(remark + "A sends:\n\t<iq id=\"q7\""), "\(text)")
        #expect(text.components(separatedBy: remark).count == 2)
        #expect(text.contains("<message id=\"{scansion:any}\"/>"))
    }
}
