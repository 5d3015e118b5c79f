import Explain
import Session
import Testing
import XMPP

private let bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
private let register = "xmlns='jabber:iq:register'"
private let features =
    "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>"
private let form =
    "<x xmlns='jabber:x:data' type='form'><field type='hidden' var='FORM_TYPE'><value>jabber:iq:register</value></field><field var='username'/><field type='text-private' var='password'/></x>"

private func filled(_ type: String, _ more: String = "") -> String {
    "C <iq type='set' id='f'><query \(register)><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>\(type)</value></field>"
        + "<field var='username'><value>a</value></field><field var='password'><value>b</value></field>\(more)</x></query></iq>"
}
private func set(_ content: String) -> String { "C <iq type='set' id='f'><query \(register)>\(content)</query></iq>" }
private func get(_ content: String) -> String { "C <iq type='get' id='g'><query \(register)>\(content)</query></iq>" }
private func wants(_ content: String) -> String {
    "S <iq type='result' id='g'><query \(register)>\(content)</query></iq>"
}
private let plain = "<username>a</username><password>b</password>"
private let askedPlain = opened + [get(""), wants("<username/><password/>")]
private let askedForm = opened + [get(""), wants(form)]

/// A conversation whose last packet has a finding of that code, and one whose last packet has not.
private struct Step: Sendable, CustomTestStringConvertible {
    let code: String
    let faulty: [String]
    let right: [String]
    var testDescription: String { "\(code): \(faulty.last ?? "")" }
}

private let steps: [Step] = [
    Step(
        code: "stanza.before-login",
        faulty: opened + ["S <message from='a@b.test'><body>a</body></message>"],
        right: bound + ["S <message from='a@b.test'><body>a</body></message>"]
    ),
    Step(code: "stanza.before-bind", faulty: loggedIn + ["C <presence/>"], right: bound + ["C <presence/>"]),
    // What is sent before the answer has come arrives behind the request (XEP-0305).
    Step(
        code: "stanza.before-bind",
        faulty: loggedIn + ["C <iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>"],
        right: loggedIn + [
            "C <iq type='set' id='b'>\(bind)</iq>", "C <iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>",
        ]
    ),
    Step(
        code: "stanza.before-bind",
        faulty: loggedIn + ["S <presence from='a@b.test/c'/>"],
        right: loggedIn + ["S <presence from='a@b.test/c' type='error'/>"]
    ),
    Step(
        code: "bind.request",
        faulty: loggedIn + [
            "C <iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource/></bind></iq>"
        ],
        // As Strophe copies it from the features.
        right: loggedIn + [
            "C <iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><required/><resource>a</resource></bind></iq>"
        ]
    ),
    Step(
        code: "bind.result",
        faulty: Array(bound.dropLast()) + [
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test</jid></bind></iq>"
        ],
        right: bound
    ),
    Step(
        code: "bind.other-account",
        faulty: Array(bound.dropLast()) + [
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>juliet@jabber.test/a</jid></bind></iq>"
        ],
        right: Array(bound.dropLast()) + [
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>Romeo@jabber.test/a</jid></bind></iq>"
        ]
    ),
    Step(
        code: "stream.header.needless",
        faulty: bound + ["C " + clientHeader],
        right: Array(loggedIn.dropLast())
    ),
    Step(code: "stream.header.needless", faulty: opened + ["S " + serverHeader], right: loggedIn),
    Step(code: "stream.features.repeated", faulty: opened + [features, features], right: loggedIn + [features]),
    Step(
        code: "stream.after-error",
        faulty: opened + [
            "S <stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
            "S <message from='a@b.test'><body>a</body></message>",
        ],
        right: opened + [
            "S <stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>", "C <presence/>",
        ]
    ),
    Step(
        code: "nonza.wrong-side",
        faulty: opened + ["C <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"],
        right: opened + ["C <abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"]
    ),
    Step(
        code: "nonza.wrong-side",
        faulty: bound + ["S <enable xmlns='urn:xmpp:sm:3'/>"],
        right: bound + ["S <r xmlns='urn:xmpp:sm:3'/>"]
    ),
    // Who pipelines does not wait for the end of the login.
    Step(
        code: "stanza.before-login",
        faulty: opened + ["C <presence/>"],
        right: Array(loggedIn.dropLast(3)) + ["C " + clientHeader, "C <presence/>"]
    ),
    Step(
        code: "iq.answer.unasked",
        faulty: bound + ["S <iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>", "C <iq type='result' id='P'/>"],
        right: bound + ["S <iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>", "C <iq type='result' id='p'/>"]
    ),
    Step(
        code: "stanza.text",
        faulty: bound + ["C <presence>a</presence>"],
        right: [
            "C <stream:stream to='a.test' xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams'>",
            "S <stream:stream from='a.test' id='1' xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams'>",
            "C <handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e</handshake>",
        ]
    ),
    Step(
        code: "stream.error.condition",
        faulty: opened + [
            "S <stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
        ],
        right: opened + [
            "S <stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>a</text></stream:error>"
        ]
    ),
    Step(
        code: "iq.id.again",
        faulty: bound + [
            "C <iq type='get' id='p' to='a.test'><ping xmlns='urn:xmpp:ping'/></iq>",
            "S <iq type='result' id='p' from='a.test'/>",
            "C <iq type='get' id='p' to='a.test'><ping xmlns='urn:xmpp:ping'/></iq>",
        ],
        right: bound + [
            "C <iq type='get' id='p' to='a.test'><ping xmlns='urn:xmpp:ping'/></iq>",
            "S <iq type='result' id='p' from='a.test'/>",
            "C <iq type='get' id='p' to='b.test'><ping xmlns='urn:xmpp:ping'/></iq>",
        ]
    ),
    Step(
        code: "iq.id.missing",
        faulty: bound + ["C <iq type='get' id=''><ping xmlns='urn:xmpp:ping'/></iq>"],
        right: bound + ["C <iq type='get' id=' '><ping xmlns='urn:xmpp:ping'/></iq>"]
    ),
]

