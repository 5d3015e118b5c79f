import Testing

private let stanzas = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
private let commands = "xmlns='http://jabber.org/protocol/commands'"
private let forms = "xmlns='jabber:x:data'"

/// A request of the client's to a service.
private func ask(_ payload: String, type: String = "set", id: String = "q") -> String {
    "C <iq type='\(type)' id='\(id)' to='bot.test'>\(payload)</iq>"
}
private func answer(_ payload: String = "", id: String = "q") -> String {
    "S <iq type='result' id='\(id)' from='bot.test'>\(payload)</iq>"
}
private func refuse(_ conditions: String, id: String = "q") -> String {
    "S <iq type='error' id='\(id)' from='bot.test'><error type='cancel'>\(conditions)</error></iq>"
}

private let run = ask("<command \(commands) node='invite' action='execute'/>")
private let form =
    "<x \(forms) type='form'><title>Invite</title><instructions>Who?</instructions><field var='FORM_TYPE' type='hidden'><value>f</value></field><field var='name' label='Name:'><required/></field><field var='pass' type='text-private' label='PIN'><value>99</value></field><field var='ok' type='boolean' label='Really'><value>1</value></field></x>"
private let needsMore = answer(
    "<command \(commands) node='invite' sessionid='z' status='executing'><actions execute='complete'><prev/><complete/></actions>\(form)</command>"
)

private let dialogues: [Case] = [
    Case(
        name: "a command is run",
        lines: bound + [run],
        says: ["The client runs the command \"invite\" of bot.test (XEP-0050)."]
    ),
    Case(
        name: "a command of the specification by its name",
        lines: bound + [ask("<command \(commands) node='http://jabber.org/protocol/admin#add-user'/>")],
        says: ["The client runs the command \"Add User\" of bot.test"]
    ),
    Case(
        name: "a command without anything",
        lines: bound + [ask("<command \(commands)/>"), answer("<command \(commands)/>")],
        says: ["A command without a name of bot.test goes on."],
        never: ["\"\""]
    ),
    Case(
        name: "a command wants a form",
        lines: bound + [run, needsMore],
        says: [
            "The command \"invite\" needs more: the form \"Invite\" with Name (required), PIN (secret, preset) and Really (preset to yes). It says: \"Who?\". Next step: prev or complete, usually complete."
        ],
        never: ["99"]
    ),
    Case(
        name: "the form is filled in",
        lines: bound + [
            run, needsMore,
            ask(
                "<command \(commands) node='invite' sessionid='z' action='complete'><x \(forms) type='submit'><field var='name'><value>Emil</value></field><field var='pass'><value>4711</value></field><field var='empty'/></x></command>",
                id: "q2"
            ),
        ],
        says: [
            "The client fills in the form of 010 (name: \"Emil\", pass: a secret and empty: nothing) and completes the command \"invite\"."
        ],
        never: ["4711"]
    ),
    Case(
        name: "a required field is left out",
        lines: bound + [
            run, needsMore,
            ask(
                "<command \(commands) node='invite' sessionid='z' action='complete'><x \(forms) type='submit'><field var='ok'><value>1</value></field></x></command>",
                id: "q2"
            ),
        ],
        says: ["Warning: \"name\" must be filled in by the form of 010, but is not (XEP-0004 section 3.2)."]
    ),
    Case(
        name: "a command without a node",
        lines: bound + [ask("<command \(commands)/>")],
        says: ["The client runs a command without a name of bot.test", "Warning: the command has no node"]
    ),
    Case(
        name: "a command is done",
        lines: bound + [
            run,
            answer(
                "<command \(commands) node='invite' sessionid='z' status='completed'><note type='info'>Made</note><x \(forms) type='result'><field var='uri' label='Link'><value>xmpp:x</value></field></x></command>"
            ),
        ],
        says: ["The command \"invite\" is done: \"Made\". Link: \"xmpp:x\"."]
    ),
    Case(
        name: "a command fails by its note",
        lines: bound + [
            run,
            answer("<command \(commands) node='invite' status='completed'><note type='error'>No luck</note></command>"),
        ],
        says: ["The command \"invite\" ends with an error: \"No luck\"."],
        summary:
            "Login as romeo@jabber.test by PLAIN succeeded: the facts.\nThe command \"invite\" failed (009 to 010): it reports \"No luck\"."
    ),
    Case(
        name: "a table",
        lines: bound + [
            run,
            answer(
                "<command \(commands) node='invite' status='completed'><x \(forms) type='result'><reported><field var='a' label='Who'/></reported><item><field var='a'><value>Ann</value></field></item><item><field var='a'><value>Ben</value></field></item></x></command>"
            ),
        ],
        says: ["The command \"invite\" is done. 2 rows of Who, the first one \"Ann\"."]
    ),
    Case(
        name: "a command that is over is not cancelled",
        lines: bound + [
            run, answer("<command \(commands) node='invite' sessionid='z' status='completed'/>"),
            ask("<command \(commands) node='invite' sessionid='z' action='cancel'/>", id: "q2"),
        ],
        says: ["The client cancels the command \"invite\" (session z).", "Note: 010 has completed it already"]
    ),
    Case(
        name: "a session that nobody knows",
        lines: bound + [
            ask("<command \(commands) node='invite' sessionid='z' action='prev'/>"),
            refuse("<bad-request \(stanzas)/><bad-sessionid \(commands)/>"),
        ],
        says: ["bot.test knows no running command of the session z (bad-sessionid, bad-request)."]
    ),
    Case(
        name: "the client offers commands, too",
        lines: bound + [
            "S <iq type='set' id='s' from='romeo@jabber.test/pda'><command \(commands) node='http://jabber.org/protocol/rc#set-status'/></iq>"
        ],
        says: ["The same account's session \"pda\" runs the command \"Set Status\" of the client"]
    ),
]

