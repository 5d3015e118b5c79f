import Testing
import XMPP

@testable import Transcript

/// A record and the text that shows it.
struct WrittenCase: Sendable, CustomTestStringConvertible {
    let name: String
    let record: Record
    let limit: Int
    let text: String
    var testDescription: String { name }

    init(_ name: String, _ record: Record, limit: Int = 64 * 1024, _ text: String) {
        self.name = name
        self.record = record
        self.limit = limit
        self.text = text
    }

    /// A packet with an explanation that needs care.
    init(explanation: String, shown: String) {
        self.init(
            "the explanation \(explanation.debugDescription)",
            .packet(packet(1, "<a/>") { $0.telling.text = explanation }),
            "C->S 001\n<a/>\n" + shown + "\n"
        )
    }
}

private let cases = [
    WrittenCase("a packet", .packet(packet(12, "<a/>", .serverToClient)), "S->C 012\n<a/>\n"),
    WrittenCase("a number of four digits", .packet(packet(1234, "<a/>")), "C->S 1234\n<a/>\n"),
    WrittenCase("no number", .packet(packet(nil, "<a/>")), "C->S\n<a/>\n"),
    WrittenCase(
        "a packet that was changed, seen by the client",
        .packet(
            packet(2, "<a><b/></a>", .serverToClient) {
                $0.replacement = Array("<a></a>".utf8)
                $0.telling.text = "X."
            }
        ),
        "S->C 002\n<a>\n  <b/>\n</a>\n[The client got instead:]\n<a></a>\nX.\n"
    ),
    WrittenCase(
        "a packet that was changed, seen by the server",
        .packet(packet(2, "<a/>") { $0.replacement = Array("<b/>".utf8) }),
        "C->S 002\n<a/>\n[The server got instead:]\n<b/>\n"
    ),
    WrittenCase(
        "a packet of our own with findings",
        .packet(
            packet(2, "<a/>") {
                $0.isSentByProxy = true
                $0.telling.text = "X."
                $0.telling.findings = [Finding(.warning, "y\nz\u{1B}."), Finding(.note, "n")]
            }
        ),
        "C->S 002\n<a/>\n[Sent by stanzatap]\nX.\nWarning: y z&#x1B;.\nNote: n\n"
    ),
    WrittenCase(
        "a packet over the limit",
        .packet(packet(1, "<a><b>123é") { $0.omittedBytes = 5 }),
        limit: 10,
        "C->S 001\n<a>\n  <b>123\n[7 bytes are left out of the transcript; the capture holds them all.]\n"
    ),
    WrittenCase(
        "a packet one byte over the limit",
        .packet(packet(1, "<a><b>12345")),
        limit: 10,
        "C->S 001\n<a>\n  <b>1234\n[1 byte is left out of the transcript; the capture holds them all.]\n"
    ),
    WrittenCase(
        "a count that would overflow",
        .packet(packet(1, "<a><b>12345") { $0.omittedBytes = .max }),
        limit: 10,
        "C->S 001\n<a>\n  <b>1234\n[\(Int.max) bytes are left out of the transcript; the capture holds them all.]\n"
    ),
    WrittenCase("an event", .event(EventRecord(kind: "k", text: "a\nb")), "[a b]\n"),
    WrittenCase("prose", .prose(["a", "b"]), "a\nb\n"),
    WrittenCase(
        "a summary",
        .summary(Summary(text: "a\nb", stories: [Story(id: 1, kind: .bind, subject: "x")])),
        "a\nb\n"
    ),
    WrittenCase("prose with an empty line", .prose(["", "a", " "]), "a\n"),
    WrittenCase("prose that looks like an event", .prose(["[a]", "[b]"]), "&#x5B;a]\n[b]\n"),
    WrittenCase("no prose", .prose([]), ""),
    WrittenCase(explanation: " two\r\nlines \u{202E}", shown: "two lines &#x202E;"),
    WrittenCase(explanation: "[an event]", shown: "&#x5B;an event]"),
    WrittenCase(explanation: "[1] is not one", shown: "[1] is not one"),
    WrittenCase(explanation: "<iq/>", shown: "&#x3C;iq/>"),
    WrittenCase(explanation: "Warning: x", shown: "&#x57;arning: x"),
    WrittenCase(explanation: "Note: x", shown: "&#x4E;ote: x"),
    WrittenCase(explanation: "s->c 002", shown: "&#x73;->c 002"),
    WrittenCase(explanation: "Client and server agree.", shown: "Client and server agree."),
]

@Suite("Writing text")
struct TextWriterTests {
    @Test("a record", arguments: cases)
    func record(_ written: WrittenCase) {
        var writer = TextWriter(maxPacketBytes: written.limit)
        var bytes: [UInt8] = []
        writer.append(written.record, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == written.text)
    }

    @Test("whatever is said about a packet, it stays one packet", arguments: cases)
    func staysOne(_ written: WrittenCase) throws {
        guard case .packet(let packet) = written.record else { return }
        var writer = TextWriter(maxPacketBytes: written.limit)
        var bytes: [UInt8] = []
        writer.append(title: ["t"], to: &bytes)
        writer.append(written.record, to: &bytes)
        writer.append(.prose(["end"]), to: &bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        let read = try TextReader.read(text)
        #expect(read.problems.isEmpty)
        #expect(read.transcript.records.count == 2)
        #expect(read.transcript.packets.first?.telling.text.isEmpty == packet.telling.text.isEmpty)
        #expect(TextWriter.text(read.transcript) == text)
    }

    @Test("with the time since the connection was accepted")
    func timing() throws {
        let transcript = Transcript(records: [.packet(packet(1, "<a/>") { $0.secondsSinceStart = 0.2129 })])
        let text = TextWriter.text(transcript, showsTiming: true)
        #expect(text == "C->S 001 +0.213s\n<a/>\n")
        #expect(try TextReader.read(text).transcript.packets.first?.secondsSinceStart == 0.213)
    }
}
