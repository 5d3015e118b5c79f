import Testing
import XMPP

private let me = "romeo@jabber.test/orchard"
private let juliet = "juliet@capulet.test/balcony"
private let stanzas = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
private let jingle = "xmlns='urn:xmpp:jingle:1'"
private let ibb = "xmlns='http://jabber.org/protocol/ibb'"

private let pairs: [NearMiss] = [
    NearMiss(
        "bytestream.host.missing",
        .warning,
        "XEP-0065 section 5.3.1",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><query xmlns='http://jabber.org/protocol/bytestreams' sid='a'/></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><query xmlns='http://jabber.org/protocol/bytestreams' sid='a'><streamhost jid='\(me)' host='192.0.2.1' port='7625'/></query></iq>"
        ]
    ),
    NearMiss(
        "bytestream.host.missing",
        .warning,
        "XEP-0065 section 5.3.1",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><query xmlns='http://jabber.org/protocol/bytestreams' sid='a'/></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='proxy.test'><query xmlns='http://jabber.org/protocol/bytestreams' sid='a'><activate>\(juliet)</activate></query></iq>"
        ]
    ),
    NearMiss(
        "ibb.block-size",
        .warning,
        "XEP-0047 section 2.1",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><open \(ibb) sid='a' block-size='65536' stanza='iq'/></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><open \(ibb) sid='a' block-size='65535' stanza='iq'/></iq>"
        ]
    ),
    NearMiss(
        "ibb.block-size",
        .warning,
        "XEP-0047 section 2.1",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><open \(ibb) sid='a' block-size='0' stanza='iq'/></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><open \(ibb) sid='a' block-size='1' stanza='iq'/></iq>"
        ]
    ),
    NearMiss(
        "ibb.data",
        .warning,
        "XEP-0047 section 2.2",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><open \(ibb) sid='a' block-size='4096' stanza='iq'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><data \(ibb) sid='a' seq='0'>YWJj=YWJj</data></iq>",
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><open \(ibb) sid='a' block-size='4096' stanza='iq'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><data \(ibb) sid='a' seq='0'>YWJj YWI=</data></iq>",
        ]
    ),
    NearMiss(
        "ibb.sequence",
        .warning,
        "XEP-0047 section 2.2",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><open \(ibb) sid='a' block-size='4096' stanza='iq'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><data \(ibb) sid='a' seq='0'>YWJj</data></iq>",
            "S <iq type='result' id='s2' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s3' to='\(juliet)'><data \(ibb) sid='a' seq='2'>YWJj</data></iq>",
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><open \(ibb) sid='a' block-size='4096' stanza='iq'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><data \(ibb) sid='a' seq='0'>YWJj</data></iq>",
            "S <iq type='result' id='s2' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s3' to='\(juliet)'><data \(ibb) sid='a' seq='1'>YWJj</data></iq>",
        ]
    ),
    NearMiss(
        "ibb.sequence",
        .warning,
        "XEP-0047 section 2.2",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><open \(ibb) sid='a' block-size='4096' stanza='iq'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><data \(ibb) sid='a' seq='1'>YWJj</data></iq>",
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><open \(ibb) sid='a' block-size='4096' stanza='iq'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><data \(ibb) sid='a' seq='0'>YWJj</data></iq>",
        ]
    ),
    NearMiss(
        "jingle.attribute.missing",
        .warning,
        "XEP-0166 section 7.1",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><jingle \(jingle) action='session-initiate' initiator='\(me)'><content creator='initiator' name='voice'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'><payload-type id='96' name='opus' clockrate='48000'/></description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u' pwd='p'/></content></jingle></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><jingle \(jingle) action='session-initiate' initiator='\(me)' sid='j1'><content creator='initiator' name='voice'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'><payload-type id='96' name='opus' clockrate='48000'/></description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u' pwd='p'/></content></jingle></iq>"
        ]
    ),
    NearMiss(
        "jingle.attribute.missing",
        .warning,
        "XEP-0166 section 7.1",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><jingle \(jingle) sid='j1'/></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><jingle \(jingle) action='session-initiate' initiator='\(me)' sid='j1'><content creator='initiator' name='voice'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'><payload-type id='96' name='opus' clockrate='48000'/></description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u' pwd='p'/></content></jingle></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><jingle \(jingle) action='session-info' sid='j1'/></iq>",
        ]
    ),
    NearMiss(
        "jingle.media.key",
        .note,
        "XEP-0167 section 7",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><jingle \(jingle) action='session-initiate' initiator='\(me)' sid='j1'><content creator='initiator' name='voice'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'><payload-type id='96' name='opus' clockrate='48000'/><encryption required='1'><crypto crypto-suite='AES_CM_128_HMAC_SHA1_80' key-params='inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz' tag='1'/></encryption></description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u' pwd='p'/></content></jingle></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><jingle \(jingle) action='session-initiate' initiator='\(me)' sid='j1'><content creator='initiator' name='voice'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'><payload-type id='96' name='opus' clockrate='48000'/></description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u' pwd='p'/></content></jingle></iq>"
        ]
    ),
    NearMiss(
        "jingle.session.over",
        .note,
        "XEP-0166 section 6.7",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><jingle \(jingle) action='session-initiate' initiator='\(me)' sid='j1'><content creator='initiator' name='voice'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'><payload-type id='96' name='opus' clockrate='48000'/></description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u' pwd='p'/></content></jingle></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><jingle \(jingle) action='session-terminate' sid='j1'><reason><success/></reason></jingle></iq>",
            "S <iq type='result' id='s2' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s3' to='\(juliet)'><jingle \(jingle) action='session-info' sid='j1'><ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/></jingle></iq>",
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><jingle \(jingle) action='session-initiate' initiator='\(me)' sid='j1'><content creator='initiator' name='voice'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'><payload-type id='96' name='opus' clockrate='48000'/></description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u' pwd='p'/></content></jingle></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s3' to='\(juliet)'><jingle \(jingle) action='session-info' sid='j1'><ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/></jingle></iq>",
        ]
    ),
    NearMiss(
        "jingle.session.over",
        .note,
        "XEP-0166 section 6.7",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><jingle \(jingle) action='session-initiate' initiator='\(me)' sid='j1'><content creator='initiator' name='voice'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'><payload-type id='96' name='opus' clockrate='48000'/></description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u' pwd='p'/></content></jingle></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><jingle \(jingle) action='session-terminate' sid='j1'><reason><success/></reason></jingle></iq>",
            "S <iq type='result' id='s2' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s3' to='\(juliet)'><jingle \(jingle) action='session-info' sid='j1'><ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/></jingle></iq>",
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><jingle \(jingle) action='session-initiate' initiator='\(me)' sid='j1'><content creator='initiator' name='voice'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'><payload-type id='96' name='opus' clockrate='48000'/></description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u' pwd='p'/></content></jingle></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><jingle \(jingle) action='session-terminate' sid='j1'><reason><success/></reason></jingle></iq>",
            "S <iq type='set' id='j9' from='\(juliet)' to='\(me)'><jingle \(jingle) action='session-terminate' sid='j1'><reason><success/></reason></jingle></iq>",
        ]
    ),
    NearMiss(
        "ibb.sequence",
        .warning,
        "XEP-0047 section 2.2",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><open \(ibb) sid='a' block-size='4096' stanza='iq'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><data \(ibb) sid='a' seq='0'>YWJj</data></iq>",
            "S <iq type='result' id='s2' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s3' to='\(juliet)'><data \(ibb) sid='a' seq='0'>YWJj</data></iq>",
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><open \(ibb) sid='a' block-size='4096' stanza='iq'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><data \(ibb) sid='a' seq='0'>YWJj</data></iq>",
            "S <iq type='error' id='s2' from='\(juliet)' to='\(me)'><error type='wait'><recipient-unavailable \(stanzas)/></error></iq>",
            "C <iq type='set' id='s3' to='\(juliet)'><data \(ibb) sid='a' seq='0'>YWJj</data></iq>",
        ]
    ),
    NearMiss(
        "ibb.sequence",
        .warning,
        "XEP-0047 section 2.2",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><open \(ibb) sid='a' block-size='4096' stanza='iq'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><data \(ibb) sid='a' seq='0'>YWJj</data></iq>",
            "S <iq type='result' id='s2' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s3' to='\(juliet)'><data \(ibb) sid='a' seq='2'>YWJj</data></iq>",
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><open \(ibb) sid='a' block-size='4096' stanza='iq'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><data \(ibb) sid='a' seq='0'>YWJj</data></iq>",
            "S <iq type='result' id='s2' from='\(juliet)' to='\(me)'></iq>",
            "C <iq type='set' id='n1' to='tybalt@verona.test/a'><open \(ibb) sid='a' block-size='4096' stanza='iq'/></iq>",
            "C <iq type='set' id='s3' to='\(juliet)'><data \(ibb) sid='a' seq='1'>YWJj</data></iq>",
        ]
    ),
]

@Suite("findings in bytestreams and calls, each beside what is nearly the same")
struct LintTableTransferTests {
    @Test("a finding, and the nearest session without it", arguments: pairs) fileprivate func pair(_ pair: NearMiss) {
        pair.expect()
    }
}
