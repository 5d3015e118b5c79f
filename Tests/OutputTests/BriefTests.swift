import Foundation
import TestKit
import Testing
import Transcript
import XMPP

@testable import Output

private func packet(
    _ number: Int,
    _ xml: String,
    _ direction: Direction = .clientToServer,
    answers: Int? = nil,
    warns: Bool = false
) -> Record {
    var packet = PacketRecord(number: number, direction: direction, xml: Array(xml.utf8))
    packet.secondsSinceStart = Double(number) / 10
    packet.answers = answers
    packet.telling.text = "The client says packet \(number). More follows."
    if warns { packet.telling.findings = [Finding(code: "a.b", .warning, "this is odd.")] }
    return .packet(packet)
}

private let ping = "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>"
private let pong = "<iq type='result' id='p'/>"
private let ask = "<r xmlns='urn:xmpp:sm:3'/>"

/// What is written of these records, line by line, without the times.
private func brief(
    _ records: [(connection: Int, record: Record)],
    style: TextStyle = TextStyle(columns: 80, isTerminal: true),
    showsAll: Bool = false
) throws -> [String] {
    let folder = try TemporaryFolder()
    let descriptor = open(folder.path + "/out", O_RDWR | O_CREAT, 0o600)
    defer { close(descriptor) }
    var options = TextOptions()
    options.showsAll = showsAll
    let sink = BriefSink(DescriptorWriter(descriptor, name: "out"), style: style, options: options)
    for connection in Set(records.map(\.connection)).sorted() {
        sink.began(ConnectionTitle(connection: connection, lines: []))
    }
    for (connection, record) in records { sink.add(record, connection: connection) }
    try sink.end()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/out"))
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
}

struct BriefTests {
    @Test("a packet is one line: number, time, arrow, kind, sentence")
    func line() throws {
        let iq = "<iq type='get'><query xmlns='jabber:iq:register'/></iq>"
        #expect(
            try brief([(1, packet(9, iq))]) == ["009 +0.900s  C->S   iq get register  says packet 9."]
        )
    }

    @Test("whom a packet is for or from is told where it is not the own server")
    func party() throws {
        var packet = PacketRecord(
            number: 1,
            direction: .clientToServer,
            xml: Array("<message to='a@b.c' type='chat'/>".utf8)
        )
        packet.telling.text = "A message."
        packet.telling.roles = Roles(speaker: .client, addressee: .contact)
        #expect(try brief([(1, .packet(packet))]) == ["001          C->S   message chat to a@b.c  A message."])
    }

    @Test("a warning and an error have their marks, and a warning its text in the place of the sentence")
    func marks() throws {
        let lines = try brief([
            (1, packet(1, "<message/>", warns: true)), (1, packet(2, "<message type='error'/>")),
        ])
        #expect(lines[0] == "001 +0.100s  C->S ! message          this is odd.")
        #expect(lines[1] == "002 +0.200s  C->S x message error    says packet 2.")
        let both = try brief([(1, packet(3, "<message type='error'/>", warns: true))])
        #expect(both == ["003 +0.300s  C->S ! message error    this is odd."])
    }

    @Test(
        "a presence is about a room or about nothing",
        arguments: [
            ("<x xmlns='vcard-temp:x:update'/>", "presence"),
            ("<x xmlns='http://jabber.org/protocol/muc#user'/>", "presence muc"),
        ]
    )
    func presence(_ content: String, _ kind: String) throws {
        let lines = try brief([(1, packet(1, "<presence>\(content)</presence>"))], style: .plain)
        #expect(lines[0].contains("C->S   \(kind) "))
    }

    @Test("what came of a story stands behind its last packet, with its first one")
    func stories() throws {
        var story = Story(id: 7, kind: .login, subject: "anna by PLAIN")
        var records: [(Int, Record)] = []
        for (index, state) in [Story.State.open, .open, .failed(Cause(why: "no", remedy: ""))].enumerated() {
            story.state = state
            var packet = PacketRecord(
                number: index + 1,
                direction: .clientToServer,
                xml: Array("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>".utf8)
            )
            packet.telling.step = StoryStep(story)
            records.append((1, .packet(packet)))
        }
        let lines = try brief(records)
        #expect(
            lines.count == 4 && lines[3] == "               = x Login as anna by PLAIN failed (since 001): no",
            "\(lines)"
        )
        var request = PacketRecord(number: 9, direction: .serverToClient, xml: Array("<iq type='result'/>".utf8))
        story = Story(id: 8, kind: .request, subject: "x")
        story.state = .succeeded
        request.telling.step = StoryStep(story)
        #expect(try brief([(1, .packet(request))]).count == 1)
    }

    @Test("of several connections each line has the number")
    func connections() throws {
        let lines = try brief([(1, packet(1, "<message/>")), (2, packet(1, "<message/>"))])
        #expect(lines.map { $0.prefix(6) } == ["1: 001", "2: 001"])
    }

    @Test("no line is wider than the columns, whatever it holds", arguments: [20, 40, 80, 120])
    func width(columns: Int) throws {
        var wide = PacketRecord(number: 1, direction: .serverToClient, xml: Array("<message/>".utf8))
        wide.telling.text = String(repeating: "漢字👩‍👩‍👧e\u{301}", count: 40)
        let event = EventRecord(kind: "tls", text: String(repeating: "word\u{1B}[2J ", count: 40))
        let lines = try brief([(1, .packet(wide)), (1, .event(event))], style: TextStyle(columns: columns))
        #expect(lines.count == 2)
        for line in lines {
            #expect(DisplayWidth.of(line) <= columns && DisplayWidth.of(line) > columns - 3)
            #expect(line.hasSuffix("…") && !line.contains("\u{1B}"))
        }
    }

    @Test(
        "widths are those of a terminal",
        arguments: [("abc", 3), ("äé", 2), ("e\u{301}", 1), ("漢字", 4), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("❤️", 2), ("ｱ", 1)]
    )
    func widths(_ text: String, _ width: Int) { #expect(DisplayWidth.of(text) == width) }
}

