import Foundation
import TestKit
import Testing
import Transcript
import XMPP

@testable import Output

private let title = ConnectionTitle(
    connection: 7,
    client: "192.0.2.1:40000",
    domain: "jabber.test",
    server: "192.0.2.2:5222",
    time: 1_700_000_000_500_000_000,
    program: "stanzatap"
)

/// A packet that ends a story of that kind.
private func packet(_ kind: Story.Kind, _ id: Int, _ state: Story.State, subject: String = "anna") -> Record {
    var packet = PacketRecord(number: id, direction: .serverToClient, xml: [])
    var story = Story(id: id, kind: kind, subject: subject)
    story.state = state
    packet.telling.step = StoryStep(story)
    packet.secondsSinceStart = 0.25
    return .packet(packet)
}

private func failed(_ why: String) -> Story.State {
    .failed(Cause(why: why, remedy: ""))
}

@Suite struct ConnectionRowTests {
    private static let outcomes: [([Record], String)] = [
        ([], ""),
        ([packet(.login, 1, .succeeded)], "logged in"),
        ([packet(.login, 1, .open)], ""),
        ([packet(.registration, 1, .succeeded), packet(.login, 2, .succeeded)], "registered, logged in"),
        ([packet(.login, 1, failed("a")), packet(.login, 2, .succeeded)], "logged in"),
        (
            [packet(.login, 1, failed("a"), subject: "b"), packet(.login, 2, .succeeded)],
            "login as b failed: a, logged in"
        ),
        ([packet(.request, 1, .succeeded), packet(.bind, 2, .succeeded)], ""),
        ([packet(.bind, 1, failed("c"))], "binding a resource failed: c"),
        ([.event(EventRecord(kind: "reset", text: "The server resets the connection"))], "reset by the server"),
        (
            [
                packet(.login, 1, .succeeded),
                .event(EventRecord(kind: "reset", text: "The client resets the connection")),
            ],
            "logged in"
        ),
    ]

    @Test("what became of it where no packet tells: TLS, a server out of reach, the end of the recording")
    func withoutPackets() {
        var story = Story(id: 1, kind: .encryption, subject: "")
        story.state = failed("the client broke off the handshake")
        let summary = Summary(text: "Encryption failed.", stories: [story], seconds: 1.25)
        let broken = row([.event(EventRecord(kind: "tls-failed", text: "TLS failed")), .summary(summary)])
        #expect(broken.result == "STARTTLS failed: the client broke off the handshake" && broken.seconds == 1.25)
        #expect(broken.isFinished)
        #expect(row([.event(EventRecord(kind: "upstream-failed", text: "x"))]).result == "the server was not reached")
        #expect(!row([.event(EventRecord(kind: "recording-ended", text: "x"))]).isFinished)
    }

    private static let login = packet(.login, 2, .succeeded)

    private func row(_ records: [Record]) -> ConnectionRow {
        let gatherer = ConnectionGatherer(title)
        for record in records { gatherer.add(record) }
        gatherer.finish()
        return gatherer.row
    }

    @Test(
        "what came of a connection, in a few words",
        arguments: outcomes
    )
    func result(records: [Record], expected: String) {
        #expect(row(records).result == expected)
    }

    @Test(
        "how it is encrypted: the client's side counts",
        arguments: [
            ([], nil),
            (["TLS 1.3 with the server after STARTTLS, SNI a", "TLS 1.2 with the client after STARTTLS"], "TLS 1.2"),
            (["TLS 1.3 with the server from the first byte"], "TLS 1.3"),
        ]
    )
    func encryption(events: [String], expected: String?) {
        #expect(row(events.map { .event(EventRecord(kind: "tls", text: $0)) }).encryption == expected)
    }

    @Test("packets, findings, who the client is")
    func counts() {
        var packet = PacketRecord(number: 1, direction: .clientToServer, xml: [])
        packet.telling.findings = [Finding(.warning, "a."), Finding(.note, "b."), Finding(.note, "c.")]
        packet.client = ClientFacts(account: "anna@jabber.test/x", software: "Gajim 1.7.3")
        let row = row([.packet(packet), .packet(PacketRecord(number: 2, direction: .serverToClient, xml: []))])
        #expect((row.packets, row.warnings, row.notes) == (2, 1, 2))
        #expect(row.account == "anna@jabber.test/x" && row.software == "Gajim 1.7.3")
        #expect(row.began == "2023-11-14T22:13:20.500000Z" && row.client == "192.0.2.1:40000")
    }

    @Test("two lines for people, broken at blanks only")
    func list() {
        var packet = PacketRecord(number: 1, direction: .clientToServer, xml: [])
        packet.client = ClientFacts(account: "anna@jabber.test/phone", software: "Gajim 1.7.3")
        packet.telling.findings = [Finding(.warning, "a.")]
        let tls = Record.event(EventRecord(kind: "tls", text: "TLS 1.3 with the client after STARTTLS"))
        let row = row([tls, .packet(packet), Self.login])
        let lines = [
            "  7  2023-11-14 22:13:20 UTC  anna@jabber.test/phone, Gajim 1.7.3",
            "     jabber.test, TLS 1.3, 2 packets in 0.250 s, 1 warning: logged in",
        ]
        #expect(ConnectionList.lines(of: [row]) == lines)
        #expect(
            ConnectionList.lines(of: [row], columns: 40) == [
                "  7  2023-11-14 22:13:20 UTC ", "       anna@jabber.test/phone, Gajim", "       1.7.3",
                "     jabber.test, TLS 1.3, 2 packets in", "       0.250 s, 1 warning: logged in",
            ]
        )
    }
}

