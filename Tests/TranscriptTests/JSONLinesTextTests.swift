import Foundation
import TestKit
import Testing
import XMLStream
import XMPP

@testable import Transcript

@Suite("JSON Lines as text")
struct JSONLinesTextTests {
    private func lines(_ record: Record) -> String {
        var bytes: [UInt8] = []
        JSONLinesWriter().append(record, connection: 3, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func object(_ line: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test("a connection")
    func connection() {
        var bytes: [UInt8] = []
        let title = ConnectionTitle(
            connection: 3,
            client: "127.0.0.1:4",
            domain: "a",
            server: nil,
            time: 0,
            program: "stanzatap 0.1.0",
            recorder: "one",
            file: "a.pcapng"
        )
        JSONLinesWriter().append(title, to: &bytes)
        let line = #"""
            {"kind":"connection","connection":3,"recorder":"one","file":"a.pcapng","version":2,"time":"1970-01-01T00:00:00.000000Z","client":"127.0.0.1:4","domain":"a","program":"stanzatap 0.1.0"}

            """#
        #expect(String(decoding: bytes, as: UTF8.self) == line)
        bytes = []
        let event = Record.event(EventRecord(kind: "closed", text: "t"))
        JSONLinesWriter().append(event, connection: 3, origin: LineOrigin(title), to: &bytes)
        let origin = #"{"kind":"event","connection":3,"recorder":"one","file":"a.pcapng","event":"closed","text":"t"}"#
        #expect(String(decoding: bytes, as: UTF8.self) == origin + "\n")
    }

    @Test("a packet with everything")
    func packetWithAll() {
        var full = packet(7, "<iq type='result' id='1'/>", .serverToClient)
        full.root = meaning(full.xml).map { PacketRecord.Root($0) }
        full.time = 1_795_410_940_123_456_789
        full.secondsSinceStart = 0.213
        full.omittedBytes = 4
        full.replacement = Array("<x/>".utf8)
        full.replacementOmittedBytes = 2
        full.isSentByProxy = true
        full.telling.text = "Yes."
        full.telling.findings = [Finding(code: "iq.answer.unexpected", .warning, "w"), Finding(.note, "n")]
        var story = Story(id: 3, kind: .roomJoin, subject: "a@\"b\"")
        story.state = .failed(Cause(why: "no", remedy: ""))
        full.telling.step = StoryStep(story)
        full.telling.roles = Roles(speaker: .occupant, addressee: .ownSession)
        full.answers = 6
        full.answerDelay = 0.0015
        let line = #"""
            {"kind":"packet","connection":3,"number":7,"direction":"S->C","time":"2026-11-23T05:15:40.123456Z","offset":0.213000,"bytes":30,"xml":"<iq type='result' id='1'/>","omitted":4,"replacement":"<x/>","replacementOmitted":2,"sentBy":"stanzatap","name":"iq","namespace":"jabber:client","type":"result","id":"1","answers":6,"delay":0.001500,"explanation":"Yes.","findings":[{"code":"iq.answer.unexpected","severity":"warning","text":"w"},{"severity":"note","text":"n"}],"story":{"id":3,"kind":"room-join","subject":"a@\"b\"","state":"failed","why":"no"},"roles":{"speaker":"occupant","addressee":"own-session"}}

            """#
        #expect(lines(.packet(full)) == line)
    }

    @Test("leaves out what is not known")
    func bare() {
        #expect(
            lines(.packet(packet(nil, "<a/>")))
                == #"{"kind":"packet","connection":3,"direction":"C->S","bytes":4,"xml":"<a/>","findings":[]}"# + "\n"
        )
        #expect(
            lines(.event(EventRecord(kind: "closed", text: "x")))
                == #"{"kind":"event","connection":3,"event":"closed","text":"x"}"# + "\n"
        )
        #expect(lines(.prose(["a", "b"])) == #"{"kind":"summary","connection":3,"text":"a\nb"}"# + "\n")
    }

    @Test("a summary lists the stories; prose of a text knows of none")
    func summary() {
        var login = Story(id: 1, kind: .login, subject: "a", began: 0)
        login.add(packet: 4, time: 0)
        login.state = .failed(Cause(why: "w", remedy: "R."))
        login.add(packet: 5, time: 1_500_000_000)
        var states: [Story] = []
        for (index, state) in [Story.State.open, .succeeded, .abandoned].enumerated() {
            states.append(Story(id: 2 + index, kind: .request, subject: ""))
            states[index].state = state
            if state == .succeeded { states[index].outcome = "\"3\" of 4" }
        }
        let line = #"""
            {"kind":"summary","connection":3,"text":"a\nb","stories":[{"id":1,"kind":"login","subject":"a","state":"failed","why":"w","remedy":"R.","packets":[4,5],"began":"1970-01-01T00:00:00.000000Z","ended":"1970-01-01T00:00:01.500000Z"},{"id":2,"kind":"request","subject":"","state":"open","packets":[]},{"id":3,"kind":"request","subject":"","state":"succeeded","packets":[],"outcome":"\"3\" of 4"},{"id":4,"kind":"request","subject":"","state":"abandoned","packets":[]}]}

            """#
        #expect(lines(.summary(Summary(text: "a\nb", stories: [login] + states))) == line)
        var known = Summary(text: "a", stories: [])
        known.client = SoftwareFacts(name: "\"Gajim\" 2", grounds: .version)
        known.server = SoftwareFacts(name: "Prosody", grounds: .capabilities)
        #expect(
            lines(.summary(known))
                == #"{"kind":"summary","connection":3,"text":"a","stories":[],"clientSoftware":{"name":"\"Gajim\" 2","by":"version"},"serverSoftware":{"name":"Prosody","by":"capabilities"}}"#
                + "\n"
        )
    }

    @Test("every character comes back")
    func characters() throws {
        let scalars = (0...0x2100).compactMap(Unicode.Scalar.init) + ["\u{FEFF}", "\u{1F600}", "\u{10FFFF}"]
        let text = String(String.UnicodeScalarView(scalars))
        let line = lines(.packet(packet(1, text)))
        #expect(try object(line)["xml"] as? String == text)
        let unsafe = line.dropLast().unicodeScalars.filter(\.isUnsafeOnTerminal)
        #expect(unsafe.isEmpty)
    }

    @Test("is valid for any bytes")
    func anyBytes() throws {
        var random = SeededRandom(seed: 3)
        for _ in 0..<500 {
            let bytes = (0..<20).map { _ in UInt8.random(in: 0...255, using: &random) }
            var some = packet(1, "")
            some.xml = bytes
            some.omittedBytes = .max
            some.secondsSinceStart = .infinity
            let line = lines(.packet(some))
            #expect(line.utf8.filter { $0 == 0x0A }.count == 1)
            #expect(try object(line)["xml"] is String)
        }
        var broken = packet(1, "")
        broken.xml = [0x61, 0xFF, 0xC3, 0x62]
        #expect(try object(lines(.packet(broken)))["xml"] as? String == "a\u{FFFD}\u{FFFD}b")
    }
}
