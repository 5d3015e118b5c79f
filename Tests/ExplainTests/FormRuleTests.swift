import Explain
import Session
import Testing
import XMPP

private let me = "romeo@jabber.test/orchard"
private let stanzas = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
private let roster = "xmlns='jabber:iq:roster'"
private let ping = "<ping xmlns='urn:xmpp:ping'/>"
private let contact = "<item jid='juliet@capulet.test' subscription='both'/>"

/// A fault: what is said, by which code, in a packet that has it; and the nearest packet that has not.
private struct Fault: Sendable, CustomTestStringConvertible {
    let code: String
    let faulty: [String]
    let right: [String]
    var testDescription: String { "\(code): \(faulty.last ?? "")" }
}

private func fault(_ code: String, _ faulty: String..., right: String..., after: [String] = bound) -> Fault {
    Fault(code: code, faulty: after + faulty, right: after + right)
}

/// The codes of the last packet's findings.
private func codes(_ lines: [String]) -> [String] {
    var (session, explainer) = (Session(), Explainer())
    var findings: [Finding] = []
    for line in lines {
        let direction: Direction = line.hasPrefix("C") ? .clientToServer : .serverToClient
        for event in session.received(Array(line.dropFirst(2).utf8)[...], direction, time: nil) {
            if case .packet(let packet) = event { findings = explainer.explain(packet).findings }
            if let line = event.line(), let finding = EventFindings.finding(line.kind, line.text) {
                findings = [finding]
            }
        }
    }
    for finding in findings {
        #expect(ProtocolTable.codes[finding.code] != nil, "\(finding.code) has no explanation")
        #expect(finding.text.hasSuffix("."), "\(finding.text) has no full stop")
    }
    return findings.map(\.code)
}

private func fromServer(_ type: String, _ content: String, from: String? = nil, id: String = "s1") -> String {
    "S <iq type='\(type)' id='\(id)' to='\(me)'\(from.map { " from='\($0)'" } ?? "")>\(content)</iq>"
}
private func fromClient(_ type: String, _ content: String, to: String? = nil, id: String = "c1") -> String {
    "C <iq type='\(type)' id='\(id)'\(to.map { " to='\($0)'" } ?? "")>\(content)</iq>"
}
private func message(_ attributes: String, _ content: String = "<body>a</body>") -> String {
    "C <message type='chat' \(attributes)>\(content)</message>"
}
private func list(_ items: String) -> String { "<query \(roster)>\(items)</query>" }
private func header(_ attributes: String) -> String {
    "C <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' \(attributes)>"
}
private func answered(_ attributes: String) -> String {
    "S <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' \(attributes)>"
}

private let ofAddresses: [Fault] = [
    fault("address.trailing-dot", message("to='a@b.test.'"), right: message("to='a.@b.test'")),
    fault("address.capitals", message("to='a@B.test'"), right: message("to='A@b.test/C'")),
    fault("stanza.address.malformed", message("to=''"), right: message("to='a'")),
    fault("stanza.address.malformed", message("to='xmpp:a@b.test'"), right: message("to='a@[::1]/x:y'")),
    fault("stanza.address.malformed", message("to='a@b..test'"), right: message("to='a..b@c.test'")),
    fault("stanza.address.malformed", message("to='a@b.test:5222'"), right: message("to='a@b.test/:5222'")),
    fault("stanza.address.malformed", message("to=\"o'hara@c.test\""), right: message("to='o\\27hara@c.test'")),
    fault("stanza.address.malformed", message("to='shop test'"), right: message("to='shop.test/a b'")),
    fault("stanza.from.forged", message("to='a@b.test' from='romeo@jabber.test/x'"), right: message("from='\(me)'")),
    fault(
        "stanza.to.foreign",
        "S <message to='nurse@jabber.test' from='a@b.test'><body>a</body></message>",
        right: "S <message to='romeo@jabber.test/x' from='a@b.test'><body>a</body></message>"
    ),
    fault(
        "stanza.to.foreign",
        "S <iq type='get' id='p' to='romeo@jabber.test/x' from='a@b.test/c'>\(ping)</iq>",
        right: "S <iq type='get' id='p' to='ROMEO@jabber.test/orchard' from='a@b.test/c'>\(ping)</iq>"
    ),
    fault(
        "presence.subscription.form",
        "C <presence type='subscribed' to='a@b.test/c'/>",
        right: "C <presence type='unavailable' to='a@b.test/c'/>"
    ),
    fault(
        "presence.subscription.form",
        "S <presence type='subscribe' from='a@b.test/c' to='romeo@jabber.test'/>",
        right: "S <presence type='subscribe' from='a@b.test' to='romeo@jabber.test'/>"
    ),
    fault(
        "presence.probe",
        "C <presence type='probe' to='a@b.test'/>",
        right: "S <presence type='probe' from='a@b.test'/>"
    ),
]

