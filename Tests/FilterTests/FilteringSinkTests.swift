import Testing
import Transcript
import XMPP

@testable import Filter
@testable import Inspector

private final class Kept: TranscriptSink {
    var numbers: [Int] = []
    var others = 0
    var began: [Int] = []
    var finished: [Int] = []
    func began(_ title: ConnectionTitle) { began.append(title.connection) }
    func add(_ record: Record, connection: Int) {
        if case .packet(let packet) = record { numbers.append(packet.number ?? 0) } else { others += 1 }
    }
    func finished(connection: Int) { finished.append(connection) }
    func flush() {}
}

private let records: [Record] = {
    let texts: [(Direction, String, Int?)] = [
        (.clientToServer, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", nil),
        (.clientToServer, "<iq type='get' id='1'><query xmlns='jabber:iq:register'/></iq>", nil),
        (.serverToClient, "<iq type='result' id='1'/>", 2),
        (.clientToServer, "<message to='Anna@Example.org/phone'><body>hi</body></message>", nil),
        (
            .serverToClient,
            "<presence from='room@muc.example.org/ben'><x xmlns='http://jabber.org/protocol/muc#user'/></presence>", nil
        ),
        (.serverToClient, "<iq type='error' id='9' from='localhost'/>", nil),
        (.serverToClient, "</stream:stream>", nil),
    ]
    var records = texts.enumerated().map { index, text in
        var packet = PacketRecord(number: index + 1, direction: text.0, xml: Array(text.1.utf8))
        packet.answers = text.2
        if index == 3 { packet.telling.findings = [Finding(code: "iq.answer.unexpected", .warning, "odd.")] }
        return Record.packet(packet)
    }
    records.append(.event(EventRecord(kind: "tls", text: "TLS")))
    records.append(.prose(["The end."]))
    return records
}()

private func filtered(only: String = "", hide: String = "") throws -> (Kept, [String]) {
    func words(_ text: String) throws -> [FilterWord] {
        try text.split(separator: ",").map { try #require(FilterWord(String($0))) }
    }
    let kept = Kept()
    var told: [String] = []
    let sink = FilteringSink(kept, PacketFilter(only: try words(only), hide: try words(hide))) { told.append($0) }
    for record in records { sink.add(record, connection: 1) }
    try sink.end()
    return (kept, told)
}

struct FilteringSinkTests {
    @Test(
        "words choose packets",
        arguments: [
            ("iq", [2, 3, 6]), ("message,presence", [4, 5]), ("stream", [7]), ("nonza", [1]), ("error", [6]),
            ("event", []),
            ("register", [2, 3]), ("jabber:iq:register", [2, 3]), ("xep-0077", [2, 3]), ("muc", [5]), ("tls", [1]),
            ("anna@example.org", [4]), ("anna@example.org/phone", [4]), ("anna@example.org/desk", []),
            ("example.org", [4]), ("muc.example.org", [5]), ("@localhost", [6]), ("localhost", [6]), ("warning", [4]),
            ("note", []), ("iq.answer.unexpected", [4]),
        ]
    )
    func words(_ only: String, _ numbers: [Int]) throws {
        #expect(try filtered(only: only).0.numbers == numbers)
        #expect(try filtered(hide: only).0.numbers == (1...7).filter { !numbers.contains($0) })
    }

    @Test("what is hidden stands over what is chosen, and is counted; summaries stay")
    func counts() throws {
        let (kept, told) = try filtered(only: "iq,event", hide: "register,error")
        #expect(kept.numbers == [])
        #expect(kept.others == 2)
        #expect(told == ["hidden by the filter: 7 packets (1 of them with a warning)"])
        #expect(
            try filtered(only: "iq").1 == [
                "hidden by the filter: 4 packets (1 of them with a warning) and 1 event"
            ]
        )
        #expect(try filtered(hide: "note").1 == [])
        #expect(try filtered(hide: "event").1 == ["hidden by the filter: 1 event"])
    }

    @Test("a connection of which nothing is shown has no title")
    func titles() throws {
        let kept = Kept()
        var told: [String] = []
        let sink = FilteringSink(kept, try PacketFilter("~text hi")) { told.append($0) }
        for connection in 1...3 {
            sink.began(ConnectionTitle(connection: connection, lines: []))
            let text = connection == 2 ? "<message><body>hi</body></message>" : "<message/>"
            sink.add(
                .packet(PacketRecord(number: 1, direction: .clientToServer, xml: Array(text.utf8))),
                connection: connection
            )
            sink.add(.prose(["The end."]), connection: connection)
            sink.finished(connection: connection)
        }
        try sink.end()
        #expect(kept.began == [2] && kept.finished == [2] && kept.others == 1)
        #expect(told == ["hidden by the filter: 2 packets; nothing is shown of 2 connections"])
    }

    @Test("connections are picked in which something fits; without a filter all, also those on which nothing was said")
    func picked() throws {
        for (filter, picked) in [(PacketFilter(), [1, 2, 3]), (try PacketFilter("~text hi"), [2])] {
            let picker = ConnectionPicker(Kept(), filter)
            for (connection, text) in [(2, "<message><body>hi</body></message>"), (3, "<message/>")] {
                let packet = PacketRecord(number: 1, direction: .clientToServer, xml: Array(text.utf8))
                picker.add(.packet(packet), connection: connection)
            }
            #expect((1...3).filter { picker.picks(connection: $0) } == picked)
        }
    }

    @Test("the protocol of a packet that is not there whole is known as far as its first tags go")
    func cut() {
        let xml = Array("<iq type='set'><query xmlns='jabber:iq:register'><userna".utf8)
        #expect(PacketNamespaces.of(PacketRecord.Root(xml: xml)) == ["jabber:iq:register"])
    }

    @Test(
        "a word that can mean nothing is none",
        arguments: ["", "prescence", "iqs", "@", "a b@c", "xep-99999", "~kind"]
    )
    func unknown(_ word: String) { #expect(FilterWord(word) == nil) }
}
