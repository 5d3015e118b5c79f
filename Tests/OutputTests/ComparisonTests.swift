import Conversation
import Inspector
import Testing
import Transcript
import XMLStream

@testable import Output

/// A session whose packets are told one a line, and what can be done to it.
private enum Told {
    static let packets = [
        "C->S <stream:stream to='a.test' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
        "S->C <stream:stream from='a.test' id='abc123456789' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
        "S->C <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism></mechanisms><register xmlns='http://jabber.org/features/iq-register'/></stream:features>",
        "C->S <iq id='r1' type='set'><query xmlns='jabber:iq:register'><username>ann</username><password>secret</password></query></iq>",
        "S->C <iq id='r1' type='result'/>",
        "C->S <auth mechanism='PLAIN' xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AGFubgBzZWNyZXQ=</auth>",
        "S->C <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        "C->S <stream:stream to='a.test' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
        "S->C <stream:stream from='a.test' id='def123456789' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
        "S->C <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>",
        "C->S <iq id='b1' type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desk</resource></bind></iq>",
        "S->C <iq id='b1' type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>ann@a.test/desk</jid></bind></iq>",
        "C->S <iq id='q1' type='get'><query xmlns='jabber:iq:roster'/></iq>",
        "S->C <iq id='q1' type='result' to='ann@a.test/desk'><query xmlns='jabber:iq:roster'><item jid='bob@a.test' name='Bob' subscription='both'/><item jid='cy@a.test' subscription='to'/></query></iq>",
        "C->S <presence><priority>5</priority></presence>",
        "S->C <presence from='bob@a.test/x' to='ann@a.test/desk'><show>away</show></presence>",
        "C->S <message id='m1' to='bob@a.test' type='chat'><body>hello</body></message>",
        "C->S <message id='m2' to='bob@a.test' type='chat'><body>are you there?</body></message>",
        "S->C <message id='m3' from='bob@a.test/x' to='ann@a.test/desk' type='chat'><body>yes</body></message>",
        "C->S <iq id='d1' to='bob@a.test/x' type='get'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
        "S->C <iq id='d1' from='bob@a.test/x' to='ann@a.test/desk' type='result'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' type='pc' name='Gajim'/><feature var='urn:xmpp:ping'/><feature var='jabber:iq:version'/></query></iq>",
        "S->C <iq id='p1' from='a.test' to='ann@a.test/desk' type='get'><ping xmlns='urn:xmpp:ping'/></iq>",
        "C->S <iq id='p1' to='a.test' type='result'/>",
        "C->S </stream:stream>", "S->C </stream:stream>",
    ]

    static let end = [
        "[The client closes its side of the connection]", "[The server closes its side of the connection]",
    ]

    enum Edit: Sendable {
        /// In the packet of that number, or in all.
        case replace(Int?, String, String)
        case drop([Int])
        /// Behind the packet of that number.
        case insert(Int, String)
        case swap(Int, Int)
        /// The session is over behind that packet.
        case cut(Int)
        case ends([String])
    }

    static func session(_ edits: [Edit]) throws -> [ComparedSession] {
        var (lines, end) = (packets, end)
        for edit in edits {
            switch edit {
            case .replace(let number?, let old, let new): lines[number - 1].replace(old, with: new)
            case .replace(nil, let old, let new): lines = lines.map { $0.replacing(old, with: new) }
            case .drop(let numbers):
                lines = lines.enumerated().filter { !numbers.contains($0.offset + 1) }.map(\.element)
            case .insert(let number, let line): lines.insert(line, at: number)
            case .swap(let one, let other): lines.swapAt(one - 1, other - 1)
            case .cut(let number): lines = Array(lines.prefix(number))
            case .ends(let events): end = events
            }
        }
        var text = ""
        for (index, line) in lines.enumerated() {
            text += "\(line.prefix(4)) \(index < 9 ? "00" : "0")\(index + 1)\n\(line.dropFirst(5))\n\n"
        }
        let gatherer = ComparisonGatherer()
        let reading = try TextReader.read(text + end.joined(separator: "\n\n") + "\n")
        gatherer.add(TranscriptExplainer.explain(reading.transcript, .drop))
        return gatherer.sessions()
    }
}

