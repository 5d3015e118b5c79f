import Testing

/// Streams that stop being XML: the whole line that tells it, and the summary.
struct BrokenStreamTests {
    struct Break: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let lines: [String]
        let told: String
        let summary: String
    }

    private static let start = clientHeader.utf8.count

    static let breaks: [Break] = [
        Break(
            testDescription: "a tag inside a tag, and the server's answer to it",
            lines: opened + [
                "C <iq type='get'><pref xmlns='urn:x'<pref xmlns=\"urn:x\"/></pref></iq>",
                "S <stream:error><not-well-formed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
            ],
            told: "[Packet 003 from the client cannot be read: a tag begins inside the tag <pref, which lacks its > "
                + "(not-well-formed). At offset 34 of it, \(start + 34) of C->S, marked ►: "
                + "\"<iq type='get'><pref xmlns='urn:x'►<pref xmlns=\"urn:x\"/></pref></iq>\". What follows from the "
                + "client is not explained]",
            summary: "A connection with jabber.test: the facts. From packet 003 on, what the client sent could not be "
                + "read: a tag begins inside the tag <pref, which lacks its > (at offset 34 of it). The server ended the "
                + "stream with the error not-well-formed: what was sent is not well-formed XML, in packet 003."
        ),
        Break(
            testDescription: "a bare ampersand from the server",
            lines: opened + ["S <message><body>Tom & Jerry\u{1B}[2J\n</body></message>"],
            told: "[Packet 003 from the server cannot be read: a bare & that begins no reference; in XML it is written "
                + "&amp; (not-well-formed). At offset 19 of it, \(serverHeader.utf8.count + 19) of S->C, marked ►: "
                + "\"<message><body>Tom ►& Jerry&#x1B;[2J&#xA;</body></message>\". What follows from the server is not "
                + "explained]",
            summary: "A connection with jabber.test: the facts. From packet 003 on, what the server sent could not be "
                + "read: a bare & that begins no reference; in XML it is written &amp; (at offset 19 of it)."
        ),
        Break(
            testDescription: "HTTP",
            lines: ["C GET / HTTP/1.1\r\n\r\n"],
            told:
                "[What the client sends cannot be read: it begins as a request of HTTP does, where XMPP begins with < "
                + "(not-well-formed). At offset 0 of C->S, marked ►: \"►GET / HTTP/1.1&#xD;&#xA;&#xD;&#xA;\". What follows "
                + "from the client is not explained]",
            summary:
                "A connection without an XMPP stream: the facts. What the client sent could not be read: it begins as "
                + "a request of HTTP does, where XMPP begins with < (at offset 0)."
        ),
        Break(
            testDescription: "bytes that are no text",
            lines: ["C \u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}"],
            told:
                "[What the client sends cannot be read: it does not begin with <, as a stream does (not-well-formed). At "
                + "offset 0 of C->S: the bytes 01 02 03 04 05 06 07 08 01 02 03 04 05 06 07 08. What follows from the "
                + "client is not explained]",
            summary:
                "A connection without an XMPP stream: the facts. What the client sent could not be read: it does not "
                + "begin with <, as a stream does (at offset 0)."
        ),
        Break(
            testDescription: "plain XML where compression was agreed upon",
            lines: opened + [
                "C <compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>",
                "S <compressed xmlns='http://jabber.org/protocol/compress'/>", "C <stream:stream to='jabber.test'>",
            ],
            told:
                "[What the client sends from here on cannot be read: it goes on in plain XML, although compression by zlib "
                + "was agreed upon. It begins with \"<stream:stream to='jabber.test'>\"]",
            summary:
                "A connection with jabber.test: the facts. What the client sent could not be read: it goes on in plain "
                + "XML, although compression by zlib was agreed upon."
        ),
    ]

    @Test(
        "what stands between packets, and half a packet, are shown as they came",
        arguments: [
            ("hello\n  there", "[The server sends text between packets, where none may stand: \"hello&#xA;  there\"]"),
            ("\u{0}", "[The server sends bytes between packets, where none may stand: the bytes 00]"),
            (
                "<a>x\n\u{9B}",
                "[Half a packet was left when the server stopped: 7 bytes, beginning with \"<a>x&#xA;&#x9B;\"]"
            ),
        ]
    )
    func leftOver(bytes: String, line: String) {
        let all = ExplainTests.told(opened + ["S " + bytes])
        #expect(all.contains(line), "\(all)")
    }

    @Test("are told with what is wrong, where, and the text as it came", arguments: breaks)
    func told(_ test: Break) {
        let all = ExplainTests.told(test.lines)
        #expect(all.contains(test.told), "\(all.joined(separator: "\n"))")
        #expect(all.last == test.summary)
    }

    @Test(
        "a prefix that nobody declared is told in our words",
        arguments: [
            ("<m><x:q/></m>", "no xmlns declares the prefix x of <x:q> (bad-namespace-prefix)"),
            ("<m x:y='z'/>", "no xmlns declares the prefix x of the attribute x:y in <m>"),
            ("<m xmlns:a='u' xmlns:b='u' a:c='' b:c=''/>", "two attributes named c, of different prefixes"),
            ("<m xmlns:a=''/>", "an xmlns declaration that may not be made"),
            ("<a:b:c xmlns:a='u'/>", "a name with a colon where none may stand"),
        ]
    )
    func namespaces(packet: String, told: String) {
        #expect(ExplainTests.told(opened + ["S " + packet]).dropLast().last?.contains(told) == true)
    }
}