private let search = "xmlns='jabber:iq:search'"
private let http = "xmlns='http://jabber.org/protocol/http-auth'"

private let questions: [Case] = [
    Case(
        name: "what can be searched for",
        lines: bound + [
            ask("<query \(search)/>", type: "get"),
            answer("<query \(search)><instructions>Any</instructions><nick/><email/></query>"),
        ],
        says: ["At bot.test users can be searched by nick and email. It says: \"Any\"."]
    ),
    Case(
        name: "somebody is found",
        lines: bound + [
            ask("<query \(search)><nick>J</nick></query>"),
            answer(
                "<query \(search)><item jid='juliet@capulet.test'><first>Juliet</first><last>C</last></item><item/></query>"
            ),
        ],
        says: ["bot.test found 2 users: juliet@capulet.test (Juliet C) and somebody without an address."]
    ),
    Case(
        name: "a page of a search",
        lines: bound + [
            ask(
                "<query xmlns='jabber:iq:search'><nick>P</nick><set xmlns='http://jabber.org/protocol/rsm'><max>1</max></set></query>"
            ),
            answer(
                "<query xmlns='jabber:iq:search'><item jid='p@x.test'/><set xmlns='http://jabber.org/protocol/rsm'><count>800</count></set></query>"
            ),
        ],
        says: ["bot.test found 1 user on this page, of 800: p@x.test."]
    ),
    Case(
        name: "a search that only counts",
        lines: bound + [
            ask(
                "<query xmlns='jabber:iq:search'><nick>P</nick><set xmlns='http://jabber.org/protocol/rsm'><max>0</max></set></query>"
            )
        ],
        says: ["for users with nick: \"P\", to be told only how many there are (XEP-0055)."]
    ),
    Case(
        name: "nobody is found",
        lines: bound + [ask("<query \(search)><nick>J</nick></query>"), answer("<query \(search)/>")],
        says: ["bot.test found nobody."]
    ),
    Case(
        name: "a request by HTTP is denied",
        lines: bound + [
            "S <iq type='get' id='h' from='files.test'><confirm \(http) id='a7' method='GET' url='https://files.test/1'/></iq>",
            "C <iq type='error' id='h' to='files.test'><error type='auth'><not-authorized \(stanzas)/></error></iq>",
        ],
        says: ["The client denies that the request by HTTP is its own: GET of https://files.test/1."]
    ),
    Case(
        name: "a riddle",
        lines: bound + [
            "S <message from='bot.test'><captcha xmlns='urn:xmpp:captcha'><x \(forms) type='form'><field var='sid' type='hidden'><value>m1</value></field><field var='ocr'/></x></captcha></message>"
        ],
        says: [
            "bot.test wants the client to prove to be a human being before the stanza m1 goes through, by a CAPTCHA: to read a text in a picture"
        ]
    ),
    Case(
        name: "a riddle solved wrongly",
        lines: bound + [
            ask(
                "<captcha xmlns='urn:xmpp:captcha'><x \(forms) type='submit'><field var='ocr'><value>7nHL3</value></field></x></captcha>"
            ),
            refuse("<not-acceptable \(stanzas)/>"),
        ],
        says: ["bot.test refuses the answer to the CAPTCHA: it is wrong (not-acceptable)."],
        never: ["7nHL3"]
    ),
    Case(
        name: "a method and its fault",
        lines: bound + [
            ask(
                "<query xmlns='jabber:iq:rpc'><methodCall><methodName>add</methodName><params><param><value><i4>1</i4></value></param></params></methodCall></query>"
            ),
            answer(
                "<query xmlns='jabber:iq:rpc'><methodResponse><fault><value><struct><member><name>faultCode</name><value><int>4</int></value></member><member><name>faultString</name><value><string>Too few</string></value></member></struct></value></fault></methodResponse></query>"
            ),
        ],
        says: ["bot.test answers that \"add\" failed: \"Too few\" (code 4)."]
    ),
    Case(
        name: "a sensor",
        lines: bound + [
            "S <message from='sensor@iot.test'><fields xmlns='urn:xmpp:iot:sensordata' seqnr='1' done='true'><node nodeId='d'><timestamp value='t'><numeric name='Temperature' value='23.4' unit='°C'/></timestamp></node></fields></message>"
        ],
        says: ["sensor@iot.test sends the client 1 value: Temperature 23.4 °C (request 1) (XEP-0323). That is all."]
    ),
    Case(
        name: "a certificate that may log in",
        lines: bound + [
            "C <iq type='set' id='c'><append xmlns='urn:xmpp:saslcert:1'><name>Phone</name><x509cert>AAAA</x509cert></append></iq>",
            "S <iq type='result' id='c'/>",
        ],
        says: ["The certificate \"Phone\" may now log in to the account."]
    ),
    Case(
        name: "a form in a message",
        lines: bound + [
            "C <message to='room@rooms.test'><x \(forms) type='submit'><field var='FORM_TYPE'><value>urn:example:form</value></field><field var='role'><value>participant</value></field></x></message>"
        ],
        says: [
            "The client sends room@rooms.test a form of the kind urn:example:form that is filled in (role: \"participant\") (XEP-0004)."
        ]
    ),
    Case(
        name: "shared files are counted",
        lines: bound + [
            ask("<query xmlns='urn:xmpp:fis:0'/>", type: "get"),
            answer("<query xmlns='urn:xmpp:fis:0'><directory name='a'/><directory name='b'/></query>"),
        ],
        says: ["bot.test shares no file and 2 directories."]
    ),
    Case(
        name: "answers to choose from",
        lines: bound + [
            "S <message from='bot.test'><body>Really?</body><response xmlns='urn:xmpp:tmp:quick-response' value='y' label='Yes!'/><response xmlns='urn:xmpp:tmp:quick-response' value='n'/></message>"
        ],
        says: ["\"Really?\"", "It offers the answers \"Yes!\" and \"n\" to choose (XEP-0439)."]
    ),
    Case(
        name: "a form beside a text leaves the text",
        lines: bound + ["C <message to='a@b'><body>Hi</body><x \(forms) type='submit'/></message>"],
        says: ["\"Hi\""]
    ),
]