struct BriefFoldTests {
    private let run: [(Int, Record)] = [
        (1, packet(1, ask)), (1, packet(2, ping)), (1, packet(3, "<presence/>")),
        (1, packet(4, pong, .serverToClient, answers: 2)),
    ]

    @Test("a run is one line that names its numbers")
    func folded() throws {
        #expect(
            try brief(run) == ["001-004 +0.100s    4 packets: 1 presence, 1 stream management, 2 ping"]
        )
    }

    @Test("files, pipes and --all show each packet")
    func unfolded() throws {
        #expect(try brief(run, style: .plain).count == 4)
        #expect(try brief(run, showsAll: true).count == 4)
    }

    @Test("no packet with a finding or an error is hidden")
    func findings() throws {
        let lines = try brief([
            (1, packet(1, ask)), (1, packet(2, ask)), (1, packet(3, "<presence/>", warns: true)),
            (1, packet(4, "<presence type='error'/>")), (1, packet(5, ask)), (1, packet(6, ask)),
        ])
        #expect(lines.map { $0.prefix(7) } == ["001-002", "003 +0.", "004 +0.", "005-006"])
    }

    @Test("a presence that is a step of something, such as entering a room, stands by itself")
    func steps() throws {
        guard case .packet(var joining) = packet(2, "<presence to='a@b/c'/>") else { return }
        joining.telling.step = StoryStep(Story(id: 1, kind: .roomJoin, subject: "a@b"))
        let lines = try brief([(1, packet(1, "<presence/>")), (1, .packet(joining)), (1, packet(3, "<presence/>"))])
        #expect(lines.map { $0.prefix(7) } == ["001 +0.", "002 +0.", "003 +0."])
    }

    @Test("an event stands behind what came before it")
    func events() throws {
        let event = EventRecord(kind: "tls", text: "TLS")
        let lines = try brief([(1, packet(1, ask)), (1, packet(2, ask)), (1, .event(event)), (1, packet(3, ask))])
        #expect(lines.map { $0.prefix(7) } == ["001-002", "       ", "003 +0."])
    }

    @Test("a run is written when it is long, whatever follows")
    func long() throws {
        let lines = try brief((1...10_001).map { (1, packet($0, ask)) })
        #expect(lines.map { $0.prefix(9) } == ["001-10000", "10001 +10"])
    }

    @Test("an unanswered ping stands by itself, in its place")
    func unanswered() throws {
        let lines = try brief([
            (1, packet(1, ask)), (1, packet(2, ask)), (1, packet(3, ping)), (1, packet(4, ask)), (1, packet(5, ask)),
            (1, packet(6, "<message/>")), (1, packet(7, pong, .serverToClient, answers: 3)),
        ])
        #expect(lines.map { $0.prefix(7) } == ["001-002", "003 +0.", "004-005", "006 +0.", "007 +0."])
    }

    @Test("two floods at once are two lines, before what comes next")
    func interleaved() throws {
        var records: [(Int, Record)] = []
        for number in 1...100 {
            records += [(1, packet(number, "<presence/>")), (2, packet(number, ask))]
        }
        records.append((2, packet(101, "<message/>")))
        let lines = try brief(records)
        #expect(lines.map { $0.prefix(10) } == ["1: 001-100", "2: 001-100", "2: 101 +10"])
    }

    @Test("a line names no number of a packet that was hidden")
    func gap() throws {
        let lines = try brief([1, 2, 7, 8].map { (1, packet($0, ask)) })
        #expect(lines.map { $0.prefix(7) } == ["001-002", "007-008"])
    }

    @Test("a run is written when nothing came to it for a while")
    func quiet() throws {
        let folder = try TemporaryFolder()
        let descriptor = open(folder.path + "/out", O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        var clock = ContinuousClock.now
        let sink = BriefSink(
            DescriptorWriter(descriptor, name: "out"),
            style: TextStyle(isTerminal: true),
            quietTime: .seconds(1)
        ) { clock }
        func size() throws -> Int { try Data(contentsOf: URL(fileURLWithPath: folder.path + "/out")).count }
        sink.add(packet(1, ask), connection: 1)
        try sink.flush()
        #expect(try size() == 0)
        clock += .seconds(1)
        try sink.flush()
        #expect(try size() > 0)
    }
}
