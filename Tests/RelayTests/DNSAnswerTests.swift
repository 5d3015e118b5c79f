import Testing

@testable import Relay

@Suite("DNS answers")
struct DNSAnswerTests {
    private static func message(answers: UInt16, _ records: [UInt8]) -> [UInt8] {
        [0, 1, 0x81, 0x80, 0, 1] + DNSWire.big(answers) + [0, 0, 0, 0] + DNSWire.name("a.example") + [0, 33, 0, 1]
            + records
    }

    private static let service = DNSWire.record(
        .service(priority: 10, weight: 5, port: 5222, target: "xmpp.example"),
        name: [0xC0, 12]
    )

    @Test func services() throws {
        let root = DNSWire.record(.service(priority: 1, weight: 0, port: 0, target: "."), name: [0xC0, 12])
        let answer = try DNSAnswer(Self.message(answers: 2, Self.service + root))
        #expect(
            answer.services == [
                ServiceRecord(priority: 10, weight: 5, port: 5222, target: "xmpp.example"),
                ServiceRecord(priority: 1, weight: 0, port: 0, target: "."),
            ]
        )
    }

    @Test("addresses of both families, behind an alias")
    func addresses() throws {
        let records =
            DNSWire.record(.alias("b.example"), name: [0xC0, 12])
            + DNSWire.record(.address("192.0.2.1"), name: DNSWire.name("b.example"))
            + DNSWire.record(.address("2001:db8::1"), name: DNSWire.name("b.example"))
        let answer = try DNSAnswer(Self.message(answers: 3, records))
        #expect(answer.addresses.map(\.count) == [4, 16])
        #expect(answer.services.isEmpty)
    }

    @Test("a target may be compressed")
    func compressedTarget() throws {
        let target: [UInt8] = [4] + Array("xmpp".utf8) + [0xC0, 14]
        let record = DNSWire.record([0xC0, 12], type: 33, [0, 1, 0, 2, 0, 3] + target)
        let answer = try DNSAnswer(Self.message(answers: 1, record))
        #expect(answer.services.map(\.target) == ["xmpp.example"])
    }

    @Test("an answer cut anywhere is refused")
    func truncated() {
        let whole = Self.message(answers: 1, Self.service)
        for count in 0..<whole.count {
            #expect(throws: DNSFormatError.self, "\(count) bytes") { try DNSAnswer(Array(whole.prefix(count))) }
        }
    }

    struct Hostile: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let record: [UInt8]
    }

    /// The record begins at byte 27 of the message.
    private static let hostile = [
        Hostile(testDescription: "a pointer to itself", record: [0xC0, 27]),
        Hostile(testDescription: "a pointer forward", record: [0xC0, 200]),
        Hostile(
            testDescription: "two pointers to each other",
            record: DNSWire.record([0xC0, 12], type: 33, [0, 1, 0, 2, 0, 3, 0xC0, 47, 0xC0, 45])
        ),
        Hostile(testDescription: "a label of a reserved kind", record: [0x80, 1, 0]),
        Hostile(
            testDescription: "a name longer than 255 octets",
            record: (0..<5).flatMap { _ in [63] + [UInt8](repeating: 97, count: 63) } + [0]
        ),
        Hostile(testDescription: "a label with a line feed", record: [3, 97, 10, 97, 0]),
        Hostile(testDescription: "a label with a dot", record: [3, 97, 46, 97, 0]),
        Hostile(testDescription: "an address of 5 bytes", record: DNSWire.record([0], type: 1, [1, 2, 3, 4, 5])),
        Hostile(testDescription: "an address without bytes", record: DNSWire.record([0], type: 28, [])),
        Hostile(
            testDescription: "a service longer than its length says",
            record: DNSWire.record([0], type: 33, [0, 1])
        ),
        Hostile(
            testDescription: "a service shorter than its length says",
            record: DNSWire.record([0], type: 33, [0, 1, 0, 2, 0, 3, 0, 9])
        ),
        Hostile(testDescription: "a length beyond the end", record: [0, 0, 99, 0, 1, 0, 0, 0, 0, 0xFF, 0xFF, 1]),
    ]

    @Test("hostile answers are refused", arguments: hostile)
    private func refused(_ hostile: Hostile) {
        let padding = [UInt8](repeating: 0, count: 16)
        #expect(throws: DNSFormatError.self) { try DNSAnswer(Self.message(answers: 1, hostile.record + padding)) }
    }

    @Test("random bytes never crash")
    func random() {
        for _ in 0..<2000 {
            var bytes = randomBytes(Int.random(in: 12...80))
            bytes.replaceSubrange(4..<8, with: [0, 1, 0, 3])
            _ = try? DNSAnswer(bytes)
        }
    }
}

@Suite("the order of SRV records")
struct ServiceRecordTests {
    private func record(_ priority: UInt16, _ weight: UInt16, _ target: String = "") -> ServiceRecord {
        ServiceRecord(priority: priority, weight: weight, port: 5222, target: target)
    }

    @Test("lower priorities come first, whatever their weight")
    func priorities() {
        var generator = SystemRandomNumberGenerator()
        let ordered = [record(20, 100), record(0, 0), record(10, 65535)].inOrderOfTrial(using: &generator)
        #expect(ordered.map(\.priority) == [0, 10, 20])
    }

    @Test("within a priority the first is chosen in proportion to the weights")
    func weights() {
        var generator = SystemRandomNumberGenerator()
        var first: [String: Int] = [:]
        for _ in 0..<4000 {
            let records = [record(1, 10, "small"), record(1, 30, "large"), record(1, 0, "none")]
            let ordered = records.inOrderOfTrial(using: &generator)
            #expect(ordered.count == 3)
            first[ordered[0].target, default: 0] += 1
        }
        // Expected 974, 2927 and 98 of 4000; the borders are ten standard deviations away.
        #expect((700...1250).contains(first["small"] ?? 0))
        #expect((2600...3250).contains(first["large"] ?? 0))
        #expect((1...200).contains(first["none"] ?? 0))
    }

    @Test("all weights may be zero, or the greatest there is")
    func extremes() {
        var generator = SystemRandomNumberGenerator()
        let records = (0..<50).map { record(1, $0 < 25 ? 0 : .max, "\($0)") }
        #expect(Set(records.inOrderOfTrial(using: &generator).map(\.target)).count == 50)
        #expect([ServiceRecord]().inOrderOfTrial(using: &generator).isEmpty)
    }
}