@Suite("two sessions with one difference")
struct ComparisonTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let headline: String
        fileprivate let edits: [Told.Edit]

        fileprivate init(_ name: String, _ headline: String, _ edits: Told.Edit...) {
            (testDescription, self.headline, self.edits) = (name, headline, edits)
        }
    }

    static let alike: [Case] = [
        Case("nothing", ""),
        Case("account", "", .replace(nil, "ann", "zoe"), .replace(6, "AGFubgBzZWNyZXQ=", "AHpvZQBzZWNyZXQ=")),
        Case("domain", "", .replace(nil, "a.test", "b.example")),
        Case("resource", "", .replace(nil, "desk", "phone")),
        Case("ids", "", .replace(nil, "'r1'", "'x77'"), .replace(nil, "'m1'", "'9a'"), .replace(nil, "'q1'", "'zz'")),
        Case("the stream's id", "", .replace(2, "abc123456789", "qq9912345678")),
        Case("quotes", "", .replace(nil, "type='chat'", "type=\"chat\"")),
        Case("order of attributes", "", .replace(17, "id='m1' to='bob@a.test'", "to='bob@a.test' id='m1'")),
        Case(
            "order of children",
            "",
            .replace(
                3,
                "<mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism>",
                "<mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism>"
            )
        ),
        Case("prefix", "", .replace(13, "<query xmlns='jabber:iq:roster'/>", "<r:query xmlns:r='jabber:iq:roster'/>")),
        Case("order of the two sides", "", .swap(15, 16)),
    ]

    static let different: [Case] = [
        Case(
            "text",
            "First difference at C->S 017/017: message/body: \"hello\" in A, \"bye\" in B.",
            .replace(17, "hello", "bye")
        ),
        Case(
            "addressee",
            "C->S 017/017: message/@to: \"bob@a.test\" in A, \"cy@a.test\" in B.",
            .replace(17, "bob@a.test", "cy@a.test")
        ),
        Case("unknown addressee", "C->S 017/017: message/@to", .replace(17, "bob@a.test", "dan@a.test")),
        Case(
            "type",
            "C->S 017/017: message/@type: \"chat\" in A, \"groupchat\" in B.",
            .replace(17, "'chat'", "'groupchat'")
        ),
        Case("attribute", "S->C 014/014: iq/query/item/@subscription", .replace(14, "'both'", "'from'")),
        Case(
            "missing item",
            "S->C 014/014: iq/query/item: <item",
            .replace(14, "<item jid='cy@a.test' subscription='to'/>", "")
        ),
        Case("name", "S->C 014/014: iq/query/item/@name", .replace(14, "'Bob'", "'Bobby'")),
        Case("number", "C->S 015/015: presence/priority: \"5\" in A, \"1\" in B.", .replace(15, "5", "1")),
        Case("show", "S->C 016/016: presence/show: \"away\" in A, \"xa\" in B.", .replace(16, "away", "xa")),
        Case(
            "missing child",
            "S->C 016/016: presence/show: <show> \"away\" in A, nothing in B.",
            .replace(16, "<show>away</show>", "")
        ),
        Case(
            "presence",
            "S->C 016/016: presence/@type: nothing in A",
            .replace(16, "<presence ", "<presence type='unavailable' ")
        ),
        Case(
            "missing message",
            "First difference at C->S 017: only in A. A chat message to bob@a.test: \"hello\".",
            .drop([17])
        ),
        Case("missing message of the server", "S->C 019: only in A. A chat message from bob", .drop([19])),
        Case("missing presence", "C->S 015: only in A. The client is online.", .drop([15])),
        Case("missing answer", "S->C 021: only in A.", .drop([21])),
        Case("missing request", "C->S 020: only in A. The client asks bob", .drop([20, 21])),
        Case("missing answer of the client", "C->S 023: only in A.", .drop([23])),
        Case(
            "more",
            "C->S 018: only in B. A chat message",
            .insert(17, "C->S <message id='m9' to='bob@a.test' type='chat'><body>extra</body></message>")
        ),
        Case(
            "more of the server",
            "S->C 019: only in B. A chat message",
            .insert(18, "S->C <message id='m8' from='cy@a.test/x' type='chat'><body>news</body></message>")
        ),
        Case("order of messages", "C->S 017/018: it comes at another place in B", .swap(17, 18)),
        Case("order of stanzas", "it comes at another place in B", .swap(15, 17)),
        Case(
            "mechanism",
            "C->S 006/006: auth/@mechanism: \"PLAIN\" in A, \"X-OAUTH2\" in B.",
            .replace(6, "PLAIN", "X-OAUTH2")
        ),
        Case(
            "feature",
            "S->C 010/010: the server offers other things. features/sm: <sm> in A, nothing in B.",
            .replace(10, "<sm xmlns='urn:xmpp:sm:3'/>", "")
        ),
        Case(
            "missing mechanism",
            "S->C 003/003: the server offers other things. features/mechanisms/mechanism",
            .replace(3, "<mechanism>SCRAM-SHA-1</mechanism>", "")
        ),
        Case("no registration", "A registers, B does not: first difference at C->S 004", .drop([4, 5])),
        Case(
            "refused registration",
            "B's server refuses the registration (conflict) where A's accepts it: first difference at S->C 005/005",
            .replace(
                5,
                "type='result'/>",
                "type='error'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
            )
        ),
        Case(
            "refused login",
            "B's server refuses the login (not-authorized) where A's accepts it: first difference at S->C 007/007",
            .cut(6),
            .insert(6, "S->C <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>")
        ),
        Case(
            "refused question",
            "S->C 021/021: the error service-unavailable in B, none in A.",
            .drop([21]),
            .insert(
                20,
                "S->C <iq id='d1' from='bob@a.test/x' to='ann@a.test/desk' type='error'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
            )
        ),
        Case("capability", "S->C 021/021: iq/query/feature", .replace(21, "<feature var='urn:xmpp:ping'/>", "")),
        Case(
            "software",
            "Both do the same, with other details: the first is at S->C 021/021: iq/query/identity/@name",
            .replace(21, "Gajim", "Dino")
        ),
        Case(
            "wrong id",
            "S->C 021/021: iq/@id: \"d1\", which answers a request in A, \"d7\", which answers no request in B",
            .replace(21, "'d1'", "'d7'")
        ),
        Case("wrong address", "S->C 021/021: iq/@from", .replace(21, "from='bob@a.test/x'", "from='cy@a.test/x'")),
        Case("other request", "C->S 020: only in A.", .replace(20, "disco#info", "disco#items")),
        Case("id used twice", "C->S 018/018: message/@id", .replace(18, "'m2'", "'m1'")),
        Case("no id", "C->S 017/017: message/@id: \"m1\" in A, nothing in B.", .replace(17, "id='m1' ", "")),
        Case("no version", "C->S 001/001: stream/@version", .replace(1, " version='1.0'", "")),
        Case(
            "type of a request",
            "C->S 013/013: iq/@type: \"get\" in A, \"set\" in B.",
            .replace(13, "'get'", "'set'")
        ),
        Case("early end", "B ends earlier: A goes on with 7 packets, first S->C 019", .cut(18)),
        Case("reset", "the server resets the connection", .ends([Told.end[0], "[The server resets the connection]"])),
        Case(
            "open end",
            "the recording ends while the connection is open",
            .ends(["[The recording ends here, while the connection is open]"])
        ),
        Case(
            "stream error",
            "S->C 024: only in B. The server ends the stream with the error conflict",
            .drop([24]),
            .insert(23, "S->C <stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>")
        ),
    ]

    private func compared(_ test: Case, isBackward: Bool = false) throws -> RecordingComparison {
        let (one, two) = (try Told.session([]), try Told.session(test.edits))
        return isBackward ? RecordingComparison(two, one) : RecordingComparison(one, two)
    }

    @Test("another account is none where nothing is bound, by its registration or by its login")
    func accountWithoutBinding() throws {
        for rest in [Array(6...23), Array(4...5) + Array(8...23)] {
            let one = try Told.session([.drop(rest)])
            let other = try Told.session([
                .replace(nil, "ann", "zoe"), .replace(6, "AGFubgBzZWNyZXQ=", "AHpvZQBzZWNyZXQ="), .drop(rest),
            ])
            #expect(RecordingComparison(one, other).isSame)
        }
    }

    @Test("of a request that was said twice the second one is told, and who closes first is a detail")
    func doubledRequest() throws {
        let one = try Told.session([])
        let twice = try Told.session([.insert(13, Told.packets[12])])
        #expect(RecordingComparison(one, twice).headline.contains("C->S 014: only in B"))
        let late = try Told.session([.drop([25])])
        #expect(RecordingComparison(one, late).headline.hasPrefix("Both do the same, with other details"))
    }

    @Test("what stands for something else one to one is no difference", arguments: alike)
    func same(_ test: Case) throws {
        #expect(try compared(test).headline == "Both do the same.")
        #expect(try compared(test, isBackward: true).isSame)
    }

    @Test("the planted difference is told first, and little beside it", arguments: different)
    func planted(_ test: Case) throws {
        let comparison = try compared(test)
        #expect(comparison.headline.contains(test.headline))
        #expect(try !comparison.isSame && !compared(test, isBackward: true).isSame)
    }

    @Test("all formats tell it, and a peer's words are text")
    func formats() throws {
        let hostile = Case("", "", .replace(17, "hello", "&lt;script&gt;\u{202E}"))
        let comparison = try compared(hostile)
        let names = ("a<b", "b")
        let text = String(decoding: ComparisonText.write(comparison, names: names, style: .plain), as: UTF8.self)
        #expect(text.contains("… 16 packets the same (C->S 001/001 to S->C 016/016)") && !text.contains("\u{1B}"))
        let lines = String(decoding: ComparisonJSONLines.write(comparison, names: names), as: UTF8.self)
        #expect(lines.split(separator: "\n").count == 26 && lines.contains("\"kind\":\"changed\""))
        let page = String(decoding: ComparisonPage.write(comparison, names: names, program: "t"), as: UTF8.self)
        #expect(page.contains("a&lt;b") && !page.contains("<script") && !page.contains("\u{202E}"))
    }

    @Test("what is ignored is no difference; a filter leaves packets out")
    func ignored() throws {
        var rules = ComparisonRules()
        rules.ignored = [try XPath("//body")]
        let (one, two) = (try Told.session([]), try Told.session([.replace(17, "hello", "bye")]))
        #expect(RecordingComparison(one, two, rules: rules).isSame)
        #expect(!RecordingComparison(one, two).isSame)
    }
}
