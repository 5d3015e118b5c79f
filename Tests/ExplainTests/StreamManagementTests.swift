import Testing

private let sm = "xmlns='urn:xmpp:sm:3'"
private let conditions = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"

private func message(_ side: String, _ id: String, _ text: String = "x") -> String {
    side == "C"
        ? "C <message to='nurse@capulet.test' id='\(id)'><body>\(text)</body></message>"
        : "S <message from='nurse@capulet.test/a' id='\(id)'><body>\(text)</body></message>"
}

private func ack(_ side: String, _ h: Int) -> String { "\(side) <a \(sm) h='\(h)'/>" }
private let request = "C <r \(sm)/>"

/// On, and can be resumed as s1: packets 009 and 010.
private let managed =
    bound + ["C <enable \(sm) resume='true' max='600'/>", "S <enabled \(sm) id='s1' resume='true' max='300'/>"]

private let counting: [Case] = [
    Case(
        name: "it is told for how long",
        lines: managed,
        says: ["lets the client resume after a break, within 300 s, not 600 s as the client wants."]
    ),
    Case(
        name: "a question is about what is not acknowledged",
        lines: managed + [message("C", "1"), message("C", "2"), request],
        says: ["; 2 are not acknowledged yet: 011 and 012."]
    ),
    Case(
        name: "one of two has arrived",
        lines: managed + [message("C", "1"), message("C", "2"), ack("S", 1)],
        says: ["The server has received 1 stanza. Not acknowledged yet: 012."],
        never: ["Warning"]
    ),
    Case(
        name: "all has arrived",
        lines: managed + [message("C", "1"), message("C", "2"), ack("S", 2)],
        says: ["has received 2 stanzas. Nothing is outstanding."]
    ),
    Case(
        name: "the client counts what it receives",
        lines: managed + [message("S", "1"), "S <r \(sm)/>", ack("C", 1)],
        says: ["The client has received 1 stanza. Nothing is outstanding."],
        never: ["Warning"]
    ),
    Case(
        name: "too much, from a count that was right",
        lines: managed + [message("C", "1"), ack("S", 1), message("C", "2"), ack("S", 3)],
        says: [
            "Warning: it acknowledges 3 stanzas, but only 2 were sent since stream management began; the count was right in 012"
        ]
    ),
    Case(
        name: "too much by what went before",
        lines: managed + [message("C", "1"), ack("S", 2)],
        says: [
            "but only 1 was sent since stream management began; 1 was sent before it, which must not be counted"
        ]
    ),
    Case(
        name: "still too much",
        lines: managed + [message("C", "1"), ack("S", 2), message("C", "2"), ack("S", 3)],
        says: ["it is 1 too high since 012"]
    ),
    Case(
        name: "a count that falls",
        lines: managed + [message("C", "1"), message("C", "2"), ack("S", 2), ack("S", 1)],
        says: ["Warning: it acknowledged 2 in 013 already"]
    ),
    Case(
        name: "a count that wraps is none that falls",
        lines: managed + [message("C", "1"), "S <a \(sm) h='4294967295'/>"],
        says: ["4294967295 stanzas"],
        never: ["already"]
    ),
    Case(
        name: "a stanza that is never counted",
        lines: managed + [
            message("C", "1"), message("C", "2"), request, ack("S", 1), message("C", "3"), request, ack("S", 2),
            message("C", "4"), request, ack("S", 3),
        ],
        says: [
            "Note: each answer since 014 is 1 behind what had been sent when it was asked for: 1 stanza before 014 is"
        ]
    ),
    Case(
        name: "an answer that was on its way is not behind",
        lines: managed + [
            message("C", "1"), request, message("C", "2"), ack("S", 1), request, message("C", "3"), ack("S", 2),
            request,
            message("C", "4"), ack("S", 3), request, ack("S", 4),
        ],
        says: ["Nothing is outstanding."],
        never: ["behind"]
    ),
    Case(
        name: "twice is once too often",
        lines: managed + ["C <enable \(sm)/>"],
        says: ["a second time.", "Warning: it is on since 010 already"]
    ),
    Case(
        name: "and is refused for that",
        lines: managed + ["C <enable \(sm)/>", "S <failed \(sm)><unexpected-request \(conditions)/></failed>"],
        says: ["The server refuses stream management: it is on already (unexpected-request)."]
    ),
]

