import TestKit
import Testing
import XMLStream

private let header = "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
private let declaration = "<?xml version='1.0'?>"

/// What may not stand where it does, and what is told of it: the packets, and the first words of what is wrong with them.
private struct Misplaced: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let input: String
    let packets: [String]

    init(_ name: String, _ input: String, _ packets: [String]) {
        testDescription = name
        self.input = input
        self.packets = packets
    }
}

private let cases: [Misplaced] = [
    Misplaced(
        "a declaration before each stanza",
        header + declaration + "\n<iq id='1'><q/></iq>\n" + declaration + "<presence/>",
        [
            "header stream", "element iq: not-well-formed an XML declaration stands before this packet",
            "element presence: not-well-formed an XML declaration stands before this packet",
        ]
    ),
    Misplaced(
        "a declaration before the end",
        header + declaration + "</stream:stream>",
        ["header stream", "end: not-well-formed an XML declaration stands before this packet"]
    ),
    Misplaced(
        "a declaration before a new stream",
        header + "<auth/>\n" + declaration + "\n" + header + "<iq/>",
        ["header stream", "element auth", "header stream", "element iq"]
    ),
    Misplaced(
        "a declaration of another encoding before a stanza",
        header + "<?xml version='1.0' encoding='ISO-8859-1'?><iq/><a/>",
        [
            "header stream", "element iq: not-well-formed an XML declaration stands before this packet",
            "element a",
        ]
    ),
    Misplaced(
        "a declaration of another encoding before a new stream",
        header + "<auth/><?xml version='1.0' encoding='ISO-8859-1'?>" + header,
        ["header stream", "element auth", "failure unsupported-encoding"]
    ),
    Misplaced(
        "a declaration inside a stanza",
        header + "<m><body>x" + declaration + "y</body></m><a/>",
        ["header stream", "element m xy: not-well-formed an XML declaration stands inside this packet", "element a"]
    ),
    Misplaced(
        "two declarations",
        declaration + declaration + header + "<a/>",
        ["header stream: not-well-formed two XML declarations stand before this packet", "element a"]
    ),
    Misplaced(
        "blank lines before the declaration",
        "\n\n" + declaration + header + "<a/>",
        ["header stream: not-well-formed white space stands before the XML declaration", "element a"]
    ),
    Misplaced(
        "a byte order mark",
        "\u{FEFF}" + declaration + header + "<a/>",
        ["header stream: unsupported-encoding a byte order mark stands before the stream", "element a"]
    ),
    Misplaced(
        "a byte order mark without a declaration",
        "\u{FEFF}" + header + "<a/>",
        ["header stream: unsupported-encoding a byte order mark stands before the stream", "element a"]
    ),
    Misplaced("a byte order mark in the middle", "\n\u{FEFF}" + header, ["failure not-well-formed"]),
    Misplaced(
        "comments",
        "<!-- > one -->" + header + "<!-- <a> two's -->\n<iq><!-- three --><q/></iq><a/><!-- four --></stream:stream>",
        [
            "header stream: restricted-xml a comment stands before this packet",
            "element iq: restricted-xml a comment stands before this packet", "element a",
            "end: restricted-xml a comment stands before this packet",
        ]
    ),
    Misplaced(
        "a comment inside a text",
        header + "<m><body>un<!-- - -->heard</body></m><a/>",
        [
            "header stream", "element m unheard: restricted-xml a comment stands inside this packet", "element a",
        ]
    ),
    Misplaced(
        "processing instructions",
        header + "<?php a ?><iq/><m><?b?></m><a/>",
        [
            "header stream", "element iq: restricted-xml a processing instruction stands before this packet",
            "element m: restricted-xml a processing instruction stands inside this packet", "element a",
        ]
    ),
    Misplaced(
        "a comment between a declaration and a stanza",
        header + declaration + "<!-- x -->" + declaration + "<iq/><a/>",
        ["header stream", "element iq: restricted-xml a comment stands before this packet", "element a"]
    ),
    Misplaced(
        "text behind a comment",
        header + "<!-- x -->hello<a/>",
        ["header stream", "stray text: restricted-xml a comment stands before this packet", "element a"]
    ),
    Misplaced(
        "a comment and an undeclared prefix",
        header + "<!-- x --><y:q/><a/>",
        ["header stream", "element y:q: restricted-xml a comment stands before this packet", "element a"]
    ),
    Misplaced(
        "a root that is closed at once",
        declaration + header.dropLast() + "/><features/><iq id='1'/></stream:stream>",
        [
            "header stream: not-well-formed this start tag closes the stream at once", "element features", "element iq",
            "end",
        ]
    ),
    Misplaced(
        "a stanza that is named like a stream",
        header + "<x:stream xmlns:x='urn:x' y='http://etherx.jabber.org/streams'><x:y/></x:stream><a/>",
        ["header stream", "element stream", "element a"]
    ),
]

