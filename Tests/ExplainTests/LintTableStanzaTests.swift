import Testing
import XMPP

private let me = "romeo@jabber.test/orchard"
private let juliet = "juliet@capulet.test/balcony"
private let ping = "xmlns='urn:xmpp:ping'"

private let pairs: [NearMiss] = [
    NearMiss(
        "address.a-label",
        .warning,
        "RFC 7622 section 3.2.1",
        after: bound,
        has: [
            "C <message type='chat' id='m1' to='a@xn--mnchen-3ya.test'><body>a</body></message>"
        ],
        hasNot: [
            "C <message type='chat' id='m1' to='a@münchen.test'><body>a</body></message>"
        ]
    ),
    NearMiss(
        "iq.content",
        .warning,
        "RFC 6120 section 8.2.3",
        after: bound,
        has: [
            "C <iq type='get' id='q1' to='shop.test'/>"
        ],
        hasNot: [
            "C <iq type='get' id='q1' to='shop.test'><ping \(ping)/></iq>"
        ]
    ),
    NearMiss(
        "iq.content",
        .warning,
        "RFC 6120 section 8.2.3",
        after: bound,
        has: [
            "C <iq type='set' id='q1' to='shop.test'><a xmlns='a'/><b xmlns='b'/></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='q1' to='shop.test'><a xmlns='a'/></iq>",
            "S <iq type='result' id='q1' from='shop.test' to='\(me)'/>",
        ]
    ),
    NearMiss(
        "iq.payload.namespace",
        .warning,
        "RFC 6120 section 8.4",
        after: bound,
        has: [
            "C <iq type='get' id='q1' to='shop.test'><ping/></iq>"
        ],
        hasNot: [
            "C <iq type='get' id='q1' to='shop.test'><ping \(ping)/></iq>"
        ]
    ),
    NearMiss(
        "iq.type",
        .warning,
        "RFC 6120 section 8.2.3",
        after: bound,
        has: [
            "C <iq type='GET' id='q1' to='shop.test'><ping \(ping)/></iq>"
        ],
        hasNot: [
            "C <iq type='get' id='q1' to='shop.test'><ping \(ping)/></iq>"
        ]
    ),
    NearMiss(
        "iq.type",
        .warning,
        "RFC 6120 section 8.2.3",
        after: bound,
        has: [
            "C <iq id='q1' to='shop.test'><ping \(ping)/></iq>"
        ],
        hasNot: [
            "C <iq type='get' id='q1' to='shop.test'><ping \(ping)/></iq>"
        ]
    ),
    NearMiss(
        "message.type",
        .note,
        "RFC 6121 section 5.2.2",
        after: bound,
        has: [
            "S <message type='talk' id='m1' from='\(juliet)' to='\(me)'><body>a</body></message>"
        ],
        hasNot: [
            "S <message type='headline' id='m1' from='\(juliet)' to='\(me)'><body>a</body></message>"
        ]
    ),
    NearMiss(
        "message.type",
        .note,
        "RFC 6121 section 5.2.2",
        after: bound,
        has: [
            "S <message type='' id='m1' from='\(juliet)' to='\(me)'><body>a</body></message>"
        ],
        hasNot: [
            "S <message id='m1' from='\(juliet)' to='\(me)'><body>a</body></message>"
        ]
    ),
    NearMiss(
        "presence.type",
        .warning,
        "RFC 6121 section 4.7.1",
        after: bound,
        has: [
            "C <presence type='available'/>"
        ],
        hasNot: [
            "C <presence type='unavailable'/>"
        ]
    ),
    NearMiss(
        "presence.show",
        .warning,
        "RFC 6121 section 4.7.2.1",
        after: bound,
        has: [
            "C <presence><show>online</show></presence>"
        ],
        hasNot: [
            "C <presence><show>chat</show></presence>"
        ]
    ),
    NearMiss(
        "presence.show",
        .warning,
        "RFC 6121 section 4.7.2.1",
        after: bound,
        has: [
            "C <presence><show>away</show><show>dnd</show></presence>"
        ],
        hasNot: [
            "C <presence><show>away</show><status>dnd</status></presence>"
        ]
    ),
    NearMiss(
        "presence.priority",
        .warning,
        "RFC 6121 section 4.7.2.3",
        after: bound,
        has: [
            "C <presence><priority>128</priority></presence>"
        ],
        hasNot: [
            "C <presence><priority>127</priority></presence>"
        ]
    ),
    NearMiss(
        "presence.priority",
        .warning,
        "RFC 6121 section 4.7.2.3",
        after: bound,
        has: [
            "C <presence><priority>1.5</priority></presence>"
        ],
        hasNot: [
            "C <presence><priority>-128</priority></presence>"
        ]
    ),
    NearMiss(
        "presence.subscription.address",
        .warning,
        "RFC 6121 section 3.1.1",
        after: bound,
        has: [
            "C <presence type='subscribed'/>"
        ],
        hasNot: [
            "C <presence type='subscribed' to='juliet@capulet.test'/>"
        ]
    ),
    NearMiss(
        "presence.subscription.resource",
        .warning,
        "RFC 6121 section 3.1.1",
        after: bound,
        has: [
            "C <presence type='subscribe' to='\(juliet)'/>"
        ],
        hasNot: [
            "C <presence type='subscribe' to='juliet@capulet.test'/>"
        ]
    ),
    NearMiss(
        "fault.text.repeated",
        .warning,
        "RFC 6121 section 5.2",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a</body><body>b</body></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a</body><body xml:lang='de'>b</body></message>"
        ]
    ),
    NearMiss(
        "fault.text.repeated",
        .warning,
        "RFC 6121 section 5.2",
        after: bound,
        has: [
            "C <presence><status xml:lang='en'>a</status><status xml:lang='EN'>b</status></presence>"
        ],
        hasNot: [
            "C <presence><status xml:lang='en'>a</status><status xml:lang='en-GB'>b</status></presence>"
        ]
    ),
    NearMiss(
        "fault.result.content",
        .warning,
        "RFC 6120 section 8.2.3",
        after: bound,
        has: [
            "C <iq type='get' id='q1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='result' id='q1' from='shop.test' to='\(me)'><a xmlns='a'/><b xmlns='b'/></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='q1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='result' id='q1' from='shop.test' to='\(me)'><a xmlns='a'/></iq>",
        ]
    ),
    NearMiss(
        "fault.priority.repeated",
        .warning,
        "RFC 6121 section 4.7.2.3",
        after: bound,
        has: [
            "C <presence><priority>1</priority><priority>2</priority></presence>"
        ],
        hasNot: [
            "C <presence><priority>1</priority></presence>"
        ]
    ),
    NearMiss(
        "fault.body.content",
        .warning,
        "RFC 6121 section 5.2.3",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a<b>b</b></body></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a &lt;b>b&lt;/b></body></message>"
        ]
    ),
    NearMiss(
        "fault.thread.repeated",
        .warning,
        "RFC 6121 section 5.2.5",
        after: bound,
        has: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a</body><thread>1</thread><thread>2</thread></message>"
        ],
        hasNot: [
            "S <message type='chat' id='m1' from='\(juliet)' to='\(me)'><body>a</body><thread parent='2'>1</thread></message>"
        ]
    ),
    NearMiss(
        "fault.groupchat.address",
        .warning,
        "XEP-0045 section 7.5",
        after: bound,
        has: [
            "C <message type='groupchat' id='m1' to='room@chat.test/nick'><body>a</body></message>"
        ],
        hasNot: [
            "C <message type='chat' id='m1' to='room@chat.test/nick'><body>a</body></message>"
        ]
    ),
    NearMiss(
        "fault.groupchat.address",
        .warning,
        "XEP-0045 section 7.5",
        after: bound,
        has: [
            "C <message type='groupchat' id='m1' to='room@chat.test/nick'><body>a</body></message>"
        ],
        hasNot: [
            "C <message type='groupchat' id='m1' to='room@chat.test'><body>a</body></message>"
        ]
    ),
    NearMiss(
        "fault.roster.subscription",
        .note,
        "RFC 6121 section 2.1.5",
        after: bound,
        has: [
            "C <iq type='set' id='r1'><query xmlns='jabber:iq:roster'><item jid='juliet@capulet.test' subscription='to'/></query></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='r1'><query xmlns='jabber:iq:roster'><item jid='juliet@capulet.test' subscription='remove'/></query></iq>"
        ]
    ),
    NearMiss(
        "last.seconds",
        .warning,
        "XEP-0012 section 2",
        after: bound,
        has: [
            "C <iq type='get' id='l1' to='juliet@capulet.test'><query xmlns='jabber:iq:last'/></iq>",
            "S <iq type='result' id='l1' from='juliet@capulet.test' to='\(me)'><query xmlns='jabber:iq:last'/></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='l1' to='juliet@capulet.test'><query xmlns='jabber:iq:last'/></iq>",
            "S <iq type='result' id='l1' from='juliet@capulet.test' to='\(me)'><query xmlns='jabber:iq:last' seconds='0'/></iq>",
        ]
    ),
]

@Suite("findings in stanzas by the letter of RFC 6120 and RFC 6121, each beside what is nearly the same")
struct LintTableStanzaTests {
    @Test("a finding, and the nearest session without it", arguments: pairs) fileprivate func pair(_ pair: NearMiss) {
        pair.expect()
    }
}
