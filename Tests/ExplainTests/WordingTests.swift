import Testing

private let conditions = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
private let me = "to='romeo@jabber.test/orchard'"
private let user = "xmlns='http://jabber.org/protocol/muc#user'"

private func error(_ condition: String, _ more: String = "", by: String = "") -> String {
    "<error type='cancel'\(by)><\(condition) \(conditions)/>\(more)</error>"
}

/// The headers of a stream between servers.
private let between: [String] = [
    "C <stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' from='a.test' to='b.test' version='1.0'>",
    "S <stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' from='b.test' to='a.test' id='9' version='1.0'>",
]

private let requests: [Case] = [
    Case(
        name: "a request is told by its element",
        lines: bound + [
            "C <iq type='set' id='r1'><thing xmlns='urn:example:thing'><item/><item/></thing></iq>"
        ],
        says: [
            "The client sends the server the request <thing/> with <item/> and <item/> of the namespace \"urn:example:thing\"."
        ]
    ),
    Case(
        name: "of many elements the first ones",
        lines: bound + [
            "C <iq type='set' id='r1'><thing xmlns='urn:example:thing'><FN/><N/><URL/><BDAY/></thing></iq>"
        ],
        says: [
            "The client sends the server the request <thing/> with <FN/>, <N/> and others of the namespace \"urn:example:thing\"."
        ]
    ),
    Case(
        name: "a bare answer is an acknowledgement and no more",
        lines: bound + [
            "C <iq type='set' id='r1' to='nurse@capulet.test/x'><query xmlns='jabber:iq:gateway'/></iq>",
            "S <iq type='result' id='r1' from='nurse@capulet.test/x' \(me)/>",
        ],
        says: [
            "nurse@capulet.test/x acknowledges the request <query/> of Gateway Interaction (XEP-0100)"
        ],
        never: ["has done", "confirms"]
    ),
    Case(
        name: "who never got a request refuses nothing",
        lines: bound + [
            "C <iq type='get' id='r1' to='ghost@gone.test'><query xmlns='jabber:iq:version'/></iq>",
            "S <iq type='error' id='r1' from='ghost@gone.test' \(me)>\(error("remote-server-not-found"))</iq>",
        ],
        says: [
            "The question which program it is could not be delivered to ghost@gone.test: the addressee's server"
        ],
        never: ["refuses"]
    ),
    Case(
        name: "a ping that is refused",
        lines: bound + [
            "C <iq type='get' id='r1' to='nurse@capulet.test/x'><ping xmlns='urn:xmpp:ping'/></iq>",
            "S <iq type='error' id='r1' from='nurse@capulet.test/x' \(me)>\(error("service-unavailable"))</iq>",
        ],
        says: ["nurse@capulet.test/x answers the ping with an error: nobody there offers this service"]
    ),
    Case(
        name: "an error that names another address and its maker",
        lines: bound + [
            "C <iq type='get' id='r1' to='tea@rooms.test'><query xmlns='jabber:iq:version'/></iq>",
            "S <iq type='error' id='r1' from='tea@rooms.test' \(me)><error type='cancel' by='rooms.test'><gone \(conditions)>xmpp:tee@rooms.test</gone></error></iq>",
        ],
        says: ["It names another address: \"xmpp:tee@rooms.test\". The error was made by rooms.test."]
    ),
    Case(
        name: "a condition that nobody knows stands behind the one that all know",
        lines: bound + [
            "C <iq type='set' id='r1'><pubsub xmlns='http://jabber.org/protocol/pubsub'/></iq>",
            "S <iq type='error' id='r1' \(me)>\(error("conflict", "<node-tired xmlns='http://jabber.org/protocol/pubsub#errors'/>"))</iq>",
        ],
        says: [
            "something with that name exists already (conflict), more precisely node-tired of Publish-Subscribe (XEP-0060)."
        ]
    ),
    Case(
        name: "an iq without a type",
        lines: bound + ["C <iq id='r1'><query xmlns='jabber:iq:version'/></iq>"],
        says: [
            "The client sends an iq without a type, with <query/> of Software Version (XEP-0092).",
            "Warning: an iq must be of type",
        ],
        never: ["\"\""]
    ),
    Case(
        name: "an answer without an id",
        lines: bound + ["S <iq type='result' \(me)/>"],
        says: ["Warning: the iq has no id, so nobody can know for certain what it answers"],
        never: ["its answer"]
    ),
    Case(
        name: "what is meant for another account is not the client's",
        lines: bound + [
            "S <iq type='get' id='r1' from='nurse@capulet.test/x' to='juliet@capulet.test/y'><query xmlns='jabber:iq:version'/></iq>"
        ],
        says: ["nurse@capulet.test/x asks which program juliet@capulet.test/y is"],
        never: ["the client"]
    ),
    Case(
        name: "unanswered requests stand in their order",
        lines: bound + [
            "C <iq type='get' id='r1'><query xmlns='jabber:iq:version'/></iq>",
            "S <iq type='get' id='r2' from='a@x.test' \(me)><query xmlns='jabber:iq:version'/></iq>",
            "C <iq type='get' id='r3'><query xmlns='jabber:iq:version'/></iq>",
            "C <iq type='get' id='r4'><query xmlns='jabber:iq:version'/></iq>",
            "C <iq type='get' id='r5'><query xmlns='jabber:iq:version'/></iq>",
            "C <iq type='get' id='r6'><query xmlns='jabber:iq:version'/></iq>",
        ],
        says: [],
        summary:
            "Login as romeo@jabber.test by PLAIN succeeded: the facts. No answer was seen to the packets 009, 010, 011, 012, 013 and others."
    ),
    Case(
        name: "an element of the stream's namespace that is no stanza",
        lines: bound + ["C <enable/>"],
        says: [
            "The client sends <enable/>, which is no stanza.", "Warning: only message, presence and iq are stanzas",
        ],
        never: ["Core"]
    ),
]

