import Testing

private let cases: [Lint] = [
    Lint(
        "plain clear",
        after: opened,
        [
            offers("PLAIN"),
            auth("PLAIN", "\0romeo\01234"),
        ],
        finds: ["login.password.in-clear"]
    ),
    Lint(
        "plain tls",
        after: opened,
        [
            offers("PLAIN"),
            auth("PLAIN", "\0romeo\01234"),
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "oauth clear",
        after: opened,
        [
            offers("OAUTHBEARER"),
            auth("OAUTHBEARER", "n,a=romeo@jabber.test,\u{1}auth=Bearer abc\u{1}\u{1}"),
        ],
        finds: ["login.password.in-clear"]
    ),
    Lint(
        "room password clear",
        after: inSession,
        [
            "C <presence to='tea@rooms.test/n'><x xmlns='http://jabber.org/protocol/muc'><password>sesam</password></x></presence>"
        ],
        finds: ["secret.in-clear"]
    ),
    Lint(
        "room password tls",
        after: inSession,
        [
            "C <presence to='tea@rooms.test/n'><x xmlns='http://jabber.org/protocol/muc'><password>sesam</password></x></presence>"
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "invitation password clear",
        after: inSession,
        [
            "S <message from='a@x.test/r' to='romeo@jabber.test'><x xmlns='jabber:x:conference' jid='tea@rooms.test' password='sesam'/></message>"
        ],
        finds: ["secret.in-clear"]
    ),
    Lint(
        "bookmark password clear",
        after: inSession,
        [
            "C <iq type='set' id='p'><query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'><conference jid='tea@rooms.test'><password>sesam</password></conference></storage></query></iq>"
        ],
        finds: ["secret.in-clear"]
    ),
    Lint(
        "password change clear",
        after: inSession,
        [
            "C <iq type='set' id='p' to='jabber.test'><query xmlns='jabber:iq:register'><username>romeo</username><password>neu</password></query></iq>"
        ],
        finds: ["login.password.in-clear"]
    ),
    Lint(
        "admin password form clear",
        after: inSession,
        [
            "C <iq type='set' id='p' to='jabber.test'><command xmlns='http://jabber.org/protocol/commands' node='http://jabber.org/protocol/admin#change-user-password' sessionid='1'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/admin</value></field><field var='accountjid'><value>a@jabber.test</value></field><field var='password'><value>neu</value></field></x></command></iq>"
        ],
        finds: ["secret.in-clear"]
    ),
    Lint(
        "upgrade hash clear",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'><initial-response>biwsbj1yb21lbyxyPWNub25jZTAxMjM0NTY3ODk=</initial-response></authenticate>",
            "S <challenge xmlns='urn:xmpp:sasl:2'>cj1jbm9uY2UwMTIzNDU2Nzg5c25vbmNlOTg3NjU0MzIxMCxzPWMyRnNkSE5oYkhSellXeDBjMkZzZEE9PSxpPTQwOTY=</challenge>",
            "C <response xmlns='urn:xmpp:sasl:2'>Yz1iaXdzLHI9Y25vbmNlMDEyMzQ1Njc4OXNub25jZTk4NzY1NDMyMTAscD1OdWNOZDk3dGJ1UVF1ekVGL2R6cldzZWN6U2M9</response>",
            "S <continue xmlns='urn:xmpp:sasl:2'><additional-data>dj1aajZKakY2WTJ3V3dqQVhhSXlVN2FURmkrU3M9</additional-data><tasks><task>UPGR-SCRAM-SHA-256</task></tasks></continue>",
            "C <next xmlns='urn:xmpp:sasl:2' task='UPGR-SCRAM-SHA-256'/>",
            "S <task-data xmlns='urn:xmpp:sasl:2'><salt xmlns='urn:xmpp:scram-upgrade:0' iterations='4096'>QUFB</salt></task-data>",
            "C <task-data xmlns='urn:xmpp:sasl:2'><hash xmlns='urn:xmpp:scram-upgrade:0'>BzOnw3Pc5H4bOLlPZ/8JAy6wnTpH05aH21KW2+Xfpaw=</hash></task-data>",
        ],
        finds: ["secret.in-clear"]
    ),
    Lint(
        "turn password clear",
        after: inSession,
        [
            "C <iq type='get' id='x' to='jabber.test'><services xmlns='urn:xmpp:extdisco:2'/></iq>",
            "S <iq type='result' id='x' from='jabber.test'><services xmlns='urn:xmpp:extdisco:2'><service type='turn' host='turn.x' port='3478' username='u' password='p'/></services></iq>",
        ],
        finds: ["secret.in-clear"]
    ),
    Lint(
        "iq auth password",
        after: opened,
        [
            "S <stream:features><auth xmlns='http://jabber.org/features/iq-auth'/></stream:features>",
            "C <iq type='set' id='a'><query xmlns='jabber:iq:auth'><username>romeo</username><password>1234</password><resource>o</resource></query></iq>",
        ],
        finds: ["login.password.in-clear", "protocol.obsolete"]
    ),
    Lint(
        "gateway registration clear",
        after: inSession,
        [
            "C <iq type='set' id='p' to='icq.x.test'><query xmlns='jabber:iq:register'><username>1</username><password>neu</password></query></iq>"
        ],
        finds: ["login.password.in-clear"]
    ),
    Lint(
        "clear: a token for registering",
        after: opened,
        [
            "S <stream:features><register xmlns='urn:xmpp:invite'/><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>",
            "C <iq type='set' id='t' to='jabber.test'><preauth xmlns='urn:xmpp:pars:0' token='abc'/></iq>",
        ],
        finds: ["secret.in-clear"]
    ),
    Lint(
        "clear: push secret",
        after: inSession,
        [
            "C <iq type='set' id='t'><enable xmlns='urn:xmpp:push:0' jid='push.x.test' node='n'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var='secret'><value>s</value></field></x></enable></iq>"
        ],
        finds: ["secret.in-clear"]
    ),
]

@Suite("secrets that can be read on the way")
struct ClearSecretTests {
    @Test("each fault, and what nearly is one", arguments: cases)
    func lint(_ test: Lint) { expect(test) }
}
