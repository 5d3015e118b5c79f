import Testing

private func offer(_ content: String, action: String = "session-initiate") -> [String] {
    bound + [
        "C <iq type='set' id='q' to='juliet@b.test/x'><jingle xmlns='urn:xmpp:jingle:1' action='\(action)' sid='s' initiator='romeo@jabber.test/orchard'>\(content)</jingle></iq>"
    ]
}
private func content(_ inside: String, over transport: String, with part: String = "") -> String {
    "<content creator='initiator' name='a'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>\(inside)</description><transport xmlns='\(transport)'>\(part)</transport></content>"
}
private let ice = "urn:xmpp:jingle:transports:ice-udp:1"
private let publish = "C <iq type='set' id='q'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node="
private func bookmark(_ part: String) -> [String] {
    bound + [
        publish
            + "'urn:xmpp:bookmarks:1'><item id='tea@rooms.test'><conference xmlns='urn:xmpp:bookmarks:1'><extensions>\(part)</extensions></conference></item></publish></pubsub></iq>"
    ]
}

private let transports: [Case] = [
    ("ice-udp:0", "over ICE"), ("ice-udp:1", "over ICE"), ("raw-udp:0", "over plain UDP"),
    ("raw-udp:1", "over plain UDP"), ("s5b:0", "over SOCKS5 bytestreams"), ("s5b:1", "over SOCKS5 bytestreams"),
    ("ibb:0", "over in-band bytestreams"), ("ibb:1", "over in-band bytestreams"),
].map { name, words in
    Case(name: name, lines: offer(content("", over: "urn:xmpp:jingle:transports:\(name)")), says: [words])
}

private let information: [Case] = ["info:1", "info:0", "1:info", "0:info"].map { name in
    Case(
        name: name,
        lines: offer("<mute xmlns='urn:xmpp:jingle:apps:rtp:\(name)' name='a'/>", action: "session-info"),
        says: ["The client has muted its side of the session s"]
    )
}

private let protections: [Case] =
    ["0", "1"].map { version in
        Case(
            name: "ZRTP \(version)",
            lines: offer(
                content(
                    "<encryption><zrtp-hash xmlns='urn:xmpp:jingle:apps:rtp:zrtp:\(version)' version='1.10'>ab</zrtp-hash></encryption>",
                    over: ice
                )
            ),
            says: ["encrypted by ZRTP"]
        )
    } + [
        Case(
            name: "DTLS",
            lines: offer(
                content(
                    "",
                    over: ice,
                    with:
                        "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' setup='actpass'>AB</fingerprint>"
                )
            ),
            says: ["encrypted by DTLS"]
        ),
        Case(
            name: "XTLS",
            lines: offer(
                "<content creator='initiator' name='a'><description xmlns='urn:xmpp:jingle:apps:xmlstream:0'/><transport xmlns='\(ice)'/><security xmlns='urn:xmpp:jingle:security:xtls:0'/></content>"
            ),
            says: ["encrypted from end to end by TLS"]
        ),
        Case(
            name: "a conference in a room (XEP-0272)",
            lines: offer(content("", over: ice) + "<muji xmlns='urn:xmpp:jingle:muji:0' room='tea@rooms.test'/>"),
            says: ["for the conference in the room tea@rooms.test"]
        ),
    ]

private let files: [Case] =
    ["0", "1", "2"].map { version in
        Case(
            name: "hash \(version)",
            lines: offer(
                "<checksum xmlns='urn:xmpp:jingle:apps:file-transfer:5' name='f'><file><hash xmlns='urn:xmpp:hashes:\(version)' algo='sha-256'>2fd4e1c6</hash></file></checksum>",
                action: "session-info"
            ),
            says: ["SHA-256 2fd4e1c6"]
        )
    } + [
        Case(
            name: "a file with its key (XEP-0446, XEP-0448)",
            lines: bound + [
                "C <message to='a@b.test'><file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'><name>a.jpg</name></file><sources><encrypted xmlns='urn:xmpp:esfs:0'><key>SuRJ</key><sources xmlns='urn:xmpp:sfs:0'><url-data xmlns='http://jabber.org/protocol/url-data' target='https://u.test/1'/></sources></encrypted></sources></file-sharing></message>"
            ],
            says: ["the file \"a.jpg\"", "encrypted by a key that is in the message"],
            never: ["SuRJ"]
        ),
        Case(
            name: "the purpose of an upload",
            lines: bound + [
                "C <iq type='get' id='q' to='up.test'><request xmlns='urn:xmpp:http:upload:0' filename='a' size='1'><permanent xmlns='urn:xmpp:http:upload:purpose:0'/></request></iq>"
            ],
            says: ["The client wants to upload", " for good"]
        ),
    ]

private let others: [Case] =
    ["0", "1"].flatMap { version in
        [
            Case(
                name: "a report \(version)",
                lines: bound + [
                    "C <iq type='set' id='q'><block xmlns='urn:xmpp:blocking'><item jid='e@v.test'><report xmlns='urn:xmpp:reporting:\(version)' reason='urn:xmpp:reporting:spam'/></item></block></iq>"
                ],
                says: ["The client blocks e@v.test, and reports", "spam"]
            ),
            Case(
                name: "notifications \(version)",
                lines: bookmark(
                    "<notify xmlns='urn:xmpp:notification-settings:\(version)'><never/></notify>"
                ),
                says: [", without notices"]
            ),
        ]
    } + [
        Case(
            name: "a pinned bookmark",
            lines: bookmark("<pinned xmlns='urn:xmpp:bookmarks-pinning:0'/>"),
            says: [", pinned"]
        ),
        Case(
            name: "terms of a chat (XEP-0155)",
            lines: bound + [
                "C <message to='a@b.test'><feature xmlns='http://jabber.org/protocol/feature-neg'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:xmpp:ssn</value></field><field var='accept'><value>1</value></field></x></feature></message>"
            ],
            says: ["accepts terms for a chat with a@b.test"]
        ),
        Case(
            name: "a page of results (XEP-0059)",
            lines: bound + [
                "C <iq type='get' id='q' to='pub.test'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='n'/><set xmlns='http://jabber.org/protocol/rsm'><max>2</max><after>D</after></set></pubsub></iq>"
            ],
            says: ["at most 2 after \"D\""]
        ),
        Case(
            name: "since when somebody is idle (XEP-0319)",
            lines: bound + [
                "S <presence from='a@b.test/x'><show>away</show><idle xmlns='urn:xmpp:idle:1' since='2026-03-01T10:00:00Z'/></presence>"
            ],
            says: ["Idle since 2026-03-01 10:00 UTC (XEP-0319)."]
        ),
    ]

@Suite("what other tellers tell of the elements inside theirs")
struct ToldInsideTests {
    @Test("ways of transport", arguments: transports) func ways(test: Case) { expect(test) }
    @Test("states of a call", arguments: information) func states(test: Case) { expect(test) }
    @Test("protection", arguments: protections) func protection(test: Case) { expect(test) }
    @Test("files", arguments: files) func ofFiles(test: Case) { expect(test) }
    @Test("all others", arguments: others) func ofOthers(test: Case) { expect(test) }
}
