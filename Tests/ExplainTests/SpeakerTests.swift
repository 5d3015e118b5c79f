import Explain
import Session
import Testing
import XMPP

private let conditions = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
private let me = "to='romeo@jabber.test/orchard'"

private let speakers: [Case] = [
    Case(
        name: "a contact asks the client",
        lines: bound + [
            "S <iq type='get' id='v1' from='nurse@capulet.test/x' \(me)><query xmlns='jabber:iq:version'/></iq>"
        ],
        says: ["nurse@capulet.test/x asks which program the client is (XEP-0092)."],
        never: ["The server"]
    ),
    Case(
        name: "the client refuses a contact's request",
        lines: bound + [
            "S <iq type='get' id='v1' from='nurse@capulet.test/x' \(me)><query xmlns='jabber:iq:register'/></iq>",
            "C <iq type='error' id='v1' to='nurse@capulet.test/x'><error type='cancel'><service-unavailable \(conditions)/></error></iq>",
        ],
        says: ["The client refuses the request for registration: it offers no registration (service-unavailable)."],
        never: ["the server"],
        summary: "Login as romeo@jabber.test by PLAIN succeeded: the facts."
    ),
    Case(
        name: "the own bare address is the server, which answers for the account",
        lines: bound + [
            "C <iq type='get' id='v2'><vCard xmlns='vcard-temp'/></iq>",
            "S <iq type='result' id='v2' from='Romeo@jabber.test' \(me)><vCard xmlns='vcard-temp'/></iq>",
        ],
        says: ["The client's own vCard is empty."]
    ),
    Case(
        name: "another session of the same account",
        lines: bound + ["S <presence from='romeo@jabber.test/balcony'/>"],
        says: ["The same account's session \"balcony\" is online."]
    ),
    Case(
        name: "a roster push of a stranger",
        lines: bound + [
            "S <iq type='set' id='r1' from='tybalt@evil.test' \(me)><query xmlns='jabber:iq:roster'><item jid='tybalt@evil.test'/></query></iq>"
        ],
        says: [
            "tybalt@evil.test tries to change the client's contact list: tybalt@evil.test.",
            "Warning: a change of the contact list must come from the client's own account or its server",
        ],
        never: ["The server tells"]
    ),
    Case(
        name: "an address keeps its first letter",
        lines: bound + ["S <message from='nurse@capulet.test' type='chat'><body>Come.</body></message>"],
        says: ["A chat message from nurse@capulet.test: \"Come.\""],
        never: ["Nurse@"]
    ),
    Case(
        name: "a component speaks as a component",
        lines: [
            "C <stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='gate.jabber.test'>",
            "S <stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' from='gate.jabber.test' id='9'>",
            "C <handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e</handshake>", "S <handshake/>",
            "C <message from='gate.jabber.test' to='romeo@jabber.test'><body>x</body></message>",
        ],
        says: ["A message from the component to romeo@jabber.test: \"x\"."],
        never: ["the client", "The client", "XEP-0077"]
    ),
    Case(
        name: "what parts of jabberd say to each other is no XEP-0114",
        lines: [
            "C <stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='c2s'>",
            "C <route xmlns='jabber:component:accept' to='x'/>",
        ],
        says: ["The component routes a packet inside the server"],
        never: ["XEP-0114"]
    ),
    Case(
        name: "a stream between servers is told by the servers' names",
        lines: [
            "C <stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' from='a.test' to='b.test' version='1.0'>",
            "S <stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' from='b.test' to='a.test' id='9' version='1.0'>",
            "S <stream:features/>",
            "C <iq from='x@a.test/y' to='z@b.test/w' type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
        ],
        says: ["x@a.test/y asks whether z@b.test/w is there"],
        never: ["client", "registration"]
    ),
]

