import Capture
import Inspector
import TestKit
import Testing
import Transcript
import XMLStream
import XMPP

@testable import Filter

/// What a filter shows of a recording: packets as `connection:number`.
private final class Shown: TranscriptSink {
    var packets: [String] = []
    var events = 0
    func began(_ title: ConnectionTitle) {}
    func add(_ record: Record, connection: Int) {
        switch record {
        case .packet(let packet): packets.append("\(connection):\(packet.number ?? 0)")
        case .event: events += 1
        case .summary, .prose: break
        }
    }
    func finished(connection: Int) {}
    func flush() {}
}

private func shown(_ filter: String, of sample: String) throws -> Shown {
    let sink = Shown()
    let reader = try CaptureReader(path: samplesFolder + "/\(sample).pcapng")
    let inspector = Inspector(reader: reader, sinks: [FilteringSink(sink, try PacketFilter(filter)) { _ in }])
    while try inspector.step() > 0 {}
    _ = try inspector.finish()
    return sink
}

@Suite("the language of filters")
struct FilterLanguageTests {
    @Test(
        "what filters show of a sample",
        arguments: [
            ("~kind error", "1:9 1:11 1:13 1:15 2:5 2:14 2:16 2:19"),
            ("~kind stream and ~in", "1:2 1:3 1:17 2:2 2:3 2:9 2:10 2:19 2:20"),
            ("~jid test3@jabber.test", "2:11 2:12 2:13 2:14 2:15 2:16 2:17 2:18"),
            ("/iq/register:query/username[.=\"test3\"]", "1:6 1:8"), ("//username = 'test3'", "1:6 1:8"),
            ("~story registration and ~in", "1:5 1:7 1:9 1:11 1:13"),
            ("~story 1 and ~connection 1", "1:4 1:5 1:6 1:7"), ("~story 2..3 and ~connection 2", "2:6 2:7 2:11 2:12"),
            ("~ns register and not //register:*", "1:7 1:9 1:11 1:13 1:15 2:16 2:18"),
            ("@type='error'", "1:9 1:11 1:13 1:15 2:14 2:16"),
            ("//stanzas:conflict", "1:9"), ("~connection 2 and ~number 5..6", "2:5 2:6"),
            ("~kind request and ~out and not ~ns register", "2:11 2:13"), ("~bytes 300..", "1:5 2:10"),
            ("/stream:stream/@id", "1:2 2:2 2:9"), ("/stream:features", "1:3 2:3 2:10"),
            ("//query[1]/*[last()][self::password]", "1:6 1:8 1:12 2:15"),
            ("//query[not(instructions)]/username", "1:6 1:8 1:10 1:12 2:15"), ("~proxy", ""),
            ("~text 'ALREADY EXISTS'", "1:9"),
            ("~text conflict", "1:9"), ("~finding register.fields.missing", "1:10"),
            ("~finding register.username", "1:12"),
            ("~time 0..0.002", "2:1"), ("~time 13:00:23..13:00:24 and /stream:features", "1:3 2:3 2:10"),
            ("~time 2026-11-27..", ""), ("~time ..2026-11-26T13:01 and ~number 1", "1:1 2:1"),
            ("~time 13:01..12:59", ""),
            ("not (~in or ~out) or ~number 1", "1:1 2:1"), ("!~in and (~number ..2)", "1:1 2:1"),
            ("not ~in and not not /iq and ~connection 1", "1:4 1:6 1:8 1:10 1:12 1:14"),
            ("~number 1 or ~number 2 and ~in", "1:1 1:2 2:1 2:2"), ("(~number 1 or ~number 2) and ~in", "1:2 2:2"),
            ("(//username | //remove)/.. and ~connection 1", "1:5 1:6 1:8 1:10 1:12 1:14"),
            ("count(//*) > 10 or (count(//field) = 3)", "1:5 2:10"), ("not(//query) and ~kind request", "2:11"),
            ("~ns sasl and ~finding", "2:4 2:6"), ("~took 0.005.. and ~ns register", "1:7"),
        ]
    )
    func sample(_ filter: String, _ packets: String) throws {
        #expect(try shown(filter, of: "prosody-refusals").packets.joined(separator: " ") == packets)
    }

