import Testing
import XMLStream
import XMPP

@testable import Transcript

/// Random packets, always the same ones.
private struct Generator {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }

    mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

    mutating func text() -> String {
        (0..<below(6)).map { _ in
            pick([
                "x", " ", "\n", "\t", "&amp;", "&#x41;", "ü", "\u{1F600}", ">", "  ", "\r\n",
                "<![CDATA[ <a> \n]]>", "'", "\"",
            ])
        }.joined()
    }

    mutating func attributes() -> String {
        (0..<below(3)).map { index in
            let quote = pick(["'", "\""])
            return pick([" ", "  ", "\n"]) + "a\(index)" + "=" + quote
                + pick(["", "v", " v ", "&lt;", ">", "1\n2", "ü"]) + quote
        }.joined()
    }

    mutating func element(_ depth: Int) -> String {
        let name = pick(["a", "b", "iq", "x-y", "body"])
        if below(4) == 0 { return "<\(name)\(attributes())/>" }
        let content = (0..<below(4)).map { _ in below(3) == 0 || depth == 0 ? text() : element(depth - 1) }.joined()
        return "<\(name)\(attributes())>\(content)</\(name)>"
    }
}

private func parsed(_ bytes: [UInt8]) -> Element? {
    let parser = StreamParser()
    parser.append(Array("<root>".utf8) + bytes)
    _ = parser.next()
    guard case .element(let element)? = parser.next()?.kind else { return nil }
    return element
}

/// White space between tags means nothing; all other text counts, joined.
private func meaning(_ element: Element) -> Element {
    let hasElements = element.nodes.contains { if case .element = $0 { true } else { false } }
    let text = element.text
    let isLayout = hasElements && text.allSatisfy(\.isWhitespace)
    var nodes: [Node] = []
    for node in element.nodes {
        switch node {
        case .text(let text): if !isLayout { nodes.append(.text(text)) }
        case .element(let child): nodes.append(.element(meaning(child)))
        }
    }
    return Element(name: element.name, namespace: element.namespace, attributes: element.attributes, nodes: nodes)
}

struct RoundTripTests {
    @Test("a laid-out packet read back means the same, and is laid out the same again", arguments: 0..<40)
    func roundTrip(seed: Int) throws {
        var generator = Generator(state: UInt64(seed) &* 77 &+ 1)
        for _ in 0..<25 {
            let wire = Array(generator.element(4).utf8)
            guard let original = parsed(wire) else {
                Issue.record("the generator made something ill-formed: \(String(decoding: wire, as: UTF8.self))")
                return
            }
            let title = ["XMPP session with a", "Client b, stanzatap 0.1.0"]
            let packet = PacketRecord(number: 1, direction: .clientToServer, xml: wire)
            let text = TextWriter.text(Transcript(title: title, records: [.packet(packet)]))
            let again = try TextReader.read(text).transcript
            let back = again.packets.first.flatMap { parsed($0.xml) }
            #expect(back.map(meaning) == meaning(original), "\(text)")
            #expect(TextWriter.text(again) == text)
        }
    }

    @Test(
        "what is misplaced in a packet or before it reads back with it",
        arguments: [
            "<?xml version='1.0'?>\n<iq id='1'>\n<q/></iq>", "<!-- > 'one --><presence/>",
            "<iq><!-- <a> --><q/><?b c?></iq>", "<m><body>a<!-- - -->b</body></m>", "<!-- bye --></stream:stream>",
            "<?xml version='1.0'?></stream:stream>", "<!-- a\nb --><iq/>", "<a><?xml version='1.0'?><b/></a>",
        ]
    )
    func misplaced(wire: String) throws {
        let packets = [
            PacketRecord(number: 1, direction: .clientToServer, xml: Array(wire.utf8)),
            PacketRecord(number: 2, direction: .clientToServer, xml: Array("<after/>".utf8)),
        ]
        let title = ["XMPP session with a", "Client b, stanzatap 0.1.0"]
        for title in [title, []] {
            let text = TextWriter.text(Transcript(title: title, records: packets.map { .packet($0) }))
            let again = try TextReader.read(text)
            #expect(again.problems.isEmpty && again.repairs.isEmpty, "\(text)")
            #expect(again.transcript.packets.count == 2)
            let back = again.transcript.packets.first.map { String(decoding: $0.xml, as: UTF8.self) }
            #expect(back?.filter { !$0.isWhitespace } == wire.filter { !$0.isWhitespace })
            #expect(TextWriter.text(again.transcript) == text)
        }
    }
}
