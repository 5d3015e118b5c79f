import TestKit
import Testing
import XMLStream
import XMPP

@testable import Transcript

struct TextTests {
    @Test("the golden transcript reads back and writes out the same, byte for byte")
    func golden() throws {
        let text = String(decoding: try fixture("registration.txt"), as: UTF8.self)
        let reading = try TextReader.read(text)
        #expect(TextWriter.text(reading.transcript) == text)
        #expect(reading.repairs.isEmpty && reading.problems.isEmpty)
        #expect(reading.transcript.packets.map(\.number) == [1, 2, 3, 4, 5, 6, 7])
        #expect(
            reading.transcript.packets.map(\.direction.rawValue) == [
                "C->S", "S->C", "S->C", "C->S", "S->C", "C->S", "S->C",
            ]
        )
    }

    @Test("the golden transcript holds the very bytes of the wire")
    func goldenBytes() throws {
        let packets = try TextReader.read(String(decoding: fixture("registration.txt"), as: UTF8.self)).transcript
            .packets
        let client = packets.filter { $0.direction == .clientToServer }.flatMap(\.xml)
        let server = packets.filter { $0.direction == .serverToClient }.flatMap(\.xml)
        #expect(
            String(decoding: client, as: UTF8.self)
                == String(decoding: try fixture("client-to-server.xml"), as: UTF8.self)
        )
        #expect(
            String(decoding: server, as: UTF8.self)
                == String(decoding: try fixture("server-to-client.xml"), as: UTF8.self)
        )
    }

    @Test("the damaged source document reads, each repair is reported", arguments: ["\n", "\r\n"])
    func damaged(lineEnd: String) throws {
        let text = String(decoding: try fixture("source-document.txt"), as: UTF8.self).replacing("\n", with: lineEnd)
        let reading = try TextReader.read(text)
        let packets = reading.transcript.packets
        #expect(packets.map(\.number) == [1, 4, 5, 6, 7])
        #expect(packets.map(\.direction.rawValue) == ["C->S", "C->S", "S->C", "C->S", "S->C"])
        #expect(reading.problems.isEmpty)
        #expect(reading.repairs.contains(LineNote(line: 11, text: "letter case: Xmlns:stream is xmlns:stream")))
        #expect(reading.repairs.contains(LineNote(line: 30, text: "letter case: Set is set")))
        #expect(packets[1].telling.text == "Client sends a request to register a new user")
        let parser = StreamParser()
        parser.append(packets.prefix(1).flatMap(\.xml) + packets.dropFirst().flatMap(\.xml))
        var elements: [Element] = []
        while let event = parser.next() {
            if case .failure(let error) = event.kind { Issue.record("\(error)") }
            if case .header(let header) = event.kind {
                #expect(header["to"] == "jabber.org" && header["version"] == "1.0")
            }
            if case .element(let element) = event.kind { elements.append(element) }
        }
        #expect(elements.map { $0["type"] } == ["get", "result", "set", "result"])
        #expect(elements.allSatisfy { $0.namespace == "jabber:client" })
        #expect(elements.prefix(3).allSatisfy { $0.child("query", "jabber:iq:register") != nil })
        #expect(elements[2].child("query")?.child("username")?.text == "test3")
        #expect(TextReader.isSameID(elements[2]["id"], elements[3]["id"]))
    }

    @Test("every kind of record reads back as it was written")
    func roundTrip() throws {
        var changed = PacketRecord(number: 2, direction: .serverToClient, xml: Array("<a><b/></a>".utf8))
        changed.replacement = Array("<a/>".utf8)
        changed.telling.text = "It was changed."
        changed.telling.findings = [Finding(.warning, "careful."), Finding(.note, "by the way.")]
        var sent = PacketRecord(number: 3, direction: .serverToClient, xml: Array("<e>1&#xA;2</e>".utf8))
        sent.isSentByProxy = true
        var cut = PacketRecord(number: 1000, direction: .clientToServer, xml: Array("<long><x>abc".utf8))
        cut.omittedBytes = 77
        cut.telling.text = "Too long."
        let transcript = Transcript(
            title: ["XMPP session with a", "Client b, server not reached, stanzatap 0.1.0"],
            records: [
                .event(EventRecord(kind: "", text: "Something happened")), .packet(changed), .packet(sent),
                .packet(cut),
                .prose(["The end.", "Really."]),
            ]
        )
        let reading = try TextReader.read(TextWriter.text(transcript))
        #expect(reading.transcript == transcript)
        #expect(TextWriter.text(reading.transcript) == TextWriter.text(transcript))
    }

    @Test("a long packet is cut at whole characters, and the text says how much is missing")
    func cut() {
        var writer = TextWriter(maxPacketBytes: 6)
        var bytes: [UInt8] = []
        writer.append(
            .packet(PacketRecord(number: 1, direction: .clientToServer, xml: Array("<a>xxüyy</a>".utf8))),
            to: &bytes
        )
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "C->S 001\n<a>xx\n[8 bytes are left out of the transcript; the capture holds them all.]\n"
        )
    }

    @Test("timing stands in the header line")
    func timing() throws {
        var packet = PacketRecord(number: 7, direction: .serverToClient, xml: Array("<a/>".utf8))
        packet.secondsSinceStart = 1.2345
        let text = TextWriter.text(Transcript(records: [.packet(packet)]), showsTiming: true)
        #expect(text == "S->C 007 +1.235s\n<a/>\n")
        #expect(try TextReader.read(text).transcript.packets.first?.secondsSinceStart == 1.235)
    }

    @Test("an explanation cannot forge a packet: it stays on its line")
    func forged() throws {
        var packet = PacketRecord(number: 1, direction: .clientToServer, xml: Array("<a/>".utf8))
        packet.telling.text = "evil\n\nC->S 002\n<b/>\u{1B}[2J"
        let text = TextWriter.text(Transcript(records: [.packet(packet)]))
        #expect(text == "C->S 001\n<a/>\nevil C->S 002 <b/>&#x1B;[2J\n")
        #expect(try TextReader.read(text).transcript.packets.count == 1)
    }

    @Test("what cannot be read is named by its line, and the rest is read")
    func unreadable() throws {
        let text = "C->S 001\n<a>\n<b>\n</a>\n\nC->S 002\n<c/>\n"
        let reading = try TextReader.read(text)
        #expect(reading.problems.map(\.line) == [1])
        #expect(reading.transcript.packets.map(\.number) == [2])
    }

    @Test("a text without packets is no transcript", arguments: ["", "hello\n", "C->S 001\n", "<a/>\n"])
    func empty(text: String) {
        #expect(throws: TranscriptError.self) { try TextReader.read(text) }
    }

    @Test(
        "header lines as people write them",
        arguments: [
            ("C->S 001", "C->S", 1), ("  c->s 12 ", "C->S", 12), ("S-&GT;C", "S->C", nil), ("s-&gt;c 3", "S->C", 3),
            ("S->S 1", nil, nil), ("C->S x", nil, nil), ("C-S 1", nil, nil), ("C->Server 1", nil, nil),
        ] as [(String, String?, Int?)]
    )
    func headerLines(line: String, direction: String?, number: Int?) {
        let header = PacketHeaderLine(line)
        #expect(header?.direction.rawValue == direction)
        #expect(header?.number == number)
    }

    @Test(
        "times without Foundation",
        arguments: [
            (0, "1970-01-01 00:00:00.000 UTC"), (951_782_400_123_000_000, "2000-02-29 00:00:00.123 UTC"),
            (1_795_411_540_123_456_789, "2026-11-23 05:25:40.123 UTC"),
            (4_107_542_399_999_000_000, "2100-02-28 23:59:59.999 UTC"),
        ] as [(UInt64, String)]
    )
    func times(nanoseconds: UInt64, expected: String) {
        #expect(UTCTime(nanoseconds: nanoseconds).title == expected)
    }
}
