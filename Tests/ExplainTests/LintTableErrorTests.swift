import Testing
import XMPP

private let me = "romeo@jabber.test/orchard"
private let juliet = "juliet@capulet.test/balcony"
private let stanzas = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
private let ping = "xmlns='urn:xmpp:ping'"

private let pairs: [NearMiss] = [
    NearMiss(
        "error.missing",
        .warning,
        "RFC 6120 section 8.3.1",
        after: bound,
        has: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='cancel'><gone \(stanzas)/></error></iq>",
        ]
    ),
    NearMiss(
        "error.missing",
        .warning,
        "RFC 6120 section 8.3.1",
        after: bound,
        has: [
            "S <message type='error' id='m1' from='\(juliet)' to='\(me)'><body>a</body></message>"
        ],
        hasNot: [
            "S <message type='error' id='m1' from='\(juliet)' to='\(me)'><body>a</body><error type='cancel'><gone \(stanzas)/></error></message>"
        ]
    ),
    NearMiss(
        "error.missing",
        .warning,
        "RFC 6120 section 8.3.1",
        after: bound,
        has: [
            "S <presence type='error' from='\(juliet)' to='\(me)'/>"
        ],
        hasNot: [
            "S <presence type='error' from='\(juliet)' to='\(me)'><error type='wait'><resource-constraint \(stanzas)/></error></presence>"
        ]
    ),
    NearMiss(
        "error.condition.missing",
        .warning,
        "RFC 6120 section 8.3.2",
        after: bound,
        has: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='cancel' code='404'/></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='cancel' code='404'><item-not-found \(stanzas)/></error></iq>",
        ]
    ),
    NearMiss(
        "error.condition.missing",
        .warning,
        "RFC 6120 section 8.3.2",
        after: bound,
        has: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='cancel'><item-not-found/></error></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='cancel'><item-not-found \(stanzas)/></error></iq>",
        ]
    ),
    NearMiss(
        "error.conditions",
        .warning,
        "RFC 6120 section 8.3.2",
        after: bound,
        has: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='cancel'><gone \(stanzas)/><conflict \(stanzas)/></error></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='cancel'><conflict \(stanzas)/><text \(stanzas)>gone</text></error></iq>",
        ]
    ),
    NearMiss(
        "error.conditions",
        .warning,
        "RFC 6120 section 8.3.2",
        after: bound,
        has: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='cancel'><not-found \(stanzas)/></error></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='cancel'><item-not-found \(stanzas)/></error></iq>",
        ]
    ),
    NearMiss(
        "error.conditions",
        .warning,
        "RFC 6120 section 8.3.2",
        after: bound,
        has: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='modify'><bad-request \(stanzas)/><invalid-jid \(stanzas)/></error></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='modify'><bad-request \(stanzas)/><invalid-jid xmlns='http://jabber.org/protocol/pubsub#errors'/></error></iq>",
        ]
    ),
    NearMiss(
        "error.type.missing",
        .warning,
        "RFC 6120 section 8.3.2",
        after: bound,
        has: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error><item-not-found \(stanzas)/></error></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='cancel'><item-not-found \(stanzas)/></error></iq>",
        ]
    ),
    NearMiss(
        "error.type.missing",
        .warning,
        "RFC 6120 section 8.3.2",
        after: bound,
        has: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='retry'><resource-constraint \(stanzas)/></error></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='wait'><resource-constraint \(stanzas)/></error></iq>",
        ]
    ),
    NearMiss(
        "error.condition.old",
        .note,
        "RFC 3920 section 9.3.3",
        after: bound,
        has: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='auth'><payment-required \(stanzas)/></error></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='p1' to='shop.test'><ping \(ping)/></iq>",
            "S <iq type='error' id='p1' from='shop.test' to='\(me)'><error type='auth'><forbidden \(stanzas)/></error></iq>",
        ]
    ),
]

@Suite("findings in errors of stanzas, each beside what is nearly the same")
struct LintTableErrorTests {
    @Test("a finding, and the nearest session without it", arguments: pairs) fileprivate func pair(_ pair: NearMiss) {
        pair.expect()
    }
}
