import Testing

private let muc = "xmlns='http://jabber.org/protocol/muc'"
private let user = "xmlns='http://jabber.org/protocol/muc#user'"
private let admin = "xmlns='http://jabber.org/protocol/muc#admin'"
private let owner = "xmlns='http://jabber.org/protocol/muc#owner'"
private let room = "tea@rooms.test"
private let entering = [
    "C <presence to='\(room)/Romeo'><x \(muc)/></presence>",
    "S <presence from='\(room)/Nurse'><x \(user)><item affiliation='owner' role='moderator'/></x></presence>",
    "S <presence from='\(room)/Romeo'><x \(user)><item affiliation='none' role='participant'/><status code='110'/></x></presence>",
]

private let inside: [Conversation] = [
    Conversation(
        name: "how much history is wanted",
        lines: [
            (
                "C <presence to='\(room)/Romeo'><x \(muc)><history maxstanzas='20'/></x></presence>",
                "as \"Romeo\", and asks for at most 20 earlier messages (XEP-0045)."
            ),
            (
                "C <presence to='b@r.test/A'><x \(muc)><history maxstanzas='1'/></x></presence>",
                "at most 1 earlier message."
            ),
            (
                "C <presence to='c@r.test/A'><x \(muc)><history maxchars='0'/></x></presence>",
                ", and wants no earlier messages."
            ),
            (
                "C <presence to='d@r.test/A'><x \(muc)><history seconds='180'/></x></presence>",
                "those of the last 3 minutes."
            ),
            (
                "C <presence to='e@r.test/A'><x \(muc)><history since='2026-01-01T00:00:00Z'/></x></presence>",
                "those since 2026-01-01 00:00 UTC."
            ),
            (
                "C <presence to='f@r.test/A'><x \(muc)><history/></x></presence>",
                "asks to enter the room f@r.test as \"A\"."
            ),
        ]
    ),
    Conversation(
        name: "what status codes mean for who enters",
        before: bound + [entering[0]],
        lines: [
            (
                "S <presence from='\(room)/Romeo'><x \(user)><item affiliation='owner' role='moderator'/><status code='110'/><status code='100'/><status code='170'/><status code='201'/><status code='210'/></x></presence>",
                "as \"Romeo\" (owner and moderator). The room did not exist before; the client made it. Everybody in it can see its real address. What is said there is logged. The room set the nickname."
            )
        ]
    ),
    Conversation(
        name: "who comes, changes and goes while the client is inside",
        before: bound + entering,
        lines: [
            (
                "S <presence from='\(room)/Tybalt'><show>away</show><x \(user)><item affiliation='none' role='visitor' jid='tybalt@x.test/y'/></x></presence>",
                "\"Tybalt\" enters the room tea@rooms.test (visitor, who may not speak), real address tybalt@x.test/y, and is online, but away."
            ),
            (
                "S <presence from='\(room)/Tybalt'><x \(user)><item affiliation='none' role='participant'><actor nick='Nurse'/><reason>Well</reason></item></x></presence>",
                "In the room tea@rooms.test: \"Tybalt\" may now speak (participant), by \"Nurse\". The reason given: \"Well\"."
            ),
            (
                "S <presence from='\(room)/Tybalt'><x \(user)><item affiliation='member' role='participant'/></x></presence>",
                "\"Tybalt\" is now a member."
            ),
            (
                "S <presence from='\(room)/Tybalt'><show>dnd</show><x \(user)><item affiliation='member' role='participant'/></x></presence>",
                "\"Tybalt\" is now online, but does not want to be disturbed."
            ),
            (
                "S <presence from='\(room)/Tybalt' type='unavailable'><x \(user)><item nick='Cat'/><status code='303'/></x></presence>",
                "\"Tybalt\" is now called \"Cat\"."
            ),
            (
                "S <presence from='\(room)/Cat'><show>dnd</show><x \(user)><item affiliation='member' role='participant'/></x></presence>",
                "In the room tea@rooms.test: \"Cat\" is present (member and participant)"
            ),
            (
                "S <presence from='\(room)/Cat' type='unavailable'><x \(user)><item affiliation='outcast' role='none'><actor nick='Nurse'/></item><status code='301'/><status code='307'/></x></presence>",
                "\"Cat\" was banned from the room tea@rooms.test by \"Nurse\"."
            ),
            (
                "S <presence from='\(room)/Romeo'><x \(user)><item affiliation='admin' role='moderator'/><status code='110'/></x></presence>",
                "In the room tea@rooms.test the client is now an admin and is now a moderator."
            ),
            (
                "S <presence from='\(room)/Peter'><x \(user)><item role='participant'/></x><hats xmlns='urn:xmpp:hats:0'><hat title='Host' uri='x'/></hats><occupant-id xmlns='urn:xmpp:occupant-id:0' id='dd72603deec9'/></presence>",
                "\"Peter\" enters the room tea@rooms.test (participant), with the hat \"Host\", occupant id dd72603d… (XEP-0421)."
            ),
        ]
    ),
    Conversation(
        name: "how one has to leave, and what may be done next",
        before: bound + entering,
        lines: [
            (
                "S <presence from='\(room)/Romeo' type='unavailable'><x \(user)><item affiliation='none' role='none'><actor nick='Nurse'/></item><status code='110'/><status code='307'/></x></presence>",
                "The client was kicked out of the room tea@rooms.test by \"Nurse\". It may come back."
            ),
            (entering[0], "The client asks to enter the room tea@rooms.test again"),
            (entering[2], "The client is now in the room"),
            (
                "S <presence from='\(room)/Romeo' type='unavailable'><x \(user)><item/><status code='110'/><status code='301'/></x></presence>",
                "was banned from the room tea@rooms.test. It cannot come back unless an admin or owner lifts the ban."
            ),
            (entering[0], "again"), (entering[2], "now in the room"),
            (
                "S <presence from='\(room)/Romeo' type='unavailable'><x \(user)><item/><status code='110'/><status code='322'/></x></presence>",
                "only members may be in it now. It can come back once an admin makes it a member."
            ),
            (entering[0], "again"), (entering[2], "now in the room"),
            (
                "S <presence from='\(room)/Romeo' type='unavailable'><x \(user)><item/><destroy jid='new@rooms.test'><reason>Moved</reason><password>p</password></destroy></x></presence>",
                "The client is no longer in the room tea@rooms.test: the room was destroyed. The reason given: \"Moved\". It goes on in the room new@rooms.test, with a password for it."
            ),
        ],
        expected: ["the password of a room crosses"]
    ),
    Conversation(
        name: "presence to a room that the client may be in by an earlier session, and to one that it has left",
        lines: [
            (entering[1], "\"Nurse\" is present"),
            (
                "C <presence to='\(room)/Romeo'/>",
                "The client tells the room tea@rooms.test what it is doing: it is online."
            ),
            ("C <presence to='\(room)/Romeo' type='unavailable'/>", "The client leaves the room tea@rooms.test."),
            (
                "C <presence to='\(room)/Romeo'/>",
                "in which it is not; by the form before XEP-0045 that asks to enter it."
            ),
        ]
    ),
    Conversation(
        name: "parts that are missing leave no holes",
        before: bound + entering,
        lines: [
            ("S <presence from='\(room)/A'><x \(user)/></presence>", "\"A\" enters the room tea@rooms.test."),
            (
                "S <presence from='\(room)/A' type='unavailable'><x \(user)><status/><status code='303'/></x></presence>",
                "\"A\" has left"
            ),
            (
                "S <message from='\(room)'><x \(user)><invite/></x></message>",
                "Somebody invites the client into the room tea@rooms.test."
            ),
            (
                "S <message from='\(room)'><x \(user)><decline/></x></message>",
                "Somebody declines the invitation into the room"
            ),
            (
                "S <message from='\(room)' type='groupchat'><x \(user)><status code='999'/></x></message>",
                "tea@rooms.test"
            ),
            (
                "C <iq id='1' type='set' to='\(room)'><query \(admin)><item/></query></iq>",
                "changes the rank of somebody unnamed"
            ),
            ("S <iq id='1' type='result' from='\(room)'/>", "The rank of somebody unnamed"),
            ("C <iq id='2' type='set' to='\(room)'><query \(admin)/></iq>", "names nobody"),
            (
                "C <iq id='3' type='set' to='\(room)'><query \(owner)><destroy/></query></iq>",
                "The client destroys the room tea@rooms.test."
            ),
            ("C <iq id='4' type='get' to='\(room)'><query \(admin)/></iq>", "<query/>"),
        ],
        hasFindings: true
    ),
]

