import TestKit
import Testing
import XMLStream
import XMPP

@testable import Transcript

@Suite("The damaged source document")
struct SourceDocumentTests {
    private func reading(_ lineEnd: String = "\n") throws -> TextReading {
        try TextReader.read(Sample.sourceDocument.text().replacing("\n", with: lineEnd))
    }

    @Test("gives its five packets", arguments: ["\n", "\r\n", "\r", " \n", "\t\r\n"])
    func packetsRead(lineEnd: String) throws {
        let reading = try reading(lineEnd)
        let packets = reading.transcript.packets
        #expect(reading.problems.isEmpty)
        #expect(packets.map(\.number) == [1, 4, 5, 6, 7])
        #expect(packets.map(\.direction.rawValue) == ["C->S", "C->S", "S->C", "C->S", "S->C"])
        #expect(packets.allSatisfy { !$0.telling.text.isEmpty && $0.telling.findings.isEmpty })
        #expect(packets[4].telling.text == "Server returns registration results")
        #expect(reading.transcript.title.count == 6)
        guard case .prose(let lines) = reading.transcript.records.last else {
            Issue.record("the prose at the end is lost")
            return
        }
        #expect(lines.count == 7)
    }

    @Test("is well-formed XMPP after the repair")
    func meaningOfPackets() throws {
        let packets = try reading().transcript.packets
        let stream = TranscriptTests.packets(of: packets.map(\.xmlText).joined())
        let elements = stream.compactMap { event -> Element? in
            switch event.kind {
            case .header(let element), .element(let element): element
            case .whitespace, .strayText, .end, .oversized, .failure: nil
            }
        }
        try #require(elements.count == 5)
        #expect(stream.allSatisfy { $0.problem == nil })
        #expect(elements[0].is("stream", NS.streams))
        #expect(elements[0]["version"] == "1.0" && elements[0]["to"] == "jabber.org" && elements[0].language == "en")
        #expect(elements.dropFirst().allSatisfy { $0.is("iq", NS.client) })
        #expect(elements.dropFirst().map { $0["type"] } == ["get", "result", "set", "result"])
        #expect(elements.dropFirst().map { $0["id"] } == ["uid1", "uid1", "Uid2", "uid2"])
        #expect(TextReader.isSameID(elements[3]["id"], elements[4]["id"]))
        #expect(elements[3].child("query", NS.register)?.child("username")?.text == "test3")
        #expect(elements[3].child("query", NS.register)?.child("password")?.text == "1234")
    }

    @Test("has its damage told line by line")
    func repairs() throws {
        let repairs = try reading().repairs.map(\.description)
        #expect(repairs.contains("line 7: the header line \"C->s 001\" is read as C->S"))
        #expect(repairs.contains("line 8: blanks inside the quotes of version"))
        #expect(repairs.contains("line 9: blanks inside the quotes of to"))
        #expect(repairs.contains("line 10: letter case: Jabber:client is jabber:client"))
        #expect(repairs.contains("line 11: letter case: Xmlns:stream is xmlns:stream"))
        #expect(repairs.contains("line 13: letter case: Version is version"))
        #expect(repairs.contains("line 30: letter case: Set is set"))
    }

    @Test("is mended once: what was mended is read without repairs")
    func stable() throws {
        let text = TextWriter.text(try reading().transcript)
        let again = try TextReader.read(text)
        #expect(again.repairs.isEmpty && again.problems.isEmpty)
        #expect(TextWriter.text(again.transcript) == text)
    }
}

/// A damaged text, and what is made of it: `number direction xml | explanation` a packet, `?` before a problem's line.
struct DamagedCase: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let result: [String]
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ result: String...) {
        self.name = name
        self.text = text
        self.result = result
    }
}

private let damaged = [
    DamagedCase("header lines of web pages", "S-&GT;C\n<a/>\nx\nC-&gt;s 9\n<b/>", "- S->C <a/> | x", "9 C->S <b/> | "),
    DamagedCase("packets close together", "C->S 001\n<a/>\nX.\nS->C 002\n<b/>", "1 C->S <a/> | X.", "2 S->C <b/> | "),
    DamagedCase("blank lines in between", "C->S 001\n\n<a>\n\n<b/>\n\n</a>\nX.", "1 C->S <a><b/></a> | X."),
    DamagedCase("a text on lines of its own", "C->S 1\n<a>\n  hello \n  you\n</a>", "1 C->S <a>hello you</a> | "),
    DamagedCase("a tag on several lines", "C->S 1\n<a\n  b='1'\n  c='2'/>", "1 C->S <a b='1' c='2'/> | "),
    DamagedCase(
        "a header and a stanza",
        "C->S 1\n<stream:stream to='a'>\nC->S 2\n<iq/>",
        "1 C->S <stream:stream to='a'> | ",
        "2 C->S <iq/> | "
    ),
    DamagedCase("one padded value may be meant", "C->S 1\n<a b=' x ' c='y'/>", "1 C->S <a b=' x ' c='y'/> | "),
    DamagedCase("a known padded value is not", "C->S 1\n<a type = ' Set ' c='y'/>", "1 C->S <a type='set' c='y'/> | "),
    DamagedCase(
        "names that nobody knows stay",
        "C->S 1\n<Foo Bar='Baz' id='UID'/>",
        "1 C->S <Foo Bar='Baz' id='UID'/> | "
    ),
    DamagedCase("texts stay", "C->S 1\n<Body>Type= ' Set '</Body>", "1 C->S <body>Type= ' Set '</body> | "),
    DamagedCase("a tag that is not closed", "C->S 1\n<a>\n<b>\n</a>\nC->S 2\n<c/>", "2 C->S <c/> | ", "? 1"),
    DamagedCase("two tags crossed", "C->S 1\n<a><b></a></b>\nC->S 2\n<c/>", "2 C->S <c/> | ", "? 1"),
    DamagedCase("no XML at all", "C->S 1\nhello\n\nC->S 2\n<c/>", "2 C->S <c/> | ", "? 1"),
    DamagedCase("a header line at the end", "C->S 2\n<c/>\n\nS->C 3", "2 C->S <c/> | ", "? 4"),
    DamagedCase(
        "a comment",
        "C->S 1\n<a><!-- > x --></a>\nC->S 2\n<c/>",
        "1 C->S <a><!-- > x --></a> | ",
        "2 C->S <c/> | "
    ),
    DamagedCase("a finding before the explanation", "C->S 1\n<a/>\nWarning: w\n[e]\nX.", "1 C->S <a/> | X."),
    DamagedCase(
        "a replacement that cannot be read",
        "S->C 1\n<a/>\n[The client got instead:]\nX.",
        "1 S->C <a/> | ",
        "? 3"
    ),
    DamagedCase("a number too large", "C->S 1\n<a/>\n\nC->S 99999999999999999999\n", "1 C->S <a/> | ", "? 4"),
    DamagedCase("a time without end", "C->S 1 +infs\nC->S 1 +1e999s\nC->S 2 +1.5s\n<a/>", "2 C->S <a/> | "),
]