private let discoveries: [Case] = [
    Case(
        name: "asking about a node",
        lines: bound + [
            "C <iq type='get' id='d1' to='x.test'><query xmlns='http://jabber.org/protocol/disco#items' node='music'/></iq>"
        ],
        says: ["The client asks x.test which items its node \"music\" has (XEP-0030)."]
    ),
    Case(
        name: "asking about the own account",
        lines: bound + [
            "C <iq type='get' id='d1' to='romeo@jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
        ],
        says: ["The client asks the server what the client's own account is and what that supports"]
    ),
    Case(
        name: "what the own account is",
        lines: bound + [
            "C <iq type='get' id='d1' to='romeo@jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='romeo@jabber.test' \(me)><query xmlns='http://jabber.org/protocol/disco#info'><identity category='account' type='registered'/><identity category='pubsub' type='pep'/></query></iq>",
        ],
        says: [
            "The server says that the client's own account is a registered account and a personal publishing service (PEP); it names no feature."
        ],
        never: ["The server is"]
    ),
    Case(
        name: "a node that is not there",
        lines: bound + [
            "C <iq type='get' id='d1' to='x.test'><query xmlns='http://jabber.org/protocol/disco#info' node='gone'/></iq>",
            "S <iq type='error' id='d1' from='x.test' \(me)>\(error("item-not-found"))</iq>",
        ],
        says: ["x.test has no node \"gone\" (item-not-found)."]
    ),
    Case(
        name: "many items",
        lines: bound + [
            "S <iq type='result' id='d1' from='x.test' \(me)><query xmlns='http://jabber.org/protocol/disco#items'>"
                + ["a", "b", "c", "d"].map { "<item jid='\($0).x.test'/>" }.joined() + "</query></iq>"
        ],
        says: ["x.test names 4 services: a.x.test, b.x.test, c.x.test and 1 more."]
    ),
]

