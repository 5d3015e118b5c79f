import Explain
import Session
import Testing
import XMPP

private func header(_ attributes: String, content: String = "jabber:client") -> String {
    "<stream:stream \(content.isEmpty ? "" : "xmlns='\(content)' ")xmlns:stream='http://etherx.jabber.org/streams' \(attributes)>"
}
private let ofHeaders: [LintProof] = [
    LintProof(
        "stream.header.to",
        "RFC 6120 section 4.7.2",
        after: [],
        ["C " + header("version='1.0'")],
        near: ["C " + header("to='jabber.test' version='1.0'")]
    ),
    LintProof(
        "stream.header.from",
        "RFC 6120 section 4.7.1",
        after: [],
        ["C " + header("to='jabber.test' from='romeo@' version='1.0'")],
        near: ["C " + header("to='jabber.test' from='romeo@jabber.test' version='1.0'")]
    ),
    LintProof(
        "stream.header.domain",
        "RFC 6120 section 4.7.1",
        after: ["C " + clientHeader],
        ["S " + header("from='capulet.test' id='1' version='1.0'")],
        near: ["S " + header("from='jabber.test' id='1' version='1.0'")]
    ),
    LintProof(
        "stream.header.no-namespace",
        "RFC 6120 section 4.8.2",
        after: [],
        ["C " + header("to='jabber.test' version='1.0'", content: "")],
        near: ["C " + header("to='jabber.test' version='1.0'")]
    ),
    LintProof(
        "stream.header.namespace",
        "RFC 6120 section 4.8.2",
        after: [],
        ["C " + header("to='jabber.test' version='1.0'", content: "jabber:clients")],
        near: ["C " + header("to='jabber.test' version='1.0'")]
    ),
    LintProof(
        "stream.none",
        "RFC 6120 section 4.2",
        after: [],
        ["C <presence xmlns='jabber:client'>"],
        near: ["C " + clientHeader, "S " + serverHeader]
    ),
]

private let mayEncrypt =
    opened + [
        "S <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>",
        "C <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    ]
private let agreed = "S <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

private let ofOrder: [LintProof] = [
    LintProof(
        "tls.before-answer",
        "RFC 6120 section 5.4.3.3",
        after: mayEncrypt,
        ["C <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>"],
        near: [agreed]
    ),
    LintProof(
        "tls.before-handshake",
        "RFC 6120 section 5.4.3.3",
        after: mayEncrypt,
        [agreed + " "],
        near: [agreed]
    ),
    LintProof(
        "stream.after-end",
        "RFC 6120 section 4.4",
        after: inSession,
        ["C </stream:stream>", "C <presence type='unavailable'/>"],
        near: ["C <presence type='unavailable'/>", "C </stream:stream>"]
    ),
    LintProof(
        "stanza.unknown",
        "RFC 6120 section 4.9.3.24",
        after: inSession,
        ["C <query/>"],
        near: ["C <presence/>"]
    ),
]

private let component = [
    "C " + header("to='echo.jabber.test'", content: "jabber:component:accept"),
    "S " + header("from='echo.jabber.test' id='3BF96D32'", content: "jabber:component:accept"),
    "C <handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e</handshake>",
    "S <handshake/>",
]
private func fromComponent(_ attributes: String) -> String {
    "C <message type='chat' to='romeo@jabber.test' \(attributes)><body>a</body></message>"
}

private let ofComponents: [LintProof] = [
    LintProof(
        "stanza.address.missing",
        "RFC 6120 section 8.1.1.2",
        after: component,
        [fromComponent("")],
        near: [fromComponent("from='echo.jabber.test'")]
    ),
    LintProof(
        "stanza.from.foreign",
        "RFC 6120 section 8.1.2.2",
        after: component,
        [fromComponent("from='bot@jabber.test'")],
        near: [fromComponent("from='bot@echo.jabber.test/x'")]
    ),
]

@Suite("streams and stanzas: each kind of finding, and what nearly is one")
struct LintTableStreamTests {
    @Test("headers", arguments: ofHeaders) func headers(_ proof: LintProof) { proof.expect() }
    @Test("what comes when", arguments: ofOrder) func order(_ proof: LintProof) { proof.expect() }
    @Test("components", arguments: ofComponents) func components(_ proof: LintProof) { proof.expect() }

    @Test("what stanzatap changed has a note, what it passed on has none", arguments: [true, false])
    func changed(isChanged: Bool) {
        var (session, explainer) = (Session(), Explainer())
        let features = Array(offers("SCRAM-SHA-1").dropFirst(2).utf8)
        let original = Array(offers("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS").dropFirst(2).utf8)
        var events = session.received(Array(clientHeader.utf8)[...], .clientToServer, time: nil)
        events += session.received(Array(serverHeader.utf8)[...], .serverToClient, time: nil)
        events += session.received(
            features[...],
            .serverToClient,
            time: nil,
            origin: isChanged ? .changed(original: original, reason: "stanzatap took -PLUS out") : .peer
        )
        let codes = events.flatMap { event -> [String] in
            if case .packet(let packet) = event { explainer.explain(packet).findings.map(\.code) } else { [] }
        }
        #expect(codes == (isChanged ? ["stanzatap.changed"] : []))
        #expect(ProtocolTable.codes["stanzatap.changed"]?.reference.isEmpty == true)
    }
}