/// A first connection, and what is told at the end of a second one.
private struct Resumption: Sendable, CustomTestStringConvertible {
    let name: String
    let first: [String]
    let second: [String]
    let says: [String]
    var never: [String] = []
    var testDescription: String { name }
}

private func resume(_ h: Int, _ id: String = "s1") -> String { "C <resume \(sm) previd='\(id)' h='\(h)'/>" }
private func resumed(_ h: Int, _ id: String = "s1") -> String { "S <resumed \(sm) previd='\(id)' h='\(h)'/>" }
private let over = "S <failed \(sm)><item-not-found \(conditions)/></failed>"
private let rebound = bound.suffix(2) + ["C <enable \(sm)/>", "S <enabled \(sm)/>"]

private let resumptions: [Resumption] = [
    Resumption(
        name: "nothing was lost",
        first: [message("C", "1"), message("S", "2")],
        second: [resume(1), resumed(1)],
        says: ["The server resumes the earlier session s1; it had received 1 stanza of it. Nothing was lost."],
        never: ["Warning"]
    ),
    Resumption(
        name: "what was lost is told, in both directions",
        first: [message("C", "1"), message("C", "2"), message("C", "3"), message("S", "4"), message("S", "5")],
        second: [resume(1), resumed(1)],
        says: [
            "2 stanzas of the client had not arrived, which it has to send again: 012 and 013 of connection 1.",
            "1 stanza of the server had not arrived, which it has to send again: 015 of connection 1.",
        ]
    ),
    Resumption(
        name: "it is sent again",
        first: [message("C", "1"), message("C", "2")],
        second: [resume(0), resumed(1), message("C", "2")],
        says: ["Note: it is 012 of connection 1 again, which had not arrived."],
        never: ["Warning"]
    ),
    Resumption(
        name: "with the time at which the server got it",
        first: [message("S", "1"), message("S", "2")],
        second: [
            resume(1), resumed(0),
            "S <message from='nurse@capulet.test/a' id='2'><body>x</body><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/></message>",
        ],
        says: ["Note: it is 012 of connection 1 again"]
    ),
    Resumption(
        name: "what had arrived is delivered twice",
        first: [message("C", "1"), message("C", "2")],
        second: [resume(0), resumed(2), message("C", "2")],
        says: ["Warning: it is 012 of connection 1 again, which the server has acknowledged, so it is delivered twice"]
    ),
    Resumption(
        name: "a room's history, which comes again with a new join, is nothing of the kind",
        first: ["S <message type='groupchat' from='a@rooms.jabber.test/b' id='1'><body>x</body></message>"],
        second: [
            resume(1), resumed(0),
            "S <message type='groupchat' from='a@rooms.jabber.test/b' id='1'><body>x</body><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/></message>",
        ],
        says: ["It is an earlier one"],
        never: ["Warning", "again"]
    ),
    Resumption(
        name: "another message is nothing of the kind",
        first: [message("C", "1"), message("C", "2")],
        second: [resume(0), resumed(2), message("C", "2", "another text"), message("C", "3")],
        says: ["A message to nurse@capulet.test"],
        never: ["Warning", "again"]
    ),
    Resumption(
        name: "the counters go on",
        first: [message("C", "1"), message("C", "2")],
        second: [resume(0), resumed(1), message("C", "2"), message("C", "3"), ack("S", 3)],
        says: ["has received 3 stanzas. Nothing is outstanding."],
        never: ["Warning"]
    ),
    Resumption(
        name: "a count that fell in the break",
        first: [message("C", "1"), message("C", "2"), ack("S", 2)],
        second: [resume(0), resumed(1)],
        says: ["Warning: the server acknowledged 2 in 013 of connection 1 already"]
    ),
    Resumption(
        name: "more than was ever sent",
        first: [message("S", "1")],
        second: [resume(3), resumed(0)],
        says: ["Warning: the client says that it had received 3, but only 1 was sent"]
    ),
    Resumption(
        name: "a session that is over",
        first: [message("C", "1"), message("C", "2"), ack("S", 1)],
        second: [resume(0), over],
        says: [
            "does not resume the earlier session s1: the session is over",
            "Whether 012 of connection 1 arrived is not known.",
        ]
    ),
    Resumption(
        name: "what had arrived of it is not to be sent again",
        first: [message("C", "1"), message("C", "2"), ack("S", 1)],
        second: [resume(0), over] + rebound + [message("C", "1")],
        says: ["Warning: it is 011 of connection 1 again, which the server has acknowledged"]
    ),
    Resumption(
        name: "what may not have arrived is",
        first: [message("C", "1"), message("C", "2"), ack("S", 1)],
        second: [resume(0), over] + rebound + [message("C", "2")],
        says: ["A message to nurse@capulet.test"],
        never: ["Warning"]
    ),
    Resumption(
        name: "a session of another recording",
        first: [],
        second: [resume(7, "other"), resumed(9, "other"), message("C", "1"), ack("S", 10)],
        says: ["has received 10 stanzas."],
        never: ["Warning", "outstanding"]
    ),
    Resumption(
        name: "the client is who it was",
        first: [message("C", "1")],
        second: [
            resume(0), resumed(1),
            "S <message from='romeo@jabber.test/other' to='romeo@jabber.test/orchard'><body>x</body></message>",
        ],
        says: ["same account's session \"other\""],
        never: ["to romeo@jabber.test"]
    ),
]

