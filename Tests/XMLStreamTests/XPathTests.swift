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

    @Test("what is no expression is refused", arguments: ["", "//[", "iq[", "@@", "a b", "$"])
    func refused(_ text: String) { #expect(throws: XPathError.self) { try XPath(text) } }

    @Test(
        "what selects no part of a packet is refused, with its place and the reason",
        arguments: [
            ("document('/etc/passwd')", "character 1: there is no function document()"),
            ("//a[document('x')]", "character 5: there is no function document()"),
            ("//a[$x]", "character 5: there are no variables"), ("//x:y", "character 3: names have no prefixes here"),
            ("//a[", "character 4: this [ is not closed"), ("//a]", "character 4: this ] closes nothing"),
            ("//a[b)", "character 6: this ) closes nothing"), ("//a['x]", "character 5: the text that begins here"),
            ("/iq@type", "character 4: a / is missing before this @"), ("//a[b@c]", "character 6: a / is missing"),
            ("count()", "character 1: count() takes 1 argument, not 0"),
            ("//a[contains(.)]", "character 5: contains() takes 2 arguments, not 1"),
            ("//a[last(1)]", "character 5: last() takes no arguments, not 1"), ("count('x')", "a function in it gets"),
            ("//up::a", "character 3: there is no axis up::"), ("//query//", "character 8: it is no XPath"),
            ("", "it is empty"),
            ("//a = ", "it is no XPath"),
            (String(repeating: "(", count: 101) + "a", "character 101: brackets stand deeper"),
            ("//a" + String(repeating: "[b]", count: 1000), "more than 2000 characters"),
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

    private static let prefixes: XPath.Namespaces = { (prefix, position) throws(XPathError) in
        switch prefix {
        case "register": ["jabber:iq:register"]
        case "muc": ["http://jabber.org/protocol/muc", "http://jabber.org/protocol/muc#user"]
        case "xml": ["http://www.w3.org/XML/1998/namespace"]
        default: throw XPathError(position, "unknown")
        }
    }

    @Test(
        "what holds of a packet",
        arguments: [
            ("/iq", true), ("/message", false), ("iq/query", true), ("query", false), ("//username", true),
            ("//register:query", true), ("//register:x", false), ("//muc:x", true), ("//muc:*", true),
            ("//register:*", true),
            ("//muc:query", false), ("//x[@xml:lang]", true), ("//x/@lang", true), ("//@register:lang", false),
            ("count(//*) = 4", true), ("count(//*)", true), ("count(//a)", false), ("string(//username)", true),
            ("''", false),
            ("@type", true), ("@type='set'", true), ("@type='get'", false), ("//x[@type]", false),
            ("'set' = @type", true),
            ("not(//a)", true), ("//username[. = 'test3']", true), ("//query/*[1][self::username]", true),
            ("//query/*[2][self::username]", false), ("//*[namespace-uri() = 'jabber:iq:register']", true),
            ("//*[name() = 'query']", true), ("//child::register:username/parent::register:query", true),
            ("3 * 2 = 6", true), ("//* * 2", false), ("7 mod 2", true), ("6 mod 2", false), ("//query | //a", true),
        ]
    )
    func holding(_ expression: String, _ holds: Bool) throws {
        let packet = """
            <iq type='set'><query xmlns='jabber:iq:register'><username>test3</username></query>\
            <x xmlns='http://jabber.org/protocol/muc#user' xml:lang='en'/></iq>
            """
        let evaluator = XPathEvaluator([try XPath(expression, namespaces: Self.prefixes)])
        evaluator.load(try element(packet))
        #expect(evaluator.holds(0) == holds)
        evaluator.load(nil)
        #expect(evaluator.holds(0) == false)
    }

    @Test(
        "whether it selects parts",
        arguments: [("//a", true), ("//a | @b", true), ("1+1", false), ("//a = 1", false)]
    )
    func nodes(_ expression: String, _ givesNodes: Bool) throws {
        #expect(try XPath(expression).givesNodes == givesNodes)
    }

    @Test("an expression that takes too long selects nothing", .timeLimit(.minutes(1)))
    func limited() throws {
        let packet = "<iq>" + String(repeating: "<a><b/></a>", count: 500) + "</iq>"
        let endless = try XPath("//*[count(//*[count(//*) > 0]) > 0]")
        let start = ContinuousClock.now
        #expect(try endless.removingMatches(from: element(packet)) == element(packet))
        #expect(ContinuousClock.now - start < .seconds(5))
        let evaluator = XPathEvaluator([endless, try XPath("//b")])
        evaluator.load(try element(packet))
        #expect(evaluator.holds(0) == nil)
        #expect(evaluator.holds(1) == true)
    }
}
