import Testing
import XMPP

private let me = "romeo@jabber.test/orchard"
private let juliet = "juliet@capulet.test/balcony"
private let forward = "xmlns='urn:xmpp:forward:0'"
private let receipts = "xmlns='urn:xmpp:receipts'"

private let pairs: [NearMiss] = [
    NearMiss(
        "carbons.forged",
        .warning,
        "XEP-0280 section 11",
        after: bound,
        has: [
            "S <message type='chat' from='juliet@capulet.test' to='\(me)'><received xmlns='urn:xmpp:carbons:2'><forwarded \(forward)><message xmlns='jabber:client' type='chat' id='i1' from='juliet@capulet.test/balcony' to='romeo@jabber.test'><body>a</body></message></forwarded></received></message>"
        ],
        hasNot: [
            "S <message type='chat' from='romeo@jabber.test' to='\(me)'><received xmlns='urn:xmpp:carbons:2'><forwarded \(forward)><message xmlns='jabber:client' type='chat' id='i1' from='juliet@capulet.test/balcony' to='romeo@jabber.test'><body>a</body></message></forwarded></received></message>"
        ]
    ),
    NearMiss(
        "archive.result.forged",
        .warning,
        "XEP-0313 section 8.2",
        after: bound,
        has: [
            "C <iq type='set' id='q1'><query xmlns='urn:xmpp:mam:2' queryid='q'/></iq>",
            "S <message from='juliet@capulet.test' to='\(me)'><result xmlns='urn:xmpp:mam:2' queryid='q' id='a1'><forwarded \(forward)><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/><message xmlns='jabber:client' type='chat' id='i1' from='juliet@capulet.test/balcony' to='romeo@jabber.test'><body>a</body></message></forwarded></result></message>",
        ],
        hasNot: [
            "C <iq type='set' id='q1'><query xmlns='urn:xmpp:mam:2' queryid='q'/></iq>",
            "S <message from='romeo@jabber.test' to='\(me)'><result xmlns='urn:xmpp:mam:2' queryid='q' id='a1'><forwarded \(forward)><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/><message xmlns='jabber:client' type='chat' id='i1' from='juliet@capulet.test/balcony' to='romeo@jabber.test'><body>a</body></message></forwarded></result></message>",
        ]
    ),
    NearMiss(
        "archive.result.forged",
        .warning,
        "XEP-0313 section 8.2",
        after: bound,
        has: [
            "S <message from='room@chat.test' to='\(me)'><result xmlns='urn:xmpp:mam:2' queryid='q' id='a1'><forwarded \(forward)><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/><message xmlns='jabber:client' type='chat' id='i1' from='juliet@capulet.test/balcony' to='romeo@jabber.test'><body>a</body></message></forwarded></result></message>"
        ],
        hasNot: [
            "C <iq type='set' id='q1' to='room@chat.test'><query xmlns='urn:xmpp:mam:2' queryid='q'/></iq>",
            "S <message from='room@chat.test' to='\(me)'><result xmlns='urn:xmpp:mam:2' queryid='q' id='a1'><forwarded \(forward)><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/><message xmlns='jabber:client' type='chat' id='i1' from='juliet@capulet.test/balcony' to='romeo@jabber.test'><body>a</body></message></forwarded></result></message>",
        ]
    ),
    NearMiss(
        "message.correction.foreign",
        .warning,
        "XEP-0308 section 4",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a</body></message>",
            "C <message type='chat' id='m2' to='\(juliet)'><body>b</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/></message>",
        ],
        hasNot: [
            "C <message type='chat' id='m1' to='\(juliet)'><body>a</body></message>",
            "C <message type='chat' id='m2' to='\(juliet)'><body>b</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/></message>",
        ]
    ),
    NearMiss(
        "message.retraction.foreign",
        .warning,
        "XEP-0424 section 5",
        after: bound,
        has: [
            "C <message type='chat' id='m1' to='\(juliet)'><body>a</body></message>",
            "S <message type='chat' id='m2' from='\(juliet)' to='\(me)'><retract xmlns='urn:xmpp:message-retract:1' id='m1'/></message>",
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a</body></message>",
            "S <message type='chat' id='m2' from='\(juliet)' to='\(me)'><retract xmlns='urn:xmpp:message-retract:1' id='m1'/></message>",
        ]
    ),
    NearMiss(
        "message.moderation.source",
        .warning,
        "XEP-0425 section 5",
        after: bound,
        has: [
            "S <message type='groupchat' id='m1' from='room@chat.test/boss' to='\(me)'><retract xmlns='urn:xmpp:message-retract:1' id='s1'><moderated xmlns='urn:xmpp:message-moderate:1' by='room@chat.test/boss'/></retract></message>"
        ],
        hasNot: [
            "S <message type='groupchat' id='m1' from='room@chat.test' to='\(me)'><retract xmlns='urn:xmpp:message-retract:1' id='s1'><moderated xmlns='urn:xmpp:message-moderate:1' by='room@chat.test/boss'/></retract></message>"
        ]
    ),
    NearMiss(
        "message.file-key.clear",
        .warning,
        "XEP-0454 section 3",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>aesgcm://files.test/a.jpg#8c3d050e9386ec173861778f4bd03a1e8f4bd03a8c3d050e9386ec173861778f8c3d050e9386ec173861778f</body></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>https://files.test/a.jpg</body></message>"
        ]
    ),
    NearMiss(
        "message.file-key.clear",
        .warning,
        "XEP-0454 section 3",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>aesgcm://files.test/a.jpg#8c3d050e9386ec173861778f4bd03a1e8f4bd03a8c3d050e9386ec173861778f8c3d050e9386ec173861778f</body></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>see aesgcm://files.test/a.jpg</body></message>"
        ]
    ),
    NearMiss(
        "marker.id.missing",
        .warning,
        "XEP-0333 section 4.2",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><displayed xmlns='urn:xmpp:chat-markers:0'/></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><displayed xmlns='urn:xmpp:chat-markers:0' id='a'/></message>"
        ]
    ),
    NearMiss(
        "receipt.id.missing",
        .warning,
        "XEP-0184 section 7",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><received \(receipts)/></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><received \(receipts) id='a'/></message>"
        ]
    ),
    NearMiss(
        "receipt.loop",
        .warning,
        "XEP-0184 section 5.4",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><received \(receipts) id='a'/><request \(receipts)/></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a</body><request \(receipts)/></message>"
        ]
    ),
    NearMiss(
        "fault.receipt.id",
        .warning,
        "XEP-0184 section 7",
        after: bound,
        has: [
            "S <message type='chat' from='\(juliet)' to='\(me)'><body>a</body><request \(receipts)/></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a</body><request \(receipts)/></message>"
        ]
    ),
    NearMiss(
        "fault.reaction.repeated",
        .warning,
        "XEP-0444 section 4",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><reactions xmlns='urn:xmpp:reactions:0' id='a'><reaction>👋</reaction><reaction>👋</reaction></reactions></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><reactions xmlns='urn:xmpp:reactions:0' id='a'><reaction>👋</reaction><reaction>👋🏽</reaction></reactions></message>"
        ]
    ),
    NearMiss(
        "fault.chat-states",
        .warning,
        "XEP-0085 section 5.6",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><composing xmlns='http://jabber.org/protocol/chatstates'/><paused xmlns='http://jabber.org/protocol/chatstates'/></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
        ]
    ),
    NearMiss(
        "fault.attribute.missing",
        .warning,
        "",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a</body><replace xmlns='urn:xmpp:message-correct:0'/></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a</body><replace xmlns='urn:xmpp:message-correct:0' id='a'/></message>"
        ]
    ),
    NearMiss(
        "fault.child.missing",
        .warning,
        "",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a</body><x xmlns='jabber:x:oob'/></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>https://a.test</body><x xmlns='jabber:x:oob'><url>https://a.test</url></x></message>"
        ]
    ),
    NearMiss(
        "fault.value",
        .warning,
        "",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a</body><delay xmlns='urn:xmpp:delay' stamp='2026-13-01T00:00:00Z'/></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a</body><delay xmlns='urn:xmpp:delay' stamp='2026-12-01T00:00:00Z'/></message>"
        ]
    ),
    NearMiss(
        "call.id.missing",
        .warning,
        "XEP-0353 section 3.1",
        after: bound,
        has: [
            "C <message type='chat' to='juliet@capulet.test'><propose xmlns='urn:xmpp:jingle-message:0'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose></message>"
        ],
        hasNot: [
            "C <message type='chat' to='juliet@capulet.test'><propose xmlns='urn:xmpp:jingle-message:0' id='c1'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose></message>"
        ]
    ),
    NearMiss(
        "message.correction.foreign",
        .warning,
        "XEP-0308 section 4",
        after: bound,
        has: [
            "S <message type='chat' id='1' from='\(juliet)' to='\(me)'><body>x</body></message>",
            "C <message type='chat' id='2' to='\(juliet)'><body>b</body><replace xmlns='urn:xmpp:message-correct:0' id='1'/></message>",
        ],
        hasNot: [
            "C <message type='chat' id='1' to='\(juliet)'><body>a</body></message>",
            "S <message type='chat' id='1' from='\(juliet)' to='\(me)'><body>x</body></message>",
            "C <message type='chat' id='2' to='\(juliet)'><body>b</body><replace xmlns='urn:xmpp:message-correct:0' id='1'/></message>",
        ]
    ),
    NearMiss(
        "message.retraction.foreign",
        .warning,
        "XEP-0424 section 5",
        after: bound,
        has: [
            "S <message type='chat' id='1' from='\(juliet)' to='\(me)'><body>x</body></message>",
            "C <message type='chat' id='2' to='\(juliet)'><retract xmlns='urn:xmpp:message-retract:1' id='1'/></message>",
        ],
        hasNot: [
            "C <message type='chat' id='1' to='\(juliet)'><body>a</body></message>",
            "S <message type='chat' id='1' from='\(juliet)' to='\(me)'><body>x</body></message>",
            "C <message type='chat' id='2' to='\(juliet)'><retract xmlns='urn:xmpp:message-retract:1' id='1'/></message>",
        ]
    ),
    NearMiss(
        "message.file-key.clear",
        .warning,
        "XEP-0454 section 3",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>aesgcm://files.test/a.jpg#8c3d050e9386ec173861778f4bd03a1e8f4bd03a8c3d050e9386ec173861778f8c3d050e9386ec173861778f</body></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>aesgcm://files.test/a.jpg</body></message>"
        ]
    ),
]

@Suite("findings in what messages carry, each beside what is nearly the same")
struct LintTablePayloadTests {
    @Test("a finding, and the nearest session without it", arguments: pairs) fileprivate func pair(_ pair: NearMiss) {
        pair.expect()
    }
}
