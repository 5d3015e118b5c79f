import Testing

private let jingle = "xmlns='urn:xmpp:jingle:1'"
private let rtp = "xmlns='urn:xmpp:jingle:apps:rtp:1'"

private func client(_ payload: String, type: String = "set", to: String = "bot.test") -> [String] {
    bound + ["C <iq type='\(type)' id='q' to='\(to)'>\(payload)</iq>"]
}
private func answered(_ request: String, by answer: String, type: String = "get") -> [String] {
    client(request, type: type) + ["S <iq type='result' id='q' from='bot.test'>\(answer)</iq>"]
}
private func offer(_ content: String) -> [String] {
    client(
        "<jingle \(jingle) action='session-initiate' sid='s' initiator='romeo@jabber.test/orchard'>\(content)</jingle>",
        to: "juliet@b.test/x"
    )
}
private func video(_ inside: String, transport: String = "urn:xmpp:jingle:transports:ice-udp:1") -> String {
    "<content creator='initiator' name='v'><description \(rtp) media='video'>\(inside)</description><transport xmlns='\(transport)'/></content>"
}
private func ask(_ field: String, more: String = "") -> [String] {
    bound + [
        "S <message from='bot.test'><x xmlns='jabber:x:data' type='form'>\(more)\(field)</x></message>"
    ]
}

private let calls: [Case] = [
    Case(
        name: "feedback, header extensions and sources (XEP-0293, XEP-0294, XEP-0339)",
        lines: offer(
            video(
                "<rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='nack'/><rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='1' uri='u'/><source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='1'/><source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='2'/>"
            )
        ),
        says: [
            "With it come wishes for feedback on the media (XEP-0293), RTP header extensions (XEP-0294) and ids of media sources (XEP-0339)."
        ]
    ),
    Case(
        name: "contents in step (XEP-0338)",
        lines: offer(
            video("")
                + "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='LS'><content name='voice'/><content name='v'/></group>"
        ),
        says: ["\"voice\" and \"v\" are to be played in step with each other (XEP-0338)."]
    ),
    Case(
        name: "what a video shows (XEP-0507)",
        lines: offer(
            video("<category xmlns='urn:xmpp:jingle:apps:category:0' name='sl'/><payload-type id='31' name='H261'/>")
        ),
        says: ["video by H261 (sign language) over ICE"]
    ),
    Case(
        name: "text in step with the call (XEP-0517)",
        lines: offer(
            video(
                "<rtt-sync xmlns='urn:xmpp:jingle:apps:rtt-sync:0' role='caption' source='asr' sync-mode='media-clock'/>"
            )
        ),
        says: ["The text is captions, shown in step with sound and picture (XEP-0517)."]
    ),
    Case(
        name: "text that goes on in messages",
        lines: bound + [
            "C <message type='chat' to='juliet@b.test/x'><rtt-fallback xmlns='urn:xmpp:jingle:apps:rtt-sync:0' sid='s' method='xep-0301'/></message>"
        ],
        says: ["The text of the call s goes on in messages (xep-0301), no longer in step with it (XEP-0517)."]
    ),
    Case(
        name: "a thumbnail of a file (XEP-0264)",
        lines: offer(
            "<content creator='initiator' name='f'><description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>a.jpg</name><thumbnail xmlns='urn:xmpp:thumbs:1' uri='cid:x' media-type='image/png' width='128' height='96'/></file></description><transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='t'/></content>"
        ),
        says: [
            "the file \"a.jpg\" over SOCKS5 bytestreams",
            "A thumbnail of it is to be had (image/png, 128 × 96) (XEP-0264).",
        ]
    ),
    Case(
        name: "editing together (XEP-0284)",
        lines: offer(
            "<content creator='initiator' name='e'><description xmlns='urn:xmpp:jingle:apps:xhtml'/><transport xmlns='urn:xmpp:jingle:transports:sxe'/></content>"
        ),
        says: ["the content \"e\" of an XHTML document to be edited together over the exchange of edits (SXE)"]
    ),
    Case(
        name: "stubs of examples (XEP-0166)",
        lines: offer(
            "<content creator='initiator' name='e'><description xmlns='urn:xmpp:jingle:apps:stub:0'/><transport xmlns='urn:xmpp:jingle:transports:stub:0'/><security xmlns='urn:xmpp:jingle:security:stub:0'/></content>"
        ),
        says: [
            "of a stub, which stands for any application over a stub, which stands for any transport, protected by a stub"
        ]
    ),
]

