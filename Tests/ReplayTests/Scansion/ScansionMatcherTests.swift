import Conversation
import Testing
import XMLStream
import XMPP

@testable import Replay

/// What a script writes, what comes, and the places of the differences.
struct MatchCase: Sendable, CustomTestStringConvertible {
    let written: String
    let received: String
    var places: [String] = []

    init(_ written: String, _ received: String, _ places: String...) {
        self.written = written
        self.received = received
        self.places = places
    }

    var testDescription: String { "\(written) / \(received)" }
}

@Suite("stanzas are held against what a script writes")
struct ScansionMatcherTests {
    static let values: [MatchCase] = [
        MatchCase("<message/>", "<message to='a' id='1'/>"),
        MatchCase("<message id='{scansion:any}'/>", "<message/>", "message/@id"),
        MatchCase("<message id='{scansion:any}'/>", "<message id='x'/>"),
        MatchCase("<message><body>a</body></message>", "<message><body>b</body></message>", "message/body"),
        MatchCase("<message><body>{scansion:any}</body></message>", "<message><body>b</body></message>"),
        MatchCase("<iq/>", "<message/>", "iq"),
        // Each capture is a new one.
        MatchCase("<iq a='{scansion:capture:x}' b='{scansion:capture:x}'/>", "<iq a='1' b='2'/>"),
        MatchCase("<iq a='{scansion:capture:x}'/>", "<iq/>", "iq/@a"),
    ]

    static let children: [MatchCase] = [
        // The stanza and its error may hold more.
        MatchCase("<iq/>", "<iq><q xmlns='x'/></iq>"),
        MatchCase("<message><body>a</body></message>", "<message><body>a</body><x xmlns='y'/></message>"),
        MatchCase(
            "<iq><error type='cancel'><a xmlns='e'/></error></iq>",
            "<iq><error by='z' type='cancel'><a xmlns='e'/><text xmlns='e'>No</text></error></iq>"
        ),
        MatchCase("<iq><error type='cancel'/></iq>", "<iq><error type='cancel'><a xmlns='e'/></error></iq>"),
        MatchCase("<iq><error><a xmlns='e'/></error></iq>", "<iq><error><b xmlns='e'/></error></iq>", "iq/error"),
        MatchCase("<iq><a xmlns='x'/><b xmlns='x'/></iq>", "<iq><b xmlns='x'/></iq>", "iq"),
        // A payload is written whole.
        MatchCase("<iq><q xmlns='x'><a/></q></iq>", "<iq><q xmlns='x'><a/><b/></q></iq>", "iq/q"),
        MatchCase("<iq><q xmlns='x'><a/></q></iq>", "<iq><q xmlns='x' z='1'><a/></q></iq>", "iq/q/@z"),
        MatchCase("<iq><q xmlns='x'><a/><b/></q></iq>", "<iq><q xmlns='x'><b/><a/></q></iq>", "iq/q"),
        MatchCase("<iq><q xmlns='x'><a/><a v='1'/></q></iq>", "<iq><q xmlns='x'><a v='1'/><a/></q></iq>", "iq/q"),
        MatchCase("<iq><a xmlns='x'/><a xmlns='x' v='1'/></iq>", "<iq><a xmlns='x' v='1'/><a xmlns='x'/></iq>"),
        MatchCase("<iq><a/><a v='1'/></iq>", "<iq><a v='1'/><a/></iq>"),
        MatchCase("<iq><q xmlns='x'><a/><a/></q></iq>", "<iq><q xmlns='x'><a/></q></iq>", "iq/q"),
        // What is written empty is empty.
        MatchCase("<iq><q xmlns='x'/></iq>", "<iq><q xmlns='x'><a/></q></iq>", "iq/q"),
        MatchCase("<iq><q xmlns='x'></q></iq>", "<iq><q xmlns='x'>a</q></iq>", "iq/q"),
        MatchCase("<message><subject/></message>", "<message><subject>a</subject></message>", "message/subject"),
        MatchCase("<iq><q xmlns='x'/></iq>", "<iq><q xmlns='x'> </q></iq>"),
        // A stanza inside of a payload belongs to it.
        MatchCase(
            "<message><f xmlns='x'><message xmlns='jabber:client'/></f></message>",
            "<message><f xmlns='x'><message xmlns='jabber:client'><body>a</body></message></f></message>",
            "message/f/message"
        ),
    ]

