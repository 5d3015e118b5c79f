import Testing

@testable import Replay

/// What a client of a script does, what the server says meanwhile, and what is told.
struct PeerCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Behind `A connects`, which is line 5.
    let acts: String
    var says: [String] = []
    /// One text for each difference, which holds it.
    var told: [String] = []
}

@Suite("scripts of scansion against a scripted server")
struct ScansionPeerTests {
    private static let header =
        "<stream:stream from='localhost' id='s' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
    private static let mechanisms =
        "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>"
    private static let bind = "urn:ietf:params:xml:ns:xmpp-bind"

    static let remarks: [PeerCase] = [
        PeerCase(
            testDescription: "a line that begins with two hyphens is a remark",
            acts: "-- A sends:\n-- \t<iq/>\n--\nA receives:\n\t-- above the stanza\n\t<iq/>\n",
            says: ["<iq/>"]
        ),
        PeerCase(
            testDescription: "inside of a stanza it is text",
            acts: "A receives:\n\t<message><body>Yours\n\t-- \n\tA</body></message>\n",
            says: ["<message><body>Yours\n\t-- \n\tA</body></message>"]
        ),
        PeerCase(
            testDescription: "nothing, as the manual writes it",
            acts: "A receives: nothing\nA receives nothing\nA receives\n"
        ),
    ]

    static let stanzas: [PeerCase] = [
        PeerCase(
            testDescription: "a stanza may hold more than is written",
            acts: "A receives:\n\t<presence from='r@x/B'/>\n",
            says: ["<presence from='r@x/B'><x xmlns='http://jabber.org/protocol/muc#user'><item/></x></presence>"]
        ),
        PeerCase(
            testDescription: "an error may hold a text",
            acts: "A receives:\n\t<iq type='error'><error type='cancel'><gone xmlns='e'/></error></iq>\n",
            says: ["<iq type='error'><error type='cancel'><gone xmlns='e'/><text xmlns='e'>No</text></error></iq>"]
        ),
        PeerCase(
            testDescription: "a payload may not",
            acts: "A receives:\n\t<iq><query xmlns='jabber:iq:roster'/></iq>\n",
            says: ["<iq><query xmlns='jabber:iq:roster'><item jid='b@x'/></query></iq>"],
            told: ["line 6 of the script writes it: iq/query: written: nothing more / now: <item \"b@x\">"]
        ),
        PeerCase(
            testDescription: "a value is captured anew each time",
            acts: "A receives:\n\t<iq id='{scansion:capture:x}'/>\nA receives:\n\t<iq id='{scansion:capture:x}'/>\n",
            says: ["<iq id='1'/>", "<iq id='2'/>"]
        ),
        PeerCase(
            testDescription: "the difference is that of the nearest field",
            acts: "A receives:\n\t<iq><x xmlns='f'><field var='a'/><field var='b'><value>1</value></field></x></iq>\n",
            says: ["<iq><x xmlns='f'><field var='b'><value>2</value></field><field var='a'/></x></iq>"],
            told: ["iq/x/field[@var=\"b\"]/value: written: \"1\" / now: \"2\""]
        ),
        PeerCase(
            testDescription: "the difference is that of the answer to the same request",
            acts: "A receives:\n\t<iq id='2' type='result'/>\n",
            says: ["<iq id='1' type='result'/>", "<iq id='2' type='error'/>"],
            told: ["iq/@type: written: \"result\" / now: \"error\""]
        ),
        PeerCase(
            testDescription: "what a later line writes is left to it",
            acts: "A receives:\n\t<iq id='1'/>\nA receives:\n\t<iq id='2'/>\n",
            says: ["<iq id='2'/>"],
            told: ["line 6 of the script: <iq> / now: nothing of the kind came"]
        ),
    ]

    static let absences: [PeerCase] = [
        PeerCase(
            testDescription: "what a client sends after it has disconnected is told there",
            acts: "A disconnects\nA sends:\n\t<presence/>\n",
            told: ["line 7 of the script: A sends <presence> / now: it has disconnected"]
        ),
        PeerCase(
            testDescription: "and what it receives",
            acts: "A disconnects\nA receives:\n\t<presence/>\nA receives nothing\n",
            told: ["line 7 of the script: A receives <presence> / now: it has disconnected"]
        ),
    ]

