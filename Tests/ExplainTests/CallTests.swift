import Foundation
import Testing

private let jingle = "xmlns='urn:xmpp:jingle:1'"
private let stanzas = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
private let rings = "xmlns='urn:xmpp:jingle-message:0'"
private let audio = "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>"
private let propose =
    "C <message to='nurse@capulet.test'><propose \(rings) id='c1'>\(audio)</description></propose></message>"
private let proceed = "S <message from='nurse@capulet.test/hall'><proceed \(rings) id='c1'/></message>"
private let content =
    "<content creator='initiator' name='v'>\(audio)<payload-type id='96' name='opus'/></description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'/></content>"
private let offer =
    "C <iq type='set' id='j1' to='nurse@capulet.test/hall'><jingle \(jingle) action='session-initiate' sid='c1'>\(content)</jingle></iq>"

/// An action of the nurse's in the session `c1`.
private func act(_ action: String, _ inside: String = "", id: String = "n1") -> String {
    "S <iq type='set' id='\(id)' from='nurse@capulet.test/hall'><jingle \(jingle) action='\(action)' sid='c1'>\(inside)</jingle></iq>"
}

private let calls: [Case] = [
    Case(
        name: "ringing on all devices",
        lines: bound + [propose],
        says: ["The client rings nurse@capulet.test on all devices: an audio call (c1) (XEP-0353)."]
    ),
    Case(
        name: "somebody else rings",
        lines: bound + [
            "S <message from='nurse@capulet.test/hall' to='romeo@jabber.test/orchard'><propose \(rings) id='c9'>\(audio)</description><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'/></propose></message>"
        ],
        says: ["nurse@capulet.test/hall rings the client: a video call (c9)"]
    ),
    Case(
        name: "a proposal of nothing",
        lines: bound + ["C <message to='nurse@capulet.test'><propose \(rings)/></message>"],
        says: [
            "The client rings nurse@capulet.test on all devices: a call of a kind that is not named (without an id)",
            "Warning: it bears no id",
        ]
    ),
    Case(
        name: "a device takes the call",
        lines: bound + [propose, proceed],
        says: ["nurse@capulet.test/hall takes the call (c1). Now the client can start the session."]
    ),
    Case(
        name: "an own device takes the call",
        lines: bound + ["S <message from='romeo@jabber.test/pda'><accept \(rings) id='c7'/></message>"],
        says: ["The same account's session \"pda\" takes the call (c7), so the client need not ring any longer"]
    ),
    Case(
        name: "a call is declined",
        lines: bound + [
            propose,
            "S <message from='nurse@capulet.test/hall'><reject \(rings) id='c1'><reason \(jingle)><busy/><text>Not now</text></reason></reject></message>",
        ],
        says: ["nurse@capulet.test/hall declines the call (c1): the line is busy (busy). It says: \"Not now\"."],
        summary:
            "Login as romeo@jabber.test by PLAIN succeeded: the facts.\nThe call with nurse@capulet.test failed (009 to 010): the line is busy (busy)."
    ),
    Case(
        name: "an offer",
        lines: bound + [propose, proceed, offer],
        says: [
            "The client offers nurse@capulet.test/hall the session c1, proposed in 009: audio by opus over ICE (XEP-0166)."
        ]
    ),
    Case(
        name: "an offer without anything",
        lines: bound + ["C <iq type='set' id='j1' to='a@b'><jingle \(jingle) action='session-initiate'/></iq>"],
        says: [
            "The client offers a@b a session without an id: nothing at all", "Warning: <jingle/> lacks its sid",
        ]
    ),
    Case(
        name: "an offer received is not accepted",
        lines: bound + [offer, "S <iq type='result' id='j1' from='nurse@capulet.test/hall'/>"],
        says: ["nurse@capulet.test/hall has received the offer of 009; it has not accepted by that."]
    ),
    Case(
        name: "acceptance",
        lines: bound + [offer, act("session-accept", content)],
        says: ["nurse@capulet.test/hall accepts the call of 009: audio by opus over ICE."]
    ),
    Case(
        name: "the end of a call",
        lines: bound + [
            offer, act("session-accept", content), act("session-terminate", "<reason><success/></reason>", id: "n2"),
        ],
        says: ["nurse@capulet.test/hall ends the call c1: it ended as it should (success)."],
        never: ["Note"]
    ),
    Case(
        name: "an end without a reason",
        lines: bound + [act("session-terminate")],
        says: ["nurse@capulet.test/hall ends the session c1, and gives no reason"]
    ),
    Case(
        name: "a word about a session that is over",
        lines: bound + [offer, act("session-terminate"), act("session-info", id: "n2")],
        says: ["asks the client whether the session c1 still lives", "Note: 010 has ended that session"]
    ),
    Case(
        name: "an unknown action",
        lines: bound + [act("session-dance")],
        says: ["sends for the session c1 the unknown action \"session-dance\""]
    ),
    Case(
        name: "an address",
        lines: bound + [
            act(
                "transport-info",
                "<content name='v'><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'><candidate ip='192.0.2.7' port='40' protocol='udp' type='host'/></transport></content>"
            )
        ],
        says: ["192.0.2.7, UDP port 40 (its own, \"host\")"]
    ),
    Case(
        name: "a session that is not known",
        lines: bound + [
            act("session-info"),
            "C <iq type='error' id='n1' to='nurse@capulet.test/hall'><error type='cancel'><item-not-found \(stanzas)/><unknown-session xmlns='urn:xmpp:jingle:errors:1'/></error></iq>",
        ],
        says: ["The client knows no session c1 (unknown-session, item-not-found)."]
    ),
    Case(
        name: "keys of media for all to see",
        lines: bound + [
            act(
                "session-initiate",
                "<content name='v'>\(audio)<encryption><crypto crypto-suite='x' key-params='inline:AAAA'/></encryption></description></content>"
            )
        ],
        says: ["Note: the keys of the media stand in the packet"],
        never: ["AAAA"]
    ),
    Case(
        name: "a file",
        lines: bound + [
            "C <iq type='set' id='f1' to='nurse@capulet.test/hall'><jingle \(jingle) action='session-initiate' sid='f'><content creator='initiator' name='x' senders='initiator'><description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>poem.txt</name><size>1</size></file></description><transport xmlns='urn:xmpp:jingle:transports:ibb:1' block-size='4096' sid='q'/></content></jingle></iq>",
            "S <iq type='error' id='f1' from='nurse@capulet.test/hall'><error type='cancel'><service-unavailable \(stanzas)/></error></iq>",
        ],
        says: ["nurse@capulet.test/hall refuses the offer of the session f: it does not know the caller"],
        summary:
            "Login as romeo@jabber.test by PLAIN succeeded: the facts.\nThe transfer of \"poem.txt\" failed (009 to 010): nobody there offers this service (service-unavailable)."
    ),
]