private let managing: [Conversation] = [
    Conversation(
        name: "admins change ranks",
        lines: [
            (
                "C <iq id='1' type='set' to='\(room)'><query \(admin)><item affiliation='outcast' jid='t@x.test'><reason>Spam</reason></item></query></iq>",
                "The client bans t@x.test from the room tea@rooms.test: \"Spam\"."
            ),
            ("S <iq id='1' type='result' from='\(room)'/>", "t@x.test is banned from the room tea@rooms.test now."),
            (
                "C <iq id='2' type='set' to='\(room)'><query \(admin)><item affiliation='member' jid='a@x.test'/><item affiliation='member' jid='b@x.test'/></query></iq>",
                "The client makes a@x.test and b@x.test members of the room tea@rooms.test."
            ),
            (
                "S <iq id='2' type='error' from='\(room)'>\(stanzaError("forbidden"))</iq>",
                "refuses the change of ranks of 011: who asks may not do that, but an admin or owner of the room may (forbidden)."
            ),
            (
                "C <iq id='3' type='set' to='\(room)'><query \(admin)><item role='none' nick='Tybalt'/></query></iq>",
                "The client kicks \"Tybalt\" out of the room"
            ),
            (
                "S <iq id='3' type='error' from='\(room)'>\(stanzaError("not-allowed"))</iq>",
                "refuses the kick of 013: the one it is about has too high a rank"
            ),
            (
                "C <iq id='4' type='get' to='\(room)'><query \(admin)><item role='moderator'/></query></iq>",
                "asks the room tea@rooms.test for the list of its moderators."
            ),
            (
                "S <iq id='4' type='result' from='\(room)'><query \(admin)><item affiliation='member' role='moderator' nick='N' jid='n@x.test/y'/></query></iq>",
                "has 1 moderator: \"N\" (n@x.test/y)."
            ),
        ]
    ),
    Conversation(
        name: "owners set up and destroy",
        lines: [
            (
                "C <iq id='1' type='get' to='\(room)'><query \(owner)/></iq>",
                "The client asks the room tea@rooms.test for its settings, to change them."
            ),
            (
                "S <iq id='1' type='error' from='\(room)'>\(stanzaError("forbidden"))</iq>",
                "but an owner of the room may (forbidden)."
            ),
            (
                "C <iq id='2' type='set' to='\(room)'><query \(owner)><x xmlns='jabber:x:data' type='submit'/></query></iq>",
                "The client takes the default settings for the room tea@rooms.test, which opens it if it is new."
            ),
            ("S <iq id='2' type='result' from='\(room)'/>", "The settings of the room tea@rooms.test are stored."),
            (
                "C <iq id='3' type='set' to='\(room)'><query \(owner)><x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_roomname'><value>Tea</value></field><field var='muc#roomconfig_membersonly'><value>1</value></field><field var='muc#roomconfig_persistentroom'><value>0</value></field><field var='muc#roomconfig_roomsecret'><value>sesame</value></field></x></query></iq>",
                "The client sets up the room tea@rooms.test: called \"Tea\", temporary, for members only."
            ),
            (
                "C <iq id='4' type='set' to='\(room)'><query \(owner)><destroy jid='new@rooms.test'><reason>Moved</reason></destroy></query></iq>",
                "The client destroys the room tea@rooms.test, and sends everybody to the room new@rooms.test: \"Moved\"."
            ),
            ("S <iq id='4' type='result' from='\(room)'/>", "The room tea@rooms.test is destroyed."),
        ],
        expected: ["the password of a room crosses"]
    ),
    Conversation(
        name: "messages about a room",
        before: bound + entering,
        lines: [
            (
                "S <message from='\(room)' type='groupchat'><x \(user)><status code='172'/></x></message>",
                "The room tea@rooms.test is no longer anonymous"
            ),
            (
                "S <message from='\(room)' type='groupchat'><x \(user)><status code='104'/></x></message>",
                "The room tea@rooms.test has other settings now."
            ),
            (
                "S <message from='\(room)'><x \(user)><item affiliation='admin' jid='a@x.test'/></x></message>",
                "a@x.test is now an admin of the room tea@rooms.test."
            ),
            (
                "C <message to='\(room)'><x \(user)><invite to='a@x.test'><reason>Come</reason></invite></x></message>",
                "The client asks the room tea@rooms.test to invite a@x.test: \"Come\"."
            ),
            (
                "C <message to='a@x.test'><x xmlns='jabber:x:conference' jid='\(room)' reason='Come'/></message>",
                "The client invites a@x.test directly into the room tea@rooms.test (XEP-0249): \"Come\"."
            ),
            (
                "C <message to='\(room)'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#request</value></field><field var='muc#role'><value>participant</value></field></x></message>",
                "The client asks to be allowed to speak in the room tea@rooms.test (a request for voice)."
            ),
            (
                "S <message from='\(room)'><x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#request</value></field><field var='muc#roomnick'><value>Cat</value></field></x></message>",
                "asks the moderators whether \"Cat\" may speak"
            ),
            (
                "S <message from='\(room)' type='error' id='q'>\(stanzaError("not-acceptable"))</message>",
                "was refused: the client is not in it, and has to enter it first (not-acceptable)."
            ),
        ]
    ),
    Conversation(
        name: "self-pings",
        before: bound + entering,
        lines: [
            (
                "C <iq id='1' type='get' to='\(room)/Romeo'><ping xmlns='urn:xmpp:ping'/></iq>",
                "asks by a ping to itself whether it is still in the room tea@rooms.test (XEP-0410)."
            ),
            ("S <iq id='1' type='result' from='\(room)/Romeo'/>", "The client is still in the room tea@rooms.test."),
            ("C <iq id='2' type='get' to='\(room)/Romeo'><ping xmlns='urn:xmpp:ping'/></iq>", "whether it is still in"),
            (
                "S <iq id='2' type='error' from='\(room)/Romeo'>\(stanzaError("service-unavailable"))</iq>",
                "The client is still in the room"
            ),
            ("C <iq id='3' type='get' to='\(room)/Romeo'><ping xmlns='urn:xmpp:ping'/></iq>", "whether it is still in"),
            (
                "S <iq id='3' type='error' from='\(room)/Romeo'>\(stanzaError("not-acceptable"))</iq>",
                "The client is no longer in the room tea@rooms.test, and has to enter it again (not-acceptable)."
            ),
        ]
    ),
    Conversation(
        name: "a service of rooms tells its occupants",
        before: [
            "C <stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='rooms.test'>",
            "S <stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' from='rooms.test' id='1'>",
            "C <handshake>aa</handshake>", "S <handshake/>",
        ],
        lines: [
            (
                "S <presence from='a@x.test/y' to='\(room)/A'><x \(muc)/></presence>",
                "a@x.test/y asks to enter the room tea@rooms.test as \"A\""
            ),
            (
                "C <presence from='\(room)/A' to='a@x.test/y'><x \(user)><item affiliation='none' role='participant'/><status code='110'/><status code='201'/></x></presence>",
                "a@x.test/y is now in the room tea@rooms.test as \"A\" (participant). The room did not exist before; a@x.test/y made it."
            ),
            (
                "C <presence from='\(room)/A' to='a@x.test/y' type='error'><x \(muc)/>\(stanzaError("forbidden"))</presence>",
                "does not let a@x.test/y in: a@x.test/y is banned from it"
            ),
            ("S <presence from='a@x.test/y' to='\(room)/A' type='unavailable'/>", "a@x.test/y leaves the room"),
        ]
    ),
]

struct RoomTests {
    @Test("entering, being in and leaving rooms", arguments: inside)
    func staying(_ test: Conversation) { test.expect() }

    @Test("managing rooms, inviting and asking", arguments: managing)
    func ruling(_ test: Conversation) { test.expect() }
}