    private static func script(_ acts: String) -> String {
        "[Client] A\n\tjid: a@localhost\n\tpassword: p\n---\nA connects\n\(acts)"
    }

    private static func logIn(_ play: inout ReplayPlay, on connection: Int = 1, as jid: String = "a@localhost/1") {
        play.connected(connection)
        play.receives(header + mechanisms, on: connection)
        play.receives("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", on: connection)
        play.receives(header + "<stream:features><bind xmlns='\(bind)'/></stream:features>", on: connection)
        let bound = "<bind xmlns='\(bind)'><jid>\(jid)</jid></bind>"
        play.receives("<iq type='result' id='scansion-bind'>\(bound)</iq>", on: connection)
    }

    @Test("each fault is told where it is, and nothing else", arguments: remarks + stanzas + absences)
    func peer(_ entry: PeerCase) throws {
        var play = try ReplayPlay(script: Self.script(entry.acts))
        Self.logIn(&play)
        for stanza in entry.says { play.receives(stanza) }
        for _ in 0..<8 where play.summary == nil && !play.lines.contains("</stream:stream>") { play.timePasses() }
        play.ends()
        let told = play.next().filter { $0.hasPrefix("difference") }
        #expect(told.count == entry.told.count, "\(told)")
        for (line, text) in zip(told, entry.told) { #expect(line.contains(text)) }
        #expect(play.summary?.differences == entry.told.count)
        #expect(play.summary?.failure == nil && play.summary?.unsent == 0)
    }

    @Test("a step waits until the end of another client's stream is answered", arguments: [true, false])
    func order(_ closes: Bool) throws {
        let two = "[Client] A\n\tjid: a@localhost\n[Client] B\n\tjid: b@localhost\n---\nA connects\nB connects\n"
        var play = try ReplayPlay(script: two + "A disconnects\nB sends:\n\t<presence/>\n")
        Self.logIn(&play)
        Self.logIn(&play, on: 2, as: "b@localhost/1")
        #expect(play.next().last == "</stream:stream>")
        if closes { play.closes() } else { play.receives("</stream:stream>") }
        #expect(play.next().contains("<presence/>"))
    }

    @Test(
        "a step waits until another client's stanza has reached the server",
        arguments: ["<iq type='set' id='1'/>", "<message/>"]
    )
    func reaching(_ stanza: String) throws {
        let two = "[Client] A\n\tjid: a@localhost\n[Client] B\n\tjid: b@localhost\n---\nA connects\nB connects\n"
        var play = try ReplayPlay(script: two + "A sends:\n\t\(stanza)\nB sends:\n\t<presence/>\nB disconnects\n")
        Self.logIn(&play)
        Self.logIn(&play, on: 2, as: "b@localhost/1")
        #expect(play.next().last == stanza)
        play.receives("<iq type='result' id='2'/>")
        #expect(play.next() == [])
        // A request is answered; that anything else has come can only be hoped for.
        if stanza.hasPrefix("<iq") { play.receives("<iq type='result' id='1'/>") } else { play.timePasses() }
        #expect(play.next() == ["<presence/>", "</stream:stream>"])
    }

    @Test("an end that is never answered is not waited for without end")
    func silence() throws {
        var play = try ReplayPlay(script: Self.script("A disconnects\n"))
        Self.logIn(&play)
        for _ in 0..<4 where play.summary == nil { play.timePasses() }
        #expect(play.summary?.isAsRecorded == true)
    }

    @Test("a stanza that cannot be sent any more is told with its line")
    func closed() throws {
        var play = try ReplayPlay(script: Self.script("A receives nothing\nA sends:\n\t<presence/>\n"))
        Self.logIn(&play)
        play.closes()
        play.timePasses()
        let told = play.next().filter { $0.hasPrefix("difference") }
        let line = "difference: line 7 of the script: <presence> is sent / now: the server closes the connection"
        #expect(told == [line])
        #expect(play.summary?.unsent == 1)
    }
}