@Suite("Edited and damaged texts")
struct DamagedTextTests {
    @Test("are read as far as it goes", arguments: damaged, ["\n", "\r\n", "\r", "  \n"])
    func read(_ damaged: DamagedCase, lineEnd: String) throws {
        let reading = try TextReader.read(damaged.text.replacing("\n", with: lineEnd))
        let packets = reading.transcript.packets.map { packet in
            "\(packet.number.map(String.init) ?? "-") \(packet.direction.rawValue) \(packet.xmlText) | \(packet.telling.text)"
        }
        #expect(packets + reading.problems.map { "? \($0.line)" } == damaged.result)
    }

    @Test("what cannot be read is kept and read the same again", arguments: damaged)
    func kept(_ damaged: DamagedCase) throws {
        let text = TextWriter.text(try TextReader.read(damaged.text).transcript)
        #expect(TextWriter.text(try TextReader.read(text).transcript) == text)
    }

    @Test("without a packet are refused", arguments: ["", "\n\n", "Dear diary,\n\nC -> S", "C->S 001", "<iq/>", "[x]"])
    func refused(text: String) {
        #expect(throws: TranscriptError.self) { try TextReader.read(text) }
    }

    @Test("our own is read even if nothing was said")
    func empty() throws {
        let title = TitleLines.make(domain: nil, client: "c", server: nil, time: nil, program: "stanzatap 0.1.0")
        let transcript = Transcript(title: title, records: [.event(EventRecord(kind: "", text: "Not reached"))])
        #expect(try TextReader.read(TextWriter.text(transcript)).transcript == transcript)
    }

    @Test("our own is never mended: a peer's odd spelling is what somebody looks for")
    func ownIsExact() throws {
        let title = TitleLines.make(domain: nil, client: "c", server: nil, time: nil, program: "stanzatap 0.1.0")
        let odd = "<Iq Type=' Set ' to = 'A '><Query xmlns='Jabber:iq:register'/></Iq>"
        let text = TextWriter.text(Transcript(title: title, records: [.packet(packet(1, odd))]))
        let reading = try TextReader.read(text)
        #expect(reading.transcript.packets.map(\.xmlText) == [odd])
        #expect(reading.repairs.isEmpty)
    }

    @Test("an opening that is no stream is read back from our own text")
    func oddHeader() throws {
        let title = TitleLines.make(domain: nil, client: "c", server: nil, time: nil, program: "stanzatap 0.1.0")
        let odd = packet(1, "<?xml version='1.0'?><foo to='a'>") { $0.telling.text = "It opens </foo>." }
        let transcript = Transcript(title: title, records: [.packet(odd), .packet(packet(2, "<iq/>"))])
        #expect(try TextReader.read(TextWriter.text(transcript)).transcript == transcript)
    }

    @Test("any text is read without a crash")
    func anyText() throws {
        var random = SeededRandom(seed: 11)
        let pieces = [
            "C->S 001\n", "S->C\n", "<a>", "</a>", "<a b='", "' c = \" x \"", "/>", "\n", "\r\n", "\n\n", "<![CDATA[",
            "]]>",
            "<?xml", "?>", "[The client got instead:]\n", "[9223372036854775807 bytes are left out of the transcript; ",
            "the capture holds them all.]\n", "Warning: ", "[x]\n", "<stream:stream>\n", "é", "\u{0}", "<!--",
            "Note: y\n",
        ]
        for _ in 0..<3000 {
            let text = (0..<20).map { _ in random.pick(pieces) }.joined()
            guard let reading = try? TextReader.read(text) else { continue }
            let written = TextWriter.text(reading.transcript)
            _ = try TextReader.read(written)
            var bytes: [UInt8] = []
            for record in reading.transcript.records { JSONLinesWriter().append(record, connection: 1, to: &bytes) }
        }
    }
}
