import Testing

private let register = "<query xmlns='jabber:iq:register'>"
private let data = "\(register)<username>juliet</username><password>1234</password></query>"
private let management = "xmlns='urn:xmpp:sm:3'"

/// What a packet means depends on what went before it, and on when that was.
private let states: [Case] = [
    Case(
        name: "a session that is resumed needs no resource",
        lines: loggedIn + [
            "C <resume \(management) h='1' previd='x'/>", "S <resumed \(management) h='1' previd='x'/>",
            "C <message to='nurse@capulet.test'><body>x</body></message>",
        ],
        says: ["A message to nurse@capulet.test"],
        never: ["has not bound a resource"]
    ),
    Case(
        name: "also where it is resumed within the login",
        lines: opened + [
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>AHJvbWVvADEyMzQ=</initial-response><resume \(management) h='1' previd='x'/></authenticate>",
            "S <success xmlns='urn:xmpp:sasl:2'><authorization-identifier>romeo@jabber.test</authorization-identifier><resumed \(management) h='1' previd='x'/></success>",
            "C <message to='nurse@capulet.test'><body>x</body></message>",
        ],
        says: ["A message to nurse@capulet.test"],
        never: ["has not bound a resource"]
    ),
    Case(
        name: "who is anonymous has no password to be changed",
        lines: opened + [
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>",
            "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "C " + clientHeader, "S " + serverHeader,
            "C <iq type='set' id='r1'>\(data)</iq>", "S <iq type='result' id='r1'/>",
        ],
        says: ["juliet@jabber.test now exists"],
        never: ["password of"]
    ),
    Case(
        name: "what was asked before the login is a registration, whenever it is answered",
        lines: opened + [
            "C <iq type='set' id='r1'>\(data)</iq>",
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHJvbWVvADEyMzQ=</auth>",
            "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "S <iq type='result' id='r1'/>",
        ],
        says: ["juliet@jabber.test now exists"],
        never: ["is changed"]
    ),
    Case(
        name: "a server that answers in the client's own name",
        lines: bound + [
            "C <iq type='get' id='p1'><query xmlns='jabber:iq:private'><x xmlns='y:z'/></query></iq>",
            "S <iq type='result' id='p1' from='romeo@jabber.test/orchard' to='romeo@jabber.test/orchard'><query xmlns='jabber:iq:private'><x xmlns='y:z'/></query></iq>",
        ],
        says: ["The private storage holds"],
        never: ["The client answers", "an answer with the id"]
    ),
    Case(
        name: "the fields of a form are asked for, also from who sends plain ones",
        lines: opened + [
            "C <iq type='get' id='r1'>\(register)</query></iq>",
            "S <iq type='result' id='r1'>\(register)<x xmlns='jabber:x:data' type='form'><field var='username'/><field var='password'/></x></query></iq>",
            "C <iq type='set' id='r2'>\(data)</iq>",
        ],
        says: ["to register the user juliet"],
        never: ["did not ask for"]
    ),
    Case(
        name: "some of what was asked for is not all of it",
        lines: opened + [
            "C <iq type='get' id='r1'>\(register)</query></iq>",
            "S <iq type='result' id='r1'>\(register)<username/><password/><email/></query></iq>",
            "C <iq type='set' id='r2'>\(data)</iq>",
        ],
        says: ["the client sends some of what the server asked for", "asked for email"]
    ),
    Case(
        name: "a key is nothing personal",
        lines: opened + [
            "C <iq type='get' id='r1'>\(register)</query></iq>",
            "S <iq type='result' id='r1'>\(register)<username/><password/><key>abc</key></query></iq>",
        ],
        says: ["Registration step 2 of 4"],
        never: ["has not logged in, so", "personal data"]
    ),
    Case(
        name: "giving a resource back is not asking for one",
        lines: bound + [
            "C <iq type='set' id='u1'><unbind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>orchard</resource></unbind></iq>"
        ],
        says: ["<unbind/>"],
        never: ["asks for the resource"]
    ),
    Case(
        name: "an answer to the wrong one names from whom the request came",
        lines: bound + [
            "S <iq type='get' id='v1' from='nurse@capulet.test/a' to='romeo@jabber.test/orchard'><query xmlns='jabber:iq:version'/></iq>",
            "C <iq type='result' id='v1' to='nurse@capulet.test/b'/>",
        ],
        says: ["came from nurse@capulet.test/a, so this is no answer to it"]
    ),
]

struct StateTests {
    @Test("what went before decides what is said", arguments: states)
    func state(_ test: Case) { expect(test) }
}
