import Conversation
import Testing
import XMLStream
import XMPP

@testable import Replay

private let header =
    "<stream:stream to='jabber.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
private let serverHeader =
    "<stream:stream from='jabber.test' id='s1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
private let features = "<stream:features><register xmlns='http://jabber.org/features/iq-register'/></stream:features>"
private let ask = "<iq id='r1' type='get'><query xmlns='jabber:iq:register'/></iq>"
private let asked = "<iq id='r1' type='result'><query xmlns='jabber:iq:register'><username/><password/></query></iq>"
private let submit =
    "<iq id='r2' type='set'><query xmlns='jabber:iq:register'><username>test3</username><password>1234</password></query></iq>"
private let confirmed = "<iq id='r2' type='result'/>"

/// A registration as a transcript.
private let registration = """
    C->S 001
    \(header)

    S->C 002
    \(serverHeader)

    S->C 003
    \(features)

    C->S 004
    \(ask)

    S->C 005
    \(asked)

    C->S 006
    \(submit)

    S->C 007
    \(confirmed)

    C->S 008
    </stream:stream>
    """

@Suite("a recording is replayed as the client")
struct ClientReplayTests {
    /// Up to the point where the client has asked for the fields.
    private func begun(_ options: ClientReplayOptions = ClientReplayOptions(), settings: [String] = []) throws
        -> ReplayPlay
    {
        var play = try ReplayPlay(registration, settings: settings, options: options)
        #expect(play.next() == ["connect 1"])
        play.connected()
        _ = play.next()
        play.receives(serverHeader + features)
        #expect(play.next() == [ask])
        return play
    }

    @Test("each packet waits for the answers before it, however the bytes are cut", arguments: [1, 2, 3, 7, 64, .max])
    func order(_ chunk: Int) throws {
        var play = try ReplayPlay(registration)
        #expect(play.next() == ["connect 1"])
        play.connected()
        #expect(play.next() == [header])
        play.receives(serverHeader, chunk: chunk)
        #expect(play.next() == [])
        play.receives(features, chunk: chunk)
        #expect(play.next() == [ask])
        play.receives(asked, chunk: chunk)
        #expect(play.next() == [submit])
        play.receives(confirmed, chunk: chunk)
        #expect(play.next() == ["</stream:stream>"])
        play.ends()
        #expect(play.next() == ["close output 1"])
        let summary = try #require(play.summary)
        #expect(summary.isAsRecorded)
        #expect(summary.asRecorded == 4)
        #expect(summary.sent == 4)
    }

    @Test("values that the user sets are sent")
    func settings() throws {
        var play = try begun(settings: ["username=test4", "password=geheim"])
        play.receives(asked)
        #expect(play.next().first?.contains("<username>test4</username><password>geheim</password>") == true)
    }

    @Test(
        "a setting that the recording does not know is refused",
        arguments: ["nobody=x", "resource=y", "=x", "username"]
    )
    func unknownSetting(_ setting: String) throws {
        #expect(throws: ReplayError.self) { try ReplayPlay(registration, settings: [setting]) }
    }

    @Test("an answer that means something else is told with the numbers of both packets")
    func otherAnswer() throws {
        var play = try begun()
        play.receives(asked)
        _ = play.next()
        play.receives(
            "<iq id='r2' type='error'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        )
        let told = play.next().first ?? ""
        #expect(
            told.hasPrefix(
                "difference: packet 007 differs from packet 007 of the recording: iq/@type: recorded: \"result\" / now: \"error\""
            )
        )
        play.ends()
        #expect(play.summary?.differences == 1)
    }

