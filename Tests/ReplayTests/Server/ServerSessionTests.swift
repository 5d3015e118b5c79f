import Conversation
import SASL
import Testing
import XMLStream
import XMPP

@testable import Replay

private let header =
    "<stream:stream to='jabber.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

/// What a server said in a registration, a login, and a message of a user to himself.
private let recording = """
    C->S 001
    \(header)

    S->C 002
    <stream:stream from='jabber.test' id='s1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>

    S->C 003
    <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1-PLUS</mechanism><mechanism>PLAIN</mechanism></mechanisms></stream:features>

    C->S 004
    <iq id='r1' type='get'><query xmlns='jabber:iq:register'/></iq>

    S->C 005
    <iq id='r1' type='result'><query xmlns='jabber:iq:register'><username/><password/></query></iq>

    C->S 006
    <iq id='r2' type='set'><query xmlns='jabber:iq:register'><username>test3</username><password>1234</password></query></iq>

    S->C 007
    <iq id='r2' type='result'/>

    C->S 008
    <iq id='r3' type='set'><query xmlns='jabber:iq:register'><username>test3</username><password>1234</password></query></iq>

    S->C 009
    <iq id='r3' type='error'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>

    C->S 010
    <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHRlc3QzADEyMzQ=</auth>

    S->C 011
    <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>

    C->S 012
    \(header)

    S->C 013
    <stream:stream from='jabber.test' id='s2' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>

    S->C 014
    <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>

    C->S 015
    <iq id='b1' type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>home</resource></bind></iq>

    S->C 016
    <iq id='b1' type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>test3@jabber.test/home</jid></bind></iq>

    C->S 017
    <message to='test3@jabber.test' id='m1' type='chat'><body>Hello</body></message>

    S->C 018
    <message to='test3@jabber.test/home' from='test3@jabber.test/home' id='m1' type='chat'><body>Hello</body></message>

    C->S 019
    <iq id='x1' type='set'><query xmlns='jabber:iq:register'><remove/></query></iq>

    S->C 020
    <iq id='x1' type='result'/>

    S->C 021
    <stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>
    """

@Suite("a recorded server is played to any client")
struct ServerSessionTests {
    /// A client's conversation with the played server.
    struct Play {
        var session: ServerSession

        init(strict: Bool = false, accounts: ServerScript? = nil) throws {
            var script = try accounts ?? ServerScript(TranscriptLoader.load(recording))
            script.isStrict = strict
            session = ServerSession(script)
        }

        /// What the server says and does when it gets that.
        mutating func says(_ text: String, chunk: Int = .max) -> [String] {
            var lines: [String] = []
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let piece = Array(rest.prefix(chunk))
                rest = rest.dropFirst(piece.count)
                lines += session.received(piece).compactMap(Self.line)
            }
            return lines
        }

        private static func line(_ action: ServerAction) -> String? {
            switch action {
            case .record, .plays: nil
            case .send(let bytes): String(decoding: bytes, as: UTF8.self)
            case .startTLS(let domain): "start TLS for \(domain)"
            case .differ(let text): "departure: \(text)"
            case .close: "close"
            }
        }

        mutating func opens() -> [String] { says(header) }