private let registrars: [Case] = [
    Case(
        name: "ending a registration with a gateway leaves the account alone",
        lines: bound + [
            "C <iq type='set' id='u1' to='sms.jabber.test'><query xmlns='jabber:iq:register'><remove/></query></iq>",
            "S <iq type='result' id='u1' from='sms.jabber.test' \(me)/>",
        ],
        says: [
            "sms.jabber.test confirms that romeo@jabber.test is no longer registered there. The client's own account stays as it is."
        ],
        never: ["is removed"],
        summary:
            "Login as romeo@jabber.test by PLAIN succeeded, then removal of the registration with sms.jabber.test succeeded: the facts."
    ),
    Case(
        name: "a gateway that is none",
        lines: bound + [
            "C <iq type='get' id='u2' to='sms.jabber.test'><query xmlns='jabber:iq:register'/></iq>",
            "S <iq type='error' id='u2' from='sms.jabber.test' \(me)><error type='cancel'><feature-not-implemented \(conditions)/></error></iq>",
        ],
        says: [
            "Registration with sms.jabber.test refused: sms.jabber.test offers no registration (feature-not-implemented)."
        ],
        never: ["configuration", "web page"]
    ),
    Case(
        name: "a full address of one's own is one's own name",
        lines: bound + [
            "C <iq type='set' id='u3'><query xmlns='jabber:iq:register'><username>romeo@jabber.test</username><password>n</password></query></iq>"
        ],
        says: ["asks to change the password of romeo@jabber.test"],
        never: ["cannot change the password"]
    ),
    Case(
        name: "two registrations at once keep their outcomes",
        lines: opened + [
            "C <iq type='set' id='x1'><query xmlns='jabber:iq:register'><username>ida</username><password>p</password></query></iq>",
            "C <iq type='set' id='x2'><query xmlns='jabber:iq:register'><username>otto</username><password>p</password></query></iq>",
            "S <iq type='error' id='x2'><error type='cancel'><conflict \(conditions)/></error></iq>",
            "S <iq type='result' id='x1'/>",
        ],
        says: ["ida@jabber.test now exists"],
        summary:
            "Registration of ida@jabber.test succeeded, then registration of otto@jabber.test failed: the facts. Registration of otto@jabber.test failed because the name is taken (conflict). Choose another user name. To change the password of that user, log in first."
    ),
    Case(
        name: "a refusal that was overcome is not held against the end",
        lines: bound + [
            "C <iq type='set' id='d1'><query xmlns='jabber:iq:register'><remove/></query></iq>",
            "S <iq type='error' id='d1'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE' type='hidden'><value>jabber:iq:register:cancel</value></field><field var='password'/></x></query><error type='cancel'><not-allowed \(conditions)/></error></iq>",
            "C <iq type='set' id='d2'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>jabber:iq:register:cancel</value></field><field var='password'><value>p</value></field></x></query></iq>",
            "S <iq type='result' id='d2'/>",
        ],
        says: ["the account romeo@jabber.test is removed"],
        summary:
            "Login as romeo@jabber.test by PLAIN succeeded, then removal of romeo@jabber.test succeeded, after the server had asked for more: the facts."
    ),
]

struct SpeakerTests {
    @Test("who says something is told by its address, not by who carried it", arguments: speakers)
    func speaker(_ test: Case) { expect(test) }

    @Test("with whom somebody registers is not mixed up", arguments: registrars)
    func registrar(_ test: Case) { expect(test) }

    @Test("a domain without a server is refused by stanzatap, which has asked no server")
    func hostUnknown() {
        let error = "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
        for origin in [Packet.Origin.peer, .proxy] {
            var session = Session()
            var explainer = Explainer()
            var text = ""
            let said: [(String, Direction, Packet.Origin)] = [
                (clientHeader, .clientToServer, .peer), (serverHeader, .serverToClient, origin),
                (error, .serverToClient, origin),
            ]
            for (said, direction, origin) in said {
                for event in session.received(Array(said.utf8)[...], direction, time: nil, origin: origin) {
                    if case .packet(let packet) = event { text = explainer.explain(packet).text }
                }
            }
            #expect(text.contains("stanzatap knows no server for that domain") == (origin == .proxy), "\(text)")
        }
    }
}