private let upload = "xmlns='urn:xmpp:http:upload:0'"
private let wish =
    "C <iq type='get' id='u1' to='up.jabber.test'><request \(upload) filename='cat.jpg' size='23456' content-type='image/jpeg'/></iq>"
private let ibb = "xmlns='http://jabber.org/protocol/ibb'"
private let open = "C <iq type='set' id='i0' to='nurse@capulet.test/hall'><open \(ibb) block-size='4096' sid='q'/></iq>"

/// A block of the bytestream `q`, of three bytes.
private func block(_ number: Int) -> String {
    "C <iq type='set' id='i\(number + 1)' to='nurse@capulet.test/hall'><data \(ibb) seq='\(number)' sid='q'>QUFB</data></iq>"
}

private let files: [Case] = [
    Case(
        name: "the wish to upload",
        lines: bound + [wish],
        says: [
            "The client wants to upload \"cat.jpg\" (23,456 bytes, image/jpeg) and asks up.jabber.test where (XEP-0363)."
        ]
    ),
    Case(
        name: "a place",
        lines: bound + [
            wish,
            "S <iq type='result' id='u1' from='up.jabber.test'><slot \(upload)><put url='https://up.test/1'><header name='Cookie'>x</header></put><get url='https://down.test/1'/></slot></iq>",
        ],
        says: [
            "up.jabber.test gives a place for \"cat.jpg\": it is uploaded to https://up.test/1 (with the header Cookie), and others download it from https://down.test/1."
        ],
        never: ["Warning"]
    ),
    Case(
        name: "a place without encryption",
        lines: bound + [
            wish,
            "S <iq type='result' id='u1' from='up.jabber.test'><slot \(upload)><put url='http://up.test/1'/></slot></iq>",
        ],
        says: ["it is uploaded to http://up.test/1.", "Warning: the file would go without encryption"]
    ),
    Case(
        name: "a place without an address",
        lines: bound + [wish, "S <iq type='result' id='u1' from='up.jabber.test'><slot \(upload)/></iq>"],
        says: ["up.jabber.test gives a place for \"cat.jpg\", but no address to upload it to."]
    ),
    Case(
        name: "too large",
        lines: bound + [
            wish,
            "S <iq type='error' id='u1' from='up.jabber.test'><error type='modify'><not-acceptable \(stanzas)/><file-too-large \(upload)><max-file-size>20000</max-file-size></file-too-large></error></iq>",
        ],
        says: [
            "\"cat.jpg\" is too large: up.jabber.test takes at most 20,000 bytes, the file has 23,456 (file-too-large, not-acceptable)."
        ]
    ),
    Case(
        name: "the older dialect",
        lines: bound + [
            "C <iq type='get' id='u1' to='up.jabber.test'><request xmlns='urn:xmpp:http:upload'><filename>a</filename><size>1</size></request></iq>"
        ],
        says: ["The client wants to upload \"a\" (1 byte) and asks up.jabber.test where"]
    ),
    Case(
        name: "a wish without anything",
        lines: bound + ["C <iq type='get' id='u1' to='up.jabber.test'><request \(upload)/></iq>"],
        says: [
            "The client wants to upload a file without a name and asks up.jabber.test where",
            "Warning: the request lacks its filename and size",
        ]
    ),
    Case(
        name: "blocks are counted",
        lines: bound + [open, block(0), block(1)],
        says: ["The client sends block 1 of the bytestream q: 3 bytes, 6 so far."],
        never: ["Warning"]
    ),
    Case(
        name: "a block is missing",
        lines: bound + [open, block(0), block(2)],
        says: ["Warning: block 2 comes where 1 is due"]
    ),
    Case(
        name: "STUN and TURN",
        lines: bound + [
            "C <iq type='get' id='e'><services xmlns='urn:xmpp:extdisco:2'/></iq>",
            "S <iq type='result' id='e'><services xmlns='urn:xmpp:extdisco:2'><service host='t.test' port='3478' transport='udp' type='turn' username='u' password='p' expires='2026-03-01T16:00:00Z'/><service/></services></iq>",
        ],
        says: [
            "The server names 2 external services: TURN at t.test:3478 (UDP, with credentials, until 2026-03-01 16:00 UTC) and a service at an unnamed host."
        ]
    ),
    Case(
        name: "a file in the old way",
        lines: bound + [
            "S <iq type='set' id='s' from='nurse@capulet.test/hall'><si xmlns='http://jabber.org/protocol/si' mime-type='text/plain'><file xmlns='http://jabber.org/protocol/si/profile/file-transfer' name='t.txt' size='1022'/></si></iq>",
            "C <iq type='error' id='s' to='nurse@capulet.test/hall'><error type='cancel'><forbidden \(stanzas)/></error></iq>",
        ],
        says: ["The client refuses the file \"t.txt\" (1,022 bytes, text/plain): it was declined (forbidden)."]
    ),
]

