import Explain
import Session
import TLSHandshake
import Testing
import XMPP

private func header(_ side: Character, _ attributes: String) -> String {
    "\(side) <stream:stream \(attributes) xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
}

private let fault =
    "Warning: XMPP addresses have the domain \"xn--gr-yka.example\" as \"grü.example\"; the form with xn-- is for the DNS and TLS"
private let own = [header("C", "to='grü.example'"), header("S", "from='grü.example' id='1'")]

private let cases: [Case] = [
    Case(name: "an A-label in the header", lines: [header("C", "to='xn--gr-yka.example'")], says: [fault]),
    Case(
        name: "characters in the header",
        lines: [header("C", "to='grü.example'")],
        says: ["to grü.example"],
        never: ["Warning", "Note"]
    ),
    Case(
        name: "what only looks like one",
        lines: [header("C", "to='xn--zzzzzz99.example'")],
        says: [],
        never: ["Warning"]
    ),
    Case(
        name: "the server has another form of the same name",
        lines: [own[0], header("S", "from='GRU\u{308}.example' id='1'")],
        says: [],
        never: ["Warning", "calls itself"]
    ),
    Case(
        name: "the server has its A-label",
        lines: [own[0], header("S", "from='xn--gr-yka.example' id='1'")],
        says: [fault],
        never: ["calls itself"]
    ),
    Case(
        name: "another domain",
        lines: [own[0], header("S", "from='gru.example' id='1'")],
        says: ["the server calls itself \"gru.example\""]
    ),
    Case(
        name: "in the address of a stanza",
        lines: own + ["S <message from='juliet@xn--gr-yka.example' to='romeo@grü.example'><body>a</body></message>"],
        says: [fault]
    ),
    Case(
        name: "once in a connection",
        lines: own + [
            "S <message from='juliet@xn--gr-yka.example'><body>a</body></message>",
            "S <message from='nurse@XN--GR-YKA.example'><body>a</body></message>",
        ],
        says: [],
        never: ["XMPP addresses have"]
    ),
    Case(
        name: "in the address that a server binds",
        lines: own + [
            "C <iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
            "S <iq type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@xn--gr-yka.example/a</jid></bind></iq>",
        ],
        says: [fault]
    ),
    Case(
        name: "an answer in another form of the name is an answer of the server",
        lines: own + [
            "C <iq type='get' id='d' to='grü.example'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d' from='GRU\u{308}.EXAMPLE.'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
        ],
        says: ["The server names no feature.", "ends with a dot"],
        never: ["Note", "no answer"]
    ),
    Case(
        name: "an A-label in a resource is nobody's domain",
        lines: own + ["S <message from='juliet@grü.example/xn--gr-yka.example'><body>a</body></message>"],
        says: [],
        never: ["XMPP addresses have"]
    ),
]

@Suite("the forms of domains")
struct DomainFormTests {
    @Test("in addresses", arguments: cases) func addresses(_ test: Case) { expect(test) }

    @Test(
        "in SNI, told at the stream header",
        arguments: [
            ("xn--gr-yka.example", nil), ("example.org", nil), ("EXAMPLE.ORG", nil),
            (
                "grü.example",
                "the client asked for \"grü.example\" in its TLS handshake (SNI); there it must be written as \"xn--gr-yka.example\" (RFC 6066 section 3)."
            ),
            (
                "example.org.",
                "the client asked for \"example.org.\" in its TLS handshake (SNI); there it must be written as \"example.org\" (RFC 6066 section 3)."
            ),
            (
                "i❤.example",
                "the client asked for \"i❤.example\" in its TLS handshake (SNI); there only names of hosts in ASCII may stand (RFC 6066 section 3)."
            ),
        ] as [(String, String?)]
    )
    func serverName(name: String, expected: String?) throws {
        var explainer = Explainer()
        explainer.tlsBegan(with: .client, hidesChannelBinding: true, serverName: name)
        var session = Session()
        var findings: [[Finding]] = []
        for line in [own[0], own[1], own[0]] {
            let direction: Direction = line.hasPrefix("C") ? .clientToServer : .serverToClient
            for case .packet(let packet) in session.received(Array(line.dropFirst(2).utf8)[...], direction, time: nil) {
                findings.append(explainer.explain(packet).findings.filter { $0.code == "tls.sni.form" })
            }
        }
        #expect(findings.map { $0.map(\.text) } == [expected.map { [$0] } ?? [], [], []])
    }

    @Test(
        "in SNI of TLS that is passed through",
        arguments: [
            ("example.org", "asks for \"example.org\" (SNI), no ALPN"),
            (
                "grü.example",
                "asks for \"grü.example\" (SNI; there it must be written as \"xn--gr-yka.example\", RFC 6066 section 3), no ALPN"
            ),
        ]
    )
    func hello(name: String, told: String) {
        var hello = ClientHello()
        hello.serverName = name
        let line = SessionEvent.hello(.clientToServer, .client(hello), time: nil).line()
        #expect(line?.text.contains(told) == true, "\(line?.text ?? "")")
    }
}