private let ofRosters: [Fault] = [
    fault(
        "roster.push.sender-form",
        fromServer("set", list(contact), from: "jabber.test"),
        right: fromServer("set", list(contact), from: "romeo@jabber.test")
    ),
    fault(
        "roster.push.sender-form",
        fromServer("set", list(contact), from: me),
        right: fromServer("set", list(contact))
    ),
    fault(
        "roster.push.wrong-sender",
        fromServer("set", list(contact), from: "juliet@jabber.test"),
        right: fromServer("set", list(contact), from: "Romeo@jabber.test")
    ),
    fault(
        "roster.request.foreign",
        fromServer("get", list(""), from: "a@b.test/c"),
        right: fromServer("get", list(""), from: "gateway.test")
    ),
    fault(
        "roster.request.foreign",
        fromClient("get", list(""), to: "a@b.test"),
        right: fromClient("get", list(""), to: "romeo@jabber.test")
    ),
    fault("roster.items", fromClient("get", list(contact)), right: fromClient("get", list(""))),
    fault(
        "roster.item.servers-own",
        fromClient("set", list("<item jid='a@b.test' ask='subscribe'/>")),
        right: fromClient("set", list("<item jid='a@b.test' name='a'><group>b</group></item>"))
    ),
    fault(
        "roster.item.value",
        fromServer("set", list("<item jid='a@b.test' subscription='maybe'/>")),
        right: fromServer("set", list("<item jid='a@b.test' subscription='remove'/>"))
    ),
    fault(
        "roster.item.value",
        fromServer("result", list("<item jid='a@b.test' ask='unsubscribe'/>"), id: "r"),
        right: fromServer("result", list("<item jid='a@b.test' ask='subscribe' approved='1'/>"), id: "r"),
        after: bound + [fromClient("get", list(""), id: "r")]
    ),
    fault(
        "roster.item",
        fromServer("result", list(contact + contact), id: "r"),
        right: fromServer("result", list(contact + "<item jid='a@b.test'/>"), id: "r"),
        after: bound + [fromClient("get", list(""), id: "r")]
    ),
]

private func error(_ content: String) -> String { fromServer("error", content, from: "jabber.test", id: "c1") }
private let asked = bound + [fromClient("get", ping, to: "jabber.test")]
private let lost = "<item-not-found \(stanzas)/>"

