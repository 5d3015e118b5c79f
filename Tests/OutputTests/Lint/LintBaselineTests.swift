import Inspector
import Testing
import Transcript
import XMPP

@testable import Output

@Suite("baselines of lint")
struct LintBaselineTests {
    private static let codes: Set<String> = ["iq.id.missing", "iq.id.reused"]

    @Test(
        "a fingerprint is the same whatever is new in a recording",
        arguments: [
            ("<iq type='get' id='1' to='a@b'><q xmlns='urn:x' node='1'/></iq>", "iq get {urn:x}q"),
            ("<iq type='get' id='2'><q xmlns='urn:x'/></iq>", "iq get {urn:x}q"),
            (
                "<iq type='error' id='2'><q xmlns='urn:x'/><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
                "iq error conflict"
            ),
            ("<message to='x@y' type='chat'><body>Hello</body></message>", "message chat body"),
            ("<r xmlns='urn:xmpp:sm:3'/>", "{urn:xmpp:sm:3}r"),
            ("<iq type='a b'><q xmlns='urn:x y\u{1F600}'/></iq>", "iq a_b {urn:x_y\u{1F600}}q"),
            ("</stream:stream>", "end"),
        ]
    )
    func subject(_ xml: String, _ subject: String) {
        #expect(LintSubject.of(PacketRecord.Root(xml: Array(xml.utf8))) == subject)
    }

    @Test("what is known is counted, not told")
    func known() throws {
        let records = [request(1, [Finding(missingID, "it has no id."), Finding(reusedID, "again.")])]
        let baseline = try LintBaseline(
            reading: "# known\n\n iq.id.missing  C->S iq get {urn:x}q \r\n",
            codes: Self.codes
        )
        let told = try linted([records, records], baseline: baseline)
        #expect(told.counts == LintRun.Counts(recordings: 2, warnings: 0, notes: 2, known: 2))
        #expect(!told.text.contains("iq.id.missing"))
    }

    @Test("what is written is read back, sorted, one a line below a comment")
    func roundTrip() throws {
        let run = LintRun(LintSelection(), codes: [missingID, reusedID], writer: nil)
        let sink = run.sink(file: "a")
        for number in 1...3 {
            sink.add(
                request(number, [Finding(reusedID, "x \(number)."), Finding(missingID, "y.")]),
                connection: number
            )
        }
        try sink.flush()
        let lines = run.found.text.split(separator: "\n")
        #expect(
            lines.filter { !$0.hasPrefix("#") } == [
                "iq.id.missing C->S iq get {urn:x}q", "iq.id.reused C->S iq get {urn:x}q",
            ]
        )
        #expect(try LintBaseline(reading: run.found.text, codes: Self.codes) == run.found)
        let again = LintRun(LintSelection(), codes: [missingID], baseline: run.found, writer: nil)
        #expect(again.unmet == 2)
    }

    @Test(
        "a text that is no baseline is refused with its line",
        arguments: [
            ("# x\nhello", 2), ("iq.id.missing C->S", 1), ("iq.id.missing up iq get", 1), ("nonsense C->S iq get", 1),
        ]
    )
    func wrong(_ text: String, _ line: Int) {
        #expect { try LintBaseline(reading: text, codes: Self.codes) } throws: { error in
            (error as? LintBaselineError)?.line == line
        }
    }
}
