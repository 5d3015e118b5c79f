import Conversation
import Testing
import XMLStream
import XMPP

@testable import Replay

private let script = """
    # Two clients talk

    [Client] Romeo
    \tjid: romeo@localhost
    \tpassword: 1234

    [Client] Juliet's phone
    \tjid: juliet@localhost
    \tpassword: 5678
    \tresource: mobile
    // a remark of another kind
    ---------

    Romeo connects
    Juliet's phone connects

    # He greets her.
    Romeo sends:
    \t<message to="${Juliet's phone's full JID}" id="m1">
    \t\t<body>Hello</body>
    \t</message>

    Juliet's phone receives:
    \t<message to="${Juliet's phone's full JID}" from="${Romeo's full JID}"><body>Hello</body></message>

    Romeo receives nothing
    Juliet's phone disconnects
    Juliet's phone disconnects
    Romeo disconnects
    """

private let header =
    "<stream:stream from='localhost' id='s' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
private let offers =
    header
    + "<stream:features><mechanisms xmlns='\(NS.sasl)'><mechanism>PLAIN</mechanism></mechanisms></stream:features>"
private let loggedIn = header + "<stream:features><bind xmlns='\(NS.bind)'/></stream:features>"

@Suite("scripts of scansion")
struct ScansionTests {
    @Test("a script is read: the cast, names with blanks, remarks, acts with their lines")
    func reading() throws {
        let read = try ScansionReader.read(script)
        #expect(read.clients.map(\.name) == ["Romeo", "Juliet's phone"])
        #expect(read.clients.last?.options == ["jid": "juliet@localhost", "password": "5678", "resource": "mobile"])
        #expect(read.steps.map(\.client).prefix(3) == ["Romeo", "Juliet's phone", "Romeo"])
        #expect(read.steps.count == 8)
        #expect(read.steps[2].line == 18)
        #expect(read.steps[4].act == .receivesNothing)
    }

    @Test(
        "what is wrong is told with its line",
        arguments: [
            ("[Client] A\n\tjid: a@b\n", "hyphens"), ("x\n---\n", "line 1"), ("[Client] A\n---\nB connects", "line 3"),
            ("[Client] A\n---\nA dances", "line 3"), ("[Client] A\n---\nA connects", "no jid"),
            ("[Client] A\n\tjid: a@b\n---\nA sends:\n\t<x/>", "line 4: \"A\" is not connected"),
            ("[Client] A\n\tjid: a@b\n---\nA connects\nA sends:\n\t<x>", "line 5: the stanza is not complete"),
            ("[Client] A\n\tjid: a@b\n---\nA connects\nA sends:\n\t<x/><y>", "line 5: the stanza is not complete"),
            ("[Client] A\n\tjid: a@b\n---\nA connects\nA sends:\n\t<x a='${B}'/>", "no variable"),
        ]
    )
    func wrong(_ text: String, _ says: String) {
        let error = #expect(throws: ReplayError.self) { try ScansionLoader.load(text) }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }

    /// Both clients connected, and Romeo's message sent.
    private func begun(_ text: String = script) throws -> ReplayPlay {
        var play = try ReplayPlay(script: text)
        for connection in [1, 2] {
            play.connected(connection)
            play.receives(offers, on: connection)
            play.receives("<success xmlns='\(NS.sasl)'/>", on: connection)
            play.receives(loggedIn, on: connection)
            let jid = connection == 1 ? "romeo@localhost/x7" : "juliet@localhost/mobile"
            play.receives(
                "<iq type='result' id='scansion-bind'><bind xmlns='\(NS.bind)'><jid>\(jid)</jid></bind></iq>",
                on: connection
            )
        }
        return play
    }

    @Test("several clients act in turn, with the addresses that they were given")
    func running() throws {
        var play = try begun()
        let said = play.next()
        #expect(said.contains { $0.contains("AHJvbWVvADEyMzQ=") })
        #expect(said.contains { $0.contains("<resource>mobile</resource>") })
        #expect(said.last?.hasPrefix("<message to=\"juliet@localhost/mobile\"") == true)
        play.receives(
            "<message to='juliet@localhost/mobile' from='romeo@localhost/x7' id='m1'><body>Hello</body></message>",
            on: 2
        )
        play.timePasses()
        play.ends(2)
        play.ends(1)
        #expect(play.summary?.isAsRecorded == true, "\(play.lines) \(String(describing: play.summary))")
    }

    @Test("what is otherwise is told with the line of the script")
    func difference() throws {
        var play = try begun()
        _ = play.next()
        play.receives(
            "<message to='juliet@localhost/mobile' from='romeo@localhost/x7' id='m1'><body>Bye</body></message>",
            on: 2
        )
        play.timePasses()
        play.receives("<message from='x@y'/>", on: 1)
        let told = play.next().filter { $0.hasPrefix("difference") }
        #expect(
            told.first?.contains(
                "is not as line 23 of the script writes it: message/body: written: \"Hello\" / now: \"Bye\""
            ) == true,
            "\(told)"
        )
        #expect(told.last?.contains("line 26 of the script: nothing comes / now: packet") == true, "\(told)")
    }

    @Test("between the end of one connection and the next the server is given a moment")
    func settling() throws {
        var play = try ReplayPlay(
            script: "[Client] A\n\tjid: a@localhost\n---\nA connects\nA disconnects\nA connects\n"
        )
        play.connected()
        play.receives(offers)
        play.receives("<success xmlns='\(NS.sasl)'/>")
        play.receives(loggedIn)
        play.receives(
            "<iq type='result' id='scansion-bind'><bind xmlns='\(NS.bind)'><jid>a@localhost/1</jid></bind></iq>"
        )
        play.ends()
        #expect(!play.next().contains("connect 2"))
        play.timePasses()
        #expect(play.next() == ["connect 2"])
    }

    @Test("after a time of nothing the next act has its own time")
    func ownTime() throws {
        let text = script.replacing(
            "Romeo receives nothing",
            with: "Romeo receives nothing\nRomeo receives:\n\t<message/>\n"
        )
        var play = try begun(text)
        _ = play.next()
        play.receives(
            "<message to='juliet@localhost/mobile' from='romeo@localhost/x7'><body>Hello</body></message>",
            on: 2
        )
        play.timePasses()
        let told = play.next()
        #expect(!told.contains { $0.hasPrefix("difference") }, "\(told)")
        play.receives("<message/>", on: 1)
        #expect(!play.next().contains { $0.hasPrefix("difference") })
    }
}