    @Test("an answer with a wrong id is told in place of the right one")
    func wrongID() throws {
        var play = try begun()
        play.receives(asked.replacing("r1", with: "rx"))
        #expect(play.next() == [])
        play.timePasses()
        #expect(
            play.next().first
                == "difference: recorded: packet 005, <iq type=\"result\"> with <query> / now: packet 005, <iq type=\"result\"> with <query>"
        )
    }

    @Test("silence is told, and the replay goes on")
    func silence() throws {
        var play = try begun()
        play.timePasses()
        #expect(
            play.next() == [
                "difference: recorded: packet 005, <iq type=\"result\"> with <query> / now: nothing for 5 s", submit,
            ]
        )
    }

    @Test("a server that closes early is told, and what could not be sent is counted")
    func earlyEnd() throws {
        var play = try begun()
        play.receives(
            "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"
        )
        play.closes()
        let lines = play.next()
        #expect(
            lines.first
                == "difference: recorded: packet 005, <iq type=\"result\"> with <query> / now: packet 005, <error> (policy-violation)"
        )
        // The end of the stream that the server had ended already does not count.
        #expect(play.summary?.unsent == 1)
    }

    @Test("one answer too many is told")
    func twice() throws {
        var play = try begun()
        play.receives(asked + asked)
        #expect(
            play.next().contains {
                $0.hasPrefix("difference: packet 006: recorded: nothing / now: <iq type=\"result\">")
            }
        )
    }

    @Test("what is no XML ends the connection")
    func noXML() throws {
        var play = try begun()
        play.receives("<iq></message>")
        #expect(play.next().first?.hasPrefix("difference: what the server sends is no XMPP stream any more") == true)
        play.closes()
        #expect(play.summary?.unsent == 2)
    }

    @Test("a server that cannot be reached is a failure, not a difference")
    func unreachable() throws {
        var play = try ReplayPlay(registration)
        play.fails(1, "nobody is there")
        let summary = try #require(play.summary)
        #expect(summary.failure == "nobody is there")
        #expect(summary.differences == 0)
        #expect(summary.text.contains("could not be run: nobody is there"))
    }

    @Test("requests of the server that were not recorded are refused as any client does")
    func serverRequest() throws {
        var play = try begun()
        play.receives("<iq id='p' type='get' from='jabber.test'><ping xmlns='urn:xmpp:ping'/></iq>")
        #expect(
            play.next().first?.contains(
                "<iq type='error' id='p' to='jabber.test'><error type='cancel'><service-unavailable"
            ) == true
        )
    }

    /// The recorded client writes its header without a prefix, or with another one.
    static let otherHeaders = [
        (
            "<s:stream to='jabber.test' xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams' version='1.0'>",
            "</s:stream>"
        ),
        ("<stream xmlns='http://etherx.jabber.org/streams' to='jabber.test' version='1.0'>", "</stream>"),
    ]

    @Test("what the replay itself says fits the stream that the recorded client opened", arguments: otherHeaders)
    func otherPrefix(_ opening: String, _ end: String) throws {
        let text = registration.replacing("C->S 001\n\(header)", with: "C->S 001\n\(opening)")
            .replacing("<iq id='r", with: "<iq xmlns='jabber:client' id='r")
        var play = try ReplayPlay(text.replacing("\n\nC->S 008\n</stream:stream>", with: ""))
        play.connected()
        #expect(play.next().last == opening)
        play.receives(serverHeader + features)
        play.receives("<iq id='p' type='get' from='jabber.test'><ping xmlns='urn:xmpp:ping'/></iq>")
        play.receives(asked + confirmed)
        let said = play.next()
        #expect(said.last == end)
        let stream = StreamParser()
        stream.append(Array((opening + said.filter { $0.hasPrefix("<") }.joined()).utf8))
        var names: [String] = []
        while let event = stream.next() {
            #expect(event.problem == nil)
            switch event.kind {
            case .element(let element): names.append("\(element.name) \(element.namespace)")
            case .header, .end: break
            case .whitespace, .strayText, .oversized, .failure: Issue.record("\(event.kind)")
            }
        }
        #expect(names == ["iq jabber:client", "iq jabber:client", "iq jabber:client"])
    }

    @Test("a connection that is given up ends its stream by its name")
    func otherPrefixAbandoned() throws {
        let text = registration.replacing("C->S 001\n\(header)", with: "C->S 001\n\(Self.otherHeaders[0].0)")
        var play = try ReplayPlay(text)
        play.connected()
        play.receives(serverHeader + "<iq></message>")
        #expect(play.next().contains("</s:stream>"))
    }

    @Test("in steps, each packet waits for the user")
    func steps() throws {
        var options = ClientReplayOptions()
        options.speed = .step
        var play = try ReplayPlay(registration, options: options)
        play.connected()
        #expect(play.next() == ["connect 1", "await user: the stream header"])
        play.userAgrees()
        #expect(play.next() == [header])
        play.receives(serverHeader + features)
        #expect(play.next() == ["await user: <iq type=\"get\"> with <query>"])
    }

    @Test("what comes during a pause neither ends it nor makes it longer")
    func pauses() throws {
        var options = ClientReplayOptions()
        options.speed = .step
        var play = try ReplayPlay(registration, options: options)
        play.connected()
        play.userAgrees()
        play.receives(serverHeader + features)
        _ = play.next()
        let waits = play.waits.count
        play.receives("<message/>")
        #expect(play.waits.count == waits)
        #expect(!play.next().contains(ask))
        play.userAgrees()
        #expect(play.next().last == ask)
    }

    @Test("recorded pauses are made, at the speed that is wanted")
    func recordedPauses() throws {
        let timed = registration.replacing("C->S 004", with: "C->S 004 +9.000s")
            .replacing("S->C 003", with: "S->C 003 +2.000s")
        var options = ClientReplayOptions()
        options.speed = .recorded(factor: 2)
        var play = try ReplayPlay(timed, options: options)
        play.connected()
        play.receives(serverHeader + features)
        #expect(play.waits.last == 3.5)
        #expect(!play.next().contains(ask))
        let waits = play.waits.count
        play.receives("<message/>")
        #expect(play.waits.count == waits)
        play.timePasses()
        #expect(play.next().last == ask)
    }

    @Test("a server that never stops talking does not hold the replay up")
    func talkative() throws {
        var play = try begun()
        let waits = play.waits.count
        for _ in 0..<10 { play.receives("<presence/>") }
        #expect(play.waits.count == waits)
        play.timePasses()
        #expect(play.next().contains(submit))
    }

    @Test(
        "speeds are read",
        arguments: [
            ("max", ReplaySpeed.maximum), ("2x", .recorded(factor: 2)), ("recorded", .recorded(factor: 1)),
            ("step", .step),
        ]
    )
    func speeds(_ text: String, _ speed: ReplaySpeed) { #expect(ReplaySpeed(text) == speed) }

    @Test("no speeds", arguments: ["", "x", "0x", "-1x", "fast", "infx", "nanx"])
    func noSpeeds(_ text: String) { #expect(ReplaySpeed(text) == nil) }
}

@Suite("TLS in a replay as the client")
struct ClientReplayTLSTests {
    private let offer =
        "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><register xmlns='http://jabber.org/features/iq-register'/></stream:features>"
    private let required =
        "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>"
    private let asking = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
    private let proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

    private var encrypted: String {
        "C->S 001\n\(header)\n\nS->C 002\n\(serverHeader)\n\nS->C 003\n\(offer)\n\nC->S 004\n\(asking)\n\nS->C 005\n\(proceed)\n\n"
            + "C->S 006\n\(header)\n\nS->C 007\n\(serverHeader)\n\nS->C 008\n\(features)\n\nC->S 009\n\(ask)\n\nS->C 010\n\(asked)"
    }

    @Test("STARTTLS is done for real")
    func startTLS() throws {
        var play = try ReplayPlay(encrypted)
        play.connected()
        play.receives(serverHeader + offer)
        #expect(play.next() == ["connect 1", header, asking])
        play.receives(proceed)
        #expect(play.next() == ["start TLS 1"])
        play.secured()
        #expect(play.next() == [header])
        play.receives(serverHeader + features)
        #expect(play.next() == [ask])
        play.receives(asked)
        play.ends()
        #expect(play.summary?.isAsRecorded == true)
    }

    @Test(
        "where STARTTLS is not offered any more, that is told; only a near server, or who says so, is spoken to in the clear"
    )
    func notOffered() throws {
        for (isNear, tls, goesOn) in [
            (true, ReplayTLS.recorded, true), (false, .none, true), (false, .recorded, false),
        ] {
            var options = ClientReplayOptions()
            options.isNear = isNear
            options.tls = tls
            var play = try ReplayPlay(encrypted, options: options)
            play.connected()
            play.receives(serverHeader + features)
            let lines = play.next()
            #expect(
                lines.contains("difference: recorded: the server offers STARTTLS / now: it does not") == (tls != .none)
            )
            #expect(lines.contains(ask) == goesOn)
            if !goesOn { #expect(lines.contains { $0.hasPrefix("note: nothing is sent in the clear") }) }
        }
    }

    @Test("bytes behind <proceed/> are told, and do not pass for what is said inside TLS")
    func injection() throws {
        var play = try ReplayPlay(encrypted)
        play.connected()
        play.receives(serverHeader + offer)
        _ = play.next()
        play.receives(proceed + features)
        let lines = play.next()
        #expect(lines.first?.contains("bytes in the clear behind <proceed/>") == true)
        #expect(!lines.contains("start TLS 1"))
    }

    @Test("where the server requires TLS now, it is started and told", arguments: [true, false])
    func nowRequired(_ isWanted: Bool) throws {
        var options = ClientReplayOptions()
        if isWanted { options.tls = .starttls }
        var play = try ReplayPlay(registration, options: options)
        play.connected()
        play.receives(serverHeader + required)
        var lines = play.next()
        #expect(lines.contains { $0.hasPrefix("difference: recorded: a session in the clear") } != isWanted)
        #expect(lines.last == asking)
        play.receives(proceed)
        #expect(play.next() == ["start TLS 1"])
        play.secured()
        #expect(play.next() == [header])
        play.receives(serverHeader + features)
        lines = play.next()
        #expect(lines.last == ask)
        play.receives(asked)
        play.receives(confirmed)
        play.ends()
        #expect(play.summary?.differences == (isWanted ? 0 : 1))
    }

    @Test("a refusal of STARTTLS is told")
    func refused() throws {
        var options = ClientReplayOptions()
        options.tls = .starttls
        var play = try ReplayPlay(registration, options: options)
        play.connected()
        play.receives(serverHeader + offer)
        play.receives("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        #expect(play.next().contains { $0.hasPrefix("difference: the server refuses STARTTLS") })
    }

    @Test(
        "a server that refuses the recorded STARTTLS, or is silent, gets no TLS and nothing in the clear",
        arguments: [true, false]
    )
    func refusedRecorded(_ answers: Bool) throws {
        var play = try ReplayPlay(encrypted)
        play.connected()
        play.receives(serverHeader + offer)
        _ = play.next()
        if answers { play.receives("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>") } else { play.timePasses() }
        let lines = play.next()
        #expect(!lines.contains("start TLS 1") && !lines.contains(ask), "\(lines)")
        #expect(lines.contains { $0.hasPrefix("difference: recorded: the server agrees to STARTTLS / now: ") })
        #expect(lines.contains("close output 1"))
    }

    @Test(
        "--tls starttls sends nothing in the clear, near or far, recorded in TLS or not",
        arguments: [true, false],
        [true, false]
    )
    func demanded(_ isNear: Bool, _ wasEncrypted: Bool) throws {
        var options = ClientReplayOptions()
        (options.tls, options.isNear) = (.starttls, isNear)
        var play = try ReplayPlay(wasEncrypted ? encrypted : registration, options: options)
        play.connected()
        play.receives(serverHeader + features)
        play.closes()
        #expect(!play.next().contains(ask))
        #expect(play.summary?.failure?.contains("--tls starttls") == true)
    }

    @Test("with TLS from the first byte what was said in the clear is left out")
    func direct() throws {
        var options = ClientReplayOptions()
        options.tls = .direct
        var play = try ReplayPlay(encrypted, options: options)
        #expect(play.next() == ["connect 1 direct"])
        play.connected(isSecured: true)
        #expect(play.next() == [header])
        play.receives(serverHeader + features)
        #expect(play.next() == [ask])
        play.receives(asked)
        play.ends()
        #expect(play.summary?.isAsRecorded == true)
    }
}
