import Testing
import Transcript
import XMPP

@testable import Inspector

private let openings: [(Direction, String)] = [
    (
        .clientToServer,
        "<stream:stream to='d.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
    ),
    (
        .serverToClient,
        "<stream:stream from='d.test' id='1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
    ),
    (.clientToServer, "<iq type='get' id='p' to='d.test'><ping xmlns='urn:xmpp:ping'/></iq>"),
]

/// What the end tells of these packets, one a second but for the last, which comes so late.
private func late(_ more: [(Direction, String)], seconds: Double?) -> [LateFinding] {
    let packets = (openings + more).enumerated().map { index, said in
        var packet = PacketRecord(number: index + 1, direction: said.0, xml: Array(said.1.utf8))
        packet.secondsSinceStart = seconds.map { index < openings.count ? 0 : $0 }
        return Record.packet(packet)
    }
    let told = TranscriptExplainer.explain(Transcript(records: packets), .drop)
    guard case .summary(let summary)? = told.records.last else { return [] }
    return summary.findings
}

@Suite("what only the end tells of packets")
struct LateFindingTests {
    private let said: (Direction, String) = (.serverToClient, "<message from='a@d.test'><body>Hello</body></message>")

    @Test("a request that is passed over is told at its place")
    func unanswered() throws {
        let finding = try #require(late([said], seconds: 6).first)
        #expect(finding.finding.code == "iq.unanswered" && finding.finding.severity == .note)
        #expect(finding.number == 3 && finding.direction == .clientToServer && finding.root.content == "ping")
    }

    @Test("who hangs up, or asks just before the end, is owed no answer", arguments: [4.0, nil])
    func hangsUp(_ seconds: Double?) {
        #expect(late([said], seconds: seconds).isEmpty)
        #expect(late([], seconds: 60).isEmpty)
        #expect(late([(.serverToClient, "<iq type='result' id='p' from='d.test'/>"), said], seconds: 60).isEmpty)
    }

    @Test("without times, packets count")
    func packets() {
        #expect(late(Array(repeating: said, count: 9), seconds: nil).isEmpty)
        #expect(late(Array(repeating: said, count: 10), seconds: nil).map(\.finding.code) == ["iq.unanswered"])
    }

    @Test("a stream that ends by an error")
    func streamError() {
        let error =
            "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
        let findings = late([(.serverToClient, error)], seconds: 1)
        #expect(findings.map(\.finding.code) == ["stream.error"] && findings.map(\.number) == [4])
    }

    @Test(
        "events of a transcript that tell of a fault",
        arguments: [
            ("Packet 004 from the client cannot be read: the end tag is missing (not-well-formed)", "xml.unreadable"),
            ("The client sends text between packets, where none may stand: \"x\"", "stream.stray-text"),
            (
                "The client keeps the connection alive: one byte of white space; during a login by SASL2 nothing may be sent in between, not even white space (XEP-0388 section 2.4)",
                "sasl2.white-space"
            ),
            ("The client keeps the connection alive: one byte of white space", nil),
            ("The client closes its side of the connection", nil),
        ] as [(String, String?)]
    )
    func events(_ line: String, _ code: String?) {
        let first = PacketRecord(number: 1, direction: .clientToServer, xml: Array(openings[0].1.utf8))
        let event = Record.event(EventRecord(kind: "", text: line))
        let told = TranscriptExplainer.explain(Transcript(records: [.packet(first), event]), .drop)
        let found = told.records.compactMap { if case .event(let event) = $0 { event.finding?.code } else { nil } }
        #expect(found.first == code)
    }

    @Test("each code of an event or of the end is documented")
    func documented() {
        let ids = Set(KnownFindings.codes.map(\.id))
        for id in ["xml.unreadable", "stream.half-packet", "tls.failed", "server.not-reached", "iq.unanswered"] {
            #expect(ids.contains(id))
        }
    }
}