        mutating func logsIn(_ user: String = "anna", _ password: String = "x") -> [String] {
            says(
                "<auth xmlns='\(NS.sasl)' mechanism='PLAIN'>\(Base64.encode(Array("\0\(user)\0\(password)".utf8)))</auth>"
            )
        }
    }

    @Test("what is said inside TLS is refused in the clear where the server required TLS")
    func requiredTLS() throws {
        let required = recording.replacing(
            "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
            with: "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
        )
        var script = try ServerScript(TranscriptLoader.load(required))
        var play = try Play(accounts: script)
        _ = play.opens()
        let refused = play.logsIn("test3", "1234").joined()
        #expect(
            refused.contains("which the server requires / now: in the clear") && refused.contains("policy-violation")
        )
        // What the recorded client asked in the clear may be asked so.
        play = try Play(accounts: script)
        _ = play.opens()
        #expect(
            play.says("<iq id='q' type='get'><query xmlns='jabber:iq:register'/></iq>").joined().contains("<username/>")
        )
        let secured = "<starttls xmlns='\(NS.tls)'/>\n\nS->C 005\n<proceed xmlns='\(NS.tls)'/>\n\nC->S 005\n\(header)"
        let inside = required.replacing("C->S 006", with: "C->S 005\n\(secured)\n\nC->S 006")
        play = try Play(accounts: ServerScript(TranscriptLoader.load(inside)))
        _ = play.opens()
        let data = "<username>test4</username><password>1</password>"
        #expect(
            play.says("<iq id='q' type='set'><query xmlns='jabber:iq:register'>\(data)</query></iq>").joined()
                .contains("policy-violation")
        )
        script.hasTLS = false
        play = try Play(accounts: script)
        _ = play.opens()
        #expect(play.logsIn("test3", "1234").joined().contains("<success"))
    }

    @Test("what no client said is known by its kind, however often it was said")
    func unplayed() throws {
        let script = try ServerScript(TranscriptLoader.load(recording))
        var session = ServerSession(script)
        var played: Set<Int> = []
        for text in [header, "<iq id='q' type='get'><query xmlns='jabber:iq:register'/></iq>"] {
            for case .plays(let exchange) in session.received(Array(text.utf8)) { played.insert(exchange) }
        }
        #expect(script.unplayed([]).map(\.request.number) == [4, 6, 15, 17, 19])
        #expect(script.unplayed(played).map(\.request.number) == [6, 15, 17, 19])
        #expect(script.unplayed(Set(script.server.exchanges.indices)).isEmpty)
    }

    @Test("a broken packet is told by the number that it has in the transcript")
    func broken() throws {
        var play = try Play()
        let early = try #require(play.says("GET / HTTP/1.1\r\n\r\n").first)
        #expect(early.hasPrefix("departure: 000: what the client sends is no XMPP stream"))
        play = try Play()
        // The client's header, then ours and the features.
        _ = play.opens()
        let told = try #require(play.says("<iq>a & b</iq>").first)
        #expect(told.hasPrefix("departure: 004: what the client sends is no XMPP stream"))
    }

    @Test("a client with another name asks in another order", arguments: [1, 2, 3, 7, 64, .max])
    func otherOrder(_ chunk: Int) throws {
        var play = try Play()
        let opened = play.says(header, chunk: chunk)
        #expect(opened.count == 2)
        #expect(opened.last?.contains("<mechanism>PLAIN</mechanism>") == true)
        #expect(opened.last?.contains("-PLUS") == false)
        let submit =
            "<iq id='z9' type='set'><query xmlns='jabber:iq:register'><username>anna</username><password>x</password></query></iq>"
        #expect(play.says(submit, chunk: chunk) == ["<iq id='z9' type='result'/>"])
        #expect(
            play.says("<iq type='get' id='z8'><query xmlns='jabber:iq:register'/></iq>", chunk: chunk) == [
                "<iq id='z8' type='result'><query xmlns='jabber:iq:register'><username/><password/></query></iq>"
            ]
        )
        #expect(play.says(submit).first?.contains("<conflict") == true)
        #expect(play.logsIn() == ["<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'></success>"])
        #expect(play.opens().last?.contains("<bind") == true)
        #expect(
            play.says("<iq id='q' type='set'><bind xmlns='\(NS.bind)'><resource>work</resource></bind></iq>").first?
                .contains("<jid>anna@jabber.test/work</jid>") == true
        )
        let message = play.says(
            "<message to='anna@jabber.test' id='m7' type='chat'><body>Hi &amp; bye</body></message>",
            chunk: chunk
        )
        #expect(
            message == [
                "<message to='anna@jabber.test/work' from='anna@jabber.test/work' id='m7' type='chat'><body>Hi &amp; bye</body></message>"
            ]
        )
        let removal = play.says("<iq id='d' type='set'><query xmlns='jabber:iq:register'><remove/></query></iq>")
        #expect(removal.first == "<iq id='d' type='result'/>")
        #expect(removal.last == "close")
    }

    @Test("passwords are checked: of who registered now, and of who is removed")
    func passwords() throws {
        let script = try ServerScript(TranscriptLoader.load(recording))
        var play = try Play(accounts: script)
        _ = play.opens()
        _ = play.says(
            "<iq id='1' type='set'><query xmlns='jabber:iq:register'><username>anna</username><password>x</password></query></iq>"
        )
        #expect(play.logsIn("anna", "y").first?.contains("<not-authorized/>") == true)
        #expect(play.logsIn("test3", "1234").first?.hasPrefix("<success") == true)
        script.accounts.remove("anna")
        var other = try Play(accounts: script)
        _ = other.opens()
        #expect(other.logsIn("anna", "x").first?.hasPrefix("<failure") == true)
    }

    @Test("STARTTLS is agreed to, and not offered inside")
    func startTLS() throws {
        var play = try Play()
        #expect(play.opens().last?.contains("<starttls") == true)
        let steps = play.says("<starttls xmlns='\(NS.tls)'/>")
        #expect(steps.last == "start TLS for jabber.test")
        #expect(steps.contains("<proceed xmlns='\(NS.tls)'/>"))
        play.session.secured()
        #expect(play.opens().last?.contains("<starttls") == false)
    }

    @Test("without certificates STARTTLS is neither offered nor agreed to")
    func withoutTLS() throws {
        var script = try ServerScript(TranscriptLoader.load(recording))
        script.hasTLS = false
        var play = try Play(accounts: script)
        #expect(play.opens().last?.contains("<starttls") == false)
        #expect(
            play.says("<starttls xmlns='\(NS.tls)'/>") == ["<failure xmlns='\(NS.tls)'/>", "</stream:stream>", "close"]
        )
    }

    @Test("bytes behind <starttls/> end the connection")
    func injection() throws {
        var play = try Play()
        _ = play.opens()
        #expect(play.says("<starttls xmlns='\(NS.tls)'/><iq type='get' id='1'/>").last == "close")
    }

    @Test("of several like it, the recorded request with the same fields is answered")
    func sameFields() throws {
        let refused = """
            C->S 100
            <iq id='e1' type='set'><query xmlns='jabber:iq:register'><username>b</username></query></iq>

            S->C 101
            <iq id='e1' type='error'><error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>

            C->S 010
            """
        let text = recording.replacing("C->S 010", with: refused)
        var play = try Play(accounts: ServerScript(TranscriptLoader.load(text)))
        _ = play.opens()
        let answer = play.says(
            "<iq id='n' type='set'><query xmlns='jabber:iq:register'><username>anna</username></query></iq>"
        )
        #expect(answer.count == 1 && answer.first?.contains("<not-acceptable") == true, "\(answer)")
    }

    @Test("what was never recorded is refused and told")
    func unknown() throws {
        var play = try Play()
        _ = play.opens()
        let ping = play.says("<iq id='p' type='get' to='jabber.test'><ping xmlns='urn:xmpp:ping'/></iq>")
        #expect(ping.first == "departure: 004: recorded: nothing of the kind / now: <iq type=\"get\"> with <ping>")
        #expect(ping.last?.contains("<service-unavailable") == true)
        #expect(play.says("<presence type='subscribe' to='a@b'/>").count == 1)
    }

    @Test(
        "a client's fault is told where it first shows",
        arguments: [
            ("<iq type='get'><query xmlns='jabber:iq:register'/></iq>", "an id"),
            (
                "<iq id='1' type='set'><query xmlns='jabber:iq:register'><username>anna</username></query></iq>",
                "<password>"
            ),
            (
                "<iq id='1' type='set'><query xmlns='jabber:iq:register'><username>anna</username><password/></query></iq>",
                "empty"
            ),
            ("<iq id='1' type='get'><query xmlns='jabber:iq:registre'/></iq>", "nothing of the kind"),
            ("<iq id='1' type='post'><query xmlns='jabber:iq:register'/></iq>", "nothing of the kind"),
            ("<iq id='1' type='get'><query xmlns='jabber:iq:register'><x/></query></iq>", "<x>"),
        ]
    )
    func faults(_ packet: String, _ word: String) throws {
        var play = try Play()
        _ = play.opens()
        let told = play.says(packet).first ?? ""
        #expect(told.hasPrefix("departure: 004: "))
        #expect(told.contains(word))
        var strict = try Play(strict: true)
        _ = strict.opens()
        #expect(strict.says(packet).last == "close")
    }

    /// Everything that the played server says in one stream, read as a client reads it.
    private func read(_ lines: [String]) -> [String] {
        let parser = StreamParser()
        parser.append(Array(lines.filter { $0.hasPrefix("<") }.joined().utf8))
        var names: [String] = []
        while let event = parser.next() {
            #expect(event.problem == nil)
            switch event.kind {
            case .header: names.append("header")
            case .element(let element): names.append("\(element.name) \(element.namespace)")
            case .end: names.append("end")
            case .whitespace, .strayText, .oversized, .failure: Issue.record("\(event.kind) in \(lines)")
            }
        }
        return names
    }

    /// Headers of recorded servers, with other prefixes or none.
    static let otherHeaders = [
        "<s:stream from='jabber.test' id='s1' xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams' version='1.0'>",
        "<stream from='jabber.test' id='s1' xmlns='http://etherx.jabber.org/streams' xmlns:c='jabber:client' version='1.0'>",
    ]

    /// The recording with such a header as the first of the server, the features written to match.
    private static func recorded(_ opening: String) -> String {
        let usual =
            "<stream:stream from='jabber.test' id='s1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
        let prefix = opening.hasPrefix("<s:") ? "s:" : ""
        let parts = recording.replacing(usual, with: opening).split(separator: "C->S 004", maxSplits: 1)
        return parts[0].replacing("stream:features>", with: "\(prefix)features>") + "C->S 004" + parts[1]
    }

    @Test(
        "what the played server itself says fits the stream as it opened it",
        arguments: otherHeaders,
        [
            "<iq id='p' type='get'><ping xmlns='urn:xmpp:ping'/></iq></stream:stream>", "<a></b>",
            "<starttls xmlns='\(NS.tls)'/>",
        ]
    )
    func otherPrefix(_ opening: String, _ packets: String) throws {
        var script = try ServerScript(TranscriptLoader.load(Self.recorded(opening)))
        script.hasTLS = false
        var play = try Play(accounts: script)
        let said = play.opens() + play.says(packets)
        let names = read(said)
        #expect(names.prefix(2) == ["header", "features \(NS.streams)"])
        #expect(names.last == "end")
        #expect(names.count == 4 && names[2] != "header", "\(names)")
        #expect(said.contains(opening.hasPrefix("<s:") ? "</s:stream>" : "</stream>"))
    }

    @Test(
        "packets that were recorded in a stream of other prefixes are well-formed in this one",
        arguments: otherHeaders
    )
    func answersOfOtherStreams(_ opening: String) throws {
        // The recorded error stands in the second stream, which has the usual prefix.
        var play = try Play(accounts: ServerScript(TranscriptLoader.load(Self.recorded(opening))))
        var said = play.opens()
        said += play.says("<iq id='x1' type='set'><query xmlns='jabber:iq:register'><remove/></query></iq>")
        #expect(read(said) == ["header", "features \(NS.streams)", "iq jabber:client", "error \(NS.streams)", "end"])
    }

    @Test(
        "an error before the client opened a stream stands in a stream all the same",
        arguments: ["<a></b>", "plain"]
    )
    func errorWithoutStream(_ text: String) throws {
        var play = try Play()
        #expect(read(play.says(text)) == ["header", "error \(NS.streams)", "end"])
    }

    @Test("a strict server ends a stream that is none with one error, and says no more")
    func strictHeader() throws {
        var play = try Play(strict: true)
        let said = play.says("<flash:stream xmlns:flash='x' to='jabber.test' version='1.0'>")
        #expect(read(said) == ["header", "error \(NS.streams)", "end"])
        #expect(said.last == "close")
    }

    @Test("what is no XML ends the connection", arguments: ["<a></b>", "\u{16}\u{3}\u{1}", "<!DOCTYPE x>", "plain"])
    func noXML(_ text: String) throws {
        var play = try Play()
        _ = play.opens()
        #expect(play.says(text).last != nil)
    }
}