/// Elements of every protocol of this family, without anything in them.
private let bare = [
    "<command \(commands)/>", "<query \(search)/>", "<confirm \(http)/>", "<captcha xmlns='urn:xmpp:captcha'/>",
    "<query xmlns='jabber:iq:rpc'/>", "<Envelope xmlns='http://www.w3.org/2003/05/soap-envelope'/>",
    "<req xmlns='urn:xmpp:http'/>",
    "<jingle xmlns='urn:xmpp:jingle:1'/>", "<request xmlns='urn:xmpp:http:upload:0'/>",
    "<services xmlns='urn:xmpp:extdisco:2'/>",
    "<credentials xmlns='urn:xmpp:extdisco:2'/>", "<open xmlns='http://jabber.org/protocol/ibb'/>",
    "<data xmlns='http://jabber.org/protocol/ibb'/>",
    "<close xmlns='http://jabber.org/protocol/ibb'/>", "<query xmlns='http://jabber.org/protocol/bytestreams'/>",
    "<si xmlns='http://jabber.org/protocol/si'/>",
    "<query xmlns='jabber:iq:oob'/>", "<start xmlns='urn:xmpp:jinglepub:1'/>", "<req xmlns='urn:xmpp:iot:sensordata'/>",
    "<set xmlns='urn:xmpp:iot:control'/>",
    "<isFriend xmlns='urn:xmpp:iot:provisioning'/>", "<getNode xmlns='urn:xmpp:iot:concentrators'/>",
    "<mine xmlns='urn:xmpp:iot:discovery'/>",
    "<pref xmlns='urn:xmpp:archive'/>", "<save xmlns='urn:xmpp:archive'/>", "<list xmlns='urn:xmpp:archive'/>",
    "<delegation xmlns='urn:xmpp:delegation:2'/>",
    "<privileged_iq xmlns='urn:xmpp:privilege:2'/>", "<append xmlns='urn:xmpp:saslcert:1'/>",
    "<address xmlns='urn:xmpp:sic:1'/>",
    "<report xmlns='urn:xmpp:incident:2'/>", "<search xmlns='urn:xmpp:channel-search:0:search'/>",
    "<query xmlns='urn:xmpp:http:online-meetings:0'/>",
    "<unique xmlns='http://jabber.org/protocol/muc#unique'/>",
    "<feature xmlns='http://jabber.org/protocol/feature-neg'/>", "<dial xmlns='urn:xmpp:rayo:1'/>",
    "<conference xmlns='http://jitsi.org/protocol/colibri'/>", "<bind xmlns='urn:xmpp:component:0'/>",
]

