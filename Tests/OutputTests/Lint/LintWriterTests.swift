import Foundation
import Testing
import Transcript
import XMPP

@testable import Output

@Suite("what lint writes")
struct LintWriterTests {
    private let missing = Finding(missingID, "it has no id.")

    @Test("a line tells the place, the severity, the text, the code and the section")
    func line() throws {
        let told = try linted([[request(7, [missing])], [request(8, [Finding(reusedID, "007 has it too.")])]])
        #expect(
            told.text == """
                r1.pcapng: connection 1, C->S 007: warning: it has no id. [iq.id.missing, RFC 6120 section 8.1.3]
                r2.pcapng: connection 1, C->S 008: note: 007 has it too. [iq.id.reused]

                """
        )
        #expect(told.counts == LintRun.Counts(recordings: 2, warnings: 1, notes: 1))
    }

    @Test("a section that the text names is not told twice")
    func section() throws {
        let told = try linted([[request(1, [Finding(missingID, "no id (RFC 6120 section 8.1.3).")])]])
        #expect(told.text.hasSuffix("no id (RFC 6120 section 8.1.3). [iq.id.missing]\n"))
    }

    @Test("of a transcript the line is told, and no connection")
    func transcript() throws {
        let told = try linted([[request(1, []), request(nil, [missing])]], packetLines: [3, 12])
        #expect(told.text.hasPrefix("r1.pcapng:12: C->S: warning: "))
    }

    @Test("equal ones are told once, with the numbers of the next ones", arguments: [2, 6, 7, 12])
    func fold(_ count: Int) throws {
        let records = (1...count).map { request($0, [Finding(missingID, "packet \($0) has no id.")]) }
        let told = try linted([records])
        let rest = [
            2: " (and 1 more: 002)", 6: " (and 5 more: 002, 003, 004, 005, 006)",
            7: " (and 6 more: 002, 003, 004, 005, 006, …)", 12: " (and 11 more: 002, 003, 004, 005, 006, …)",
        ]
        #expect(told.text.contains(": packet 1 has no id.\(rest[count] ?? "?") ["))
        #expect(told.text.split(separator: "\n").count == 1 && told.counts.warnings == count)
    }

    @Test("other text, another kind of packet and another direction are others")
    func others() throws {
        let records = [
            request(1, [missing]), request(2, [Finding(missingID, "other.")]),
            request(3, [missing], xml: "<iq type='set'><q xmlns='urn:x'/></iq>"),
        ]
        #expect(try linted([records]).text.split(separator: "\n").count == 3)
    }

    @Test("more kinds than the table holds are written all the same, and none is lost")
    func full() throws {
        let words = (0..<LintFold.limit + 500).map {
            "w" + String($0, radix: 2).replacing("0", with: "a").replacing("1", with: "b")
        }
        let records = words.enumerated().map { request($0.offset + 1, [Finding(missingID, "\($0.element).")]) }
        let told = try linted([records])
        #expect(told.text.split(separator: "\n").count == words.count)
    }

    @Test("what somebody else wrote under a packet is no finding")
    func foreign() throws {
        let told = try linted([
            [request(1, [Finding(.warning, "I do not like it."), Finding(code: "a.b", .warning, "x.")])]
        ])
        #expect(told.text.isEmpty && told.counts.warnings == 0)
    }

    @Test("nothing harms a terminal or breaks a line")
    func hostile() throws {
        let told = try linted([[request(1, [Finding(missingID, "\u{1B}[31m\u{202E}a\nb")], xml: "<a\u{1B}/>")]])
        #expect(!told.text.contains("\u{1B}") && !told.text.contains("\u{202E}"))
        #expect(told.text.split(separator: "\n").count == 1)
    }

    @Test("events and what the end tells have their places")
    func otherPlaces() throws {
        var event = EventRecord(kind: "unreadable", text: "x")
        event.finding = Finding(missingID, "broken.")
        var summary = Summary(text: "x", stories: [])
        let root = try #require(PacketRecord.Root(xml: Array("<iq type='get' id='1'><q xmlns='urn:x'/></iq>".utf8)))
        summary.findings = [
            LateFinding(number: 2, direction: .serverToClient, root: root, finding: Finding(reusedID, "late."))
        ]
        let told = try linted([[.event(event), request(4, []), .event(event), .summary(summary)]])
        #expect(
            told.text.split(separator: "\n").map { $0.prefix { $0 != "[" } } == [
                "r1.pcapng: connection 1, before the first packet: warning: broken. (and 1 more: 004) ",
                "r1.pcapng: connection 1, S->C 002: note: late. ",
            ]
        )
    }

    @Test("an event of a transcript is found at the packet before it")
    func eventLine() throws {
        var event = EventRecord(kind: "unreadable", text: "x")
        event.finding = Finding(missingID, "broken.")
        let told = try linted([[request(1, []), .event(event), request(2, [missing])]], packetLines: [3, 9])
        #expect(
            told.text.split(separator: "\n").map { $0.prefix { $0 != "[" } } == [
                "r1.pcapng:3: after 001: warning: broken. ", "r1.pcapng:9: C->S 002: warning: it has no id. ",
            ]
        )
    }

    @Test("a line of JSON tells each one")
    func json() throws {
        let told = try linted([[request(1, [missing]), request(2, [missing])]], as: .jsonl)
        let lines = told.text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines[0] == """
                {"code":"iq.id.missing","connection":1,"direction":"C->S","file":"r1.pcapng","fingerprint":"iq.id.missing C->S iq get {urn:x}q","number":1,"reference":"RFC 6120 section 8.1.3","severity":"warning","text":"it has no id."}
                """
        )
    }

    @Test("only what is wanted is told")
    func selection() throws {
        let records = [request(1, [missing, Finding(reusedID, "again.")])]
        func codes(_ selection: LintSelection) throws -> [Bool] {
            let told = try linted([records], selection: selection)
            return ["iq.id.missing", "iq.id.reused"].map(told.text.contains)
        }
        #expect(try codes(LintSelection(severity: .warning)) == [true, false])
        #expect(try codes(LintSelection(only: ["iq.id.reused"])) == [false, true])
        #expect(try codes(LintSelection(ignored: ["iq.id.missing"])) == [false, true])
        #expect(try codes(LintSelection(ignored: ["iq."])) == [false, false])
        #expect(try codes(LintSelection(only: ["iq."], ignored: ["iq.id.reused"])) == [true, false])
    }
}
