import TestKit
import Testing
import XMLStream

private let header = "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

/// What a stream of bytes is cut into, told in a line each.
struct Cut: Sendable, CustomTestStringConvertible {
    let name: String
    let input: String
    let events: [String]
    var testDescription: String { name }
}

private let cuts: [Cut] = [
    Cut(name: "a header", input: header, events: ["header stream 92"]),
    Cut(
        name: "the declaration belongs to the header",
        input: "<?xml version='1.0'?>\n" + header,
        events: ["header stream 114"]
    ),
    Cut(
        name: "stanzas back to back",
        input: header + "<iq id='1'/><iq id='2'></iq><message><body>x</body></message>",
        events: ["header stream 92", "element iq 12", "element iq 16", "element message 33"]
    ),
    Cut(
        name: "a greater-than sign in an attribute and in text",
        input: header + "<a b='/>' c=\">\">></a><b/>",
        events: ["header stream 92", "element a 21 >", "element b 4"]
    ),
    Cut(
        name: "tags inside CDATA are text",
        input: header + "<a><![CDATA[</a>]]]]>]></a>",
        events: ["header stream 92", "element a 27 </a>]]]>"]
    ),
    Cut(
        name: "a restart with a declaration",
        input: header + "<auth/>" + "<?xml version=\"1.0\"?>" + header + "<iq/>",
        events: ["header stream 92", "element auth 7", "header stream 113", "element iq 5"]
    ),
    Cut(
        name: "a restart without a declaration",
        input: header + header + "<iq/>",
        events: ["header stream 92", "header stream 92", "element iq 5"]
    ),
    Cut(
        name: "data behind the end",
        input: header + "</stream:stream><auth/>",
        events: ["header stream 92", "end 16", "element auth 7"]
    ),
    Cut(
        name: "an end tag with a blank",
        input: header + "</stream:stream >",
        events: ["header stream 92", "end 17"]
    ),
    Cut(
        name: "a document type",
        input: "<!DOCTYPE a [<!ENTITY x 'y'>]>" + header,
        events: ["failure restricted-xml"]
    ),
    Cut(
        name: "an entity of their own",
        input: header + "<a>&bomb;</a>",
        events: ["header stream 92", "failure restricted-xml"]
    ),
    Cut(
        name: "the five entities",
        input: header + "<a>&amp;&lt;&gt;&apos;&quot;&#65;</a>",
        events: ["header stream 92", "element a 37 &<>'\"A"]
    ),
    Cut(
        name: "another encoding",
        input: "<?xml version='1.0' encoding='ISO-8859-1'?>" + header,
        events: ["failure unsupported-encoding"]
    ),
    Cut(
        name: "XML 1.1",
        input: "<?xml version='1.1' encoding='utf-8'?>" + header,
        events: ["failure restricted-xml"]
    ),
    Cut(name: "not XML at all", input: "GET / HTTP/1.1\r\n\r\n", events: ["failure not-well-formed"]),
    Cut(
        name: "crossed tags",
        input: header + "<a><b></a></b>",
        events: ["header stream 92", "failure not-well-formed"]
    ),
    Cut(
        name: "a foreign end tag",
        input: header + "</other>",
        events: ["header stream 92", "failure not-well-formed"]
    ),
    Cut(
        name: "a prefix that nobody declared",
        input: header + "<a><x:b/></a><c/>",
        events: ["header stream 92", "element a 13 problem bad-namespace-prefix", "element c 4"]
    ),
    Cut(
        name: "namespaces inherited from the header",
        input: "<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:client' xmlns:ack='urn:a'><ack:r/>",
        events: ["header stream 93", "element {urn:a}r 8"]
    ),
    Cut(
        name: "letters of several bytes",
        input: header + "<a b='ü'>\u{1F600}ß</a>",
        events: ["header stream 92", "element a 20 \u{1F600}ß"]
    ),
]

private func told(_ events: [StreamEvent]) -> [String] {
    events.map { event in
        let range = "\(event.range.count)"
        let problem = event.problem.map { " problem \($0.condition.rawValue)" } ?? ""
        return switch event.kind {
        case .header(let element): "header \(element.name) \(range)" + problem
        case .element(let element):
            "element " + (element.namespace.hasPrefix("urn:") ? "{\(element.namespace)}" : "")
                + "\(element.name) \(range)"
                + (element.text.isEmpty ? "" : " \(element.text)") + problem
        case .whitespace: "whitespace \(range)"
        case .strayText: "stray text \(range)"
        case .end: "end \(range)"
        case .oversized(let limit): "oversized \(range): \(limit)"
        case .failure(let error): "failure \(error.condition.rawValue)"
        }
    }
}

private func parse(_ bytes: [UInt8], chunk: Int?, limits: Limits = Limits(), rests: Bool = false) -> [StreamEvent] {
    let parser = StreamParser(limits: limits)
    var events: [StreamEvent] = []
    for slice in bytes.slices(of: chunk) {
        parser.append(Array(slice))
        while let event = parser.next() { events.append(event) }
        if rests { parser.rest() }
    }
    return events
}

struct StreamParserTests {
    @Test("a stream is cut the same way however its bytes arrive", arguments: cuts, chunkSizes)
    func cut(_ cut: Cut, chunk: Int?) {
        #expect(told(parse(Array(cut.input.utf8), chunk: chunk)) == cut.events)
    }

