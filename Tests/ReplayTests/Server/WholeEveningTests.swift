import Conversation
import SASL
import Testing
import XMPP

@testable import Replay

private func header(_ domain: String) -> String {
    "<stream:stream to='\(domain)' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
}

private func serverHeader(_ domain: String) -> String {
    "<stream:stream from='\(domain)' id='s' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
}

private let bindFeatures = "<stream:features><bind xmlns='\(NS.bind)'/></stream:features>"
private let success = "<success xmlns='\(NS.sasl)'/>"

private func offer(_ mechanisms: String...) -> String {
    let list = mechanisms.map { "<mechanism>\($0)</mechanism>" }.joined()
    return "<stream:features><mechanisms xmlns='\(NS.sasl)'>\(list)</mechanisms></stream:features>"
}

private func auth(_ user: String, _ password: String = "1234") -> String {
    "<auth xmlns='\(NS.sasl)' mechanism='PLAIN'>\(Base64.encode(Array("\0\(user)\0\(password)".utf8)))</auth>"
}

private func info(_ to: String, _ id: String = "i", node: String = "") -> String {
    "<iq type='get' id='\(id)' to='\(to)'><query xmlns='\(NS.discoInfo)'\(node)/></iq>"
}

private func informed(_ from: String, _ name: String, _ id: String = "i") -> String {
    "<iq type='result' id='\(id)' from='\(from)' to='anna@jabber.test/home'><query xmlns='\(NS.discoInfo)'>"
        + "<identity category='x' type='y' name='\(name)'/></query></iq>"
}

private let pages = "<set xmlns='http://jabber.org/protocol/rsm'>"

private func archive(_ after: String, _ query: String = "q1", _ id: String = "a") -> String {
    "<iq type='set' id='\(id)'><query xmlns='urn:xmpp:mam:2' queryid='\(query)'>\(pages)<max>1</max>\(after)</set></query></iq>"
}

private func archived(_ body: String, _ last: String, _ query: String = "q1", _ id: String = "a") -> [String] {
    [
        "S <message to='anna@jabber.test/home'><result xmlns='urn:xmpp:mam:2' queryid='\(query)' id='\(last)'><forwarded xmlns='urn:xmpp:forward:0'>"
            + "<message xmlns='jabber:client' from='b@jabber.test'><body>\(body)</body></message></forwarded></result></message>",
        "S <iq type='result' id='\(id)'><fin xmlns='urn:xmpp:mam:2'>\(pages)<last>\(last)</last></set></fin></iq>",
    ]
}

private let room = "lounge@rooms.jabber.test"

private func join(_ nick: String) -> String { "<presence to='\(room)/\(nick)'><x xmlns='\(NS.muc)'/></presence>" }

private let enable = "<enable xmlns='\(NS.streamManagement3)' resume='true'/>"

/// Anna's session: services, two pages of an archive, a room; it ends with an acknowledgement.
private let lines: [String] =
    [
        "C \(header("jabber.test"))", "S \(serverHeader("jabber.test"))", "S \(offer("PLAIN", "SCRAM-SHA-1"))",
        "C \(auth("anna"))", "S \(success)",
        "C \(header("jabber.test"))", "S \(serverHeader("jabber.test"))", "S \(bindFeatures)",
        "C <iq id='b' type='set'><bind xmlns='\(NS.bind)'><resource>home</resource></bind></iq>",
        "S <iq id='b' type='result'><bind xmlns='\(NS.bind)'><jid>anna@jabber.test/home</jid></bind></iq>",
        "C \(enable)", "C \(info("rooms.jabber.test"))",
        "S <enabled xmlns='\(NS.streamManagement3)' id='sm1' resume='true'/>",
        "S \(informed("rooms.jabber.test", "Rooms"))",
        "C \(info("jabber.test", "j"))", "S \(informed("jabber.test", "Host", "j"))",
        "C \(info("rooms.jabber.test", "n", node: " node='n1'"))", "S \(informed("rooms.jabber.test", "Node", "n"))",
        "C \(archive(""))",
    ] + archived("first", "p1") + ["C \(archive("<after>p1</after>", "q2", "a2"))"]
    + archived("second", "p2", "q2", "a2") + [
        "C \(join("anna"))", "S <presence from='\(room)/anna' to='anna@jabber.test/home'/>",
        "C <message to='\(room)' type='groupchat' id='g'><body>words</body></message>",
        "S <message from='\(room)/anna' to='anna@jabber.test/home' type='groupchat' id='g'><body>words</body></message>",
        "C </stream:stream>", "S <a xmlns='\(NS.streamManagement3)' h='7'/>", "S </stream:stream>",
    ]

