import Testing
import XMLStream
import XMPP

@testable import Transcript

@Suite("A transcript that is written and read")
struct RandomPacketTests {
    @Test("means the same, packet for packet, and is written the same again", arguments: 0..<20)
    func packets(seed: Int) throws {
        var maker = RandomPacket(seed: UInt64(seed))
        for title in [["XMPP session with a", "Client b, stanzatap 0.1.0"], ["Some title"]] {
            let sent = (1...20).map { packet($0, maker.make(), $0 % 3 == 0 ? .serverToClient : .clientToServer) }
            let transcript = Transcript(title: title, records: sent.map { .packet($0) })
            let text = TextWriter.text(transcript)
            let reading = try TextReader.read(text)
            #expect(reading.problems.isEmpty)
            let read = reading.transcript.packets
            #expect(read.map(\.number) == sent.map(\.number))
            #expect(read.map(\.direction) == sent.map(\.direction))
            for (one, other) in zip(sent, read) {
                let expected = try #require(meaning(one.xml), "\(one.xmlText)")
                #expect(meaning(other.xml)?.withoutLayout == expected.withoutLayout, "\(one.xmlText)")
            }
            // A text under a foreign title is mended where its blanks look like damage, so only our own stays as it is.
            if title.count == 2 { #expect(TextWriter.text(reading.transcript) == text) }
        }
    }

    @Test("may be cut anywhere", arguments: 0..<10)
    func cut(seed: Int) throws {
        var maker = RandomPacket(seed: UInt64(seed) + 100)
        let title = ["XMPP session with a", "Client b, stanzatap 0.1.0"]
        for _ in 0..<4 {
            let sent = packet(1, maker.make())
            for limit in stride(from: 1, to: sent.xml.count, by: 3) {
                var writer = TextWriter(maxPacketBytes: limit)
                var bytes: [UInt8] = []
                writer.append(title: title, to: &bytes)
                writer.append(.packet(sent), to: &bytes)
                writer.append(.prose(["The end."]), to: &bytes)
                let reading = try TextReader.read(String(decoding: bytes, as: UTF8.self))
                let read = try #require(reading.transcript.packets.first)
                #expect(read.omittedBytes >= sent.xml.count - limit)
                #expect(read.omittedBytes <= sent.xml.count - limit + 3)
                #expect(reading.transcript.records.count == 2)
                let again = TextWriter.text(reading.transcript)
                #expect(again == String(decoding: bytes, as: UTF8.self))
            }
        }
    }

    @Test("holds everything that a text can tell")
    func everything() throws {
        let transcript = Transcript(title: ["A title", "  and \u{E9}"], records: everyKind)
        let text = TextWriter.text(transcript)
        let reading = try TextReader.read(text)
        #expect(reading.transcript == transcript)
        #expect(reading.repairs.isEmpty && reading.problems.isEmpty)
    }

    @Test("reads the same with any line ends", arguments: ["\r\n", "\r"])
    func lineEnds(lineEnd: String) throws {
        let transcript = Transcript(title: ["A title"], records: everyKind)
        let text = TextWriter.text(transcript).replacing("\n", with: lineEnd)
        #expect(try TextReader.read(text).transcript == transcript)
        #expect(try TextReader.read("\u{FEFF}" + lineEnd + text).transcript == transcript)
    }
}

private let everyKind: [Record] = [
    .event(EventRecord(kind: "", text: "TLS 1.3 on both legs: [x]")),
    .packet(packet(1, "<?xml version='1.0'?><stream:stream to='a' version='1.0'>") { $0.telling.text = "Opens." }),
    .packet(packet(2, "<stream:features/>", .serverToClient)),
    .packet(
        packet(3, "<iq><query>x</query></iq>", .serverToClient) {
            $0.replacement = Array("<iq/>".utf8)
            $0.telling.text = "It was changed."
            $0.telling.findings = [Finding(.warning, "One."), Finding(.note, "Two: [x]"), Finding(.warning, "Three.")]
        }
    ),
    .packet(
        packet(1000, "<iq id='1'/>") {
            $0.isSentByProxy = true
            $0.telling.findings = [Finding(.note, "No explanation.")]
        }
    ),
    .prose(["Two lines", "  of prose."]),
    .packet(
        packet(1001, "<message><body>begun") {
            $0.omittedBytes = 12
            $0.replacement = Array("<message><body>other".utf8)
            $0.replacementOmittedBytes = 1
            $0.telling.text = "A long one."
        }
    ),
    .packet(packet(1002, "<stream xmlns='urn:x'><a/></stream>")),
    .packet(packet(1003, "</stream:stream>") { $0.telling.text = "The client ends its stream." }),
    .event(EventRecord(kind: "", text: "")),
    .prose(["That was all."]),
]

extension Element {
    /// Without the white space between tags, which a transcript does not keep.
    fileprivate var withoutLayout: Element {
        let holdsElements = !children.isEmpty
        let holdsText = nodes.contains { node in
            if case .text(let text) = node { !text.allSatisfy(\.isWhitespace) } else { false }
        }
        // What stands in mixed content is kept, whatever it is.
        guard holdsElements && !holdsText else { return self }
        let kept: [Node] = children.map { .element($0.withoutLayout) }
        return Element(
            name: name,
            namespace: namespace,
            attributes: attributes,
            declarations: declarations,
            nodes: kept
        )
    }
}
