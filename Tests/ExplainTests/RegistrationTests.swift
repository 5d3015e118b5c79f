import Testing

private let get = "C <iq id='1' type='get'><query xmlns='jabber:iq:register'/></iq>"
private let fields =
    "S <iq id='1' type='result'><query xmlns='jabber:iq:register'><instructions>Do it.</instructions><username/><password/></query></iq>"
private func set(_ content: String, _ attributes: String = "id='2'") -> String {
    "C <iq \(attributes) type='set'><query xmlns='jabber:iq:register'>\(content)</query></iq>"
}
private let juliet = set("<username>juliet</username><password>1234</password>")
private func error(_ inner: String, id: String = "2", echo: String = "") -> String {
    "S <iq id='\(id)' type='error'>\(echo)<error \(inner)</error></iq>"
}
private func condition(_ name: String, type: String = "cancel", text: String = "") -> String {
    "type='\(type)'><\(name) xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
        + (text.isEmpty ? "" : "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>\(text)</text>")
}
private let form = """
    S <iq id='1' type='result'><query xmlns='jabber:iq:register'><instructions>Fill it in</instructions><username/><password/>\
    <x xmlns='jabber:x:data' type='form'><field type='hidden' var='FORM_TYPE'><value>jabber:iq:register</value></field>\
    <field var='username' type='text-single'><required/></field><field var='email'/></x></query></iq>
    """

