import Testing

private let cases: [Lint] = [
    Lint(
        "bound baseline",
        after: inSession,
        [
            "C <presence/>"
        ],
        finds: []
    ),
    Lint(
        "bound baseline enc",
        after: inSession,
        [
            "C <presence/>"
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "sm not offered",
        after: provedIn,
        [
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
            "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
            "C <enable xmlns='urn:xmpp:sm:3'/>",
            "S <failed xmlns='urn:xmpp:sm:3'><feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>",
        ],
        finds: ["feature.not-offered"]
    ),
    Lint(
        "sm offered",
        after: inSession,
        [
            "C <enable xmlns='urn:xmpp:sm:3'/>",
            "S <enabled xmlns='urn:xmpp:sm:3'/>",
        ],
        finds: []
    ),
    Lint(
        "sm resume not offered",
        after: provedIn,
        [
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
            "C <resume xmlns='urn:xmpp:sm:3' previd='x' h='0'/>",
        ],
        finds: ["feature.not-offered"]
    ),
    Lint(
        "sm:2 used but only 3 offered",
        after: inSession,
        [
            "C <enable xmlns='urn:xmpp:sm:2'/>"
        ],
        finds: ["feature.not-offered", "protocol.older-form"]
    ),
    Lint(
        "csi not offered",
        after: inSession,
        [
            "C <inactive xmlns='urn:xmpp:csi:0'/>"
        ],
        finds: ["feature.not-offered"]
    ),
    Lint(
        "csi offered",
        after: provedIn,
        [
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><csi xmlns='urn:xmpp:csi:0'/></stream:features>",
            "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
            "C <inactive xmlns='urn:xmpp:csi:0'/>",
        ],
        finds: []
    ),
    Lint(
        "compress not offered",
        after: provedIn,
        [
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session><sm xmlns='urn:xmpp:sm:3'/><ver xmlns='urn:xmpp:features:rosterver'/></stream:features>",
            "C <compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>",
        ],
        finds: ["feature.not-offered", "protocol.obsolete"]
    ),
    Lint(
        "compress method not offered",
        after: provedIn,
        [
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><compression xmlns='http://jabber.org/features/compress'><method>lzw</method></compression></stream:features>",
            "C <compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>",
        ],
        finds: ["feature.not-offered", "protocol.obsolete"]
    ),
    Lint(
        "bind not offered",
        after: provedIn,
        [
            "S <stream:features><sm xmlns='urn:xmpp:sm:3'/></stream:features>",
            "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
        ],
        finds: ["feature.not-offered"]
    ),
    Lint(
        "bind before features",
        after: provedIn,
        [
            "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session><sm xmlns='urn:xmpp:sm:3'/><ver xmlns='urn:xmpp:features:rosterver'/></stream:features>",
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
        ],
        finds: []
    ),
    Lint(
        "session not offered",
        after: provedIn,
        [
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
            "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
            "C <iq type='set' id='s'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>",
            "S <iq type='result' id='s'/>",
        ],
        finds: ["feature.unlisted"]
    ),
    Lint(
        "session offered",
        after: inSession,
        [
            "C <iq type='set' id='s'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>",
            "S <iq type='result' id='s'/>",
        ],
        finds: []
    ),
    Lint(
        "roster ver not offered",
        after: provedIn,
        [
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
            "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
            "C <iq type='get' id='r'><query xmlns='jabber:iq:roster' ver=''/></iq>",
            "S <iq type='result' id='r'><query xmlns='jabber:iq:roster'/></iq>",
        ],
        finds: ["feature.unlisted"]
    ),
    Lint(
        "roster ver offered",
        after: inSession,
        [
            "C <iq type='get' id='r'><query xmlns='jabber:iq:roster' ver=''/></iq>",
            "S <iq type='result' id='r'><query xmlns='jabber:iq:roster' ver='1'/></iq>",
        ],
        finds: []
    ),
    Lint(
        "pre-approval not offered",
        after: inSession,
        [
            "C <iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>",
            "S <iq type='result' id='r'><query xmlns='jabber:iq:roster'/></iq>",
            "C <presence to='juliet@x.test' type='subscribed'/>",
        ],
        finds: ["feature.unlisted"]
    ),
    Lint(
        "subscribed after subscribe",
        after: inSession,
        [
            "C <iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>",
            "S <iq type='result' id='r'><query xmlns='jabber:iq:roster'/></iq>",
            "S <presence from='juliet@x.test' type='subscribe'/>",
            "C <presence to='juliet@x.test' type='subscribed'/>",
        ],
        finds: []
    ),
    Lint(
        "mechanism not offered",
        after: opened,
        [
            offers("PLAIN"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><invalid-mechanism/></failure>",
        ],
        finds: ["sasl.mechanism.not-offered"]
    ),
    Lint(
        "no sasl offered",
        after: opened,
        [
            "S <stream:features><register xmlns='http://jabber.org/features/iq-register'/></stream:features>",
            auth("PLAIN", "\0romeo\01234"),
            "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>",
        ],
        finds: ["feature.not-offered"]
    ),
    Lint(
        "sasl2 not offered",
        after: opened,
        [
            offers("PLAIN"),
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>AHJvbWVvADEyMzQ=</initial-response></authenticate>",
        ],
        finds: ["feature.not-offered"],
        isEncrypted: true
    ),
    Lint(
        "sasl1 only sasl2 offered",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>PLAIN</mechanism></authentication></stream:features>",
            auth("PLAIN", "\0romeo\01234"),
        ],
        finds: ["feature.not-offered"],
        isEncrypted: true
    ),
    Lint(
        "carbons unsupported",
        after: inSession,
        [
            "C <iq type='get' id='d1' to='jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='jabber:iq:roster'/></query></iq>",
            "C <iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>",
            "S <iq type='error' id='c'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        ],
        finds: ["feature.not-supported"]
    ),
    Lint(
        "carbons supported",
        after: inSession,
        [
            "C <iq type='get' id='d1' to='jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='jabber:iq:roster'/><feature var='urn:xmpp:carbons:2'/></query></iq>",
            "C <iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>",
            "S <iq type='result' id='c'/>",
        ],
        finds: []
    ),
    Lint(
        "carbons before disco",
        after: inSession,
        [
            "C <iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>",
            "S <iq type='result' id='c'/>",
            "C <iq type='get' id='d1' to='jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='jabber:iq:roster'/><feature var='urn:xmpp:carbons:2'/></query></iq>",
        ],
        finds: []
    ),
    Lint(
        "blocking unsupported",
        after: inSession,
        [
            "C <iq type='get' id='d1' to='jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='jabber:iq:roster'/></query></iq>",
            "C <iq type='get' id='c'><blocklist xmlns='urn:xmpp:blocking'/></iq>",
            "S <iq type='error' id='c'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        ],
        finds: ["feature.not-supported"]
    ),
    Lint(
        "mam unsupported (domain+account)",
        after: inSession,
        [
            "C <iq type='get' id='d1' to='jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='jabber:iq:roster'/></query></iq>",
            "C <iq type='get' id='d2' to='romeo@jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d2' from='romeo@jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/></query></iq>",
            "C <iq type='set' id='c'><query xmlns='urn:xmpp:mam:2' queryid='1'/></iq>",
            "S <iq type='error' id='c'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        ],
        finds: ["feature.not-supported"]
    ),
    Lint(
        "mam at account only",
        after: inSession,
        [
            "C <iq type='get' id='d1' to='jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='jabber:iq:roster'/></query></iq>",
            "C <iq type='get' id='d2' to='romeo@jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d2' from='romeo@jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='urn:xmpp:mam:2'/></query></iq>",
            "C <iq type='set' id='c'><query xmlns='urn:xmpp:mam:2' queryid='1'/></iq>",
            "S <iq type='result' id='c'><fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'><count>0</count></set></fin></iq>",
        ],
        finds: []
    ),
    Lint(
        "mam with only domain asked",
        after: inSession,
        [
            "C <iq type='get' id='d1' to='jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='jabber:iq:roster'/></query></iq>",
            "C <iq type='set' id='c'><query xmlns='urn:xmpp:mam:2' queryid='1'/></iq>",
            "S <iq type='result' id='c'><fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'><count>0</count></set></fin></iq>",
        ],
        finds: []
    ),
    Lint(
        "push unsupported",
        after: inSession,
        [
            "C <iq type='get' id='d1' to='jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='jabber:iq:roster'/></query></iq>",
            "C <iq type='get' id='d2' to='romeo@jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d2' from='romeo@jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/></query></iq>",
            "C <iq type='set' id='c'><enable xmlns='urn:xmpp:push:0' jid='push.x.test' node='n'/></iq>",
        ],
        finds: ["feature.not-supported"]
    ),
    Lint(
        "required feature ignored",
        after: provedIn,
        [
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'><required/></sm></stream:features>",
            "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
            "C <presence/>",
        ],
        finds: ["feature.required"]
    ),
    Lint(
        "required feature done",
        after: provedIn,
        [
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'><required/></sm></stream:features>",
            "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
            "C <enable xmlns='urn:xmpp:sm:3'/>",
            "S <enabled xmlns='urn:xmpp:sm:3'/>",
            "C <presence/>",
        ],
        finds: []
    ),
    Lint(
        "session mandatory skipped",
        after: provedIn,
        [
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></stream:features>",
            "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
            "C <presence/>",
        ],
        finds: ["feature.session"]
    ),
    Lint(
        "used: eventing unsupported",
        after: inSession,
        [
            "C <iq type='get' id='d1' to='jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='jabber:iq:roster'/></query></iq>",
            "C <iq type='get' id='d2' to='romeo@jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d2' from='romeo@jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/></query></iq>",
            "C <iq type='set' id='p1'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:avatar:metadata'><item id='1'><metadata xmlns='urn:xmpp:avatar:metadata'/></item></publish></pubsub></iq>",
        ],
        finds: ["feature.not-supported"]
    ),
    Lint(
        "used: eventing as an identity",
        after: inSession,
        [
            "C <iq type='get' id='d1' to='jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='jabber:iq:roster'/></query></iq>",
            "C <iq type='get' id='d2' to='romeo@jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d2' from='romeo@jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/><identity category='pubsub' type='pep'/></query></iq>",
            "C <iq type='set' id='p1'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:avatar:metadata'><item id='1'><metadata xmlns='urn:xmpp:avatar:metadata'/></item></publish></pubsub></iq>",
        ],
        finds: []
    ),
    Lint(
        "used: eventing announced by the server",
        after: inSession,
        [
            "C <iq type='get' id='d1' to='jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='jabber:iq:roster'/><feature var='http://jabber.org/protocol/pubsub#publish'/></query></iq>",
            "C <iq type='get' id='d2' to='romeo@jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d2' from='romeo@jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/></query></iq>",
            "C <iq type='set' id='p1'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:avatar:metadata'><item id='1'><metadata xmlns='urn:xmpp:avatar:metadata'/></item></publish></pubsub></iq>",
        ],
        finds: []
    ),
    Lint(
        "used: upload at a service without it",
        after: inSession,
        [
            "C <iq type='get' id='d1' to='files.jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='files.jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='jabber:iq:search'/></query></iq>",
            "C <iq type='get' id='u' to='files.jabber.test'><request xmlns='urn:xmpp:http:upload:0' filename='a.png' size='10'/></iq>",
        ],
        finds: ["feature.not-supported"]
    ),
    Lint(
        "used: search at a service with it",
        after: inSession,
        [
            "C <iq type='get' id='d1' to='users.jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='users.jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='jabber:iq:search'/></query></iq>",
            "C <iq type='get' id='u' to='users.jabber.test'><query xmlns='jabber:iq:search'/></iq>",
        ],
        finds: []
    ),
    Lint(
        "empty mechanisms",
        after: opened,
        [
            "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'></mechanisms></stream:features>"
        ],
        finds: ["sasl.offers.none"]
    ),
]

@Suite("what is used, held against what was offered")
struct UsedOfferTests {
    @Test("each fault, and what nearly is one", arguments: cases)
    func lint(_ test: Lint) { expect(test) }
}