private let forms: [Case] = [
    Case(
        name: "pages (XEP-0141)",
        lines: ask(
            "<field var='a' label='A'/>",
            more:
                "<page xmlns='http://jabber.org/protocol/xdata-layout'><fieldref var='a'/></page><page xmlns='http://jabber.org/protocol/xdata-layout'/>"
        ),
        says: ["a form on 2 pages with A"]
    ),
    Case(
        name: "files (XEP-0505)",
        lines: ask(
            "<field var='p' label='Photo'><required/><file-input xmlns='urn:xmpp:file-input:0'><accept>image/*</accept></file-input></field>"
        ),
        says: ["Photo (required, a file of image/*)"]
    ),
    Case(
        name: "a number or max (XEP-0060, XEP-0122)",
        lines: ask(
            "<field var='m' label='Items'><validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='pubsub:integer-or-max'/></field>"
        ),
        says: ["Items (a whole number or \"max\")"]
    ),
]

private let lists: [Case] = [
    Case(
        name: "sorted items (XEP-0413)",
        lines: client(
            "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='plays' max_items='3'/><order xmlns='urn:xmpp:order-by:1' by='creation' desc='true'/></pubsub>",
            type: "get"
        ),
        says: ["They shall be sorted by when they were made, the newest first (XEP-0413)."]
    ),
    Case(
        name: "ascending is the default",
        lines: client(
            "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='plays'/><order xmlns='urn:xmpp:order-by:1' by='modification'/></pubsub>",
            type: "get"
        ),
        says: ["by their last change, the earliest first"]
    ),
    Case(
        name: "nodes of a type (XEP-0462)",
        lines: client(
            "<query xmlns='http://jabber.org/protocol/disco#items'><filter xmlns='urn:xmpp:pubsub-filter:0'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:pubsub-filter:0</value></field><field var='included-types'><value>urn:xmpp:microblog:0</value><value/></field></x></filter></query>",
            type: "get"
        ),
        says: ["Only nodes of the type urn:xmpp:microblog:0 and without a type are wanted (XEP-0462)."]
    ),
    Case(
        name: "channels among the contacts (XEP-0405)",
        lines: bound + [
            "C <iq type='get' id='q'><query xmlns='jabber:iq:roster'><annotate xmlns='urn:xmpp:mix:roster:0'/></query></iq>"
        ],
        says: ["Channels (MIX) among the contacts shall be marked as such (XEP-0405)."]
    ),
    Case(
        name: "changes of affiliations since a version (XEP-0463)",
        lines: bound + [
            "C <presence to='tea@rooms.test/Romeo'><x xmlns='http://jabber.org/protocol/muc'><mav xmlns='urn:xmpp:muc:affiliations:1' since='9pa'/></x></presence>"
        ],
        says: ["Of the room's affiliations only what changed since the version 9pa is wanted (XEP-0463)."]
    ),
    Case(
        name: "all affiliations",
        lines: bound + [
            "C <presence to='tea@rooms.test/Romeo'><x xmlns='http://jabber.org/protocol/muc'><mav xmlns='urn:xmpp:muc:affiliations:1'/></x></presence>"
        ],
        says: ["All of the room's affiliations are wanted, for no version of them is known yet (XEP-0463)."]
    ),
    Case(
        name: "the delimiter of nested groups (XEP-0083)",
        lines: answered(
            "<query xmlns='jabber:iq:private'><roster xmlns='roster:delimiter'/></query>",
            by: "<query xmlns='jabber:iq:private'><roster xmlns='roster:delimiter'>::</roster></query>"
        ),
        says: ["The private storage holds \"::\""]
    ),
    Case(
        name: "what a label for programs is (XEP-0258)",
        lines: bound + [
            "C <message to='a@b.test'><body>x</body><securitylabel xmlns='urn:xmpp:sec-label:0'><displaymarking>SECRET</displaymarking><label><esssecuritylabel xmlns='urn:xmpp:sec-label:ess:0'>MQ==</esssecuritylabel></label></securitylabel></message>"
        ],
        says: ["The label for programs is one of ESS (RFC 2634)."]
    ),
]

