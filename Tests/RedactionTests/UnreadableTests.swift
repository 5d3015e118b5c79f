import Capture
import Foundation
import TestKit
import Testing
import Transcript
import XMPP

@testable import Redaction

private let header =
    "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
private let secret = "correct horse battery"
private let registration =
    "<iq type='set' id='1'><query xmlns='jabber:iq:register'><username>romeo</username><password>\(secret)</password></query></iq>"

struct UnreadableTests {
    @Test("of half a packet nothing but its name stays", arguments: chunkSizes)
    func half(chunk: Int?) throws {
        var recorded = try Recorded()
        try recorded.say(
            ["C:" + header, "C:" + registration.replacing("</password></query></iq>", with: "")],
            chunk: chunk
        )
        let (_, path, count) = try recorded.redacted()
        let client = try content(path).client
        #expect(client.hasPrefix(header + "<iq   "))
        #expect(!client.contains("horse") && !client.contains("romeo"))
        #expect(count.maskedBytes > 50)
    }

    @Test("bytes that are no XMPP are blotted out", arguments: chunkSizes)
    func garbage(chunk: Int?) throws {
        var recorded = try Recorded()
        try recorded.say(["C:" + header, "C:<a></b>\(secret)"], chunk: chunk)
        let (_, path, count) = try recorded.redacted()
        #expect(try content(path).client == header + String(repeating: "x", count: 7 + secret.utf8.count))
        #expect(count.maskedBytes == 7 + secret.utf8.count)
        #expect(try blots(path) == count.maskedBytes)
    }

    /// How many bytes the copy says to be blotted out; each of them is an `x` in it.
    private func blots(_ path: String) throws -> Int {
        let reader = try CaptureReader(path: path)
        var places: [Range<Int>] = []
        var sum = 0
        while let record = try reader.next() {
            switch record.content {
            case .event(.blotted(_, let kept, let count)): places.append(kept..<kept + count)
            case .bytes(_, let bytes, _):
                for place in places {
                    let blotted = bytes.dropFirst(place.lowerBound).prefix(place.count)
                    #expect(blotted.allSatisfy { $0 == UInt8(ascii: "x") } && blotted.count == place.count)
                    sum += place.count
                }
                places = []
            case .opened, .continued, .lost, .closed, .reset, .event: break
            }
        }
        return sum
    }

    @Test("where many places of a segment cannot be read, it is told of some, which cover them all")
    func manyPlaces() throws {
        var recorded = try Recorded()
        try recorded.say(["C:" + header + String(repeating: "\(secret)<presence/>", count: 100)])
        let (_, path, count) = try recorded.redacted()
        #expect(count.maskedBytes == 100 * secret.utf8.count)
        let reader = try CaptureReader(path: path)
        var blots: [ClosedRange<Int>] = []
        while let record = try reader.next() {
            if case .event(.blotted(_, let kept, let count)) = record.content { blots.append(kept...kept + count - 1) }
        }
        #expect(blots.count == 16)
        #expect(blots.last?.upperBound == header.utf8.count + 100 * (secret.utf8.count + 11) - 12)
    }

    @Test("what is compressed is blotted out, for nobody looks into it")
    func compressed() throws {
        var recorded = try Recorded()
        try recorded.say([
            "C:" + header, "S:" + header, "S:<compressed xmlns='http://jabber.org/protocol/compress'/>",
            "S:\(secret)", "C:\(secret)",
        ])
        let streams = try content(try recorded.redacted().path)
        #expect(!streams.client.contains(secret) && !streams.server.contains(secret))
    }

    @Test("TLS that nobody decrypted stays as it is")
    func encrypted() throws {
        var recorded = try Recorded()
        let tls: [UInt8] = [0x16, 3, 1, 0, 5] + Array("hello".utf8)
        try recorded.say(tls, .clientToServer)
        let (bytes, _, count) = try recorded.redacted()
        #expect(bytes == (try recorded.originalBytes))
        #expect(count == RedactionCount())
    }

    @Test("what was decrypted is a stream of its own")
    func decrypted() throws {
        var recorded = try Recorded()
        try recorded.say(["C:" + header, "C:<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"])
        try recorded.recorder.decryptionBegan()
        try recorded.say(["C:" + header, "C:" + registration])
        let client = try content(try recorded.redacted().path).client
        #expect(!client.contains(secret) && client.contains("<username>romeo</username>"))
    }

