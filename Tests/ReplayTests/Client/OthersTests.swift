import Conversation
import Testing
import XMPP

@testable import Replay

private let header =
    "<stream:stream to='jabber.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
private let serverHeader =
    "<stream:stream from='jabber.test' id='s1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
private let features = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"
private let bind = "<iq id='b' type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"

private func bound(_ jid: String) -> String {
    "<iq id='b' type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>\(jid)</jid></bind></iq>"
}

private let ping = "<iq id='p' type='get'><ping xmlns='urn:xmpp:ping'/></iq>"
private let pong = "<iq id='p' type='result'/>"

/// A transcript of a session that has been bound to that address; lines begin with `C ` or `S `.
private func session(_ jid: String, _ lines: String...) -> String {
    let beginning = ["C \(header)", "S \(serverHeader)", "S \(features)", "C \(bind)", "S \(bound(jid))"]
    return (beginning + lines).enumerated().map { index, line in
        "\(line.hasPrefix("C") ? "C->S" : "S->C") \(RecordedPacket.digits(index + 1))\n\(line.dropFirst(2))\n"
    }
    .joined(separator: "\n")
}

private let anna = "anna@jabber.test/home"

/// A replay of such a session, up to where it is bound.
private func begun(_ text: String, now: String = anna) throws -> ReplayPlay {
    var play = try ReplayPlay(text)
    play.connected()
    play.receives(serverHeader + features)
    _ = play.next()
    play.receives(bound(now))
    return play
}

private func message(from: String, to: String = anna, _ body: String, _ more: String = "") -> String {
    "<message from='\(from)' to='\(to)' type='chat'><body>\(body)</body>\(more)</message>"
}

@Suite("what others said in a recording is not waited for")
struct OthersTests {
    /// What the server brings in the recording, and whether it comes again because of the replay.
    static let arrivals = [
        (message(from: "juliet@jabber.test/balcony", "hi"), false),
        (message(from: anna, "to myself"), true),
        (message(from: "anna@jabber.test/phone", "from my other device"), false),
        ("<message from='jabber.test' to='\(anna)'><body>welcome</body></message>", true),
        ("<message from='juliet@jabber.test' type='error' to='\(anna)'><error type='cancel'/></message>", true),
        ("<presence from='juliet@jabber.test/balcony' to='\(anna)'/>", false),
        ("<presence from='juliet@jabber.test' type='subscribed'/>", false),
        (
            "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='j@jabber.test' subscription='both'/></query></iq>",
            false
        ),
        (
            "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='j@jabber.test' subscription='none'/></query></iq>",
            true
        ),
        (
            "<message from='anna@jabber.test' to='\(anna)'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
                + "<message xmlns='jabber:client' from='juliet@jabber.test/x' to='anna@jabber.test'><body>b</body></message></forwarded></received></message>",
            false
        ),
        (
            "<message to='\(anna)'><result xmlns='urn:xmpp:mam:2' id='1'><forwarded xmlns='urn:xmpp:forward:0'>"
                + "<message xmlns='jabber:client' from='\(anna)' to='juliet@jabber.test'><body>b</body></message></forwarded></result></message>",
            true
        ),
        (
            "<iq type='get' id='v' from='juliet@jabber.test/x' to='\(anna)'><query xmlns='jabber:iq:version'/></iq>",
            false
        ),
        (message(from: "room@rooms.jabber.test/me", "my own words"), true),
        (message(from: "room@rooms.jabber.test/juliet", "her words"), false),
        ("<message from='room@rooms.jabber.test' to='\(anna)' type='groupchat'><subject>s</subject></message>", true),
    ]

    @Test("only what the server or the replay itself brings about is waited for", arguments: arrivals)
    func waiting(_ arrival: String, _ isAwaited: Bool) throws {
        let join = "C <presence to='room@rooms.jabber.test/me'><x xmlns='\(NS.muc)'/></presence>"
        var play = try begun(session(anna, join, "S \(arrival)", "C \(ping)", "S \(pong)"))
        let said = play.next()
        #expect(said.contains(ping) == !isAwaited, "\(said)")
        guard !isAwaited else { return }
        play.receives(pong)
        play.ends()
        let summary = try #require(play.summary)
        #expect(summary.isAsRecorded && summary.ofOthers == 1)
        #expect(summary.text.hasSuffix("1 recorded packet of others did not come, for nobody replays them."))
        #expect(play.next().contains { $0.hasPrefix("note: 1 recorded packet of others did not come") })
    }

    @Test("what of others comes all the same, late, is as recorded")
    func late() throws {
        let hello = message(from: "juliet@jabber.test/balcony", "hi")
        var play = try begun(session(anna, "S \(hello)", "C \(ping)", "S \(pong)"))
        #expect(play.next() == [ping])
        play.receives(hello + pong)
        play.ends()
        let summary = try #require(play.summary)
        #expect(summary.isAsRecorded && summary.ofOthers == 0, "\(play.lines)")
    }

    @Test("what another did not ask is not answered before it is asked")
    func question() throws {
        let ask =
            "<iq type='get' id='v' from='juliet@jabber.test/x' to='\(anna)'><query xmlns='jabber:iq:version'/></iq>"
        let answer = "<iq type='result' id='v' to='juliet@jabber.test/x'/>"
        var play = try begun(session(anna, "S \(ask)", "C \(answer)", "C \(ping)", "S \(pong)"))
        #expect(play.next() == [ping])
        // It comes all the same, under an id of this run.
        play.receives(ask.replacing("'v'", with: "'w'"))
        #expect(play.next() == [answer.replacing("'v'", with: "'w'")])
    }