    @Test("events are shown where they fit")
    func events() throws {
        #expect(try shown("~kind event", of: "prosody-refusals").packets == [])
        let all = try shown("~kind event", of: "prosody-refusals").events
        #expect(all > 1)
        #expect(all == 5)
        #expect(try shown("~kind event and ~text CLIENT", of: "prosody-refusals").events == 2)
        #expect(try shown("not ~kind iq", of: "prosody-refusals").events == all)
        #expect(try shown("~time 23:00..23:01", of: "prosody-refusals").events == 0)
    }

    @Test(
        "what is no filter is told with its place",
        arguments: [
            ("", "the filter is empty"), ("  ", "the filter is empty"), ("~", "column 1: there is no short form ~"),
            ("~knd iq", "column 1: there is no short form ~knd; did you mean ~kind?"),
            ("~kind", "column 1: ~kind needs something behind it, such as ~kind iq"),
            ("/iq and ~kind and ~in", "column 9: ~kind needs something behind it"),
            ("~kind iqs", "column 7: there is no kind \"iqs\": did you mean iq?"),
            ("//[", "column 3: this [ is not closed"),
            ("/iq and", "column 8: something is missing here"),
            ("/iq )", "column 5: this ) closes nothing"), ("((~in)", "column 1: this ( is not closed"),
            ("~in and (~out", "column 9: this ( is not closed"), ("()", "column 2: something is missing here"),
            ("//regsiter:query", "column 3: no protocol is called \"regsiter\"; did you mean register?"),
            ("~out and foo(//a)", "column 10: there is no function foo()"), ("$x", "column 1: there are no variables"),
            ("~in ~out", "column 5: 'and' or 'or' is missing here"), ("/iq[~in]", "column 5: short forms stand beside"),
            ("~in & ~out", "column 5: write 'and' instead of &"), ("~in | ~out", "column 5: write 'or' instead of |"),
            ("~ns regster", "column 5: no protocol is called \"regster\"; did you mean register?"),
            ("~finding iq.id.reusd", "column 10: no finding has the code \"iq.id.reusd\"; did you mean iq.id.reused?"),
            ("~story lgin", "column 8: no story is of the kind \"lgin\": did you mean login?"),
            ("~time 5", "column 7: ~time takes a span"),
            ("~time 10..5", "column 7: the span \"10..5\" ends before it begins"),
            ("~time ..", "column 7: ~time needs a time"),
            ("~time 05:15..7", "column 7: both ends"), ("~time 25:00..", "column 7: \"25:00\" is no time"),
            ("~number x", "column 9: ~number takes a number"), ("~number 1.5", "column 9: ~number takes a number"),
            ("~bytes 3..2", "column 8: the range"), ("~jid @", "column 6: \"@\" is no address"),
            ("//a['x", "column 5: the text that begins here has no end"),
            ("~text \"abc", "column 7: the text that begins here has no end"),
            ("~in and //query//", "column 16: it is no XPath expression from here on"),
            (String(repeating: "(", count: 51) + "~in", "column 51: brackets and negations stand deeper than 50"),
            (String(repeating: "!", count: 3900) + "~in", "column 51: brackets and negations stand deeper than 50"),
            (String(repeating: "~in or ", count: 1000), "a filter has at most 4000 characters"),
        ]
    )
    func wrong(_ text: String, _ told: String) {
        #expect { try PacketFilter(text) } throws: { error in
            #expect("\(error)".hasPrefix(told), "\(error)")
            return error is FilterError
        }
    }

    @Test("whatever is written, it is a filter or refused at a place that is in it")
    func anything() {
        let words = [
            "~in", "~kind", "iq", "~jid", "a@b", "(", ")", "[", "]", "and", "or", "not", "!", "/", "//", "@id", "*",
            "'x'", "\"", "'",
            " ", " ", "register:", "muc:x", "::", "..", ".", "1", "=", "|", "count(", "~time", "5..", "~finding", "~",
            "&", "é", "\u{301}",
        ]
        var random = SeededRandom(seed: 18)
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0..<12, using: &random)).map { _ in random.pick(words) }.joined()
            do throws(FilterError) {
                let matcher = PacketMatcher(try PacketFilter(text))
                _ = matcher.fits(
                    PacketRecord(number: 1, direction: .clientToServer, xml: Array("<iq id='a'/>".utf8)),
                    connection: 1
                )
            } catch {
                #expect(error.position ?? 0 <= text.count, "\(text)")
                _ = error.pointed(in: text)
            }
        }
    }

    @Test("the place is pointed to, also in a long expression")
    func pointed() throws {
        let error = try #require(throws: FilterError.self) { try PacketFilter("~in and ~oot") }
        #expect(
            error.pointed(in: "~in and ~oot").split(separator: "\n").suffix(2) == ["    ~in and ~oot", "            ^"]
        )
        let long = String(repeating: "~in and ", count: 20) + "~oot"
        let other = try #require(throws: FilterError.self) { try PacketFilter(long) }
        let lines = other.pointed(in: long).split(separator: "\n")
        #expect(lines[1].hasPrefix("    …") && lines[1].hasSuffix("~oot"))
        #expect(lines[2].count - 1 == lines[1].count - 4)
    }

    @Test("parts of packets, and packets")
    func parts() throws {
        #expect(try PacketFilter("//@ver").parts?.text == "//@ver")
        #expect(try PacketFilter("(//@ver | //a)").parts?.text == "//@ver | //a")
        for text in ["~in", "//a and ~in", "not(//a)", "count(//a) > 1", "//a = 'x'"] {
            #expect(try PacketFilter(text).parts == nil)
        }
        #expect(try PacketFilter("~in and (~story or not ~time 1..2)").formsOfRecordings == [.story, .time])
    }

    @Test(
        "addresses of a client that are not said are known all the same",
        arguments: [
            ("anna@example.org", [1, 2, 3, 4, 5]), ("anna@example.org/phone", [1, 2, 3]), ("ben@example.org", [3, 5]),
            ("cora@example.org", [5]), ("example.org", [1, 2, 3, 4, 5]), ("example.net", []),
        ]
    )
    func implied(_ address: String, _ numbers: [Int]) throws {
        let texts: [(Direction, String)] = [
            (.clientToServer, "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>"),
            (.serverToClient, "<iq type='result' id='1'/>"),
            (.clientToServer, "<message to='ben@example.org'><body>hi</body></message>"),
            (.serverToClient, "<message to='anna@example.org/desk' from='anna@example.org'/>"),
            (
                .serverToClient,
                """
                <message to='anna@example.org/desk' from='anna@example.org'><sent xmlns='urn:xmpp:carbons:2'>\
                <forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='ben@example.org/x' to='cora@example.org'/>\
                </forwarded></sent></message>
                """
            ), (.serverToClient, "<r xmlns='urn:xmpp:sm:3'/>"),
        ]
        let matcher = PacketMatcher(try PacketFilter("~jid '\(address)'"))
        let fitting = texts.enumerated().filter { index, text in
            var packet = PacketRecord(number: index + 1, direction: text.0, xml: Array(text.1.utf8))
            if index == 0 { packet.client = ClientFacts(account: "anna@example.org/phone") }
            return matcher.fits(packet, connection: 1)
        }
        #expect(fitting.map { $0.offset + 1 } == numbers)
    }

    @Test("an expression that takes too much work for many packets is not asked for ever", .timeLimit(.minutes(1)))
    func tooMuch() throws {
        let xml = Array(("<iq>" + String(repeating: "<a><b/></a>", count: 500) + "</iq>").utf8)
        let matcher = PacketMatcher(try PacketFilter("//*[count(//*[count(//*) > 0]) > 0]"))
        var packet = PacketRecord(number: 1, direction: .clientToServer, xml: xml)
        #expect(!matcher.fits(packet, connection: 1))
        #expect(matcher.tooMuch == 1)
        let negated = PacketMatcher(try PacketFilter("not(//*[count(//*[count(//*) > 0]) > 0]) and ~out"))
        #expect(!negated.fits(packet, connection: 1))
        packet.xml = Array("<iq/>".utf8)
        #expect(matcher.fits(packet, connection: 1))
    }

    @Test("two filters joined", arguments: [("//a", "//b"), ("~in", "//b or //a"), ("//a or //b", "~kind iq")])
    func joined(_ one: String, _ other: String) throws {
        let both = PacketMatcher(try PacketFilter(one).and(PacketFilter(other)))
        let (first, second) = (PacketMatcher(try PacketFilter(one)), PacketMatcher(try PacketFilter(other)))
        for xml in ["<iq/>", "<iq><a/></iq>", "<iq><b/></iq>", "<iq><a/><b/></iq>"] {
            for direction in Direction.allCases {
                let packet = PacketRecord(number: 1, direction: direction, xml: Array(xml.utf8))
                let isWanted = first.fits(packet, connection: 1) && second.fits(packet, connection: 1)
                #expect(both.fits(packet, connection: 1) == isWanted)
            }
        }
    }
}
