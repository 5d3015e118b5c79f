import Explain
import Session
import Testing
import XMPP

/// The lines about what went wrong.
private func troubles(_ lines: [String]) -> [String] {
    var session = Session()
    var explainer = Explainer()
    for line in lines {
        let direction: Direction = line.hasPrefix("C ") ? .clientToServer : .serverToClient
        for event in session.received(Array(line.dropFirst(2).utf8)[...], direction, time: 1) {
            if case .packet(let packet) = event { _ = explainer.explain(packet) }
        }
    }
    return explainer.troubles(unanswered: session.unanswered)
}

private let header =
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'"

struct TroublesTests {
    @Test("refusals are told with their requests, and stanzas before the login by their numbers")
    func refusals() {
        let told = troubles([
            "C \(header) to='a.example'>", "S \(header) from='a.example' id='1'>", "S <stream:features/>",
            "C <iq type='get' id='1'><query xmlns='jabber:iq:version'/></iq>",
            "S <iq type='error' id='1'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>",
            "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>",
            "C <message to='b@a.example'><body>o</body></message>",
        ])
        #expect(told.count == 3)
        #expect(told[0].hasPrefix("Refused: 004 by 005. The server does not say which program it is: "))
        #expect(told[1].hasPrefix("Refused: 006 by 007, login as a"))
        #expect(told[2] == "Sent before the login: 004 and 008.")
    }

    @Test("many requests without an answer are told by their numbers")
    func unanswered() {
        let requests = (1...7).map { "C <iq type='get' id='\($0)'><query xmlns='jabber:iq:auth'/></iq>" }
        let told = troubles(["C \(header) to='a.example'>", "S \(header) from='a.example' id='1'>"] + requests)
        #expect(told == ["Without an answer: 003, 004, 005, 006, 007, 008 and 009."])
        #expect(troubles(["C \(header) to='a.example'>"] + requests.prefix(2)) == [])
    }

    @Test("of many refusals the first ones are told, and how many more there were")
    func many() {
        let refusal = "<error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
        let refused = (1...22).flatMap {
            [
                "C <iq type='get' id='\($0)'><query xmlns='jabber:iq:version'/></iq>",
                "S <iq type='error' id='\($0)'>\(refusal)</iq>",
            ]
        }
        let told = troubles(["C \(header) to='a.example'>", "S \(header) from='a.example' id='1'>"] + refused)
        #expect(told.count { $0.hasPrefix("Refused: ") } == 20)
        #expect(told.contains("Refused as well: 2 more."))
    }

    @Test("one stanza before the login is told by the summary alone")
    func early() {
        let told = troubles([
            "C \(header) to='a.example'>", "S \(header) from='a.example' id='1'>", "S <stream:features/>",
            "C <message to='b@a.example'><body>o</body></message>",
        ])
        #expect(told == [])
    }
}