    @Test("another says something else: both are told")
    func otherwise() throws {
        let hello = message(from: "juliet@jabber.test/balcony", "hi")
        var play = try begun(session(anna, "S \(hello)", "C \(ping)", "S \(pong)"))
        play.receives(message(from: "juliet@jabber.test/balcony", "no") + pong)
        play.ends()
        #expect(play.summary?.differences == 1)
        #expect(play.summary?.ofOthers == 1)
    }

    @Test("whom one waited for in vain is not waited for as long again")
    func onlyOnce() throws {
        let welcome = "S <message from='jabber.test' to='\(anna)'><body>one</body></message>"
        let text = session(
            anna,
            welcome,
            "C \(ping)",
            "S \(pong)",
            welcome.replacing("one", with: "two"),
            "C <presence/>"
        )
        var play = try begun(text)
        #expect(play.waits.last == 5)
        play.timePasses()
        #expect(play.next().last == ping)
        play.receives(pong)
        #expect(play.waits.last == ReplayRun.patienceWithSilent)
        play.timePasses()
        #expect(play.next().contains("<presence/>"))
    }

    @Test("the name that a guest is given is sent and expected")
    func guest() throws {
        let own = "<message to='x1y2@jabber.test/r1' type='chat'><body>me</body></message>"
        let back = "<message to='x1y2@jabber.test/r1' from='x1y2@jabber.test/r1' type='chat'><body>me</body></message>"
        let login = "<auth xmlns='\(NS.sasl)' mechanism='ANONYMOUS'/>"
        let offer =
            "<stream:features><mechanisms xmlns='\(NS.sasl)'><mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>"
        let lines = [
            "C \(header)", "S \(serverHeader)", "S \(offer)", "C \(login)", "S <success xmlns='\(NS.sasl)'/>",
            "C \(header)", "S \(serverHeader)", "S \(features)", "C \(bind)", "S \(bound("x1y2@jabber.test/r1"))",
            "C \(own)", "S \(back)",
        ]
        let text = lines.enumerated().map { index, line in
            "\(line.hasPrefix("C") ? "C->S" : "S->C") \(RecordedPacket.digits(index + 1))\n\(line.dropFirst(2))\n"
        }
        var play = try ReplayPlay(text.joined(separator: "\n"))
        play.connected()
        play.receives(serverHeader + offer)
        play.receives("<success xmlns='\(NS.sasl)'/>")
        play.receives(serverHeader + features)
        play.receives(bound("z9@jabber.test/q7"))
        #expect(play.next().last == own.replacing("x1y2@jabber.test/r1", with: "z9@jabber.test/q7"))
        play.receives(back.replacing("x1y2@jabber.test/r1", with: "z9@jabber.test/q7"))
        play.ends()
        #expect(play.summary?.isAsRecorded == true, "\(play.lines)")
    }

    @Test("who has a name keeps it")
    func named() throws {
        var play = try begun(session(anna, "C \(ping)", "S \(pong)"), now: "bela@jabber.test/home")
        #expect(play.next().contains { $0.contains("difference") && $0.contains("bela@jabber.test/home") })
    }

    /// The server asks something that is not recorded, which the replay answers: it has sent one stanza more.
    @Test("acknowledgements count what this run has sent", arguments: [(2, true), (1, false), (3, false)])
    func acknowledgement(_ count: Int, _ isRight: Bool) throws {
        let sm = NS.streamManagement3
        var play = try begun(
            session(
                anna,
                "C <enable xmlns='\(sm)'/>",
                "S <enabled xmlns='\(sm)' id='q1w2'/>",
                "C \(ping)",
                "S \(pong)",
                "C <r xmlns='\(sm)'/>",
                "S <a xmlns='\(sm)' h='1'/>"
            )
        )
        play.receives("<enabled xmlns='\(sm)' id='e3r4'/>")
        play.receives("<iq id='v' type='get' from='jabber.test'><query xmlns='jabber:iq:version'/></iq>")
        play.receives(pong)
        _ = play.next()
        play.receives("<a xmlns='\(sm)' h='\(count)'/>")
        #expect(play.next().contains { $0.hasPrefix("difference: ") && $0.contains("a/@h") } == !isRight)
    }

    @Test("places to upload to are taken over, in the midst of a text too")
    func slots() throws {
        func slot(_ name: String) -> String {
            "<iq id='u' type='result'><slot xmlns='urn:xmpp:http:upload:0'><put url='https://up.test/\(name)/a.png'>"
                + "<header name='Authorization'>Bearer \(name).x</header></put><get url='https://up.test/\(name)/a.png'/></slot></iq>"
        }
        let ask = "<iq id='u' type='get'><request xmlns='urn:xmpp:http:upload:0' filename='a.png' size='1'/></iq>"
        let look = "<message to='\(anna)' type='chat'><body>see https://up.test/old/a.png there</body></message>"
        var play = try begun(
            session(
                anna,
                "C \(ask)",
                "S \(slot("old"))",
                "C \(look)",
                "S \(message(from: anna, "see https://up.test/old/a.png there"))"
            )
        )
        play.receives(slot("new"))
        #expect(play.next().last == look.replacing("/old/", with: "/new/"))
        play.receives(message(from: anna, "see https://up.test/new/a.png there"))
        play.ends()
        #expect(play.summary?.isAsRecorded == true, "\(play.lines)")
    }
}
