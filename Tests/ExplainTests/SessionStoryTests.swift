import Testing

private func iq(_ from: String, _ type: String, _ content: String, _ attributes: String = "id='1'") -> String {
    "\(from) <iq type='\(type)' \(attributes)>\(content)</iq>"
}

private let stories: [Case] = [
    Case(
        name: "a client's header",
        lines: ["C " + clientHeader],
        says: ["The client opens a stream to jabber.test. version='1.0' says"]
    ),
    Case(
        name: "a header from before XMPP 1.0",
        lines: ["C <stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"],
        says: ["It gives no version, as before XMPP 1.0"]
    ),
    Case(
        name: "a header without to",
        lines: [
            "C <stream:stream version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
        ],
        says: ["without saying to which domain", "Warning: the stream header has no 'to'"]
    ),
    Case(
        name: "no stream at all",
        lines: ["C <html>"],
        says: ["begins with the element html, which is no XMPP stream"]
    ),
    Case(
        name: "a header in the middle of a stream",
        lines: opened + ["C " + clientHeader],
        says: ["opens another stream", "Warning: nothing asked for a new stream here"]
    ),
    Case(
        name: "a header after the login",
        lines: Array(loggedIn.dropLast()),
        says: ["opens the stream anew, now as romeo@jabber.test"]
    ),
    Case(
        name: "features after the login",
        lines: loggedIn + [
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><x xmlns='urn:xmpp:carbons:2'/></stream:features>"
        ],
        says: ["Now that the client has logged in", "binding a resource; Message Carbons (XEP-0280)"]
    ),
    Case(
        name: "a stream error",
        lines: opened + ["S <stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"],
        says: ["The server ends the stream with the error host-unknown: this server does not serve that domain."],
        summary:
            "A connection with jabber.test: the facts. The server ended the stream with the error host-unknown: this server does not serve that domain."
    ),
    Case(
        name: "a client sent elsewhere",
        lines: opened + [
            "S <stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>b:1</see-other-host></stream:error>"
        ],
        says: ["Note: the client will go to \"b:1\" directly, past stanzatap."]
    ),
    Case(
        name: "STARTTLS",
        lines: opened + ["S <stream:features/>", "C <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"],
        says: ["The client asks to encrypt the connection.", "Note: the server's features did not offer STARTTLS."]
    ),
    Case(
        name: "something between <starttls/> and the answer",
        lines: opened + [
            "C <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "C <iq id='1' type='get'><q xmlns='q'/></iq>",
        ],
        says: ["Warning: sent between <starttls/> and the server's answer"]
    ),
    Case(
        name: "STARTTLS refused",
        lines: opened + [
            "C <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
            "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        ],
        says: ["The server refuses to start TLS"]
    ),
    Case(
        name: "PLAIN",
        lines: loggedIn.prefix(3).map(\.self),
        says: ["logs in as romeo by PLAIN", "Warning: the password crosses the network unencrypted."]
    ),
    Case(
        name: "SCRAM",
        lines: opened + [
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>biwsbj1yb209MkNlbyxyPWFiYw==</auth>"
        ],
        says: ["logs in as rom,eo by SCRAM-SHA-1, which proves"],
        never: ["Warning"]
    ),
    Case(
        name: "a login refused",
        lines: Array(loggedIn.prefix(3)) + [
            "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/><text>No.</text></failure>"
        ],
        says: ["The server refuses the login: user name or password is wrong", "(not-authorized). It says: \"No.\""],
        summary:
            "Login as romeo@jabber.test by PLAIN failed: user name or password is wrong, or the account does not exist (not-authorized). Check user name and password. The facts."
    ),
    Case(
        name: "base64 that is none",
        lines: opened + ["C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%%%</auth>"],
        says: ["The client logs in by PLAIN"]
    ),
    Case(
        name: "the old login",
        lines: opened + [
            iq(
                "C",
                "set",
                "<query xmlns='jabber:iq:auth'><username>romeo</username><password>x</password><resource>r</resource></query>"
            )
        ],
        says: ["logs in the old way as romeo@jabber.test/r, with its password", "Warning: the password"]
    ),
    Case(
        name: "bind",
        lines: loggedIn + [
            iq("C", "set", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"),
            iq("S", "result", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/x</jid></bind>"),
        ],
        says: ["gives the client the address romeo@jabber.test/x"]
    ),
    Case(
        name: "session",
        lines: loggedIn + [iq("C", "set", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>")],
        says: ["a formality that only old servers need"]
    ),
    Case(
        name: "roster",
        lines: loggedIn + [
            iq("C", "get", "<query xmlns='jabber:iq:roster'/>"),
            iq("S", "result", "<query xmlns='jabber:iq:roster'><item jid='a@b'/></query>"),
        ],
        says: ["The contact list has 1 entry: a@b."]
    ),
    Case(
        name: "a chat message",
        lines: loggedIn + ["C <message to='j@x' type='chat'><body>Hello.</body></message>"],
        says: ["A chat message to j@x: \"Hello.\""]
    ),
    Case(
        name: "a message that bounced",
        lines: loggedIn + [
            "S <message from='j@x' type='error'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        ],
        says: ["A message to j@x could not be delivered: nobody there offers this service (service-unavailable)."],
        never: ["from j@x"]
    ),
    Case(
        name: "presence",
        lines: loggedIn + ["C <presence><show>dnd</show><status>busy</status></presence>"],
        says: ["does not want to be disturbed. Status: \"busy\"."]
    ),
    Case(
        name: "a subscription",
        lines: loggedIn + ["C <presence type='subscribe' to='j@x'/>"],
        says: ["The client asks j@x for permission to see when j@x is online (subscription)."],
        never: ["asks to"]
    ),
    Case(
        name: "an iq known by its namespace",
        lines: loggedIn + [iq("C", "get", "<query xmlns='jabber:iq:version'/>")],
        says: ["The client asks which program the server is (XEP-0092)."]
    ),
    Case(
        name: "an iq error",
        lines: loggedIn + [
            iq("C", "get", "<query xmlns='jabber:iq:version'/>"),
            iq(
                "S",
                "error",
                "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
            ),
        ],
        says: [
            "The server does not say which program it is: nobody there offers this service (service-unavailable)."
        ]
    ),
    Case(
        name: "an answer that nobody waits for",
        lines: loggedIn + [iq("S", "result", "", "id='77'")],
        says: ["Warning: no request with the id \"77\""]
    ),
    Case(
        name: "an iq of no type",
        lines: loggedIn + [iq("C", "odd", "<q xmlns='q'/>")],
        says: ["Warning: an iq must be of type get, set, result or error"]
    ),
    Case(
        name: "stream management",
        lines: loggedIn + ["C <enable xmlns='urn:xmpp:sm:3' resume='true'/>"],
        says: ["and a broken connection can be resumed"]
    ),
    Case(
        name: "acknowledging too much",
        lines: loggedIn + ["C <enable xmlns='urn:xmpp:sm:3'/>", "C <presence/>", "S <a xmlns='urn:xmpp:sm:3' h='5'/>"],
        says: ["Warning: it acknowledges 5 stanzas, but only 1"]
    ),
    Case(
        name: "an unknown nonza",
        lines: loggedIn + ["C <x xmlns='urn:example:y'/>"],
        says: ["sends <x/> of the namespace \"urn:example:y\""]
    ),
    Case(
        name: "after the end",
        lines: loggedIn + ["C </stream:stream>", "C <presence/>"],
        says: ["Warning: the client has closed its stream already"]
    ),
    Case(
        name: "an acknowledgement that crosses the end",
        lines: loggedIn + ["C <enable xmlns='urn:xmpp:sm:3'/>", "S <enabled xmlns='urn:xmpp:sm:3'/>"]
            + ["C </stream:stream>", "S <r xmlns='urn:xmpp:sm:3'/>", "C <a xmlns='urn:xmpp:sm:3' h='0'/>"],
        says: ["Note: the client has closed its stream already"],
        never: ["Warning"]
    ),
    Case(
        name: "a prefix that nobody declared",
        lines: loggedIn + ["C <message><x:y/></message>"],
        says: ["(bad-namespace-prefix); a server may refuse it"]
    ),
    Case(
        name: "names that play tricks",
        lines: loggedIn + ["C <message to='&#x9B;31m&#x202E;x'><body>&#x85;</body></message>"],
        says: ["to &#x9B;31m&#x202E;x: \"&#x85;\""]
    ),
]

struct SessionStoryTests {
    @Test("the rest of a session gets a true sentence", arguments: stories)
    func story(_ test: Case) { expect(test) }
}