private let items: [Case] = [
    Case(
        name: "a signature (XEP-0475, XEP-0476)",
        lines: client(
            "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:pubsub-attachments:1/n'><item id='juliet@b.test'><attachments xmlns='urn:xmpp:pubsub-attachments:1'><signature xmlns='urn:xmpp:pubsub-signing:0'><time stamp='2022-10-16T18:39:03Z'/><signer>juliet@b.test</signer><sign xmlns='urn:xmpp:pubsub-signing:openpgp:0'>iQ==</sign></signature></attachments></item></publish></pubsub>"
        ),
        says: ["It holds a signature of the item by juliet@b.test, made with OpenPGP (XEP-0475)."]
    ),
    Case(
        name: "an item for chosen readers (XEP-0477)",
        lines: client(
            "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:microblog:0'><item id='i'><encrypted xmlns='urn:xmpp:pte:0' by='juliet@b.test' type='urn:xmpp:omemo:2'/></item></publish></pubsub>"
        ),
        says: ["only those can read it for whom it is encrypted by OMEMO Encryption"]
    ),
    Case(
        name: "revoked identities (XEP-0516)",
        lines: client(
            "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:xid:revoked'/></pubsub>",
            type: "get"
        ),
        says: ["revoked decentralized IDs"]
    ),
]

private let texts: [Case] = [
    Case(
        name: "text as it is typed (XEP-0301)",
        lines: bound + [
            "C <message to='juliet@b.test' type='chat'><rtt xmlns='urn:xmpp:rtt:0' seq='0' event='new'><t>Hello, </t></rtt></message>"
        ],
        says: [
            "The client begins to type, shown letter by letter in the chat with juliet@b.test: \"Hello, \" (XEP-0301)."
        ]
    ),
    Case(
        name: "typing goes on",
        lines: bound + [
            "C <message to='juliet@b.test' type='chat'><rtt xmlns='urn:xmpp:rtt:0' seq='1'><t>my J</t></rtt></message>"
        ],
        says: ["The client goes on typing in the chat with juliet@b.test: \"my J\""]
    ),
    Case(
        name: "typing erases",
        lines: bound + [
            "C <message to='juliet@b.test' type='chat'><rtt xmlns='urn:xmpp:rtt:0' seq='1'><e n='2'/></rtt></message>"
        ],
        says: ["The client erases some of what it typed"]
    ),
    Case(
        name: "a mention of everybody (XEP-0513)",
        lines: bound + [
            "C <message to='tea@rooms.test' type='groupchat'><body>Hey</body><mention xmlns='urn:xmpp:mentions:0' mentions='urn:xmpp:mentions:0#channel'><active/></mention></message>"
        ],
        says: ["It mentions everybody in the room, as far as they are active (XEP-0513)."]
    ),
    Case(
        name: "who may mention whom",
        lines: client("<query xmlns='urn:xmpp:mentions:0'/>", type: "get"),
        says: ["The client asks bot.test who may mention whom there (XEP-0513)."]
    ),
    Case(
        name: "a mention that the room passes on (XEP-0452)",
        lines: bound + [
            "S <message to='romeo@jabber.test' from='tea@rooms.test'><mentions xmlns='urn:xmpp:mmn:0'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' type='groupchat' from='tea@rooms.test/Ann' to='tea@rooms.test'><body>Romeo?</body></message></forwarded></mentions></message>"
        ],
        says: ["tells the client, who is not in it, that \"Ann\" has mentioned them: ", "\"Romeo?\""]
    ),
    Case(
        name: "evil (XEP-0076)",
        lines: bound + [
            "C <message to='a@b.test'><body>x</body><evil xmlns='http://jabber.org/protocol/evil'/></message>"
        ],
        says: ["It says of itself that it is evil (XEP-0076)."]
    ),
    Case(
        name: "an evil request",
        lines: client(
            "<query xmlns='jabber:iq:version'><evil xmlns='http://jabber.org/protocol/evil'/></query>",
            type: "get"
        ),
        says: ["It says of itself that it is evil (XEP-0076)."]
    ),
    Case(
        name: "news of a widget (XEP-0491)",
        lines: bound + [
            "C <message to='a@b.test' type='chat'><thread>t</thread><x xmlns='urn:xmpp:webxdc:0'><document>Our Calendar</document><summary>12 events</summary></x></message>"
        ],
        says: [
            "passes on news of the widget of this thread in the chat with a@b.test: \"Our Calendar\", \"12 events\" (XEP-0491)."
        ]
    ),
    Case(
        name: "a custom emoji (XEP-0514)",
        lines: bound + [
            "C <message to='a@b.test' type='chat'><body>:x:</body><markup xmlns='urn:xmpp:markup:0'><span start='0' end='3'><emoji xmlns='urn:xmpp:markup:emoji:0'/></span></markup></message>"
        ],
        says: ["Part of the text is to be shown as a picture, a custom emoji (XEP-0514)."]
    ),
]

