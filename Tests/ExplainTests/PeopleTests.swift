import Testing

private let info = "xmlns='http://jabber.org/protocol/disco#info'"
private let items = "xmlns='http://jabber.org/protocol/disco#items'"
private let caps = "xmlns='http://jabber.org/protocol/caps'"
/// The example of XEP-0115 section 5.2.
private let exodus =
    "<identity category='client' name='Exodus 0.9.1' type='pc'/><feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/muc'/>"
private let exodusNode = "http://code.google.com/p/exodus#QgayPKawpkPSDYmwT/WM94uAlu0="
private let exodusCaps =
    "<c \(caps) hash='sha-1' node='http://code.google.com/p/exodus' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>"
/// The example of XEP-0115 section 5.3, which has a form and two languages.
private let psi =
    "<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/><identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/><feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/><x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field><field var='ip_version'><value>ipv4</value><value>ipv6</value></field><field var='os'><value>Mac</value></field><field var='os_version'><value>10.5.1</value></field><field var='software'><value>Psi</value></field><field var='software_version'><value>0.11</value></field></x>"
private let psiNode = "http://psi-im.org#q07IKJEyjvHSyhy//CH0CxmKi8w="

/// The simple example of XEP-0390 section 4.5.1.
private let second =
    "<identity category='client' name='BombusMod' type='mobile'/><feature var='http://jabber.org/protocol/si'/><feature var='http://jabber.org/protocol/bytestreams'/><feature var='http://jabber.org/protocol/chatstates'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='urn:xmpp:ping'/><feature var='jabber:iq:time'/><feature var='jabber:iq:privacy'/><feature var='jabber:iq:version'/><feature var='http://jabber.org/protocol/rosterx'/><feature var='urn:xmpp:time'/><feature var='jabber:x:oob'/><feature var='http://jabber.org/protocol/ibb'/><feature var='http://jabber.org/protocol/si/profile/file-transfer'/><feature var='urn:xmpp:receipts'/><feature var='jabber:iq:roster'/><feature var='jabber:iq:last'/>"
private let secondHash = "kzBZbkqJ3ADrj7v08reD1qcWUwNGHaidNUgD7nHpiw8="