private let messages: [Case] = [
    Case(
        name: "a message to a room",
        lines: bound + ["C <message to='tea@rooms.test' type='groupchat'><body>Hello</body></message>"],
        says: ["A message to everyone in the room tea@rooms.test: \"Hello\"."]
    ),
    Case(
        name: "a message from a room, known by its type alone",
        lines: bound + ["S <message from='tea@rooms.test/Nurse' type='groupchat' \(me)><body>Hello</body></message>"],
        says: ["A message from \"Nurse\" to everyone in the room tea@rooms.test: \"Hello\"."]
    ),
    Case(
        name: "the client's own message, back from the room",
        lines: bound + [
            "C <presence to='tea@rooms.test/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
            "S <presence from='tea@rooms.test/Romeo' \(me)><x \(user)><status code='110'/></x></presence>",
            "S <message from='tea@rooms.test/Romeo' type='groupchat' \(me)><body>Hello</body></message>",
        ],
        says: ["The client's own message to everyone in the room tea@rooms.test: \"Hello\"."]
    ),
    Case(
        name: "a room's subject",
        lines: bound + [
            "S <message from='tea@rooms.test/Nurse' type='groupchat' \(me)><subject>Tea</subject></message>"
        ],
        says: ["The room tea@rooms.test has the subject \"Tea\", set by \"Nurse\"."]
    ),
    Case(
        name: "an empty subject",
        lines: bound + ["S <message from='tea@rooms.test' type='groupchat' \(me)><subject/></message>"],
        says: ["The room tea@rooms.test has no subject."],
        never: ["without any content"]
    ),
    Case(
        name: "a message out of a room's history",
        lines: bound + [
            "S <message from='tea@rooms.test/Nurse' type='groupchat' \(me)><body>Hello</body><delay xmlns='urn:xmpp:delay' stamp='2026-03-01T15:04:00Z'/></message>"
        ],
        says: ["It is an earlier one, of 2026-03-01 15:04 UTC (XEP-0203)."]
    ),
    Case(
        name: "a message that a room marks as one of its history",
        lines: bound + [
            "S <message from='tea@rooms.test/Nurse' type='groupchat' \(me)><body>Hello</body><delay xmlns='urn:xmpp:delay' from='tea@rooms.test' stamp='2026-03-01T15:04:00Z'/></message>"
        ],
        says: ["It is from the room's history, of 2026-03-01 15:04 UTC (XEP-0203)."]
    ),
    Case(
        name: "a text in two languages",
        lines: bound + [
            "S <message from='nurse@capulet.test' \(me)><body xml:lang='en'>Hello</body><body xml:lang='cs'>Ahoj</body></message>"
        ],
        says: ["\"Hello\". The same text comes in 2 languages: also in \"cs\"."]
    ),
    Case(
        name: "two texts of one language",
        lines: bound + ["S <message from='nurse@capulet.test' \(me)><body>Hello</body><body>Ahoj</body></message>"],
        says: ["2 texts are in it, of which this is the first."],
        never: ["languages"]
    ),
    Case(
        name: "a mood and a nickname beside a text",
        lines: bound + [
            "S <message from='nurse@capulet.test' \(me)><body>Hello</body><mood xmlns='http://jabber.org/protocol/mood'><in_love/></mood><nick xmlns='http://jabber.org/protocol/nick'>Angelica</nick></message>"
        ],
        says: ["The sender's mood: in love (XEP-0107).", "The sender wants to be called \"Angelica\" (XEP-0172)."]
    ),
    Case(
        name: "a quotation whose end is miscounted",
        lines: bound + [
            "S <message from='nurse@capulet.test' \(me)><body>> We bake\nGreat</body><reply xmlns='urn:xmpp:reply:0' id='m1'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='6'/></fallback></message>"
        ],
        says: ["We bake"]
    ),
    Case(
        name: "new messages in rooms",
        lines: bound + [
            "S <message from='rooms.test' \(me)><rai xmlns='urn:xmpp:rai:0'><activity>tea@rooms.test</activity><activity>cake@rooms.test</activity></rai></message>"
        ],
        says: [
            "rooms.test tells the client of new messages in 2 rooms: tea@rooms.test and cake@rooms.test (XEP-0437)."
        ]
    ),
    Case(
        name: "who wants to be told of them",
        lines: bound + ["C <presence to='rooms.test'><rai xmlns='urn:xmpp:rai:0'/></presence>"],
        says: ["The client asks rooms.test to tell of new messages in its rooms, without being in them (XEP-0437)."]
    ),
    Case(
        name: "a message taken back in a channel",
        lines: bound + [
            "C <message to='tea@mix.test'><retract id='77E0' xmlns='urn:xmpp:mix:misc:0'/></message>"
        ],
        says: ["The client takes back the message with the archive id 77E0", "(XEP-0407)."]
    ),
    Case(
        name: "what goes to somebody else makes no room of its sender",
        lines: bound + [
            "S <message from='nurse@capulet.test/x' to='tea@rooms.test' type='groupchat'><body>Hello</body></message>"
        ],
        says: ["A groupchat message from nurse@capulet.test/x to tea@rooms.test: \"Hello\"."]
    ),
    Case(
        name: "a body that is laid out",
        lines: bound + ["S <message from='nurse@capulet.test' \(me)>\n<body>\n  Hello\n</body>\n</message>"],
        says: [": \"Hello\"."]
    ),
    Case(
        name: "what the client sends was not stored",
        lines: bound + [
            "C <message to='nurse@capulet.test'><body>Hello</body><delay xmlns='urn:xmpp:delay' stamp='2026-03-01T15:04:00Z'/></message>"
        ],
        says: ["It bears the time 2026-03-01 15:04 UTC (XEP-0203)."],
        never: ["stored"]
    ),
    Case(
        name: "a message of the own account",
        lines: bound + [
            "S <message from='romeo@jabber.test' type='headline' \(me)><event xmlns='http://jabber.org/protocol/pubsub#event'/></message>"
        ],
        says: ["A headline from the client's own account with <event/> of Publish-Subscribe (XEP-0060)."],
        never: ["the server"]
    ),
    Case(
        name: "an invitation that came back invites nobody",
        lines: bound + [
            "S <message from='tea@rooms.test' type='error' \(me)><x \(user)><invite to='nurse@capulet.test'/></x>\(error("forbidden"))</message>"
        ],
        says: [
            "A message to tea@rooms.test could not be delivered: the sender is not permitted to do this (forbidden)."
        ],
        never: ["invites"]
    ),
]