private let header = "xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams'"
private let component = [
    "C <stream:stream to='bot.jabber.test' \(header)>", "S <stream:stream from='bot.jabber.test' id='1' \(header)>",
    "C <handshake>a</handshake>", "S <handshake/>",
]

private let elsewhere: [Case] = [
    Case(
        name: "a component offers an upload",
        lines: component + [
            "S <iq type='get' id='u' from='romeo@jabber.test/orchard' to='bot.jabber.test'><request \(upload) filename='cat.jpg' size='1'/></iq>",
            "C <iq type='result' id='u' to='romeo@jabber.test/orchard' from='bot.jabber.test'><slot \(upload)><put url='https://up.test/1'/><get url='https://down.test/1'/></slot></iq>",
        ],
        says: ["The component gives a place for \"cat.jpg\": it is uploaded to https://up.test/1"]
    ),
    Case(
        name: "a component is called",
        lines: component + [
            "S <message from='romeo@jabber.test/orchard' to='bot.jabber.test'><propose \(rings) id='c1'>\(audio)</description></propose></message>",
            "C <message to='romeo@jabber.test/orchard' from='bot.jabber.test'><reject \(rings) id='c1'/></message>",
        ],
        says: ["The component declines the call (c1)."]
    ),
]

struct CallTests {
    @Test("the same is told where a component speaks", arguments: elsewhere)
    func component(_ test: Case) { expect(test) }

    @Test("a call is one story, from the first ring to the end")
    func story() {
        let rings = told(bound + [propose, proceed, offer, act("session-accept", content)]).last ?? ""
        #expect(!rings.contains("failed"))
        let cut =
            told(bound + [propose, proceed, offer, act("session-terminate", "<reason><timeout/></reason>")]).last ?? ""
        #expect(
            cut.contains("The call with nurse@capulet.test failed (009 to 012): there was no answer in time (timeout).")
        )
        #expect(cut.components(separatedBy: "The call with").count == 2, "two stories in: \(cut)")
    }

    @Test("calls are told from the first ring to the end", arguments: calls)
    func call(_ test: Case) { expect(test) }

    @Test("files are told with their names and sizes", arguments: files)
    func file(_ test: Case) { expect(test) }
}