private let discoveries: [Conversation] = [
    Conversation(
        name: "a server, its services and its rooms",
        lines: [
            (
                "C <iq id='1' type='get' to='jabber.test'><query \(info)/></iq>",
                "The client asks the server jabber.test what it is and what it supports (XEP-0030)."
            ),
            (
                "S <iq id='1' type='result' from='jabber.test'><query \(info)><identity category='server' type='im' name='Prosody'/><feature var='urn:xmpp:carbons:2'/><feature var='urn:xmpp:blocking'/><feature var='jabber:iq:register'/><feature var='urn:xmpp:ping'/><x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/network/serverinfo</value></field><field var='abuse-addresses'><value>mailto:abuse@jabber.test</value></field></x></query></iq>",
                "The server is an IM server, \"Prosody\"; it supports 4 things, among them carbons, blocking and in-band registration. Contact addresses: for abuse abuse@jabber.test."
            ),
            (
                "C <iq id='2' type='get' to='jabber.test'><query \(items)/></iq>",
                "asks the server jabber.test which services it has."
            ),
            (
                "S <iq id='2' type='result' from='jabber.test'><query \(items)><item jid='rooms.test' name='Rooms'/></query></iq>",
                "The server names 1 service: rooms.test (\"Rooms\")."
            ),
            ("C <iq id='3' type='get' to='rooms.test'><query \(info)/></iq>", "asks rooms.test what it is"),
            (
                "S <iq id='3' type='result' from='rooms.test'><query \(info)><identity category='conference' type='text'/><feature var='http://jabber.org/protocol/muc'/></query></iq>",
                "rooms.test is a service of chat rooms."
            ),
            ("C <iq id='4' type='get' to='rooms.test'><query \(items)/></iq>", "asks rooms.test which rooms it has."),
            (
                "S <iq id='4' type='result' from='rooms.test'><query \(items)><item jid='a@rooms.test'/><item jid='b@rooms.test'/><item jid='c@rooms.test'/><item jid='d@rooms.test'/></query></iq>",
                "rooms.test names 4 rooms: a@rooms.test, b@rooms.test, c@rooms.test and 1 more."
            ),
            ("C <iq id='5' type='get' to='a@rooms.test'><query \(info)/></iq>", "asks a@rooms.test"),
            (
                "S <iq id='5' type='result' from='a@rooms.test'><query \(info)><identity category='conference' type='text' name='A'/><feature var='http://jabber.org/protocol/muc'/><feature var='muc_membersonly'/><feature var='muc_persistent'/><x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#roominfo</value></field><field var='muc#roominfo_occupants'><value>1</value></field></x></query></iq>",
                "a@rooms.test is a chat room, \"A\". It is for members only and persistent. 1 occupant."
            ),
            (
                "C <iq id='6' type='get' to='jabber.test'><query \(items) node='http://jabber.org/protocol/commands'/></iq>",
                "asks the server jabber.test which commands it offers."
            ),
            (
                "S <iq id='6' type='result' from='jabber.test'><query \(items) node='http://jabber.org/protocol/commands'><item jid='jabber.test' node='u' name='Uptime'/><item jid='jabber.test'/></query></iq>",
                "The server offers 2 commands: \"Uptime\" and one without a name."
            ),
            (
                "C <iq id='7' type='get' to='a@rooms.test'><query \(info) node='x-roomuser-item'/></iq>",
                "under which nickname the client is registered there."
            ),
            (
                "S <iq id='7' type='result' from='a@rooms.test'><query \(info) node='x-roomuser-item'/></iq>",
                "The client has no nickname registered with a@rooms.test."
            ),
        ]
    ),
    Conversation(
        name: "capabilities whose hash fits",
        lines: [
            (
                "S <presence from='n@x.test/y'>\(exodusCaps)</presence>",
                "By its capabilities it is code.google.com/p/exodus (hash Qgay…) (XEP-0115)."
            ),
            (
                "C <iq id='1' type='get' to='n@x.test/y'><query \(info) node='\(exodusNode)'/></iq>",
                "The client asks n@x.test/y what stands behind the capabilities hash of 009 (XEP-0030)."
            ),
            (
                "S <iq id='1' type='result' from='n@x.test/y'><query \(info) node='\(exodusNode)'>\(exodus)</query></iq>",
                "n@x.test/y is a client on a PC, \"Exodus 0.9.1\"; it supports 4 things, among them rooms (MUC), capability hashes and lists of items. The hash of 009 fits this answer."
            ),
            (
                "S <presence from='o@x.test/y'>\(exodusCaps)</presence>",
                "Its capabilities are those of 011 (code.google.com/p/exodus)."
            ),
            ("S <presence from='o@x.test/y'>\(exodusCaps)</presence>", "o@x.test/y is online."),
            (
                "C <iq id='2' type='get' to='p@x.test/y'><query \(info) node='\(psiNode)'/></iq>",
                "what stands behind the capabilities hash q07I… of psi-im.org."
            ),
            (
                "S <iq id='2' type='result' from='p@x.test/y'><query \(info) node='\(psiNode)'>\(psi)</query></iq>",
                "The program is Psi 0.11 on Mac 10.5.1. The hash fits this answer."
            ),
        ]
    ),
    Conversation(
        name: "capabilities whose second form fits, by the example of XEP-0390",
        lines: [
            (
                "S <presence from='n@x.test/y'><c xmlns='urn:xmpp:caps'><hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>\(secondHash)</hash></c></presence>",
                "It announces its capabilities by the hash \(secondHash.prefix(4))… (XEP-0390)."
            ),
            (
                "C <iq id='1' type='get' to='n@x.test/y'><query \(info) node='urn:xmpp:caps#sha-256.\(secondHash)'/></iq>",
                "what stands behind the capabilities hash of 009"
            ),
            (
                "S <iq id='1' type='result' from='n@x.test/y'><query \(info) node='urn:xmpp:caps#sha-256.\(secondHash)'>\(second)</query></iq>",
                "The hash of 009 fits this answer."
            ),
        ]
    ),
    Conversation(
        name: "capabilities whose hash does not fit, and answers of which none may be made",
        lines: [
            ("S <presence from='n@x.test/y'>\(exodusCaps)</presence>", "online"),
            ("C <iq id='1' type='get' to='n@x.test/y'><query \(info) node='\(exodusNode)'/></iq>", "asks"),
            (
                "S <iq id='1' type='result' from='n@x.test/y'><query \(info) node='\(exodusNode)'><feature var='urn:xmpp:ping'/></query></iq>",
                "Warning: the hash of this answer is not the Qgay… that 009 announced"
            ),
            ("C <iq id='2' type='get' to='n@x.test/y'><query \(info) node='\(exodusNode)'/></iq>", "asks"),
            (
                "S <iq id='2' type='result' from='n@x.test/y'><query \(info) node='\(exodusNode)'><feature var='a'/><feature var='a'/></query></iq>",
                "Warning: the answer has the feature \"a\" twice"
            ),
            ("C <iq id='3' type='get' to='p@x.test/y'><query \(info) node='\(psiNode)'/></iq>", "asks"),
            (
                "S <iq id='3' type='result' from='p@x.test/y'><query \(info) node='\(psiNode)'/></iq>",
                "p@x.test/y names no feature."
            ),
        ],
        hasFindings: true
    ),
    Conversation(
        name: "parts that are missing leave no holes",
        lines: [
            (
                "S <iq id='1' type='get' from='n@x.test/y'><query \(info)/></iq>",
                "n@x.test/y asks the client what it is and what it supports"
            ),
            (
                "C <iq id='1' type='result' to='n@x.test/y'><query \(info)><identity/><feature/></query></iq>",
                "The client is something of no named kind; it names no feature."
            ),
            ("C <iq id='2' type='get' to='x.test'><query \(items)/></iq>", "which items it has"),
            (
                "S <iq id='2' type='result' from='x.test'><query \(items)><item/></query></iq>",
                "x.test names 1 item: one without an address."
            ),
            ("C <iq id='3' type='get' to='x.test'><query \(info) node='gone'/></iq>", "what its node \"gone\" is"),
            (
                "S <iq id='3' type='error' from='x.test'>\(stanzaError("item-not-found"))</iq>",
                "x.test has no node \"gone\" (item-not-found)."
            ),
            ("C <iq id='4' type='get' to='x.test'><query \(info)/></iq>", "what it is"),
            (
                "S <iq id='4' type='error' from='x.test'>\(stanzaError("remote-server-timeout"))</iq>",
                "The question what it is and what it supports could not be delivered to x.test"
            ),
        ],
        hasFindings: true
    ),
]