private let presences: [Case] = [
    Case(
        name: "a permission that was asked for",
        lines: bound + [
            "C <presence to='nurse@capulet.test' type='subscribe'/>",
            "S <presence from='nurse@capulet.test' type='subscribed'/>",
        ],
        says: ["nurse@capulet.test grants the request of 009: the client may see when nurse@capulet.test is online."]
    ),
    Case(
        name: "a permission taken back",
        lines: bound + [
            "C <presence to='nurse@capulet.test' type='subscribe'/>",
            "S <presence from='nurse@capulet.test' type='subscribed'/>",
            "S <presence from='nurse@capulet.test' type='unsubscribed'/>",
        ],
        says: ["nurse@capulet.test takes back the permission of 010: the client no longer sees when"],
        never: ["refuses"]
    ),
    Case(
        name: "a contact is offline, since when nobody knows",
        lines: bound + ["S <presence from='nurse@capulet.test/x' type='unavailable'/>"],
        says: ["nurse@capulet.test/x is offline."],
        never: ["from now on"]
    ),
    Case(
        name: "a subscription on a component's stream",
        lines: [
            "C <stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='gate.jabber.test'>",
            "S <stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' from='gate.jabber.test' id='9'>",
            "S <presence from='romeo@jabber.test' to='nurse@gate.jabber.test' type='subscribe'/>",
            "S <presence from='romeo@jabber.test' to='cook@gate.jabber.test' type='subscribe'/>",
            "C <presence from='nurse@gate.jabber.test' to='romeo@jabber.test' type='subscribed'/>",
        ],
        says: [
            "nurse@gate.jabber.test grants the request of 003: romeo@jabber.test may see when nurse@gate.jabber.test is online."
        ],
        never: ["client"]
    ),
    Case(
        name: "entering a room of another server",
        lines: between + [
            "C <presence from='x@a.test/r' to='tea@rooms.b.test/X'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
        ],
        says: ["x@a.test/r asks to enter the room tea@rooms.b.test as \"X\" (XEP-0045)."],
        never: ["online", "client"]
    ),
    Case(
        name: "what a room of another server tells",
        lines: between + [
            "S <presence from='tea@rooms.b.test/X' to='x@a.test/r'><x \(user)><item affiliation='owner' role='moderator'/><status code='110'/></x></presence>"
        ],
        says: ["x@a.test/r is now in the room tea@rooms.b.test as \"X\" (owner and moderator)."],
        never: ["online", "client"]
    ),
    Case(
        name: "another nickname is refused",
        lines: bound + [
            "C <presence to='tea@rooms.test/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
            "S <presence from='tea@rooms.test/Romeo' \(me)><x \(user)><status code='110'/></x></presence>",
            "C <presence to='tea@rooms.test/Nurse'/>",
            "S <presence from='tea@rooms.test/Nurse' type='error' \(me)>\(error("conflict"))</presence>",
        ],
        says: ["refuses the client's presence: the new nickname is in use or reserved (conflict)."]
    ),
    Case(
        name: "a technical problem is no kick",
        lines: bound + [
            "S <presence from='tea@rooms.test/Nurse' type='unavailable' \(me)><x \(user)><item/><status code='307'/><status code='333'/></x></presence>"
        ],
        says: ["\"Nurse\" was removed from the room tea@rooms.test because of a technical problem."],
        never: ["kicked"]
    ),
]