private let services: [Case] = [
    Case(
        name: "a token for a room (XEP-0488)",
        lines: client("<request xmlns='urn:xmpp:muc-token-invite:0' delay='2678400' counter='5'/>"),
        says: [
            "The client asks bot.test for a token that lets people in, 5 times at most, for 2,678,400 seconds (XEP-0488)."
        ]
    ),
    Case(
        name: "the token is not shown",
        lines: answered(
            "<request xmlns='urn:xmpp:muc-token-invite:0'/>",
            by: "<token xmlns='urn:xmpp:muc-token-invite:0' counter='5'>lyQZ</token>",
            type: "set"
        ),
        says: ["bot.test gives a token that lets people in, 5 times at most."],
        never: ["lyQZ"]
    ),
    Case(
        name: "a fault of SOAP (XEP-0072)",
        lines: client("<Envelope xmlns='http://www.w3.org/2003/05/soap-envelope'><Body/></Envelope>") + [
            "S <iq type='error' id='q' from='bot.test'><error type='modify'><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><Sender xmlns='http://jabber.org/protocol/soap#fault'/></error></iq>"
        ],
        says: ["the SOAP message is wrong and must not be sent again as it is (Sender, undefined-condition)"]
    ),
    Case(
        name: "one connection for several domains (XEP-0451)",
        lines: opened + [
            "S <stream:features><mux xmlns='urn:xmpp:mux:0'><host>a.test</host><host>b.test</host></mux></stream:features>"
        ],
        says: ["stanzas of several domains on one stream (XEP-0451), also of a.test and b.test"]
    ),
    Case(
        name: "a secret by which a connection is shared",
        lines: opened + ["C <mux xmlns='urn:xmpp:mux:0' host='a.test'>s3cret</mux>"],
        says: ["proves by a secret that its stanzas of a.test may come on this stream too"],
        never: ["s3cret"]
    ),
    Case(
        name: "the name for Kerberos (XEP-0233)",
        lines: opened + [
            "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>GSSAPI</mechanism><hostname xmlns='urn:xmpp:domain-based-name:1'>auth42.us.test</hostname></mechanisms></stream:features>"
        ],
        says: ["For Kerberos the server's name is auth42.us.test (XEP-0233)."]
    ),
    Case(
        name: "an upgrade of the password (XEP-0480)",
        lines: opened + [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><upgrade xmlns='urn:xmpp:sasl:upgrade:0'>UPGR-SCRAM-SHA-256</upgrade></authentication></stream:features>"
        ],
        says: ["storing the password also for SCRAM-SHA-256 (XEP-0480)"]
    ),
    Case(
        name: "features that are known in advance (XEP-0509)",
        lines: opened + [
            "S <stream:features><config-version xmlns='urn:xmpp:iap:0' value='V2Vs'/></stream:features>"
        ],
        says: ["the version of these features, with which the next login need not wait for them (XEP-0509)"]
    ),
    Case(
        name: "rules of delivery as a feature (XEP-0079)",
        lines: opened + ["S <stream:features><amp xmlns='http://jabber.org/features/amp'/></stream:features>"],
        says: ["rules for what becomes of messages (XEP-0079)"]
    ),
]

@Suite("what stands inside the elements of others")
struct InnerNamespaceTests {
    @Test("in calls", arguments: calls) func inCalls(test: Case) { expect(test) }
    @Test("in forms", arguments: forms) func inForms(test: Case) { expect(test) }
    @Test("in requests and lists", arguments: lists) func inLists(test: Case) { expect(test) }
    @Test("in items of nodes", arguments: items) func inItems(test: Case) { expect(test) }
    @Test("in messages", arguments: texts) func inTexts(test: Case) { expect(test) }
    @Test("in requests, refusals and features of their own", arguments: services)
    func ofTheirOwn(test: Case) { expect(test) }
}