private let steps: [Case] = [
    Case(
        name: "R0 offered",
        lines: opened + [
            "S <stream:features><register xmlns='http://jabber.org/features/iq-register'/></stream:features>"
        ],
        says: ["registering an account", "Registration is open to this client"],
        never: ["Note:"]
    ),
    Case(
        name: "R0 absent is told when it matters",
        lines: opened + ["S <stream:features/>", get],
        says: ["Note: in-band registration is not listed in 003, but a server may support it all the same."]
    ),
    Case(
        name: "R0 absent is not told of those who want none",
        lines: opened + ["S <stream:features/>"],
        says: ["It offers no encryption."],
        never: ["Note:"]
    ),
    Case(
        name: "R0 maybe after TLS",
        lines: opened + [
            "S <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
            get,
        ],
        says: ["some servers do only after TLS has started"]
    ),
    Case(name: "R1", lines: opened + [get], says: ["Registration step 1 of 4: the client asks what it must fill in"]),
    Case(
        name: "R2a fields",
        lines: opened + [get, fields],
        says: ["Registration step 2 of 4: the server asks for username and password, and says: \"Do it.\""]
    ),
    Case(
        name: "R2b registered",
        lines: loggedIn + [
            get,
            "S <iq id='1' type='result'><query xmlns='jabber:iq:register'><registered/><username>romeo</username><password>x</password></query></iq>",
        ],
        says: [
            "this user is registered already as romeo", "current values of username and password",
            "Warning: the server sends the password back",
        ]
    ),
    Case(
        name: "R2c form and fields",
        lines: opened + [get, form],
        says: [
            "sends a form that asks for username (required) and email", "It says: \"Fill it in\"",
            "the form takes precedence",
        ]
    ),
    Case(
        name: "R2c CAPTCHA with the wrong FORM_TYPE",
        lines: opened + [
            get,
            "S <iq id='1' type='result'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'><field type='hidden' var='FORM_TYPE'><value>urn:xmpp:captcha</value></field><field var='ocr'/></x></query></iq>",
        ],
        says: ["CAPTCHA", "Warning: the FORM_TYPE is urn:xmpp:captcha"]
    ),
    Case(
        name: "R2d redirected",
        lines: opened + [
            get,
            "S <iq id='1' type='result'><query xmlns='jabber:iq:register'><instructions>Go</instructions><x xmlns='jabber:x:oob'><url>https://example.org/</url></x></query></iq>",
        ],
        says: ["sends the user to the web page \"https://example.org/\"", "nothing to submit here"]
    ),
    Case(
        name: "R3",
        lines: opened + [get, fields, juliet],
        says: [
            "Registration step 3 of 4", "to register the user juliet",
            "Warning: the password crosses the network unencrypted.",
        ],
        never: ["Note:"],
        summary: "Registration of juliet@jabber.test was not finished: the facts. No answer was seen to packet 005."
    ),
    Case(
        name: "R3 a field missing",
        lines: opened + [get, fields, set("<username>juliet</username>")],
        says: ["Warning: the server asked for password, but the client did not send it."]
    ),
    Case(
        name: "R3 a field that nobody asked for",
        lines: opened + [get, fields, set("<username>a</username><password>b</password><email>c</email><odd/>")],
        says: ["Note: the client sends email and odd, which the server did not ask for."]
    ),
    Case(
        name: "R3 an empty password",
        lines: opened + [get, fields, set("<username>a</username><password/>")],
        says: ["Warning: the password is empty."],
        never: ["unencrypted"]
    ),
    Case(
        name: "R3 without a get",
        lines: opened + [juliet],
        says: ["Note: the client did not ask which fields are required"]
    ),
    Case(
        name: "R3 a form",
        lines: opened + [
            get, form,
            set(
                "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>jabber:iq:register</value></field><field var='username'><value>juliet</value></field></x>"
            ),
        ],
        says: ["to register the user juliet"],
        never: ["Warning"]
    ),
    Case(
        name: "R3 form and fields",
        lines: opened + [
            get, form,
            set(
                "<username>a</username><x xmlns='jabber:x:data' type='submit'><field var='username'><value>juliet</value></field></x>"
            ),
        ],
        says: ["Warning: both a form and plain fields are sent", "to register the user juliet"]
    ),
    Case(
        name: "R3 without an id",
        lines: opened + [get, fields, set("<username>a</username><password>b</password>", "")],
        says: ["Warning: the iq has no id"]
    ),
    Case(
        name: "R4",
        lines: opened + [get, fields, juliet, "S <iq id='2' type='result'/>"],
        says: [
            "Registration step 4 of 4: the server confirms that juliet@jabber.test now exists. The client can log in."
        ],
        summary: "Registration of juliet@jabber.test succeeded: the facts."
    ),
    Case(
        name: "R5",
        lines: loggedIn + [set("<username>romeo</username><password>new</password>")],
        says: [
            "The client is logged in and sends user name and password again: that asks to change the password of romeo."
        ],
        never: ["step 3"]
    ),
    Case(
        name: "R5 done",
        lines: loggedIn + [set("<username>romeo</username><password>new</password>"), "S <iq id='2' type='result'/>"],
        says: ["the password of romeo@jabber.test is changed"]
    ),
    Case(
        name: "R5 empty",
        lines: loggedIn + [set("<username>romeo</username><password/>")],
        says: ["Warning: the new password is empty or missing"]
    ),
    Case(
        name: "R5 somebody else",
        lines: loggedIn + [set("<username>juliet</username><password>x</password>")],
        says: [
            "Warning: the client is logged in as romeo, so it cannot change the password of juliet; some servers register another account then."
        ]
    ),
    Case(
        name: "R6",
        lines: loggedIn + [set("<remove/>")],
        says: ["The client asks the server to remove the account romeo@jabber.test."]
    ),
    Case(
        name: "R6 done",
        lines: loggedIn + [set("<remove/>"), "S <iq id='2' type='result'/>"],
        says: ["the account romeo@jabber.test is removed"],
        summary:
            "Login as romeo@jabber.test by PLAIN succeeded, then removal of romeo@jabber.test succeeded: the facts."
    ),
    Case(
        name: "R6 not alone",
        lines: loggedIn + [set("<remove/><username>romeo</username>")],
        says: ["Warning: <remove/> must stand alone"]
    ),
    Case(name: "R6 before login", lines: opened + [set("<remove/>")], says: ["Warning: the client has not logged in"]),
    Case(
        name: "R6 and the stream error behind it",
        lines: loggedIn + [
            set("<remove/>"), "S <iq id='2' type='result'/>",
            "S <stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
        ],
        says: ["That is expected here"],
        summary:
            "Login as romeo@jabber.test by PLAIN succeeded, then removal of romeo@jabber.test succeeded: the facts."
    ),
    Case(
        name: "R7 a service",
        lines: loggedIn + [set("<username>r</username><password>x</password>", "id='2' to='icq.jabber.test'")],
        says: ["registers with icq.jabber.test, which is not its own server"],
        never: ["password of"]
    ),
    Case(
        name: "R7 asking a service",
        lines: loggedIn + [
            "C <iq id='1' type='get' to='room@muc.jabber.test'><query xmlns='jabber:iq:register'/></iq>"
        ],
        says: ["The client asks how to become a member of the room room@muc.jabber.test (XEP-0045 section 7.10)."]
    ),
    Case(
        name: "R7 the own server by name is no service",
        lines: loggedIn + [set("<username>romeo</username><password>x</password>", "id='2' to='jabber.test'")],
        says: ["that asks to change the password of romeo"]
    ),
    Case(
        name: "R8 key",
        lines: opened + [
            get, "S <iq id='1' type='result'><query xmlns='jabber:iq:register'><username/><key>k</key></query></iq>",
        ],
        says: ["Note: <key/> is an obsolete transaction key"]
    ),
]

private func refused(_ name: String, _ request: [String], _ answer: String, _ says: [String], summary: String? = nil)
    -> Case
{
    Case(name: name, lines: request + [answer], says: says, summary: summary)
}

private let account = opened + [get, fields, juliet]
private let change = loggedIn + [set("<username>romeo</username><password>x</password>")]
private let removal = loggedIn + [set("<remove/>")]