    static let strictness: [MatchCase] = [
        MatchCase("<iq><q xmlns='x' scansion:strict='false'><a/></q></iq>", "<iq><q xmlns='x' z='1'><b/><a/></q></iq>"),
        MatchCase(
            "<iq><q xmlns='x' scansion:strict='false'><a/><b/></q></iq>",
            "<iq><q xmlns='x'><b/><c/><a/></q></iq>"
        ),
        MatchCase("<iq><q xmlns='x' scansion:strict='false'/></iq>", "<iq><q xmlns='x'>a<b/></q></iq>"),
        // It is said of one element, not of those in it.
        MatchCase(
            "<iq><q xmlns='x' scansion:strict='false'><a/></q></iq>",
            "<iq><q xmlns='x'><b/><a><c/></a></q></iq>",
            "iq/q/a"
        ),
        MatchCase(
            "<iq><q xmlns='x' scansion:strict='true'><v scansion:strict='false'/></q></iq>",
            "<iq><q xmlns='x'><v>1.0</v></q></iq>"
        ),
        MatchCase("<iq scansion:strict='true' id='1'/>", "<iq id='1' to='a'/>", "iq/@to"),
        MatchCase("<iq scansion:strict='true'/>", "<iq><a xmlns='x'/></iq>", "iq"),
    ]

    static let nearest: [MatchCase] = [
        MatchCase(
            "<iq><x xmlns='f'><field var='a'><value>1</value></field><field var='b'><value>2</value></field></x></iq>",
            "<iq><x xmlns='f'><field var='b'><value>3</value></field><field var='a'><value>1</value></field></x></iq>",
            "iq/x/field[@var=\"b\"]/value"
        ),
        MatchCase(
            "<iq><q xmlns='r'><item jid='a@x' name='A'/><item jid='b@x' name='B'/></q></iq>",
            "<iq><q xmlns='r'><item jid='b@x' name='C'/><item jid='a@x' name='A'/></q></iq>",
            "iq/q/item[@jid=\"b@x\"]/@name"
        ),
        // None of that identity came, so no other one is meant.
        MatchCase(
            "<iq><q xmlns='d'><f var='a'/><f var='b'/></q></iq>",
            "<iq><q xmlns='d'><f var='c'/><f var='d'/></q></iq>",
            "iq/q",
            "iq/q",
            "iq/q",
            "iq/q"
        ),
        MatchCase("<iq><q xmlns='d'><f var='a'/></q></iq>", "<iq><q xmlns='d'><f var='c'/></q></iq>", "iq/q/f/@var"),
        // Without identity it is the one with the fewest differences.
        MatchCase(
            "<iq><q xmlns='d'><i a='1' b='2' c='3'/></q></iq>",
            "<iq><q xmlns='d' ><i a='0' b='0' c='0'/><i a='1' b='2' c='0'/></q></iq>",
            "iq/q/i/@c",
            "iq/q"
        ),
    ]

    @Test("what is written must be there", arguments: values + children + strictness + nearest)
    func matching(_ entry: MatchCase) throws {
        let parser = StreamParser()
        let header = "<s xmlns='jabber:client' xmlns:scansion='\(ScansionMatcher.namespace)'>"
        parser.append(Array((header + entry.written).utf8))
        _ = parser.next()
        let event = try #require(parser.next())
        guard case .element(let written) = event.kind else { throw StreamError(.notWellFormed, entry.written) }
        let received = try parsed(entry.received)
        #expect(ScansionMatcher.differences(written, received) { $0 }.map(\.path) == entry.places)
        #expect(ScansionMatcher.fits(written, received) { $0 } == entry.places.isEmpty)
    }

    @Test("a large stanza with a difference at its bottom is compared in no time", .timeLimit(.minutes(1)))
    func depth() throws {
        let nested = { (depth: Int, text: String) in
            String(repeating: "<a><b/>", count: depth) + text + String(repeating: "</a>", count: depth)
        }
        let written = try parsed("<iq><q xmlns='x'>\(nested(60, "1"))</q></iq>")
        let received = try parsed("<iq><q xmlns='x'>\(nested(60, "2"))</q></iq>")
        #expect(ScansionMatcher.differences(written, received) { $0 }.count == 1)
    }
}