private func text(_ lines: [String]) -> String {
    lines.enumerated().map { index, line in
        "\(line.hasPrefix("C") ? "C->S" : "S->C") \(RecordedPacket.digits(index + 1))\n\(line.dropFirst(2))\n"
    }
    .joined(separator: "\n")
}

@Suite("a recorded server answers in the name of whom is asked")
struct WholeEveningTests {
    /// A client of the played server.
    private struct Play {
        var session: ServerSession

        init(_ script: ServerScript? = nil, number: Int = 1) throws {
            session = ServerSession(try script ?? ServerScript(TranscriptLoader.load(text(lines))), number: number)
        }

        mutating func says(_ text: String) -> [String] {
            session.received(Array(text.utf8)).compactMap { action in
                switch action {
                case .record, .plays, .startTLS: nil
                case .send(let bytes): String(decoding: bytes, as: UTF8.self)
                case .differ(let text): "departure: \(text)"
                case .close: "close"
                }
            }
        }

        mutating func enters(_ user: String = "anna", _ resource: String = "home") {
            _ = says(header("jabber.test") + auth(user))
            _ = says(header("jabber.test"))
            _ = says(
                "<iq id='b' type='set'><bind xmlns='\(NS.bind)'><resource>\(resource)</resource></bind></iq>"
            )
        }
    }

    /// What is asked, what the answer must hold, and what not; a departure is told where it holds the word.
    static let questions = [
        (info("rooms.jabber.test"), "name='Rooms'", "departure"),
        (info("jabber.test"), "name='Host'", "departure"),
        (info("upload.jabber.test"), "type='error' id='i' from='upload.jabber.test'", "name="),
        (
            info("upload.jabber.test"),
            "to rooms.jabber.test, jabber.test and rooms.jabber.test, node \"n1\" only / now: to upload.jabber.test",
            "name="
        ),
        (info("rooms.jabber.test", node: " node='n1'"), "name='Node'", "departure"),
        (info("rooms.jabber.test", node: " node='n2'"), "service-unavailable", "name="),
        ("<iq type='get' id='i'><query xmlns='\(NS.discoInfo)'/></iq>", "service-unavailable", "name="),
        (archive("", "mine"), "queryid='mine'", "departure"),
        (archive("<after>p1</after>"), "<body>second</body>", "first"),
        (archive("<after>p2</after>"), "service-unavailable", "<body>"),
        (join("anna"), "from='\(room)/anna'", "departure"),
        (join("bee"), "from='\(room)/bee'", "departure"),
        (
            join("anna").replacing("lounge", with: "bar"), "<presence type='error' from='bar@rooms",
            "lounge@rooms.jabber.test/anna'"
        ),
    ]

    @Test("the exact addressee is played, and nobody else", arguments: questions)
    func addressees(_ question: String, _ wanted: String, _ never: String) throws {
        var play = try Play()
        play.enters()
        let said = play.says(question).joined(separator: "\n")
        #expect(said.contains(wanted), "\(said)")
        let sent =
            never == "departure" ? said : said.split(separator: "\n").filter { !$0.hasPrefix("departure") }.joined()
        #expect(!sent.contains(never), "\(said)")
    }

