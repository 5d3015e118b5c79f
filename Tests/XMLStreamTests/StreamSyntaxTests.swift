import Testing

@testable import XMLStream

@Suite("what is said in a stream fits its header")
struct StreamSyntaxTests {
    private static let streams = "http://etherx.jabber.org/streams"
    private static let usual = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='\(streams)'>"
    private static let short = "<s:stream xmlns='jabber:client' xmlns:s='\(streams)'>"
    private static let bare = "<stream xmlns='\(streams)' xmlns:c='jabber:client'>"

    private func syntax(_ header: String) throws -> StreamSyntax {
        try #require(StreamSyntax(header: Array(header.utf8)))
    }

    @Test(
        "the end tag bears the header's name",
        arguments: [(usual, "</stream:stream>"), (short, "</s:stream>"), (bare, "</stream>")]
    )
    func end(_ header: String, _ end: String) throws {
        let syntax = try syntax(header)
        #expect(syntax.end == Array(end.utf8))
        #expect(syntax.end(insteadOf: Array("</other:stream>".utf8)) == Array(end.utf8))
        let spaced = Array((end.dropLast() + " >").utf8)
        #expect(syntax.end(insteadOf: spaced) == spaced)
    }

    @Test("what is no header has no syntax", arguments: ["", "<", "text", "<!DOCTYPE x>", "<a", "\u{16}\u{3}"])
    func noHeader(_ text: String) { #expect(StreamSyntax(header: Array(text.utf8)) == nil) }

    struct Fitting: Sendable {
        /// The stream that the packet was said in, and the one that it is for.
        let from: String
        let to: String
        let packet: String
        let expected: String
    }

    @Test(
        "a packet of another stream gets the declarations that it lacks",
        arguments: [
            Fitting(from: usual, to: usual, packet: "<iq/>", expected: "<iq/>"),
            Fitting(
                from: usual,
                to: short,
                packet: "<stream:features><a xmlns='x'/></stream:features>",
                expected: "<stream:features xmlns:stream='\(streams)'><a xmlns='x'/></stream:features>"
            ),
            Fitting(from: usual, to: short, packet: "<iq a='stream:b'/>", expected: "<iq a='stream:b'/>"),
            Fitting(from: usual, to: bare, packet: "<iq id='1'/>", expected: "<iq xmlns='jabber:client' id='1'/>"),
            Fitting(from: usual, to: bare, packet: "<a xmlns='x'><b/></a>", expected: "<a xmlns='x'><b/></a>"),
            Fitting(
                from: bare,
                to: usual,
                packet: "<c:iq><c:q/><features/></c:iq>",
                expected: "<c:iq xmlns='\(streams)' xmlns:c='jabber:client'><c:q/><features/></c:iq>"
            ),
            Fitting(
                from: "<s:stream xmlns:s='\(streams)' xmlns:k='urn:k'>",
                to: "<s:stream xmlns:s='\(streams)' xmlns:k='other'>",
                packet: "<a xml:lang='en' k:x='1'/>",
                expected: "<a xmlns:k='urn:k' xml:lang='en' k:x='1'/>"
            ),
            Fitting(
                from: usual,
                to: short,
                packet: "<a xmlns:stream='y'><stream:b/></a>",
                expected: "<a xmlns:stream='y'><stream:b/></a>"
            ),
        ]
    )
    func fitting(_ example: Fitting) throws {
        let source = StreamParser()
        source.append(Array(example.from.utf8))
        _ = source.next()
        let element = try #require(source.parse(apart: Array(example.packet.utf8)))
        let fitted = try syntax(example.to).fitting(Array(example.packet.utf8), element)
        #expect(String(decoding: fitted, as: UTF8.self) == example.expected)
        let target = StreamParser()
        target.append(Array(example.to.utf8))
        _ = target.next()
        let read = try #require(target.parse(apart: fitted))
        #expect(read.name == element.name && read.namespace == element.namespace)
        #expect(read.attributes == element.attributes)
        #expect(read.children.map(\.namespace) == element.children.map(\.namespace))
    }
}
