import Testing
import XMPP

private let form = "xmlns='jabber:x:data'"
private let register = "xmlns='jabber:iq:register'"
private let servers: [String] = [
    "C <stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:server' xmlns:db='jabber:server:dialback' from='a.test' to='b.test' version='1.0'>",
    "S <stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:server' xmlns:db='jabber:server:dialback' from='b.test' to='a.test' id='4' version='1.0'>",
]
private let component: [String] = [
    "C <stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='bot.test'>",
    "S <stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:component:accept' from='bot.test' id='3'>",
]

private let pairs: [NearMiss] = [
    NearMiss(
        "bidi.namespace",
        .warning,
        "XEP-0288 section 2.2",
        after: servers,
        has: [
            "C <bidi xmlns='urn:xmpp:features:bidi'/>"
        ],
        hasNot: [
            "C <bidi xmlns='urn:xmpp:bidi'/>"
        ]
    ),
    NearMiss(
        "dialback.incomplete",
        .warning,
        "XEP-0220 section 2",
        after: servers,
        has: [
            "C <db:result to='b.test'>1e701f120f66824b57303384e83b51feba858024fd2221d39f7acc52dcf767a9</db:result>"
        ],
        hasNot: [
            "C <db:result from='a.test' to='b.test'>1e701f120f66824b57303384e83b51feba858024fd2221d39f7acc52dcf767a9</db:result>"
        ]
    ),
    NearMiss(
        "dialback.incomplete",
        .warning,
        "XEP-0220 section 2",
        after: servers,
        has: [
            "C <db:verify from='a.test' to='b.test'>1e701f12</db:verify>"
        ],
        hasNot: [
            "C <db:verify from='a.test' to='b.test' id='7'>1e701f12</db:verify>"
        ]
    ),
    NearMiss(
        "component.proof",
        .warning,
        "XEP-0114 section 3",
        after: component,
        has: [
            "C <handshake>AAEE83C26AEEAFCBABEABFCBCD50DF997E0A2A1E</handshake>"
        ],
        hasNot: [
            "C <handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e</handshake>"
        ]
    ),
    NearMiss(
        "component.proof",
        .warning,
        "XEP-0114 section 3",
        after: component,
        has: [
            "C <handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1</handshake>"
        ],
        hasNot: [
            "C <handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e</handshake>"
        ]
    ),
    NearMiss(
        "compression.before-login",
        .note,
        "XEP-0170 section 2.2",
        after: opened,
        has: [
            "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms><compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression></stream:features>",
            "C <compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>",
        ],
        hasNot: Array(loggedIn.dropFirst(2)) + [
            "S <stream:features><compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
            "C <compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>",
        ],
        beside: ["protocol.obsolete"]
    ),
    NearMiss(
        "register.data.before-login",
        .warning,
        "XEP-0077 section 3.1",
        after: opened,
        has: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><username>romeo</username><password/></query></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><username/><password/></query></iq>",
        ]
    ),
    NearMiss(
        "register.fields.attributes",
        .warning,
        "XEP-0077 section 3.1",
        after: opened,
        has: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><username/><password/></query></iq>",
            "C <iq type='set' id='g2'><query \(register) username='a' password='b'/></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><username/><password/></query></iq>",
            "C <iq type='set' id='g2'><query \(register)><username>a</username><password>b</password></query></iq>",
        ]
    ),
    NearMiss(
        "register.captcha.form-type",
        .warning,
        "XEP-0158 section 4",
        after: opened,
        has: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><x \(form) type='form'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:captcha</value></field><field var='username' type='text-single'/><field var='password' type='text-private'/></x></query></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><x \(form) type='form'><field var='FORM_TYPE' type='hidden'><value>jabber:iq:register</value></field><field var='username' type='text-single'/><field var='password' type='text-private'/></x></query></iq>",
        ]
    ),
    NearMiss(
        "form.form-type.missing",
        .note,
        "XEP-0068",
        after: opened,
        has: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><x \(form) type='form'><field var='username' type='text-single'/><field var='password' type='text-private'/></x></query></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><x \(form) type='form'><field var='FORM_TYPE' type='hidden'><value>jabber:iq:register</value></field><field var='username' type='text-single'/><field var='password' type='text-private'/></x></query></iq>",
        ]
    ),
    NearMiss(
        "form.form-type.missing",
        .note,
        "XEP-0068",
        after: opened,
        has: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><x \(form) type='form'><field var='FORM_TYPE' type='hidden'><value>jabber:iq:register</value></field><field var='username' type='text-single'/><field var='password' type='text-private'/></x></query></iq>",
            "C <iq type='set' id='g2'><query \(register)><x \(form) type='submit'><field var='username'><value>a</value></field><field var='password'><value>b</value></field></x></query></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><x \(form) type='form'><field var='FORM_TYPE' type='hidden'><value>jabber:iq:register</value></field><field var='username' type='text-single'/><field var='password' type='text-private'/></x></query></iq>",
            "C <iq type='set' id='g2'><query \(register)><x \(form) type='submit'><field var='FORM_TYPE'><value>jabber:iq:register</value></field><field var='username'><value>a</value></field><field var='password'><value>b</value></field></x></query></iq>",
        ]
    ),
    NearMiss(
        "form.type",
        .warning,
        "XEP-0004 section 3.1",
        after: opened,
        has: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><x \(form) type='submit'><field var='FORM_TYPE' type='hidden'><value>jabber:iq:register</value></field><field var='username' type='text-single'/><field var='password' type='text-private'/></x></query></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><x \(form) type='form'><field var='FORM_TYPE' type='hidden'><value>jabber:iq:register</value></field><field var='username' type='text-single'/><field var='password' type='text-private'/></x></query></iq>",
        ]
    ),
    NearMiss(
        "form.type.submitted",
        .warning,
        "XEP-0004 section 3.1",
        after: opened,
        has: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><x \(form) type='form'><field var='FORM_TYPE' type='hidden'><value>jabber:iq:register</value></field><field var='username' type='text-single'/><field var='password' type='text-private'/></x></query></iq>",
            "C <iq type='set' id='g2'><query \(register)><x \(form) type='form'><field var='FORM_TYPE'><value>jabber:iq:register</value></field><field var='username'><value>a</value></field><field var='password'><value>b</value></field></x></query></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><x \(form) type='form'><field var='FORM_TYPE' type='hidden'><value>jabber:iq:register</value></field><field var='username' type='text-single'/><field var='password' type='text-private'/></x></query></iq>",
            "C <iq type='set' id='g2'><query \(register)><x \(form) type='submit'><field var='FORM_TYPE'><value>jabber:iq:register</value></field><field var='username'><value>a</value></field><field var='password'><value>b</value></field></x></query></iq>",
        ]
    ),
    NearMiss(
        "register.data.before-login",
        .warning,
        "XEP-0077 section 3.1",
        after: opened,
        has: [
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><username>romeo</username><password/></query></iq>",
        ],
        hasNot: [
            "C <iq type='set' id='i1' to='jabber.test'><preauth xmlns='urn:xmpp:pars:0' token='1tMFqYDdKhfe2pwp'/></iq>",
            "S <iq type='result' id='i1' from='jabber.test'/>",
            "C <iq type='get' id='g1'><query \(register)/></iq>",
            "S <iq type='result' id='g1'><query \(register)><username>romeo</username><password/></query></iq>",
        ]
    ),
]

@Suite(
    "findings in streams of servers and components, compression and registration, each beside what is nearly the same"
)
struct LintTableOpeningTests {
    @Test("a finding, and the nearest session without it", arguments: pairs) fileprivate func pair(_ pair: NearMiss) {
        pair.expect()
    }
}
