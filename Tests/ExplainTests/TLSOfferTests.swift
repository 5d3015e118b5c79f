import Testing

private let cases: [Lint] = [
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
            "S <stream:stream from='jabber.test' id='2' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
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
            "S <stream:stream from='jabber.test' id='2' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
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
]

@Suite("whether TLS and logins come when they must")
struct TLSOfferTests {
    @Test("each fault, and what nearly is one", arguments: cases)
    func lint(_ test: Lint) { expect(test) }
}
