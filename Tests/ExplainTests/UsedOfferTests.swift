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
        "starttls required ignored",
        after: opened,
        [
            "S <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>",
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
        ],
        finds: ["tls.required"]
    ),
    Lint(
        "starttls required ignored PLAIN",
        after: opened,
        [
            "S <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>",
            auth("PLAIN", "\0romeo\01234"),
        ],
        finds: ["tls.required", "login.password.in-clear"]
    ),
    Lint(
        "starttls only feature, auth",
        after: opened,
        [
            "S <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>",
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
        ],
        finds: ["tls.required"]
    ),
    Lint(
        "starttls optional unused",
        after: opened,
        [
            "S <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>",
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
            success("v=Zj6JjF6Y2wWwjAXaIyU7aTFi+Ss="),
            "C <stream:stream to='jabber.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
            "S <stream:stream from='jabber.test' id='1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session><sm xmlns='urn:xmpp:sm:3'/><ver xmlns='urn:xmpp:features:rosterver'/></stream:features>",
            "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
        ],
        finds: ["tls.unused"]
    ),
    Lint(
        "starttls required, iq auth",
        after: opened,
        [
            "S <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
            "C <iq type='set' id='a'><query xmlns='jabber:iq:auth'><username>romeo</username><password>1234</password><resource>o</resource></query></iq>",
        ],
        finds: ["tls.required", "protocol.obsolete"]
    ),
    Lint(
        "starttls required, register",
        after: opened,
        [
            "S <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls><register xmlns='http://jabber.org/features/iq-register'/></stream:features>",
            "C <iq type='get' id='a'><query xmlns='jabber:iq:register'/></iq>",
        ],
        finds: ["tls.required"]
    ),
    Lint(
        "starttls in tls offered",
        after: opened,
        [
            "S <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>"
        ],
        finds: ["tls.again"],
        isEncrypted: true
    ),
    Lint(
        "starttls in tls asked",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            "C <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        ],
        finds: ["tls.again"],
        isEncrypted: true
    ),
    Lint(
        "starttls not offered asked",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            "C <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        ],
        finds: ["tls.not-offered"]
    ),
    Lint(
        "auth again",
        after: provedIn,
        [
            "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
            auth("PLAIN", "\0romeo\01234"),
        ],
        finds: ["login.again"]
    ),
    Lint(
        "auth again bound",
        after: inSession,
        [
            auth("PLAIN", "\0romeo\01234")
        ],
        finds: ["login.again"]
    ),
    Lint(
        "auth retry after failure",
        after: opened,
        [
            offers("SCRAM-SHA-1", "PLAIN"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>",
            auth("SCRAM-SHA-1", "n,,n=romeo,r=othernonce99"),
            challenge("r=othernonce99snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=othernonce99snonce9876543210,p=rn3eQhZkmrUugB+IZfNl5RqzUfM="),
            success("v=ZKyNwKXuUmYCqletxk6zZK1y9dE="),
            "C <stream:stream to='jabber.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
            "S <stream:stream from='jabber.test' id='1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session><sm xmlns='urn:xmpp:sm:3'/><ver xmlns='urn:xmpp:features:rosterver'/></stream:features>",
            "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
        ],
        finds: []
    ),
    Lint(
        "bind again",
        after: inSession,
        [
            "C <iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>p</resource></bind></iq>"
        ],
        finds: ["bind.again"]
    ),
    Lint(
        "bind retry after conflict",
        after: provedIn,
        [
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session><sm xmlns='urn:xmpp:sm:3'/><ver xmlns='urn:xmpp:features:rosterver'/></stream:features>",
            "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
            "S <iq type='error' id='b0'><error type='modify'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
            "C <iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
            "S <iq type='result' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
        ],
        finds: []
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