private let ofErrors: [Fault] = [
    fault(
        "error.misplaced",
        fromServer("result", "<error type='cancel'>\(lost)</error>", from: "jabber.test", id: "c1"),
        right: error("<error type='cancel'>\(lost)</error>"),
        after: asked
    ),
    fault(
        "error.misplaced",
        "S <message from='a@b.test' to='\(me)'><body>a</body><error type='cancel'>\(lost)</error></message>",
        right:
            "S <message from='a@b.test' to='\(me)' type='error'><body>a</body><error type='cancel'>\(lost)</error></message>"
    ),
    fault(
        "error.repeated",
        error("<error type='cancel'>\(lost)</error><error type='cancel'>\(lost)</error>"),
        right: error("\(ping)<error type='cancel'>\(lost)</error>"),
        after: asked
    ),
    fault(
        "error.order",
        error("<error type='cancel'><text \(stanzas)>a</text>\(lost)</error>"),
        right: error("<error type='cancel'>\(lost)<text \(stanzas)>a</text></error>"),
        after: asked
    ),
    fault(
        "error.text",
        error("<error type='cancel'>\(lost)<text>a</text></error>"),
        right: error(
            "<error type='cancel'>\(lost)<text \(stanzas) xml:lang='en'>a</text><text \(stanzas)>a</text></error>"
        ),
        after: asked
    ),
    fault(
        "error.type.condition",
        error("<error type='auth'>\(lost)</error>"),
        right: error("<error type='modify'><bad-request \(stanzas)/></error>"),
        after: asked
    ),
    fault(
        "error.type.condition",
        error("<error type='modify'><recipient-unavailable \(stanzas)/></error>"),
        // RFC 3920 has wait, RFC 6120 cancel.
        right: error("<error type='wait'><internal-server-error \(stanzas)/></error>"),
        after: asked
    ),
    fault(
        "error.code",
        error("<error type='cancel' code='gone'>\(lost)</error>"),
        right: error("<error type='cancel' code='404'>\(lost)</error>"),
        after: asked
    ),
    fault(
        "error.condition.bare",
        error("<error type='cancel'><undefined-condition \(stanzas)/></error>"),
        right: error("<error type='cancel'><undefined-condition \(stanzas)/><own xmlns='urn:own'/></error>"),
        after: asked
    ),
    fault(
        "error.answers-error",
        "C <message type='error' id='e' to='a@b.test/c'><error type='cancel'>\(lost)</error></message>",
        right: "C <message type='error' id='e' to='a@b.test/d'><error type='cancel'>\(lost)</error></message>",
        after: bound + [
            "S <message type='error' id='e' from='a@b.test/c'><error type='cancel'>\(lost)</error></message>"
        ]
    ),
]

private let ofNamespaces: [Fault] = [
    fault(
        "stanza.child.namespace",
        message("to='a@b.test'", "<active/>"),
        right: message("to='a@b.test'", "<thread>a</thread>")
    ),
    fault(
        "stanza.child.namespace",
        message("to='a@b.test'", "<body xmlns=''>a</body>"),
        right: message("to='a@b.test'", "<html xmlns='urn:x'><body xmlns='urn:y'/></html>")
    ),
    fault(
        "stanza.child.namespace",
        fromClient("set", list("<item xmlns='' jid='a@b.test'/>")),
        right: fromClient("set", list("<item jid='a@b.test'/>"))
    ),
    fault(
        "stanza.child.namespace",
        fromServer("result", "<query><name>a</name></query>", id: "c1"),
        right: fromServer(
            "result",
            "<query xmlns='jabber:iq:version'><name>a</name><version>1</version></query>",
            id: "c1"
        ),
        after: bound + [fromClient("get", "<query xmlns='jabber:iq:version'/>")]
    ),
    fault(
        "stanza.namespace",
        "C <message xmlns='jabber:server' to='a@b.test'><body>a</body></message>",
        right: "C <message xmlns='jabber:client' to='a@b.test'><body>a</body></message>"
    ),
    fault("stanza.namespace", "C <message xmlns='urn:x'/>", right: "C <a xmlns='urn:xmpp:sm:3' h='0'/>"),
    fault(
        "namespace.misspelt",
        fromClient("get", "<query xmlns='https://jabber.org/protocol/disco#info'/>"),
        right: fromClient("get", "<query xmlns='https://shop.test/protocol'/>")
    ),
    fault(
        "namespace.misspelt",
        fromClient("get", "<query xmlns='jabber:iq:Version'/>"),
        right: fromClient("get", "<query xmlns='jabber:iq:version'/>")
    ),
    fault(
        "stanza.payload.elsewhere",
        message("to='a@b.test'", list("")),
        right: message("to='a@b.test'", "<x xmlns='jabber:x:roster'/>")
    ),
    fault(
        "stanza.text",
        message("to='a@b.test'", "hello"),
        right: message("to='a@b.test'", "\n  <body>hello</body>\n")
    ),
    fault(
        "iq.answer.other",
        fromServer("result", "<query xmlns='jabber:iq:last' seconds='1'/>", id: "c1"),
        right: fromServer(
            "result",
            "<query xmlns='jabber:iq:version'><name>a</name><version>1</version></query>",
            id: "c1"
        ),
        after: bound + [fromClient("get", "<query xmlns='jabber:iq:version'/>")]
    ),
    fault("stream.stray-text", "C hello", right: "C  "),
    fault(
        "xml.unreadable",
        "C <message><body>&nbsp;</body></message>",
        right: "C <message><body>&#160;</body></message>"
    ),
    fault("xml.problem", "C <message><x:a/></message>", right: "C <message><x:a xmlns:x='urn:x'/></message>"),
]

