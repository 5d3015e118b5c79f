import Testing

private let servers: [String] = [
    "C <stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:server' xmlns:db='jabber:server:dialback' from='a.test' to='b.test' version='1.0'>",
    "S <stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:server' xmlns:db='jabber:server:dialback' from='b.test' to='a.test' id='4' version='1.0'>",
]
private let component: [String] = [
    "C <stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='bot.test'>",
    "S <stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:component:accept' from='bot.test' id='3'>",
]

private let faulty: [Case] = [
    Case(
        name: "a change of two contacts",
        lines: bound + [
            "C <iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@x.test'/><item jid='b@x.test'/></query></iq>"
        ],
        says: ["a change must hold exactly one contact, not 2"]
    ),
    Case(
        name: "a change of no contact",
        lines: bound + ["C <iq type='set' id='1'><query xmlns='jabber:iq:roster'></query></iq>"],
        says: ["a change must hold exactly one contact, not 0"]
    ),
    Case(
        name: "a contact without an address",
        lines: bound + ["C <iq type='set' id='1'><query xmlns='jabber:iq:roster'><item name='A'/></query></iq>"],
        says: ["the contact has no jid"]
    ),
    Case(
        name: "a group twice",
        lines: bound + [
            "C <iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@x.test'><group>a</group><group>a</group></item></query></iq>"
        ],
        says: ["a group is named twice"]
    ),
    Case(
        name: "a group without a name",
        lines: bound + [
            "C <iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@x.test'><group/></item></query></iq>"
        ],
        says: ["a group has no name"]
    ),
    Case(
        name: "two contacts in one push",
        lines: bound + [
            "S <iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@x.test'/><item jid='b@x.test'/></query></iq>"
        ],
        says: ["must hold exactly one contact, not 2 (RFC 6121 section 2.1.6)"]
    ),
    Case(
        name: "two states",
        lines: bound + ["C <presence><show>away</show><show>dnd</show></presence>"],
        says: ["there is more than one <show/>"]
    ),
    Case(
        name: "a subscription to one session",
        lines: bound + ["C <presence type='subscribe' to='a@x.test/y'/>"],
        says: ["it must go to the bare address (RFC 6121 section 3.1.1)"]
    ),
    Case(
        name: "a subscription to nobody",
        lines: bound + ["C <presence type='subscribe'/>"],
        says: ["it has no to, so nobody can know whom it is for"]
    ),
    Case(
        name: "capabilities without a node",
        lines: bound + ["C <presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' ver='abc'/></presence>"],
        says: ["the capabilities have no node"]
    ),
    Case(
        name: "a change in a room of nobody",
        lines: bound + [
            "C <iq type='set' id='1' to='tea@rooms.test'><query xmlns='http://jabber.org/protocol/muc#admin'/></iq>"
        ],
        says: ["there is no <item/>, so there is nothing to change"]
    ),
    Case(
        name: "a role that does not exist",
        lines: bound + [
            "C <iq type='set' id='1' to='tea@rooms.test'><query xmlns='http://jabber.org/protocol/muc#admin'><item role='owner' nick='x'/></query></iq>"
        ],
        says: ["there is no role \"owner\""]
    ),
    Case(
        name: "an affiliation for a nickname",
        lines: bound + [
            "C <iq type='set' id='1' to='tea@rooms.test'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member' nick='x'/></query></iq>"
        ],
        says: ["an affiliation is given to an address, but there is no jid"]
    ),
    Case(
        name: "a role and an affiliation",
        lines: bound + [
            "C <iq type='set' id='1' to='tea@rooms.test'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member' role='visitor' nick='x'/></query></iq>"
        ],
        says: ["not of both"]
    ),
    Case(
        name: "whom to block is missing",
        lines: bound + ["C <iq type='set' id='1'><block xmlns='urn:xmpp:blocking'><item/></block></iq>"],
        says: ["an <item/> has no jid"]
    ),
    Case(
        name: "two rules of the same order",
        lines: bound + [
            "C <iq type='set' id='1'><query xmlns='jabber:iq:privacy'><list name='x'><item action='deny' order='1'/><item action='allow' order='1'/></list></query></iq>"
        ],
        says: ["two rules have the same order"]
    ),
    Case(
        name: "an order that is no number",
        lines: bound + [
            "C <iq type='set' id='1'><query xmlns='jabber:iq:privacy'><list name='x'><item action='deny' order='x'/></list></query></iq>"
        ],
        says: ["a rule has no number as its order"]
    ),
    Case(
        name: "an action that does not exist",
        lines: bound + [
            "C <iq type='set' id='1'><query xmlns='jabber:iq:privacy'><list name='x'><item action='stop' order='1'/></list></query></iq>"
        ],
        says: ["a rule has the action \"stop\""]
    ),
    Case(
        name: "two requests about privacy lists",
        lines: bound + [
            "C <iq type='set' id='1'><query xmlns='jabber:iq:privacy'><active name='a'/><default name='b'/></query></iq>"
        ],
        says: ["a request may hold only one <active/>"]
    ),
    Case(
        name: "blocks that are too long",
        lines: bound + [
            "C <iq type='set' id='1' to='a@x.test/r'><open xmlns='http://jabber.org/protocol/ibb' sid='a' block-size='100000'/></iq>"
        ],
        says: ["from 1 to 65,535"]
    ),
    Case(
        name: "a block that is no Base64",
        lines: bound + [
            "C <iq type='set' id='1' to='a@x.test/r'><data xmlns='http://jabber.org/protocol/ibb' sid='a' seq='0'>!!!</data></iq>"
        ],
        says: ["the content is no Base64"]
    ),
    Case(
        name: "an offer without a host",
        lines: bound + [
            "C <iq type='set' id='1' to='a@x.test/r'><query xmlns='http://jabber.org/protocol/bytestreams' sid='x'/></iq>"
        ],
        says: ["at least one <streamhost/>"]
    ),
    Case(
        name: "an acknowledgement without stream management",
        lines: bound + ["C <a xmlns='urn:xmpp:sm:3' h='5'/>"],
        says: ["stream management was not turned on"]
    ),
    Case(
        name: "a forged address",
        lines: bound + ["C <message from='nurse@x.test/a' to='b@x.test'><body>Hi</body></message>"],
        says: ["the client says that it is from nurse@x.test/a, but it is romeo@jabber.test"]
    ),
    Case(
        name: "an address that is none",
        lines: bound + ["C <message to='a@@x.test'><body>Hi</body></message>"],
        says: ["which is no address: it has more than one @ (RFC 7622 section 3.1)"]
    ),
    Case(
        name: "an error of two conditions",
        lines: bound + [
            "S <message type='error' from='a@x.test'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        ],
        says: ["the error names 2 conditions"]
    ),
    Case(
        name: "an error of a type that does not exist",
        lines: bound + [
            "S <message type='error' from='a@x.test'><error type='bogus'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        ],
        says: ["the error is of type \"bogus\""]
    ),
    Case(
        name: "a stream error that does not exist",
        lines: bound + ["S <stream:error><foo xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"],
        says: ["\"foo\" is no condition of RFC 6120"]
    ),
    Case(
        name: "an idle time that is no number",
        lines: bound + [
            "S <iq type='get' id='1' from='a@x.test/r'><query xmlns='jabber:iq:last'/></iq>",
            "C <iq type='result' id='1' to='a@x.test/r'><query xmlns='jabber:iq:last' seconds='soon'/></iq>",
        ],
        says: ["seconds= must be there and a number"]
    ),
    Case(
        name: "a program without a version",
        lines: bound + [
            "S <iq type='get' id='1' from='a@x.test/r'><query xmlns='jabber:iq:version'/></iq>",
            "C <iq type='result' id='1' to='a@x.test/r'><query xmlns='jabber:iq:version'><name>X</name></query></iq>",
        ],
        says: ["there is no <version/>"]
    ),
    Case(
        name: "a key without its domain",
        lines: servers + ["C <db:result to='b.test'>k</db:result>"],
        says: ["it has no from"]
    ),
    Case(
        name: "a question for a key without an id",
        lines: servers + ["C <db:verify from='a.test' to='b.test'>k</db:verify>"],
        says: ["it has no id"]
    ),
    Case(
        name: "between servers without a sender",
        lines: servers + ["C <message to='x@b.test'><body>Hi</body></message>"],
        says: ["it has no from, which is a must on this stream"]
    ),
    Case(
        name: "for a foreign domain",
        lines: servers + ["C <message from='y@evil.test' to='x@b.test'><body>Hi</body></message>"],
        says: ["it is from evil.test, but this stream is that of a.test"]
    ),
    Case(
        name: "a domain that dialback was asked for",
        lines: servers + [
            "C <db:result from='c.test' to='b.test'>k</db:result>",
            "C <message from='y@c.test' to='x@b.test'><body>Hi</body></message>",
        ],
        says: ["y@c.test"],
        never: ["Warning"]
    ),
    Case(
        name: "a proof that is no hash",
        lines: component + ["C <handshake>aaee</handshake>"],
        says: ["the proof is no SHA-1 hash"]
    ),
    Case(
        name: "a component without a sender",
        lines: component + ["C <message to='x@b.test'><body>Hi</body></message>"],
        says: ["it has no from, which is a must on this stream (XEP-0114 section 3)"]
    ),
    Case(
        name: "a component of another domain",
        lines: component + ["C <message from='y@evil.test' to='x@b.test'><body>Hi</body></message>"],
        says: ["it is from evil.test, but this stream is that of bot.test"]
    ),
]

private let others: [Case] = [
    Case(
        name: "a request that bounces",
        lines: bound + [
            "C <presence to='a@x.test' type='subscribe'/>",
            "S <presence from='a@x.test' type='error'><error type='cancel'><remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>",
        ],
        says: ["The request of 009 to see when a@x.test is online could not be delivered"]
    ),
    Case(
        name: "a page without a size",
        lines: bound + [
            "C <iq type='get' id='1' to='a@x.test'><query xmlns='http://jabber.org/protocol/disco#items'><set xmlns='http://jabber.org/protocol/rsm'><max>many</max></set></query></iq>"
        ],
        says: ["Warning"],
        never: ["many items"]
    ),
    Case(
        name: "activity in rooms",
        lines: bound + [
            "S <message from='rooms.test'><rai xmlns='urn:xmpp:rai:0'><activity>tea@rooms.test</activity></rai></message>"
        ],
        says: ["rooms.test tells the client of new messages in the room tea@rooms.test (XEP-0437)."],
        never: ["Warning"]
    ),
    Case(
        name: "invisible, but with the presence of others",
        lines: bound + ["C <iq type='set' id='1'><invisible xmlns='urn:xmpp:invisible:1' probe='true'/></iq>"],
        says: ["contacts shall see it as offline, while the server still fetches theirs (XEP-0186)."],
        never: ["Warning"]
    ),
    Case(
        name: "relays for calls",
        lines: bound + [
            "C <iq type='get' id='1'><services xmlns='http://jabber.org/protocol/jinglenodes'/></iq>",
            "S <iq type='result' id='1'><services xmlns='http://jabber.org/protocol/jinglenodes'><relay policy='public' address='relay.test' protocol='udp'/></services></iq>",
        ],
        says: ["relay at relay.test."],
        never: ["Warning"]
    ),
    Case(
        name: "the compact form of XML",
        lines: bound + ["C <setup xmlns='http://jabber.org/protocol/compress/exi' version='1'/>"],
        says: ["The client proposes settings for the compact form of XML (EXI) (XEP-0322)."],
        never: ["Warning"]
    ),
    Case(
        name: "somebody enters a room of another server",
        lines: servers + [
            "C <presence from='a@a.test/x' to='tea@b.test/Al'><x xmlns='http://jabber.org/protocol/muc'><password>s3</password></x></presence>"
        ],
        says: ["a@a.test/x asks to enter the room tea@b.test as \"Al\", with a password (XEP-0045)."],
        never: ["Warning"]
    ),
    Case(
        name: "somebody is let in",
        lines: servers + [
            "C <presence from='a@a.test/x' to='tea@b.test/Al'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
            "S <presence from='tea@b.test/Al' to='a@a.test/x'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'/><status code='110'/></x></presence>",
        ],
        says: ["a@a.test/x is now in the room tea@b.test as \"Al\" (participant)."],
        never: ["Warning"]
    ),
    Case(
        name: "a request that was refused",
        lines: bound + [
            "C <presence to='a@x.test' type='subscribe'/>", "S <presence from='a@x.test' type='unsubscribed'/>",
        ],
        says: ["a@x.test refuses the request of 009: the client may not see when a@x.test is online."],
        never: ["Warning"]
    ),
    Case(
        name: "a mention in a room that the client is not in",
        lines: bound + [
            "S <message from='tea@rooms.test'><mentions xmlns='urn:xmpp:mmn:0'><forwarded xmlns='urn:xmpp:forward:0'><message from='tea@rooms.test/Al' type='groupchat' xmlns='jabber:client'><body>Hi romeo</body></message></forwarded></mentions></message>"
        ],
        says: [
            "The room tea@rooms.test tells the client, who is not in it, that \"Al\" has mentioned them: \"Hi romeo\" (XEP-0452)."
        ],
        never: ["Warning"]
    ),
    Case(
        name: "what a contact supports",
        lines: bound + [
            "C <iq type='get' id='1' to='a@x.test/r'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='1' from='a@x.test/r'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' type='phone' name='X'/><feature var='urn:xmpp:jingle:1'/><feature var='urn:xmpp:receipts'/></query></iq>",
        ],
        says: ["a@x.test/r is a client on a phone, \"X\"; it supports Jingle and delivery receipts."],
        never: ["Warning"]
    ),
    Case(
        name: "answers to choose from",
        lines: bound + [
            "S <message from='a@x.test/r' type='chat'><body>Ok?</body><response xmlns='urn:xmpp:tmp:quick-response' value='yes' label='Yes'/><response xmlns='urn:xmpp:tmp:quick-response' value='no' label='No'/></message>"
        ],
        says: ["\"Ok?\". It offers the answers \"Yes\" and \"No\" to choose (XEP-0439)."],
        never: ["Warning"]
    ),
    Case(
        name: "a change of several ranks",
        lines: bound + [
            "C <iq type='set' id='1' to='tea@rooms.test'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='none' jid='t@x.test'/><item affiliation='member' jid='u@x.test'/></query></iq>"
        ],
        says: ["t@x.test loses the affiliation, u@x.test becomes a member."],
        never: ["Warning"]
    ),
]

@Suite("packets that break a rule")
struct FaultyPacketTests {
    @Test("what is forbidden is found", arguments: faulty)
    func finds(_ test: Case) { expect(test) }

    @Test("what is allowed is told in full", arguments: others)
    func tells(_ test: Case) { expect(test) }

    @Test("a request on one connection is joined with its grant on another one")
    func joins() {
        let second = told(connections: [
            bound + ["S <presence from='a@x.test' type='subscribe'/>"],
            bound + ["C <presence to='a@x.test' type='subscribed'/>"],
        ])[1]
        let last = second.dropLast().last ?? ""
        #expect(last.contains("grants the request of 009 of connection 1"), "\(last)")
    }
}