private let management: [Case] = [
    Case(
        name: "asking is not turning on",
        lines: bound + ["C <enable xmlns='urn:xmpp:sm:3'/>"],
        says: ["The client asks to turn on stream management, so that lost stanzas are noticed (XEP-0198)."]
    ),
    Case(
        name: "an id alone lets nobody resume",
        lines: bound + ["C <enable xmlns='urn:xmpp:sm:3'/>", "S <enabled xmlns='urn:xmpp:sm:3' id='7'/>"],
        says: ["The server turns on stream management."],
        never: ["resume"]
    ),
    Case(
        name: "an acknowledgement of what was never sent",
        lines: bound + [
            "C <enable xmlns='urn:xmpp:sm:3'/>", "S <enabled xmlns='urn:xmpp:sm:3'/>",
            "S <a xmlns='urn:xmpp:sm:3' h='1'/>",
        ],
        says: ["it acknowledges 1 stanza, but none was sent since stream management began; 1 was sent before it"]
    ),
    Case(
        name: "a refusal says nothing that the recording excludes",
        lines: bound + [
            "C <enable xmlns='urn:xmpp:sm:3'/>",
            "S <failed xmlns='urn:xmpp:sm:3'><unexpected-request \(conditions)/></failed>",
        ],
        says: ["The server refuses stream management: it was asked at the wrong time (unexpected-request)."],
        never: ["bound"]
    ),
    Case(
        name: "what goes with a binding",
        lines: opened + [
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='X'><bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:sm:3'/><enable xmlns='urn:xmpp:carbons:2'/></bind></authenticate>"
        ],
        says: ["; with it go stream management and Message Carbons (XEP-0280)."]
    ),
    Case(
        name: "asking for the ways to register",
        lines: opened + ["C <iq type='get' id='x1'><register xmlns='urn:xmpp:register:0'/></iq>"],
        says: ["The client asks in which ways it can register (XEP-0389)."],
        never: ["chooses"]
    ),
]

struct WordingTests {
    @Test("requests and answers claim no more than the recording shows", arguments: requests)
    func request(_ test: Case) { expect(test) }

    @Test("service discovery tells what is asked and whose answer it is", arguments: discoveries)
    func discovery(_ test: Case) { expect(test) }

    @Test("messages say who says what to whom, and when", arguments: messages)
    func message(_ test: Case) { expect(test) }

    @Test("presence says whose is meant", arguments: presences)
    func presence(_ test: Case) { expect(test) }

    @Test("stream management and registration by flows are told as they are", arguments: management)
    func streamManagement(_ test: Case) { expect(test) }
}