private let others: [Conversation] = [
    Conversation(
        name: "what presence says beside being there",
        lines: [
            (
                "S <presence from='n@x.test/y'><show>xa</show><priority>-1</priority><x xmlns='vcard-temp:x:update'><photo>2fd4e1c67a2d28fced84</photo></x></presence>",
                "n@x.test/y is online, but away for long. Priority -1: what is sent to the bare address does not come here. Its avatar is the picture with the SHA-1 2fd4e1c6… (XEP-0153)."
            ),
            ("C <presence><x xmlns='vcard-temp:x:update'><photo/></x></presence>", "It has no avatar."),
            ("C <presence><x xmlns='vcard-temp:x:update'/></presence>", "It does not know yet which avatar it has."),
            (
                "S <presence from='n@x.test/y'><show>away</show><idle xmlns='urn:xmpp:idle:1' since='2026-03-01T15:04:05Z'/></presence>",
                "Idle since 2026-03-01 15:04:05 UTC (XEP-0319)."
            ),
            (
                "S <presence from='n@x.test/y'><query xmlns='jabber:iq:last' seconds='600'/></presence>",
                "Idle for 10 minutes (XEP-0256)."
            ),
            (
                "S <presence from='n@x.test' type='subscribe'><nick xmlns='http://jabber.org/protocol/nick'>Nurse</nick></presence>",
                "It calls itself \"Nurse\". The client has to grant or refuse it."
            ),
            (
                "S <presence from='n@x.test/y'><show/><status/><priority>0</priority><idle xmlns='urn:xmpp:idle:1'/></presence>",
                "n@x.test/y is online."
            ),
        ],
        hasFindings: true
    ),
    Conversation(
        name: "presence against its rules",
        lines: [
            ("S <presence from='n@x.test/y'><show>busy</show></presence>", "Warning: <show/> is \"busy\""),
            ("S <presence from='n@x.test/y'><priority>high</priority></presence>", "Warning: the priority is \"high\""),
            (
                "C <iq id='1' type='set'><block xmlns='urn:xmpp:blocking'/></iq>",
                "Warning: <block/> must hold at least one <item/>"
            ),
        ],
        hasFindings: true
    ),
    Conversation(
        name: "the contact list",
        lines: [
            (
                "C <iq id='1' type='get'><query xmlns='jabber:iq:roster' ver='v3'/></iq>",
                "unless that is still version v3, of which it has a copy."
            ),
            ("S <iq id='1' type='result'/>", "The client's copy of the contact list is up to date."),
            (
                "C <iq id='2' type='set'><query xmlns='jabber:iq:roster'><item jid='a@x.test' name='A'><group>Friends</group></item></query></iq>",
                "The client adds a@x.test as \"A\" to its contact list, in the group \"Friends\", or changes the entry."
            ),
            (
                "S <iq id='2' type='error'>\(stanzaError("not-acceptable"))</iq>",
                "The server does not change a@x.test in the contact list: a group's name is empty or too long"
            ),
            ("C <presence type='subscribe' to='a@x.test'/>", "asks a@x.test for permission"),
            (
                "S <iq id='p' type='set'><query xmlns='jabber:iq:roster' ver='4'><item jid='a@x.test' subscription='none' ask='subscribe'/></query></iq>",
                "its contact list changed (version 4): a@x.test is in it; neither sees when the other is online, and the request of 013 is waiting."
            ),
            (
                "S <iq id='3' type='get' from='gate.test'><query xmlns='jabber:iq:roster'/></iq>",
                "gate.test asks for the contact list (roster) of the client."
            ),
            (
                "S <message from='n@x.test'><x xmlns='http://jabber.org/protocol/rosterx'><item action='add' jid='a@x.test'/><item jid='b@x.test' action='delete'/></x></message>",
                "n@x.test suggests to the client to add a@x.test to the contact list and to remove b@x.test from the contact list (XEP-0144)."
            ),
        ]
    ),
    Conversation(
        name: "blocking and reports",
        lines: [
            (
                "C <iq id='1' type='set'><block xmlns='urn:xmpp:blocking'><item jid='m@x.test'><report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'><text>Never again.</text></report></item></block></iq>",
                "The client blocks m@x.test, and reports it to the server for spam: \"Never again.\" (XEP-0191)."
            ),
            ("S <iq id='1' type='result'/>", "m@x.test is blocked now."),
            ("S <iq id='p' type='set'><unblock xmlns='urn:xmpp:blocking'/></iq>", "that nobody is blocked any more."),
            ("C <iq id='p' type='result'/>", "The client acknowledges that."),
            (
                "C <iq id='2' type='get'><blocklist xmlns='urn:xmpp:blocking'/></iq>",
                "The client asks whom it has blocked."
            ),
            (
                "S <iq id='2' type='result'><blocklist xmlns='urn:xmpp:blocking'><item jid='x.test'/></blocklist></iq>",
                "1 address is blocked: everybody at x.test."
            ),
        ]
    ),
    Conversation(
        name: "versions, last activity, gateways and access",
        lines: [
            (
                "S <iq id='1' type='get' from='n@x.test/y'><query xmlns='jabber:iq:version'/></iq>",
                "n@x.test/y asks which program the client is (XEP-0092)."
            ),
            (
                "C <iq id='1' type='result' to='n@x.test/y'><query xmlns='jabber:iq:version'><name>Gajim</name><version>2.0</version><os>Linux</os></query></iq>",
                "The client tells n@x.test/y that it is Gajim 2.0 on Linux."
            ),
            (
                "C <iq id='2' type='get' to='n@x.test'><query xmlns='jabber:iq:last'/></iq>",
                "The client asks when n@x.test was last online (XEP-0012)."
            ),
            (
                "S <iq id='2' type='result' from='n@x.test'><query xmlns='jabber:iq:last' seconds='903'>Gone home</query></iq>",
                "n@x.test was last online 15 minutes and 3 seconds ago, and left with \"Gone home\"."
            ),
            (
                "C <iq id='3' type='get' to='jabber.test'><query xmlns='jabber:iq:last'/></iq>",
                "asks how long the server has been running."
            ),
            (
                "S <iq id='3' type='result' from='jabber.test'><query xmlns='jabber:iq:last' seconds='123456'/></iq>",
                "The server has been running for 1 day and 10 hours."
            ),
            (
                "C <iq id='4' type='set' to='gate.test'><query xmlns='jabber:iq:gateway'><prompt>Al</prompt></query></iq>",
                "asks the gateway gate.test for the address of \"Al\" (XEP-0100)."
            ),
            (
                "S <iq id='4' type='result' from='gate.test'><query xmlns='jabber:iq:gateway'><jid>al@gate.test</jid></query></iq>",
                "The address of \"Al\" at gate.test is al@gate.test."
            ),
            (
                "C <iq id='5' type='set'><revoke xmlns='urn:xmpp:cam:0' id='x'/></iq>",
                "The client takes from the client x the access to its account (XEP-0494)."
            ),
            (
                "S <iq id='5' type='error'>\(stanzaError("service-unavailable", "<password-reset-required xmlns='urn:xmpp:cam:0'/>"))</iq>",
                "so only a new password can shut it out (password-reset-required, service-unavailable)."
            ),
            (
                "C <iq id='6' type='set'><query xmlns='jabber:iq:privacy'><list name='p'><item type='jid' value='m@x.test' action='deny' order='1'><message/></item><item action='allow' order='2'/></list></query></iq>",
                "stores the privacy list \"p\" (XEP-0016): stop messages from m@x.test, then let through everything else."
            ),
            ("S <iq id='6' type='result'/>", "The privacy list \"p\" is stored."),
        ],
        expected: ["Privacy Lists (XEP-0016) is deprecated"]
    ),
]

struct PeopleTests {
    @Test("discovery and capabilities", arguments: discoveries)
    func discovering(_ test: Conversation) { test.expect() }

    @Test("presence, contacts, blocking and the small questions", arguments: others)
    func small(_ test: Conversation) { test.expect() }
}