private let registrations: [Step] = [
    Step(
        code: "register.element",
        faulty: opened + ["C <iq type='get' id='g'><register \(register)/></iq>"],
        right: opened + [get("")]
    ),
    Step(
        code: "register.elsewhere",
        faulty: opened + ["C <iq type='get' id='g' to='other.test'><query \(register)/></iq>"],
        right: bound + ["C <iq type='get' id='g' to='other.test'><query \(register)/></iq>"]
    ),
    Step(code: "register.get.content", faulty: opened + [get(plain)], right: opened + [get("")]),
    Step(code: "register.get.content", faulty: bound + [get("<remove/>")], right: bound + [set("<remove/>")]),
    Step(code: "register.child", faulty: askedPlain + [set("<registered/>" + plain)], right: askedPlain + [set(plain)]),
    Step(
        code: "register.fields.repeated",
        faulty: askedPlain + [set("<username>c</username>" + plain)],
        right: askedPlain + [set("<nick>c</nick>" + plain)]
    ),
    Step(code: "register.form", faulty: askedForm + [set(plain)], right: askedForm + [filled("jabber:iq:register")]),
    Step(code: "register.form", faulty: askedPlain + [filled("jabber:iq:register")], right: askedPlain + [set(plain)]),
    Step(
        code: "register.form-type",
        faulty: askedForm + [filled("jabber:iq:search")],
        right: askedForm + [filled("jabber:iq:register")]
    ),
    Step(
        code: "register.fields.extra",
        faulty: askedForm + [filled("jabber:iq:register", "<field var='shoe'><value>1</value></field>")],
        right: askedForm + [filled("jabber:iq:register")]
    ),
    Step(
        code: "register.fields.none",
        faulty: opened + [get(""), wants("")],
        right: opened + [get(""), wants("<instructions>look at example.org</instructions>")]
    ),
    Step(
        code: "register.fields.undefined",
        faulty: opened + [get(""), wants("<username/><shoe/>")],
        right: opened + [get(""), wants("<username/><misc/>")]
    ),
    Step(
        code: "register.registered.missing",
        faulty: bound + [get(""), wants("<username>romeo</username>")],
        right: bound + [get(""), wants("<registered/><username>romeo</username>")]
    ),
]

@Suite("packets out of their order, and registrations, each beside what is nearly the same")
struct OrderRuleTests {
    @Test("the order of a stream", arguments: steps) fileprivate func order(_ step: Step) { expect(step) }
    @Test("registrations", arguments: registrations) fileprivate func registration(_ step: Step) { expect(step) }

    @Test("another domain in SNI than in the stream", arguments: [("jabber.test", false), ("host.test", true)])
    func serverName(name: String, isOdd: Bool) {
        var (session, explainer) = (Session(), Explainer())
        explainer.tlsBegan(with: .client, hidesChannelBinding: true, serverName: name)
        for case .packet(let packet) in session.received(Array(clientHeader.utf8)[...], .clientToServer, time: nil) {
            #expect(explainer.explain(packet).findings.contains { $0.code == "tls.sni.domain" } == isOdd)
        }
    }

    private func expect(_ step: Step) {
        let (found, near) = (codes(step.faulty), codes(step.right))
        #expect(found.contains(step.code), "found only \(found)")
        #expect(!near.contains(step.code), "\(step.right.last ?? "") has it too")
    }

    /// The codes of the last packet's findings.
    private func codes(_ lines: [String]) -> [String] {
        var (session, explainer) = (Session(), Explainer())
        var findings: [Finding] = []
        for line in lines {
            let direction: Direction = line.hasPrefix("C") ? .clientToServer : .serverToClient
            for case .packet(let packet) in session.received(Array(line.dropFirst(2).utf8)[...], direction, time: nil) {
                findings = explainer.explain(packet).findings
            }
        }
        return findings.map(\.code)
    }
}