struct ServiceTests {
    @Test("commands are told as a dialogue", arguments: dialogues)
    func dialogue(_ test: Case) { expect(test) }

    @Test("services are told by what is asked of them", arguments: questions)
    func question(_ test: Case) { expect(test) }

    @Test("what is missing leaves no hole in a sentence, whoever asks and whatever is answered", arguments: bare)
    func missing(_ element: String) {
        let conversations = [
            [ask(element), answer()], [ask(element), answer(element)],
            [ask(element, type: "get"), refuse("<forbidden \(stanzas)/>")],
            ["S <iq type='set' id='s' from='a@b/c'>\(element)</iq>", "C <iq type='result' id='s' to='a@b/c'/>"],
            ["C <message to='a@b'>\(element)</message>"], ["S <message from='a@b'>\(element)</message>"],
            ["S <presence from='a@b'>\(element)</presence>"],
            ["S <iq type='result' id='never' from='a@b'>\(element)</iq>"],
        ]
        for lines in conversations {
            for sentence in told(bound + lines).dropFirst(bound.count).dropLast() {
                #expect(!sentence.isEmpty)
                for hole in ["  ", " .", " ,", "()", "( ", " )", "\"\"", ": .", ":.", "nil", "Optional"] {
                    #expect(!sentence.contains(hole), "a hole in: \(sentence)")
                }
                // What must not be missing is warned of; nothing else is.
                let mayWarn = [
                    "<command", "<jingle", "<request", "<open", "<data", "<close",
                    "<query xmlns='http://jabber.org/protocol/bytestreams'",
                ].contains { element.hasPrefix($0) }
                let isUnasked = lines[0].contains("id='never'")
                #expect(mayWarn || isUnasked || !sentence.contains("Warning"), "\(sentence)")
            }
        }
    }
}