private let refusals: [Case] = [
    refused(
        "get: not supported",
        opened + [get],
        error(condition("service-unavailable"), id: "1"),
        ["Registration refused: the server does not support in-band registration", "(service-unavailable)"]
    ),
    refused(
        "get: closed",
        opened + [get],
        error(condition("not-allowed"), id: "1"),
        ["registration is closed to this client"]
    ),
    refused(
        "get: no TLS",
        opened + [get],
        error(condition("policy-violation", type: "modify", text: "Encryption is required"), id: "1"),
        ["It says: \"Encryption is required\".", "Start TLS first"]
    ),
    refused(
        "account: conflict",
        account,
        error(condition("conflict")),
        ["Registration refused: the name is taken (conflict). Choose another user name."],
        summary:
            "Registration of juliet@jabber.test failed: the name is taken (conflict). Choose another user name. The facts."
    ),
    refused(
        "account: not-acceptable",
        account,
        error(condition("not-acceptable", type: "modify")),
        ["the server does not accept the name or the password, or there were too many attempts (not-acceptable)."]
    ),
    refused(
        "account: bad-request",
        account,
        error(condition("bad-request", type: "modify")),
        ["the server does not understand the request (bad-request). Compare it"]
    ),
    refused(
        "account: jid-malformed",
        account,
        error(condition("jid-malformed", type: "modify")),
        ["Choose a name without blanks"]
    ),
    refused(
        "account: policy-violation",
        account,
        error(condition("policy-violation", type: "wait")),
        ["wants encryption first, or there were too many"]
    ),
    refused(
        "account: resource-constraint",
        account,
        error(condition("resource-constraint", type: "wait")),
        ["Wait some minutes"]
    ),
    refused(
        "account: forbidden",
        account,
        error(condition("forbidden", type: "auth")),
        ["permit registration from this address"]
    ),
    refused(
        "account: not-allowed",
        account,
        error(condition("not-allowed")),
        ["this client may not register here (not-allowed)."]
    ),
    refused(
        "account: a legacy code alone",
        account,
        error("code='409'>"),
        [
            "the name is taken (conflict)", "Warning: the error names no condition, only the legacy code 409",
            "Warning: the error has no type",
        ]
    ),
    refused(
        "account: nothing at all",
        account,
        error(">"),
        ["Registration refused: no reason is given. Look into the server's log."]
    ),
    refused(
        "account: the password echoed",
        account,
        error(
            condition("conflict"),
            echo: "<query xmlns='jabber:iq:register'><username>juliet</username><password>1234</password></query>"
        ),
        ["Note: the error repeats the password that was sent."]
    ),
    refused(
        "change: bad-request",
        change,
        error(condition("bad-request")),
        ["Password change refused: the server does not understand the request, though it is as XEP-0077 wants it"]
    ),
    refused("change: not-authorized", change, error(condition("not-authorized", type: "modify")), ["Start TLS first"]),
    refused(
        "change: not-allowed",
        change,
        error(condition("not-allowed")),
        ["does not let this user change the password"]
    ),
    refused(
        "change: unexpected-request",
        change,
        error(condition("unexpected-request", type: "wait")),
        ["not registered with this server"]
    ),
    refused(
        "change: with a form",
        change,
        error(
            condition("not-authorized"),
            echo:
                "<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'><field var='old_password'/></x></query>"
        ),
        ["Password change refused: the server wants old_password first (not-authorized). Fill in the form"]
    ),
    refused(
        "removal: bad-request",
        removal,
        error(condition("bad-request")),
        ["Removal refused: the server does not understand the request, though it is as XEP-0077 wants it"]
    ),
    refused(
        "removal: forbidden",
        removal,
        error(condition("forbidden")),
        ["Removal refused: the server does not give this user the right to remove the account (forbidden)."]
    ),
    refused("removal: not-allowed", removal, error(condition("not-allowed")), ["does not let users remove themselves"]),
    refused(
        "removal: registration-required",
        removal,
        error(condition("registration-required", type: "auth")),
        ["Removal refused: the user is not registered with this server (registration-required)."]
    ),
    refused(
        "removal: unexpected-request",
        removal,
        error(condition("unexpected-request", type: "wait")),
        ["Nothing is left to remove."]
    ),
    refused(
        "service: conflict",
        loggedIn + [set("<username>r</username>", "id='2' to='icq.jabber.test'")],
        "S <iq id='2' type='error' from='icq.jabber.test'><error \(condition("conflict"))</error></iq>",
        ["Registration with icq.jabber.test refused: that name is taken at icq.jabber.test"]
    ),
]

struct RegistrationTests {
    @Test("every step of a registration is told (XEP-0077)", arguments: steps)
    func step(_ test: Case) { expect(test) }

    @Test("every refusal is told by its condition and its context", arguments: refusals)
    func refusal(_ test: Case) { expect(test) }

    @Test("a second attempt that works is the end of the story")
    func secondAttempt() {
        let lines =
            account + [
                error(condition("conflict")),
                "C <iq id='3' type='set'><query xmlns='jabber:iq:register'><username>j2</username><password>1</password></query></iq>",
                "S <iq id='3' type='result'/>",
            ]
        #expect(
            told(lines).last
                == "Registration of juliet@jabber.test failed, then registration of j2@jabber.test succeeded: the facts. Registration of juliet@jabber.test failed because the name is taken (conflict). Choose another user name."
        )
    }
}