@Suite struct ConnectionListTests {
    @Test(
        "how long a connection lasted",
        arguments: [
            (0, "0.000 s"), (5.5, "5.500 s"), (9.9994, "9.999 s"), (12.9, "12 s"), (60, "1 min"), (3599, "59 min"),
            (3700, "1 h 1 min"), (90_000, "25 h 0 min"), (1e300, "? s"), (-1, "? s"), (.infinity, "? s"),
        ]
    )
    func durations(_ seconds: Double, _ text: String) {
        var row = ConnectionRow(title)
        row.seconds = seconds
        #expect(ConnectionList.lines(of: [row])[1] == "     jabber.test, 0 packets in \(text): not ended")
    }
}

@Suite struct ConnectionIndexTests {
    private func index(captureBytes: Int) throws -> (text: String, folder: TemporaryFolder) {
        let folder = try TemporaryFolder()
        let index = LiveIndex(directory: folder.path + "/t") { _ in captureBytes }
        index.began(title)
        try index.flush()
        index.add(packet(.login, 1, .succeeded), connection: 7)
        try index.flush()
        index.finished(connection: 7)
        try index.end()
        return (try String(contentsOfFile: folder.path + "/t/index.jsonl", encoding: .utf8), folder)
    }

    @Test("it grows with what becomes known, and the last row of a connection holds")
    func grows() throws {
        let (text, folder) = try index(captureBytes: 99)
        let rows = try #require(ConnectionIndex.rows(in: Array(text.utf8), captureBytes: 99))
        #expect(text.split(separator: "\n").count == 4)
        #expect(rows.map(\.result) == ["logged in"] && rows[0].isFinished && rows[0].packets == 1)
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/t/index.jsonl")[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test("an index that does not tell all of the capture, or is damaged, is not believed")
    func unfit() throws {
        let text = try index(captureBytes: 99).text
        #expect(ConnectionIndex.rows(in: Array(text.utf8), captureBytes: 100) == nil)
        for cut in 2..<text.utf8.count - 1 {
            #expect(ConnectionIndex.rows(in: Array(text.utf8.dropLast(cut)), captureBytes: 99) == nil, "\(cut)")
        }
        #expect(ConnectionIndex.rows(in: Array("{}\n".utf8), captureBytes: 0) == nil)
        for count in ["-1", "9223372036854775807"] {
            let forged = text.replacing("\"packets\":1", with: "\"packets\":\(count)")
            #expect(ConnectionIndex.rows(in: Array(forged.utf8), captureBytes: 99) == nil, "\(count)")
        }
    }

    @Test("nothing is made where nothing was recorded")
    func nothing() throws {
        let folder = try TemporaryFolder()
        try LiveIndex(directory: folder.path + "/a") { _ in 5 }.end()
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/a"))
    }

    @Test("each capture has an index that counts what is in it")
    func goesOn() throws {
        let folder = try TemporaryFolder()
        let index = LiveIndex(directory: folder.path + "/a") { $0.hasSuffix("c") ? nil : $0.hasSuffix("a") ? 5 : 6 }
        let table = ConnectionTable()
        for sink in [index, table] as [any TranscriptSink] {
            sink.began(title)
            sink.add(packet(.login, 1, .succeeded), connection: 7)
        }
        try index.goOn(in: folder.path + "/b")
        table.goOn()
        for sink in [index, table] as [any TranscriptSink] {
            sink.add(packet(.roomJoin, 2, .succeeded), connection: 7)
            sink.add(packet(.request, 3, .succeeded), connection: 7)
            sink.finished(connection: 7)
        }
        try index.goOn(in: folder.path + "/c")
        table.goOn()
        var read: [[ConnectionRow]] = []
        for (name, bytes) in [("a", 5), ("b", 6)] {
            let text = try String(contentsOfFile: folder.path + "/\(name)/index.jsonl", encoding: .utf8)
            read.append(try #require(ConnectionIndex.rows(in: Array(text.utf8), captureBytes: bytes)))
        }
        #expect(read.map { $0.map(\.packets) } == [[1], [2]])
        #expect(read.map { $0.map(\.isFinished) } == [[false], [true]])
        #expect(read + [[]] == table.captures)
        let joined = ConnectionRow.joined(read)
        #expect(joined.map(\.packets) == [3] && joined.map(\.result) == ["logged in, entered a room"])
        try index.end()
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/c"))
    }

    @Test("findings of all captures are counted")
    func joined() {
        var row = ConnectionRow(title)
        (row.warnings, row.notes) = (1, 2)
        let joined = ConnectionRow.joined([[row], [], [row]])
        #expect(joined.map(\.warnings) == [2] && joined.map(\.notes) == [4])
    }
}
