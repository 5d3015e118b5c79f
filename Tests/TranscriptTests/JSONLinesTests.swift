import Foundation
import Testing
import XMLStream
import XMPP

@testable import Transcript

struct JSONLinesTests {
    private func object(_ record: Record) throws -> [String: Any] {
        var bytes: [UInt8] = Array("before\n".utf8)
        JSONLinesWriter().append(record, connection: 3, to: &bytes)
        #expect(bytes.starts(with: Array("before\n".utf8)) && bytes.last == 0x0A)
        let line = Data(bytes.dropFirst(7))
        #expect(line.dropLast().allSatisfy { $0 != 0x0A })
        return try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
    }

    @Test(
        "any bytes make valid JSON",
        arguments: [
            Array("<a b=\"1\">\\ \n\t\u{1}\u{7F}</a>".utf8), Array("<a>ü\u{1F600}\"\\</a>".utf8), [0xFF, 0x22, 0xC3],
            [],
        ]
    )
    func anyBytes(xml: [UInt8]) throws {
        let json = try object(.packet(PacketRecord(number: 1, direction: .clientToServer, xml: xml)))
        #expect(json["xml"] as? String == String(decoding: xml, as: UTF8.self))
        #expect(json["bytes"] as? Int == xml.count)
    }

    @Test("a packet tells what is known and leaves out the rest")
    func packet() throws {
        var packet = PacketRecord(number: 7, direction: .serverToClient, xml: Array("<iq/>".utf8))
        packet.time = 1_795_411_540_123_456_789
        packet.secondsSinceStart = 0.25
        packet.answers = 6
        packet.answerDelay = 0.000123
        packet.telling.text = "An answer."
        packet.telling.findings = [Finding(.warning, "careful.")]
        packet.isSentByProxy = true
        packet.root = PacketRecord.Root(
            Element(name: "iq", namespace: "jabber:client", attributes: [Attribute(name: "id", value: "x")])
        )
        let json = try object(.packet(packet))
        #expect(json["kind"] as? String == "packet" && json["connection"] as? Int == 3 && json["number"] as? Int == 7)
        #expect(json["time"] as? String == "2026-11-23T05:25:40.123456Z")
        #expect(
            json["offset"] as? Double == 0.25 && json["delay"] as? Double == 0.000123 && json["answers"] as? Int == 6
        )
        #expect(json["name"] as? String == "iq" && json["id"] as? String == "x" && json["to"] == nil)
        #expect(json["sentBy"] as? String == "stanzatap")
        #expect((json["findings"] as? [[String: String]])?.first == ["severity": "warning", "text": "careful."])
        #expect(json["omitted"] == nil && json["replacement"] == nil)
    }

    @Test("events and summaries")
    func others() throws {
        let event = try object(.event(EventRecord(kind: "closed", text: "Gone", time: 0, secondsSinceStart: 1)))
        #expect(event["event"] as? String == "closed" && event["text"] as? String == "Gone")
        #expect(try object(.prose(["a", "b"]))["text"] as? String == "a\nb")
    }
}