private func told(_ input: String, chunk: Int?, rests: Bool = false) -> (told: [String], bytes: [UInt8]) {
    let parser = StreamParser()
    var (lines, bytes): ([String], [UInt8]) = ([], [])
    for slice in Array(input.utf8).slices(of: chunk) {
        parser.append(Array(slice))
        while let event = parser.next() {
            bytes += event.bytes
            let problem = event.problem.map {
                ": \($0.condition.rawValue) " + $0.reason.prefix { !";,".contains($0) }
            }
            switch event.kind {
            case .header(let element): lines.append("header \(element.name)" + (problem ?? ""))
            case .element(let element):
                let text = element.children.first?.text ?? ""
                lines.append("element \(element.name)" + (text.isEmpty ? "" : " \(text)") + (problem ?? ""))
            case .end: lines.append("end" + (problem ?? ""))
            case .strayText: lines.append("stray text" + (problem ?? ""))
            case .failure(let error): lines.append("failure \(error.condition.rawValue)")
            case .oversized: lines.append("oversized")
            case .whitespace: break
            }
        }
        if rests { parser.rest() }
    }
    return (lines, bytes)
}

@Suite("what may not stand where it does")
struct MisplacedTests {
    @Test("is a finding, and the packets around it stand", arguments: cases, chunkSizes)
    private func packets(_ misplaced: Misplaced, chunk: Int?) {
        for rests in [false, true] {
            #expect(told(misplaced.input, chunk: chunk, rests: rests).told == misplaced.packets)
        }
    }

    @Test("belongs to the bytes of the packet behind it", arguments: cases, chunkSizes)
    private func bytes(_ misplaced: Misplaced, chunk: Int?) {
        guard misplaced.packets.allSatisfy({ !$0.hasPrefix("failure") }) else { return }
        #expect(told(misplaced.input, chunk: chunk).bytes == Array(misplaced.input.utf8))
    }

    @Test("where two things are wrong, both are told")
    func both() {
        let parser = StreamParser()
        parser.append(Array((header + "<!-- x --><y:q/>").utf8))
        _ = parser.next()
        let reason = parser.next()?.problem?.reason ?? ""
        #expect(reason.hasPrefix("a comment stands before this packet"))
        #expect(reason.contains("; and ") && reason.contains("y"))
    }

    @Test("declarations before each stanza do not keep the names of all stanzas in memory")
    func names() {
        var limits = Limits()
        limits.distinctNames = 10
        let parser = StreamParser(limits: limits)
        parser.append(Array((header + (0..<300).map { declaration + "<n\($0)/>" }.joined() + "<iq/>").utf8))
        var last: StreamEvent?
        while let event = parser.next() { last = event }
        if case .element(let element)? = last?.kind {
            #expect(element.is("iq", "jabber:client"))
        } else {
            Issue.record()
        }
    }

    @Test("a comment that is too long makes the packet too large, however its bytes come", arguments: chunkSizes)
    func longComment(chunk: Int?) {
        var limits = Limits()
        limits.tagBytes = 200
        let input = header + "<!-- " + String(repeating: "x", count: 300) + " --><iq><q/></iq><a/>"
        let parser = StreamParser(limits: limits)
        var kinds: [String] = []
        for slice in Array(input.utf8).slices(of: chunk) {
            parser.append(Array(slice))
            while let event = parser.next() {
                switch event.kind {
                case .header: kinds.append("header")
                case .oversized: kinds.append("oversized")
                case .element(let element): kinds.append(element.name)
                case .whitespace, .strayText, .end, .failure: kinds.append("other")
                }
            }
        }
        #expect(kinds == ["header", "oversized", "a"])
    }
}
