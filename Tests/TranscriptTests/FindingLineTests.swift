import Testing
import XMPP

@testable import Transcript

/// A finding and the line on which it stands, without and with codes.
private struct LineCase: Sendable, CustomTestStringConvertible {
    let finding: Finding
    let plain: String
    let coded: String
    var testDescription: String { coded.debugDescription }

    init(_ finding: Finding, _ plain: String, _ coded: String? = nil) {
        self.finding = finding
        self.plain = plain
        self.coded = coded ?? plain
    }
}

private let lineCases = [
    LineCase(
        Finding(code: "iq.answer.unexpected", .warning, "no."),
        "Warning: no.",
        "Warning: no. [iq.answer.unexpected]"
    ),
    LineCase(Finding(code: "a-1.b2", .note, ""), "Note: ", "Note:  [a-1.b2]"),
    LineCase(Finding(.note, "n."), "Note: n."),
    // What only looks like a code stays text.
    LineCase(Finding(.note, "see [a.b]"), "Note: see &#x5B;a.b]"),
    LineCase(Finding(code: "a.b", .note, "see [a.b]"), "Note: see &#x5B;a.b]", "Note: see [a.b] [a.b]"),
    LineCase(Finding(.note, "see\n[a.b]"), "Note: see &#x5B;a.b]"),
    LineCase(Finding(.note, "ü [a.b]"), "Note: ü &#x5B;a.b]"),
    LineCase(Finding(.note, "see [A.b]"), "Note: see [A.b]"), LineCase(Finding(.note, "see [ab]"), "Note: see [ab]"),
    LineCase(Finding(.note, "see [a.b]."), "Note: see [a.b]."), LineCase(Finding(.note, "see[a.b]"), "Note: see[a.b]"),
    LineCase(Finding(.note, "[a.b]"), "Note: [a.b]"), LineCase(Finding(.note, "see [...]"), "Note: see [...]"),
    LineCase(Finding(.note, "see [a.]"), "Note: see [a.]"), LineCase(Finding(.note, "see []"), "Note: see []"),
    LineCase(Finding(.note, "]"), "Note: ]"), LineCase(Finding(.note, "see a.b]"), "Note: see a.b]"),
    // Such a code would not be read back, so it is not written.
    LineCase(Finding(code: "Not one", .note, "n."), "Note: n."),
    LineCase(Finding(code: "one", .note, "n."), "Note: n."),
]

@Suite("lines of findings")
struct FindingLineTests {
    @Test("without and with codes", arguments: lineCases)
    private func written(_ line: LineCase) {
        #expect(line.finding.line(showsCode: false) == line.plain)
        #expect(line.finding.line(showsCode: true) == line.coded)
    }

    @Test("a line read back is written the same, with codes or without", arguments: lineCases)
    private func readBack(_ line: LineCase) throws {
        let plain = try #require(Finding(line: line.plain))
        #expect(plain.code.isEmpty && plain.line(showsCode: true) == line.plain)
        let coded = try #require(Finding(line: line.coded))
        #expect(coded.line(showsCode: true) == line.coded)
        if line.coded != line.plain {
            #expect(coded == line.finding)
            #expect(coded.line(showsCode: false) == line.plain)
        }
    }

    @Test("a transcript with codes reads back whole")
    func transcript() throws {
        let title = ["XMPP session with a", "Client b, stanzatap 0.1.0"]
        let record = packet(1, "<a/>") {
            $0.telling = Telling("It is told.", lineCases.map(\.finding).filter { !$0.text.contains("\n") })
        }
        let text = TextWriter.text(Transcript(title: title, records: [.packet(record)]), showsCodes: true)
        let reading = try TextReader.read(text)
        #expect(reading.problems.isEmpty && reading.repairs.isEmpty)
        #expect(TextWriter.text(reading.transcript, showsCodes: true) == text)
        #expect(reading.transcript.packets.first?.telling.findings.first?.code == "iq.answer.unexpected")
    }
}