private let ofHeaders: [Fault] = [
    fault(
        "stream.header.to-form",
        header("to='romeo@jabber.test' version='1.0'"),
        right: header("to='jabber.test' version='1.0'"),
        after: []
    ),
    fault(
        "stream.header.to-form",
        header("to='jabber.test/x' version='1.0'"),
        right: header("to='[::1]' version='1.0'"),
        after: []
    ),
    fault(
        "stream.header.client-id",
        header("to='a.test' id='x' version='1.0'"),
        right: header("to='a.test' version='1.0'"),
        after: []
    ),
    fault(
        "stream.header.from-form",
        header("to='a.test' from='romeo@a.test/x' version='1.0'"),
        right: header("to='a.test' from='romeo@a.test' version='1.0'"),
        after: []
    ),
    fault("stream.header.version", header("to='a.test' version='1'"), right: header("to='a.test'"), after: []),
    fault(
        "address.trailing-dot",
        header("to='a.test.' version='1.0'"),
        right: header("to='a.test' version='1.0'"),
        after: []
    ),
    fault(
        "stream.header.server",
        answered("id='x' version='1.0'"),
        right: answered("id='x' from='jabber.test' version='1.0'"),
        after: ["C " + clientHeader]
    ),
    fault(
        "stream.header.version",
        answered("id='x' from='jabber.test'"),
        right: answered("id='x' from='jabber.test' version='1.0'"),
        after: ["C " + clientHeader]
    ),
    fault(
        "stream.header.id",
        "S " + serverHeader,
        right: answered("id='2' from='jabber.test' version='1.0'"),
        after: Array(loggedIn.dropLast())
    ),
]

@Suite("faults in the form of packets, each beside what has nearly the same form")
struct FormRuleTests {
    @Test("addresses", arguments: ofAddresses) fileprivate func addresses(_ fault: Fault) { expect(fault) }
    @Test("contact lists", arguments: ofRosters) fileprivate func rosters(_ fault: Fault) { expect(fault) }
    @Test("errors", arguments: ofErrors) fileprivate func errors(_ fault: Fault) { expect(fault) }
    @Test("namespaces and text", arguments: ofNamespaces) fileprivate func namespaces(_ fault: Fault) { expect(fault) }
    @Test("stream headers", arguments: ofHeaders) fileprivate func headers(_ fault: Fault) { expect(fault) }

    private func expect(_ fault: Fault) {
        let (found, near) = (codes(fault.faulty), codes(fault.right))
        #expect(found.contains(fault.code), "found only \(found)")
        #expect(!near.contains(fault.code), "\(fault.right.last ?? "") has it too")
    }
}
