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

    @Test(
        "what selects no part of a packet is refused, with its place and the reason",
        arguments: [
            ("1+1", "it selects no part of a packet"), ("count(//*)", "it selects no part of a packet"),
            ("document('/etc/passwd')", "character 1: there is no function document()"),
            ("//a[document('x')]", "character 5: there is no function document()"),
            ("//a[$x]", "character 5: there are no variables"), ("//x:y", "character 4: names have no prefixes here"),
            ("//a[", "character 5"), ("//a" + String(repeating: "[b]", count: 1000), "more than 2000 characters"),
        ]
    )
    func reasons(_ text: String, _ reason: String) {
        #expect { try XPath(text) } throws: { error in
            #expect("\(error)".contains(reason), "\(error)")
            return error is XPathError
        }
    }

    @Test(
        "names that look like functions or operators are none",
        arguments: ["//count", "//a[text()='x(']", "//or/and", "self::node()", "//a[not (b)]"]
    )
    func accepted(_ text: String) throws { _ = try XPath(text) }

    @Test("an expression that takes too long selects nothing", .timeLimit(.minutes(1)))
    func limited() throws {
        let packet = "<iq>" + String(repeating: "<a><b/></a>", count: 500) + "</iq>"
        let endless = try XPath("//*[count(//*[count(//*) > 0]) > 0]")
        let start = ContinuousClock.now
        #expect(try endless.removingMatches(from: element(packet)) == element(packet))
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
