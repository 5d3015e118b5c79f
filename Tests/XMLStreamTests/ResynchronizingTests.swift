import Testing
import XMLStream

@Suite("reading goes on behind missing bytes")
struct ResynchronizingTests {
    private static let header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
    private static let stanzas = [
        "<message id='1'><body>a &lt; b</body></message>", "<iq id='2'><query xmlns='x'/></iq>", "<presence/>",
        "<r xmlns='urn:xmpp:sm:3'/>",
    ]

    private func names(_ parser: StreamParser) -> [String] {
        var names: [String] = []
        while let event = parser.next() {
            switch event.kind {
            case .element(let element): names.append(element["id"] ?? element.name)
            case .failure(let error): names.append("failure \(error.reason)")
            case .header, .whitespace, .strayText, .end, .oversized: break
            }
        }
        return names
    }

    @Test("cut anywhere, the packets behind the cut are read", arguments: [1, 7, 1000])
    func cuts(_ chunk: Int) {
        let all = Self.stanzas.joined()
        let ends = Self.stanzas.indices.map { Self.stanzas[...$0].joined().utf8.count }
        for cut in 1..<all.utf8.count {
            for hasHeader in [true, false] {
                let parser = StreamParser()
                if hasHeader { parser.append(Array(Self.header.utf8)) }
                _ = names(parser)
                parser.resynchronize()
                var rest = Array(all.utf8)[cut...]
                var found: [String] = []
                while !rest.isEmpty {
                    parser.append(Array(rest.prefix(chunk)))
                    rest = rest.dropFirst(chunk)
                    found += names(parser)
                }
                // The first whole stanza behind the cut, and all that follow.
                let expected = zip(["1", "2", "presence", "r"], [0] + ends).filter { $0.1 >= cut }.map(\.0)
                #expect(found == expected, "cut at \(cut)")
            }
        }
    }

    @Test("what only looks like a beginning is passed over")
    func falseStarts() {
        let parser = StreamParser()
        parser.resynchronize()
        parser.append(Array("x <iq></message> <a b <presence id='p'/></forwarded></x><message id='m'/>".utf8))
        #expect(names(parser).last == "m")
        #expect(parser.takeSkipped() > 0)
    }

    @Test("bytes without end are not kept")
    func endless() {
        let parser = StreamParser()
        parser.resynchronize()
        for _ in 0..<100 { parser.append([UInt8](repeating: 0x61, count: 10_000)); _ = parser.next() }
        #expect(parser.unreadCount < 20_000)
    }
}
