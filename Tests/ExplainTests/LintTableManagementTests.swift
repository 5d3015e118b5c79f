import Testing

private let namespace = "xmlns='urn:xmpp:sm:3'"
private let enable = "C <enable \(namespace)/>"
private let request = "C <r \(namespace)/>"
private func handled(_ count: Int, by side: String = "S") -> String { "\(side) <a \(namespace) h='\(count)'/>" }
private func says(_ id: String) -> String {
    "C <message type='chat' id='\(id)' to='juliet@jabber.test'><body>\(id)</body></message>"
}

private let managed = inSession + [enable, "S <enabled \(namespace)/>"]
private let offered =
    "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm \(namespace)/></stream:features>"

private let ofCounts: [LintProof] = [
    LintProof(
        "sm.off",
        "XEP-0198 section 4",
        after: inSession,
        [request],
        near: [enable, "S <enabled \(namespace)/>", request]
    ),
    LintProof(
        "sm.off",
        "XEP-0198 section 4",
        after: inSession,
        [handled(0, by: "C")],
        near: [enable, "S <enabled \(namespace)/>", handled(0, by: "C")]
    ),
    LintProof(
        "sm.enabled.early",
        "XEP-0198 section 3",
        after: provedIn + [offered],
        [enable],
        near: [bind, isBound, enable]
    ),
    LintProof(
        "sm.enabled.early",
        "XEP-0198 section 3",
        after: [],
        opened + ["S <stream:features><sm \(namespace)/></stream:features>", enable],
        // Servers bind nothing (XEP-0198 section 3).
        near: betweenServers + [enable]
    ),
    LintProof(
        "sm.enabled.twice",
        "XEP-0198 section 3",
        after: inSession + [enable],
        ["S <enabled \(namespace)/>", enable],
        near: ["S <enabled \(namespace)/>", request]
    ),
    LintProof(
        "sm.handled.missing",
        "XEP-0198 section 4",
        after: managed,
        ["S <a \(namespace)/>"],
        near: [handled(0)]
    ),
    LintProof(
        "sm.handled.missing",
        "XEP-0198 section 4",
        after: managed,
        ["S <a \(namespace) h='-1'/>"],
        near: [says("a"), handled(1)]
    ),
    LintProof(
        "sm.handled.too-high",
        "XEP-0198 section 6",
        after: managed + [says("a"), request],
        [handled(2)],
        near: [handled(1)]
    ),
    LintProof(
        "sm.handled.fell",
        "XEP-0198 section 4",
        after: managed + [says("a"), says("b"), handled(2)],
        [handled(1)],
        near: [handled(2)]
    ),
    LintProof(
        "sm.handled.behind",
        "XEP-0198 section 4",
        after: managed,
        [says("a"), request, handled(0), says("b"), request, handled(1), says("c"), request, handled(2)],
        near: [says("a"), request, handled(0), says("b"), request, handled(1), says("c"), request, handled(3)]
    ),
    LintProof(
        "sm.acknowledged.after-end",
        "RFC 6120 section 4.4",
        after: managed,
        ["C </stream:stream>", handled(0, by: "C")],
        near: [handled(0, by: "C"), "C </stream:stream>"]
    ),
]

private let bind =
    "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>"
private let isBound =
    "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>"

/// A stream between servers, behind the login by certificates.
private let betweenServers: [String] = [0, 1].flatMap { stream in
    [
        "C <stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' from='capulet.test' to='jabber.test' version='1.0'>",
        "S <stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' from='jabber.test' to='capulet.test' id='\(stream)' version='1.0'>",
    ]
        + (stream == 1
            ? ["S <stream:features><sm \(namespace)/></stream:features>"]
            : [offers("EXTERNAL"), auth("EXTERNAL", "capulet.test"), success()])
}

/// A session that can be resumed, and breaks off.
private let broken =
    inSession + [
        "C <enable \(namespace) resume='true'/>", "S <enabled \(namespace) id='s1' resume='true'/>", says("a"), "--",
    ]

/// The next connection, logged in anew.
private func again(as user: String = "romeo") -> [String] {
    opened + [
        offers("SCRAM-SHA-1"),
        auth("SCRAM-SHA-1", "n,,n=\(user),r=other0123456789"),
        challenge("r=other0123456789more9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
        response("c=biws,r=other0123456789more9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
        success("v=Zj6JjF6Y2wWwjAXaIyU7aTFi+Ss="),
        "C " + clientHeader,
        "S " + serverHeader.replacing("id='1'", with: "id='4'"),
        offered,
        "C <resume \(namespace) previd='s1' h='0'/>",
    ]
}
private func resumed(_ count: Int) -> String { "S <resumed \(namespace) previd='s1' h='\(count)'/>" }

private let ofResuming: [LintProof] = [
    LintProof(
        "sm.resume.after-bind",
        "XEP-0198 section 5",
        after: provedIn + [offered],
        [bind, isBound, "C <resume \(namespace) previd='s0' h='0'/>"],
        near: ["C <resume \(namespace) previd='s0' h='0'/>"]
    ),
    LintProof(
        "sm.resume.other-account",
        "XEP-0198 section 10",
        after: broken,
        again(as: "juliet") + [resumed(1)],
        near: again() + [resumed(1)]
    ),
    LintProof(
        "sm.sent-again",
        "XEP-0198 section 5",
        after: broken + again(),
        [resumed(0), says("a")],
        near: [resumed(1), says("b")]
    ),
    LintProof(
        "sm.sent-twice",
        "XEP-0198 section 5",
        after: broken + again(),
        [resumed(1), says("a")],
        near: [resumed(1), says("b")]
    ),
]

@Suite("stream management: each kind of finding, and what nearly is one")
struct LintTableManagementTests {
    @Test("counting", arguments: ofCounts) func counts(_ proof: LintProof) { proof.expect() }
    @Test("resuming", arguments: ofResuming) func resuming(_ proof: LintProof) { proof.expect() }
}
