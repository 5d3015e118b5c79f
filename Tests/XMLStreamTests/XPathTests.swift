import Testing
import XMLStream

@Suite("XPath over packets")
struct XPathTests {
    private func element(_ xml: String) throws -> Element {
        let parser = StreamParser()
        parser.append(Array("<s xmlns='jabber:client'>".utf8) + Array(xml.utf8))
        _ = parser.next()
        let event = try #require(parser.next())
        guard case .element(let element) = event.kind else { throw StreamError(.notWellFormed, "no packet") }
        return element
    }

    @Test(
        "what an expression selects is taken out",
        arguments: [
            ("//instructions", "<iq id='1'><query xmlns='jabber:iq:register'><username/></query></iq>"),
            (
                "//@id",
                "<iq><query xmlns='jabber:iq:register'><instructions a='1'>Hi</instructions><username/></query></iq>"
            ),
            (
                "//instructions/text() | //@a",
                "<iq id='1'><query xmlns='jabber:iq:register'><instructions/><username/></query></iq>"
            ),
            ("/iq/query", "<iq id='1'/>"),
            (
                "//nothing",
                "<iq id='1'><query xmlns='jabber:iq:register'><instructions a='1'>Hi</instructions><username/></query></iq>"
            ),
            (
                "count(//*)",
                "<iq id='1'><query xmlns='jabber:iq:register'><instructions a='1'>Hi</instructions><username/></query></iq>"
            ),
        ]
    )
    func removing(_ expression: String, _ left: String) throws {
        let packet =
            "<iq id='1'><query xmlns='jabber:iq:register'><instructions a='1'>Hi</instructions><username/></query></iq>"
        let result = try XPath(expression).removingMatches(from: element(packet))
        #expect(try result == element(left))
    }

    @Test("the packet itself can be selected")
    func root() throws { #expect(try XPath("/iq").removingMatches(from: element("<iq/>")) == nil) }

    @Test("what is no expression is refused", arguments: ["", "//[", "iq[", "@@"])
    func refused(_ text: String) { #expect(throws: XPathError.self) { try XPath(text) } }
}