    @Test("who comes under another nickname is shown under it")
    func nickname() throws {
        var play = try Play()
        play.enters("zoe", "desk")
        _ = play.says(join("zz"))
        let said = play.says("<message to='\(room)' type='groupchat' id='9'><body>mine</body></message>")
        #expect(
            said == [
                "<message from='\(room)/zz' to='zoe@jabber.test/desk' type='groupchat' id='9'><body>mine</body></message>"
            ]
        )
    }

    @Test("the last acknowledgement is played, with what was counted")
    func lastAcknowledgement() throws {
        var play = try Play()
        play.enters()
        #expect(play.says(enable).count == 1)
        _ = play.says(info("jabber.test") + info("rooms.jabber.test"))
        let end = play.says("</stream:stream>")
        #expect(end == ["<a xmlns='urn:xmpp:sm:3' h='2'/>", "</stream:stream>", "close"])
    }

    @Test("a session is resumed with its own id and count, and no other is")
    func resumption() throws {
        let resumed = [
            "C <resume xmlns='\(NS.streamManagement3)' previd='sm1' h='1'/>",
            "S <resumed xmlns='\(NS.streamManagement3)' previd='sm1' h='7'/>",
        ]
        let script = try ServerScript(TranscriptLoader.load(text(lines.dropLast(3) + resumed)))
        var play = try Play(script)
        play.enters()
        let enabled = try #require(StreamID.of(play.says(enable).joined()))
        _ = play.says(info("jabber.test"))
        var other = try Play(script, number: 2)
        _ = other.says(header("jabber.test") + auth("anna"))
        _ = other.says(header("jabber.test"))
        let unknown = other.says("<resume xmlns='\(NS.streamManagement3)' previd='nothing' h='0'/>")
        #expect(unknown.first?.hasPrefix("<failed") == true)
        let known = other.says("<resume xmlns='\(NS.streamManagement3)' previd='\(enabled)' h='0'/>")
        #expect(known == ["<resumed xmlns='\(NS.streamManagement3)' previd='\(enabled)' h='1'/>"])
    }

    private enum StreamID {
        static func of(_ text: String) -> String? {
            text.split(separator: " id='").dropFirst().first?.split(separator: "'").first.map(String.init)
        }
    }

    // MARK: Passwords and guests

    /// The recording with that in place of the clear password.
    private func script(told: [String: String] = [:], takesAnyUser: Bool = true) throws -> ServerScript {
        let scram =
            "<auth xmlns='\(NS.sasl)' mechanism='SCRAM-SHA-1'>\(Base64.encode(Array("n,,n=anna,r=abc".utf8)))</auth>"
        let unknown = lines.map { $0.contains(auth("anna")) ? "C \(scram)" : $0 }
        return ServerScript(
            try TranscriptLoader.load(text(unknown)),
            told: told,
            takesAnyUser: takesAnyUser
        )
    }

    @Test("where no password is known, only what tells one is offered, and any is taken")
    func anyPassword() throws {
        let script = try script()
        #expect(script.accounts.summary.hasPrefix("no password is known"))
        var play = try Play(script)
        let offered = play.says(header("jabber.test")).last ?? ""
        #expect(offered.contains("PLAIN") && !offered.contains("SCRAM"))
        #expect(play.says(auth("anna", "whatever")).first?.hasPrefix("<success") == true)
    }

    @Test("nobody is told that a password is wrong which is not known")
    func unknownPassword() throws {
        let script = try script(told: ["bela": "x"], takesAnyUser: false)
        #expect(script.accounts.summary.contains("bela"))
        var play = try Play(script)
        _ = play.says(header("jabber.test"))
        let said = play.says(auth("anna", "whatever")).joined()
        #expect(said.contains("does not know the password of anna") && said.contains("<temporary-auth-failure/>"))
        #expect(play.says(auth("nobody", "whatever")).joined().contains("<not-authorized/>"))
    }

    @Test("guests have names of their own, on a host of its own")
    func guests() throws {
        let guest = [
            "C \(header("anon.jabber.test"))", "S \(serverHeader("anon.jabber.test"))", "S \(offer("ANONYMOUS"))",
            "C <auth xmlns='\(NS.sasl)' mechanism='ANONYMOUS'/>", "S \(success)",
            "C \(header("anon.jabber.test"))", "S \(serverHeader("anon.jabber.test"))", "S \(bindFeatures)",
            "C <iq id='b' type='set'><bind xmlns='\(NS.bind)'/></iq>",
            "S <iq id='b' type='result'><bind xmlns='\(NS.bind)'><jid>g1@anon.jabber.test/r1</jid></bind></iq>",
        ]
        let script = try ServerScript(TranscriptLoader.load(text(guest)))
        var names: [String] = []
        for number in 1...2 {
            var play = try Play(script, number: number)
            #expect(play.says(header("anon.jabber.test")).last?.contains("ANONYMOUS") == true)
            #expect(play.says("<auth xmlns='\(NS.sasl)' mechanism='ANONYMOUS'/>").first?.hasPrefix("<success") == true)
            _ = play.says(header("anon.jabber.test"))
            let bound = play.says("<iq id='c' type='set'><bind xmlns='\(NS.bind)'/></iq>").joined()
            #expect(bound.contains("@anon.jabber.test/"))
            names.append(bound)
        }
        #expect(names[0].contains("<jid>g1@anon.jabber.test/r1</jid>"))
        #expect(!names[1].contains("g1@"))
    }
}