@Suite("the referee of stream management")
struct StreamManagementTests {
    @Test("both counters", arguments: counting)
    fileprivate func counters(_ test: Case) { expect(test) }

    @Test("over resumptions", arguments: resumptions)
    fileprivate func over(_ test: Resumption) {
        let second = told(connections: [managed + test.first, loggedIn + test.second])[1]
        let last = second.dropLast().last ?? ""
        for text in test.says { #expect(last.contains(text), "\(text) is not in:\n\(last)") }
        for text in test.never { #expect(!last.contains(text), "\(text) is in:\n\(last)") }
    }

    @Test("the summary tells which session went on")
    func summary() {
        let second = told(connections: [managed, loggedIn + [resume(0), resumed(0)]])[1].last ?? ""
        let expected =
            "Login as romeo@jabber.test by PLAIN succeeded, then resuming the session of connection 1 succeeded: "
        #expect(second.contains(expected), "\(second)")
    }

    @Test("within a login by SASL2", arguments: [true, false])
    func inLogin(succeeds: Bool) {
        let answer =
            succeeds
            ? "<resumed \(sm) previd='s1' h='1'/>" : "<failed \(sm) h='1'><item-not-found \(conditions)/></failed>"
        let second = told(connections: [
            managed + [message("C", "1"), message("C", "2")],
            opened + [
                "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>AHJvbWVvADEyMzQ=</initial-response><resume \(sm) h='0' previd='s1'/></authenticate>",
                "S <success xmlns='urn:xmpp:sasl:2'><authorization-identifier>romeo@jabber.test</authorization-identifier>\(answer)</success>",
            ],
        ])[1]
        let last = second.dropLast().last ?? ""
        let says = succeeds ? "1 stanza of the client had not arrived" : "012 of connection 1 did not."
        #expect(last.contains(says) && !last.contains("Warning: the"), "\(last)")
    }

    @Test("a session belongs to its account")
    func otherAccount() {
        let other = loggedIn.map { $0.replacing("AHJvbWVvADEyMzQ=", with: base64("\0juliet\u{0}1234")) }
        let second = told(connections: [managed, other + [resume(0), resumed(0)]])[1]
        #expect(
            second.dropLast().last?.contains("belongs to romeo@jabber.test, but the login is that of juliet") == true
        )
    }
}
