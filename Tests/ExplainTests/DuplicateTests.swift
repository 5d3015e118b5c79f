import Testing

private let cases: [Lint] = [
    Lint(
        "dup stanza-id",
        after: inSession,
        [
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' id='s-1' by='romeo@jabber.test'/></message>",
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' id='s-1' by='romeo@jabber.test'/></message>",
        ],
        finds: ["message.duplicate"]
    ),
    Lint(
        "dup id",
        after: inSession,
        [
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message>",
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message>",
        ],
        finds: ["message.duplicate"]
    ),
    Lint(
        "same text other id",
        after: inSession,
        [
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message>",
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m2' type='chat'><body>hi</body></message>",
        ],
        finds: []
    ),
    Lint(
        "same id other text (counter)",
        after: inSession,
        [
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message>",
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>ho</body></message>",
        ],
        finds: []
    ),
    Lint(
        "same id other resource",
        after: inSession,
        [
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message>",
            "S <message from='a@x.test/q' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message>",
        ],
        finds: []
    ),
    Lint(
        "carbon plus original",
        after: inSession,
        [
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message>",
            "S <message from='romeo@jabber.test' to='romeo@jabber.test/o' type='chat'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message></forwarded></received></message>",
        ],
        finds: ["message.duplicate"]
    ),
    Lint(
        "carbon then original",
        after: inSession,
        [
            "S <message from='romeo@jabber.test' to='romeo@jabber.test/o' type='chat'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message></forwarded></received></message>",
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message>",
        ],
        finds: ["message.duplicate"]
    ),
    Lint(
        "carbon of other resource",
        after: inSession,
        [
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message>",
            "S <message from='romeo@jabber.test' to='romeo@jabber.test/o' type='chat'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='a@x.test/r' to='romeo@jabber.test/p' id='m2' type='chat'><body>hi</body></message></forwarded></received></message>",
        ],
        finds: []
    ),
    Lint(
        "sent carbon of own",
        after: inSession,
        [
            "C <message to='a@x.test' type='chat' id='q1'><body>yo</body></message>",
            "S <message from='romeo@jabber.test' to='romeo@jabber.test/o' type='chat'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='romeo@jabber.test/o' to='a@x.test' id='q1' type='chat'><body>yo</body></message></forwarded></sent></message>",
        ],
        finds: ["message.duplicate"]
    ),
    Lint(
        "archive after live",
        after: inSession,
        [
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' id='s-1' by='romeo@jabber.test'/></message>",
            "C <iq type='set' id='c'><query xmlns='urn:xmpp:mam:2' queryid='1'/></iq>",
            "S <message from='romeo@jabber.test' to='romeo@jabber.test/o'><result xmlns='urn:xmpp:mam:2' queryid='1' id='s-1'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/><message xmlns='jabber:client' from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message></forwarded></result></message>",
            "S <iq type='result' id='c'><fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'><first>s-1</first><last>s-1</last></set></fin></iq>",
        ],
        finds: []
    ),
    Lint(
        "archive twice in a page",
        after: inSession,
        [
            "C <iq type='set' id='c'><query xmlns='urn:xmpp:mam:2' queryid='1'/></iq>",
            "S <message from='romeo@jabber.test' to='romeo@jabber.test/o'><result xmlns='urn:xmpp:mam:2' queryid='1' id='s-1'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/><message xmlns='jabber:client' from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message></forwarded></result></message>",
            "S <message from='romeo@jabber.test' to='romeo@jabber.test/o'><result xmlns='urn:xmpp:mam:2' queryid='1' id='s-1'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/><message xmlns='jabber:client' from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message></forwarded></result></message>",
            "S <iq type='result' id='c'><fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'><first>s-1</first><last>s-1</last></set></fin></iq>",
        ],
        finds: ["archive.result.repeated"]
    ),
    Lint(
        "room twice",
        after: inSession,
        [
            "C <presence to='tea@rooms.test/n'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
            "S <presence from='tea@rooms.test/n' to='romeo@jabber.test/o'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'/><status code='110'/></x></presence>",
            "S <message from='tea@rooms.test/b' to='romeo@jabber.test/o' id='g1' type='groupchat'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' id='r-1' by='tea@rooms.test'/></message>",
            "S <message from='tea@rooms.test/b' to='romeo@jabber.test/o' id='g1' type='groupchat'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' id='r-1' by='tea@rooms.test'/></message>",
        ],
        finds: ["message.duplicate"]
    ),
    Lint(
        "room live then history at rejoin",
        after: inSession,
        [
            "C <presence to='tea@rooms.test/n'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
            "S <presence from='tea@rooms.test/n' to='romeo@jabber.test/o'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'/><status code='110'/></x></presence>",
            "S <message from='tea@rooms.test/b' to='romeo@jabber.test/o' id='g1' type='groupchat'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' id='r-1' by='tea@rooms.test'/></message>",
            "C <presence to='tea@rooms.test/n' type='unavailable'/>",
            "S <presence from='tea@rooms.test/n' to='romeo@jabber.test/o' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='none'/><status code='110'/></x></presence>",
            "C <presence to='tea@rooms.test/n'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
            "S <presence from='tea@rooms.test/n' to='romeo@jabber.test/o'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'/><status code='110'/></x></presence>",
            "S <message from='tea@rooms.test/b' to='romeo@jabber.test/o' id='g1' type='groupchat'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' id='r-1' by='tea@rooms.test'/><delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z' from='tea@rooms.test'/></message>",
        ],
        finds: []
    ),
    Lint(
        "sent to self carbon",
        after: inSession,
        [
            "C <message to='romeo@jabber.test' type='chat' id='q1'><body>yo</body></message>",
            "S <message from='romeo@jabber.test/o' to='romeo@jabber.test/o' id='q1' type='chat'><body>yo</body></message>",
        ],
        finds: []
    ),
    Lint(
        "duplicate error bounce",
        after: inSession,
        [
            "C <message to='a@x.test' type='chat' id='q1'><body>yo</body></message>",
            "S <message from='a@x.test' to='romeo@jabber.test/o' type='error' id='q1'><body>yo</body><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
        ],
        finds: []
    ),
    Lint(
        "whole evening: chat",
        after: inSession,
        [
            "C <iq type='get' id='r'><query xmlns='jabber:iq:roster' ver=''/></iq>",
            "S <iq type='result' id='r'><query xmlns='jabber:iq:roster' ver='1'><item jid='a@x.test' subscription='both'/></query></iq>",
            "C <presence/>",
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body></message>",
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m2' type='chat'><body>hi</body></message>",
            "C <message to='a@x.test/r' type='chat' id='q'><body>hi</body></message>",
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m3' type='chat'><body>hi</body><delay xmlns='urn:xmpp:delay' stamp='2002-09-10T23:08:25Z'/></message>",
        ],
        finds: []
    ),
    Lint(
        "dup: sent twice",
        after: inSession,
        [
            "C <message to='a@x.test' type='chat' id='q9'><body>yo</body></message>",
            "C <message to='a@x.test' type='chat' id='q9'><body>yo</body></message>",
        ],
        finds: ["message.duplicate"]
    ),
    Lint(
        "dup: sent again after it came back",
        after: inSession,
        [
            "C <message to='a@x.test' type='chat' id='q9'><body>yo</body></message>",
            "S <message from='a@x.test' to='romeo@jabber.test/o' type='error' id='q9'><error type='wait'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
            "C <message to='a@x.test' type='chat' id='q9'><body>yo</body></message>",
        ],
        finds: []
    ),
    Lint(
        "dup: the same text with another id",
        after: inSession,
        [
            "C <message to='a@x.test' type='chat' id='q9'><body>yo</body></message>",
            "C <message to='a@x.test' type='chat' id='q10'><body>yo</body></message>",
        ],
        finds: []
    ),
]

@Suite("what comes twice")
struct DuplicateTests {
    @Test("each fault, and what nearly is one", arguments: cases)
    func lint(_ test: Lint) { expect(test) }
}