    @Test("what is wrong with a header is told once, not again of a packet behind a rest", arguments: chunkSizes)
    func restingBehindAFaultyHeader(chunk: Int?) {
        let stream = "<sqream:stream xmlns='jabber:client' to='a'><presence/><presence/>"
        for rests in [false, true] {
            let problems = parse(Array(stream.utf8), chunk: chunk, rests: rests).map(\.problem?.condition)
            #expect(problems == [.badNamespacePrefix, nil, nil])
        }
    }

    @Test("a parser that gives its memory back after each piece reads the same", arguments: cuts, chunkSizes)
    func resting(_ cut: Cut, chunk: Int?) {
        let input = Array(cut.input.utf8)
        #expect(parse(input, chunk: chunk, rests: true) == parse(input, chunk: chunk))
    }

    @Test("the bytes of all events are the bytes of the stream", arguments: chunkSizes)
    func lossless(chunk: Int?) {
        let input = Array((header + "\n <iq><q/></iq> \t<a>text</a></stream:stream>\n").utf8)
        let events = parse(input, chunk: chunk)
        #expect(events.flatMap(\.bytes) == input)
        #expect(events.map(\.range.lowerBound) == [0] + events.dropLast().map(\.range.upperBound))
    }

    @Test("a keep-alive is seen when it comes, not with the next tag")
    func keepAlive() {
        let parser = StreamParser()
        parser.append(Array(header.utf8))
        _ = parser.next()
        parser.append([0x20])
        #expect(parser.next()?.kind == .whitespace)
        #expect(!parser.isInsidePacket)
    }

    @Test("a packet comes in the very call that delivers its last byte")
    func atOnce() {
        let parser = StreamParser()
        parser.append(Array((header + "<iq><a/></iq").utf8))
        #expect(told([parser.next()].compactMap(\.self)) == ["header stream 92"])
        #expect(parser.next() == nil)
        #expect(parser.isInsidePacket)
        #expect(parser.unreadCount == 12)
        parser.append([UInt8(ascii: ">")])
        #expect(told([parser.next()].compactMap(\.self)) == ["element iq 13"])
    }

    @Test("text between packets is told, and the packets go on")
    func strayText() {
        let events = parse(Array((header + "hello<a/>").utf8), chunk: nil)
        #expect(told(events) == ["header stream 92", "stray text 5", "element a 4"])
    }
}

/// An input that goes over a limit, and the sentence about it.
struct Excess: Sendable, CustomTestStringConvertible {
    let name: String
    let packet: String
    let reason: String
    var testDescription: String { name }
}

private let small: Limits = {
    var limits = Limits()
    limits.tagBytes = 200
    limits.packetBytes = 1000
    limits.depth = 10
    limits.keptBytes = 50
    return limits
}()

private let excesses: [Excess] = [
    Excess(
        name: "a long attribute",
        packet: "<a b='" + String(repeating: "x", count: 300) + "'><c/></a>",
        reason: "one of its tags is longer than 200 bytes"
    ),
    Excess(
        name: "a long text",
        packet: "<a>" + String(repeating: "x", count: 1500) + "</a>",
        reason: "it is longer than 1000 bytes"
    ),
    Excess(
        name: "many small children",
        packet: "<a>" + String(repeating: "<b></b>", count: 300) + "</a>",
        reason: "it is longer than 1000 bytes"
    ),
    Excess(
        name: "deep nesting",
        packet: String(repeating: "<a>", count: 20) + String(repeating: "</a>", count: 20),
        reason: "its elements are nested deeper than 10 levels"
    ),
]

struct LimitTests {
    @Test("beyond a limit a packet is followed to its end, and the next one is read", arguments: excesses, chunkSizes)
    func excess(_ excess: Excess, chunk: Int?) {
        let input = header + "<ok/>" + excess.packet + "<iq id='x'/>"
        let events = parse(Array(input.utf8), chunk: chunk, limits: small)
        #expect(
            told(events) == [
                "header stream 92", "element ok 5", "oversized \(excess.packet.utf8.count): \(excess.reason)",
                "element iq 12",
            ]
        )
        #expect(events.count == 4 && events[2].bytes == Array(excess.packet.utf8.prefix(50)))
    }

    @Test("a header without end is given up")
    func endlessHeader() {
        let events = parse(
            Array(("<stream:stream a='" + String(repeating: "x", count: 300)).utf8),
            chunk: 7,
            limits: small
        )
        #expect(told(events) == ["failure policy-violation"])
    }

    @Test("names never seen twice make the parser anew instead of filling its dictionary")
    func manyNames() {
        var limits = Limits()
        limits.distinctNames = 10
        let input = header + (0..<500).map { "<n\($0) a\($0)='1'/>" }.joined() + "<iq/>"
        let events = parse(Array(input.utf8), chunk: 64, limits: limits)
        #expect(events.count == 502)
        if case .element(let last)? = events.last?.kind { #expect(last.is("iq", "jabber:client")) }
    }

    @Test("what was read is forgotten: memory does not grow with the stream")
    func forgets() {
        let parser = StreamParser(limits: small)
        parser.append(Array(header.utf8))
        while parser.next() != nil {}
        for _ in 0..<1000 {
            parser.append(Array("<a>text</a>".utf8))
            while parser.next() != nil {}
        }
        #expect(parser.unread.isEmpty)
    }
}
