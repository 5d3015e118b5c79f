import Testing
import XMLStream

@testable import Conversation

@Suite("packets are compared by meaning")
struct PacketComparisonTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let recorded: String
        let now: String
        var differences: [String] = []
    }

    static let alike: [Case] = [
        Case(
            testDescription: "spelling",
            recorded: "<iq id='1' type='result'></iq>",
            now: "<iq type=\"result\" id=\"1\"/>"
        ),
        Case(testDescription: "ids", recorded: "<iq id='1' type='result'/>", now: "<iq id='2' type='result'/>"),
        Case(
            testDescription: "the server's address",
            recorded: "<iq type='result'/>",
            now: "<iq type='result' from='a.test' to='b'/>"
        ),
        Case(
            testDescription: "prefixes and order",
            recorded:
                "<stream:features><a xmlns='x'/><mechanisms xmlns='m'><mechanism>A</mechanism><mechanism>B</mechanism></mechanisms></stream:features>",
            now:
                "<s:features xmlns:s='http://etherx.jabber.org/streams'><m:mechanisms xmlns:m='m'><m:mechanism>B</m:mechanism><m:mechanism>A</m:mechanism></m:mechanisms><a xmlns='x'/></s:features>"
        ),
        Case(
            testDescription: "white space",
            recorded: "<iq>\n <q xmlns='x'> a </q>\n</iq>",
            now: "<iq><q xmlns='x'>a</q></iq>"
        ),
        Case(
            testDescription: "times",
            recorded: "<message><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/></message>",
            now: "<message><delay xmlns='urn:xmpp:delay' stamp='2027-01-01T00:00:01Z'/></message>"
        ),
        Case(
            testDescription: "tokens",
            recorded: "<enabled xmlns='urn:xmpp:sm:3' id='a'><x>f00ba47b00ba12</x></enabled>",
            now: "<enabled xmlns='urn:xmpp:sm:3' id='b'><x>1234567890ab</x></enabled>"
        ),
        Case(
            testDescription: "wording",
            recorded:
                "<iq type='error'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>a</text></error></iq>",
            now:
                "<iq type='error'><error code='409' type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>b</text></error></iq>"
        ),
        Case(testDescription: "normal messages", recorded: "<message type='normal'/>", now: "<message/>"),
    ]

    static let different: [Case] = [
        Case(
            testDescription: "type",
            recorded: "<iq type='result'/>",
            now: "<iq type='error'/>",
            differences: ["iq/@type: recorded: \"result\" / now: \"error\""]
        ),
        Case(
            testDescription: "condition",
            recorded: "<iq type='error'><error type='cancel'><conflict xmlns='e'/></error></iq>",
            now: "<iq type='error'><error type='cancel'><forbidden xmlns='e'/></error></iq>",
            differences: ["iq/error/: recorded: <conflict> / now: <forbidden>"]
        ),
        Case(
            testDescription: "a field that is missing",
            recorded: "<iq type='result'><query xmlns='jabber:iq:register'><username/><password/></query></iq>",
            now: "<iq type='result'><query xmlns='jabber:iq:register'><password/></query></iq>",
            differences: ["iq/query/: recorded: <username> / now: nothing"]
        ),
        Case(
            testDescription: "one too many",
            recorded: "<iq type='result'><query xmlns='jabber:iq:register'/></iq>",
            now: "<iq type='result'><query xmlns='jabber:iq:register'><registered/></query></iq>",
            differences: ["iq/query/: recorded: nothing / now: <registered>"]
        ),
        Case(
            testDescription: "namespace",
            recorded: "<iq type='result'><query xmlns='jabber:iq:register'/></iq>",
            now: "<iq type='result'><query xmlns='jabber:iq:roster'/></iq>",
            differences: ["iq/: recorded: <query> / now: <query>"]
        ),
        Case(
            testDescription: "name",
            recorded: "<message/>",
            now: "<presence/>",
            differences: ["recorded: <message> / now: <presence>"]
        ),
        Case(
            testDescription: "text",
            recorded: "<message><body>a</body></message>",
            now: "<message><body>b</body></message>",
            differences: ["message/body: recorded: \"a\" / now: \"b\""]
        ),
        Case(
            testDescription: "text lost",
            recorded: "<message><body>a</body></message>",
            now: "<message><body/></message>",
            differences: ["message/body: recorded: \"a\" / now: empty"]
        ),
        Case(
            testDescription: "sender",
            recorded: "<message from='a@x/1'/>",
            now: "<message from='b@x/1'/>",
            differences: ["message/@from: recorded: \"a@x/1\" / now: \"b@x/1\""]
        ),
        Case(
            testDescription: "count",
            recorded: "<a xmlns='urn:xmpp:sm:3' h='3'/>",
            now: "<a xmlns='urn:xmpp:sm:3' h='2'/>",
            differences: ["a/@h: recorded: \"3\" / now: \"2\""]
        ),
        Case(
            testDescription: "mechanisms",
            recorded:
                "<stream:features><mechanisms xmlns='m'><mechanism>PLAIN</mechanism><mechanism>X</mechanism></mechanisms></stream:features>",
            now: "<stream:features><mechanisms xmlns='m'><mechanism>X</mechanism></mechanisms></stream:features>",
            differences: ["features/mechanisms/: recorded: <mechanism> \"PLAIN\" / now: nothing"]
        ),
    ]

    @Test("what means the same is no difference, in either direction", arguments: alike)
    func sameMeaning(_ entry: Case) throws {
        let (recorded, now) = (try parsed(entry.recorded), try parsed(entry.now))
        #expect(PacketComparison.compare(recorded: recorded, now: now).differences == [])
        #expect(PacketComparison.compare(recorded: now, now: recorded).differences == [])
    }

    @Test("what means something else is told with its place", arguments: different)
    func otherMeaning(_ entry: Case) throws {
        let result = PacketComparison.compare(recorded: try parsed(entry.recorded), now: try parsed(entry.now))
        #expect(result.differences.map(\.description) == entry.differences)
    }

    @Test("values that a server makes up are learned")
    func learning() throws {
        let recorded = try parsed("<enabled xmlns='urn:xmpp:sm:3' id='abc' resume='true'/>")
        let now = try parsed("<enabled xmlns='urn:xmpp:sm:3' id='xyz' resume='true'/>")
        #expect(PacketComparison.compare(recorded: recorded, now: now).learned == ["abc": "xyz"])
    }

    @Test("what the user ignores is passed over in both packets")
    func ignoring() throws {
        var rules = ComparisonRules()
        rules.ignored = [try XPath("//registered"), try XPath("//body/text()"), try XPath("//@type")]
        let recorded = try parsed("<iq type='set'><body>a</body></iq>")
        let now = try parsed("<iq type='get'><body>b</body><registered/></iq>")
        #expect(PacketComparison.compare(recorded: recorded, now: now, rules: rules).differences == [])
        rules.ignored = [try XPath("/iq")]
        #expect(PacketComparison.compare(recorded: recorded, now: try parsed("<iq/>"), rules: rules).differences == [])
    }

    @Test("what is expected to be other is told as expected")
    func expectation() throws {
        let recorded = try parsed("<iq><jid>a@x/1</jid></iq>")
        let expected = { (value: String) in value == "a@x/1" ? "b@x/2" : value }
        let same = PacketComparison.compare(
            recorded: recorded,
            now: try parsed("<iq><jid>b@x/2</jid></iq>"),
            expected: expected
        )
        #expect(same.differences == [])
        let other = PacketComparison.compare(
            recorded: recorded,
            now: try parsed("<iq><jid>c@x/2</jid></iq>"),
            expected: expected
        )
        #expect(other.differences.map(\.description) == ["iq/jid: recorded: \"b@x/2\" / now: \"c@x/2\""])
    }
}
