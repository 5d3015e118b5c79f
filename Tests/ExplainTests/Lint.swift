import Explain
import Session
import Testing
import XMPP

/// A conversation and the kinds of findings that it must have, no more and no less. What is said in the clear is not encrypted, so that a
/// password in it needs no word.
struct Lint: Sendable, CustomTestStringConvertible {
    let name: String
    let lines: [String]
    let finds: Set<String>
    let isEncrypted: Bool
    var testDescription: String { name }

    /// - Parameter before: how the conversation begins.
    init(_ name: String, after before: [String], _ lines: [String], finds: Set<String>, isEncrypted: Bool = false) {
        self.name = name
        self.lines = before + lines
        self.finds = finds
        self.isEncrypted = isEncrypted
    }
}

/// Runs a case.
func expect(_ test: Lint) {
    var found = findings(in: test.lines, isEncrypted: test.isEncrypted)
    if !test.isEncrypted, !test.finds.contains("login.password.in-clear") { found["login.password.in-clear"] = nil }
    for code in test.finds where found[code] == nil { Issue.record("\(code) is not found in: \(test.name)") }
    for (code, text) in found where !test.finds.contains(code) { Issue.record("found \(code): \(text)") }
    for code in test.finds where ProtocolTable.codes[code] == nil { Issue.record("\(code) is not documented") }
}

/// The findings of a conversation by their codes.
private func findings(in lines: [String], isEncrypted: Bool) -> [String: String] {
    var (session, explainer) = (Session(), Explainer())
    if isEncrypted {
        for side in [Side.server, .client] { explainer.tlsBegan(with: side, hidesChannelBinding: true) }
    }
    var found: [String: String] = [:]
    for line in lines {
        let direction: Direction = line.hasPrefix("C") ? .clientToServer : .serverToClient
        for event in session.received(Array(line.dropFirst(2).utf8)[...], direction, time: nil) {
            guard case .packet(let packet) = event else { continue }
            for finding in explainer.explain(packet).findings { found[finding.code] = finding.text }
        }
    }
    return found
}

/// A login by SCRAM with a new stream after it.
let provedIn: [String] =
    opened + [
        offers("SCRAM-SHA-1", "PLAIN"),
        auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
        challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
        response("c=biws,r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
        success("v=Zj6JjF6Y2wWwjAXaIyU7aTFi+Ss="),
        "C <stream:stream to='jabber.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
        "S <stream:stream from='jabber.test' id='2' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
    ]

/// In session as romeo: logged in by SCRAM, with the features of a server of today, and an address.
let inSession: [String] =
    provedIn + [
        "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session><sm xmlns='urn:xmpp:sm:3'/><ver xmlns='urn:xmpp:features:rosterver'/></stream:features>",
        "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
        "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
    ]