    @Test("a packet over a limit is blotted out, and the next one is read")
    func oversized() throws {
        var recorded = try Recorded()
        let long = "<message><body>" + String(repeating: secret, count: 200_000) + "</body></message>"
        try recorded.say(["C:" + header, "C:" + long, "C:" + registration])
        let path = try recorded.redacted().path
        let client = try content(path).client
        #expect(!client.contains("horse"))
        #expect(client.contains("<username>romeo</username>"))
        #expect(try blots(path) == long.utf8.count)
    }

    @Test("what another program captured is not copied: it may stand there twice")
    func foreign() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/f.pcap"
        try Data([0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8) + [0, 0, 4, 0, 1, 0, 0, 0])
            .write(
                to: URL(fileURLWithPath: path)
            )
        let redactor = CaptureRedactor(
            reader: try CaptureReader(path: path),
            output: try CaptureFile(copyAt: folder.path + "/r.pcapng")
        )
        #expect { _ = try redactor.step() } throws: { "\($0)".contains("another program") }
    }

    @Test("a transcript loses its secrets, also where a sentence quotes one")
    func transcript() throws {
        var packet = PacketRecord(number: 2, direction: .clientToServer, xml: Array(registration.utf8))
        packet.telling.text = "The client sends \"\(secret)\"."
        packet.telling.findings = [Finding(.warning, "the password \(secret) is short.")]
        var half = PacketRecord(number: 3, direction: .clientToServer, xml: Array("<iq><password>correct ho".utf8))
        half.omittedBytes = 100
        let transcript = Transcript(
            title: ["XMPP session with a"],
            records: [.packet(packet), .packet(half), .prose(["It was \(secret)."])]
        )
        let (redacted, count) = TranscriptRedactor.redact(transcript)
        let text = TextWriter.text(redacted)
        #expect(!text.contains("horse") && !text.contains("correct ho"))
        #expect(text.contains("<username>romeo</username>"))
        #expect(count.secrets == 1 && count.values == 1 && count.echoes == 3)
    }

    @Test("of a packet that was broken nothing stays in a transcript but that it was")
    func broken() {
        let line =
            "Packet 003 from the client cannot be read: a bare & that begins no reference (not-well-formed). At offset 62 of "
            + "it, 162 of C->S, marked ►: \"<query xmlns='jabber:iq:register'><password>hors►&e</password></query>\". What "
            + "follows from the client is not explained"
        let transcript = Transcript(
            title: ["XMPP session with a"],
            records: [
                .packet(PacketRecord(number: 1, direction: .clientToServer, xml: Array(header.utf8))),
                .event(EventRecord(kind: "unreadable", text: line)),
                .prose([
                    "From packet 003 on, what the client sent could not be read: the attribute horse (at offset 62 of it)."
                ]),
            ]
        )
        let text = TextWriter.text(TranscriptRedactor.redact(transcript).transcript)
        #expect(
            text.contains(
                "[Packet 003 from the client cannot be read: …. What follows from the client is not explained]"
            )
        )
        #expect(text.contains("From packet 003 on, what the client sent could not be read: … (at offset 62 of it)."))
        #expect(!text.contains("hors"))
    }

    @Test(
        "what a line quotes of a peer goes, whatever it is",
        arguments: [
            ("sends text between packets, where none may stand: ", "\"horse\"", ""),
            // It joins the quotation mark before it to one character.
            ("sends text between packets, where none may stand: ", "\"\u{301}horse\"", ""),
            ("sends text between packets, where none may stand: ", "the bytes d0 bf", ""),
            ("Half a packet was left when the client stopped: 9 bytes, beginning with ", "\"<a>horse\"", ""),
            ("What the client sends from here on cannot be read: ", "no zlib. It begins with \"horse\"", ""),
            (
                "Packet 003 from the client cannot be read: ", "<?xml \u{200D}horse",
                ". What follows from the client is not told"
            ),
            ("cannot be read: ", "horse. What follows from horse", ". What follows from the client is not explained"),
            (
                "From packet 003 on, what the client sent could not be read: ", "the attribute horse",
                " (at offset 62 of it)."
            ),
            ("From packet 003 on, what the client sent could not be read: ", "horse", ""),
        ]
    )
    func quoted(_ start: String, _ quoted: String, _ end: String) {
        #expect(BrokenText.withoutText(start + quoted + end) == start + "…" + end)
        #expect(BrokenText.withoutText("Nothing of that.") == "Nothing of that.")
    }

    @Test("a summary that tells of both directions loses both reasons, one that tells of thousands too")
    func summaries() {
        let one = "what the client sent could not be read: horse (at offset 62 of it). "
        let without = "what the client sent could not be read: … (at offset 62 of it). "
        for count in [2, 20_000] {
            let line = String(repeating: one, count: count)
            #expect(BrokenText.withoutText(line) == String(repeating: without, count: count))
        }
    }
}
