import Testing

private let cases: [Lint] = [
    Lint(
        "see-other-host",
        after: opened,
        [
            "S <stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>a.b:5222</see-other-host></stream:error>"
        ],
        finds: ["stanzatap.bypassed"]
    ),
    Lint(
        "see-other-host empty",
        after: opened,
        [
            "S <stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
        ],
        finds: ["stream.error.see-other-host"]
    ),
    Lint(
        "resume location",
        after: inSession,
        [
            "C <enable xmlns='urn:xmpp:sm:3' resume='true'/>",
            "S <enabled xmlns='urn:xmpp:sm:3' id='a' resume='true' location='a.b:5222'/>",
        ],
        finds: ["sm.resume.elsewhere"]
    ),
    Lint(
        "isr location",
        after: inSession,
        [
            "C <enable xmlns='urn:xmpp:sm:3' resume='true'><isr-enable xmlns='https://xmpp.org/extensions/isr/0' mechanism='HT-SHA-256-NONE'/></enable>",
            "S <enabled xmlns='urn:xmpp:sm:3' id='a' resume='true'><isr-enabled xmlns='https://xmpp.org/extensions/isr/0' token='t' location='a.b:5222'/></enabled>",
        ],
        finds: ["sm.resume.elsewhere", "secret.in-clear"]
    ),
    Lint(
        "http upload",
        after: inSession,
        [
            "C <iq type='get' id='u' to='up.jabber.test'><request xmlns='urn:xmpp:http:upload:0' filename='a.png' size='10'/></iq>",
            "S <iq type='result' id='u' from='up.jabber.test' to='romeo@jabber.test/o'><slot xmlns='urn:xmpp:http:upload:0'><put url='https://up.jabber.test/1'/><get url='https://up.jabber.test/1'/></slot></iq>",
        ],
        finds: ["stanzatap.elsewhere"]
    ),
    Lint(
        "streamhost used",
        after: inSession,
        [
            "S <iq type='set' id='s5' from='a@x.test/r' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/bytestreams' sid='x'><streamhost jid='a@x.test/r' host='10.0.0.1' port='7777'/></query></iq>",
            "C <iq type='result' id='s5' to='a@x.test/r'><query xmlns='http://jabber.org/protocol/bytestreams'><streamhost-used jid='a@x.test/r'/></query></iq>",
        ],
        finds: ["stanzatap.elsewhere"]
    ),
    Lint(
        "bosh attr",
        after: inSession,
        [],
        finds: []
    ),
    Lint(
        "delay old only",
        after: inSession,
        [
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body><x xmlns='jabber:x:delay' stamp='20020910T23:08:25' from='x.test'/></message>"
        ],
        finds: ["protocol.obsolete"]
    ),
    Lint(
        "delay both",
        after: inSession,
        [
            "S <message from='a@x.test/r' to='romeo@jabber.test/o' id='m1' type='chat'><body>hi</body><delay xmlns='urn:xmpp:delay' stamp='2002-09-10T23:08:25Z' from='x.test'/><x xmlns='jabber:x:delay' stamp='20020910T23:08:25' from='x.test'/></message>"
        ],
        finds: []
    ),
    Lint(
        "event old",
        after: inSession,
        [
            "C <message to='a@x.test' type='chat' id='z'><body>x</body><x xmlns='jabber:x:event'><composing/></x></message>"
        ],
        finds: ["protocol.obsolete"]
    ),
    Lint(
        "browse",
        after: inSession,
        [
            "C <iq type='get' id='z' to='jabber.test'><query xmlns='jabber:iq:browse'/></iq>"
        ],
        finds: ["protocol.obsolete"]
    ),
    Lint(
        "agents",
        after: inSession,
        [
            "C <iq type='get' id='z' to='jabber.test'><query xmlns='jabber:iq:agents'/></iq>"
        ],
        finds: ["protocol.obsolete"]
    ),
    Lint(
        "time old",
        after: inSession,
        [
            "C <iq type='get' id='z' to='jabber.test'><query xmlns='jabber:iq:time'/></iq>"
        ],
        finds: ["protocol.obsolete"]
    ),
    Lint(
        "privacy",
        after: inSession,
        [
            "C <iq type='get' id='z'><query xmlns='jabber:iq:privacy'/></iq>"
        ],
        finds: ["protocol.obsolete"]
    ),
    Lint(
        "archive 0136",
        after: inSession,
        [
            "C <iq type='get' id='z'><list xmlns='urn:xmpp:archive' with='a@x.test'/></iq>"
        ],
        finds: ["protocol.obsolete"]
    ),
    Lint(
        "mam 0",
        after: inSession,
        [
            "C <iq type='set' id='z'><query xmlns='urn:xmpp:mam:0'/></iq>"
        ],
        finds: ["protocol.older-form"]
    ),
    Lint(
        "mam 2",
        after: inSession,
        [
            "C <iq type='set' id='z'><query xmlns='urn:xmpp:mam:2'/></iq>"
        ],
        finds: []
    ),
    Lint(
        "omemo old",
        after: inSession,
        [
            "C <message to='a@x.test' type='chat' id='z'><encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'><key rid='2'>AAAA</key><iv>AAAA</iv></header><payload>AAAA</payload></encrypted><store xmlns='urn:xmpp:hints'/></message>"
        ],
        finds: []
    ),
    Lint(
        "xhtml",
        after: inSession,
        [
            "C <message to='a@x.test' type='chat' id='z'><body>x</body><html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'><p>x</p></body></html></message>"
        ],
        finds: ["protocol.obsolete"]
    ),
    Lint(
        "pgp old",
        after: inSession,
        [
            "C <message to='a@x.test' type='chat' id='z'><body>x</body><x xmlns='jabber:x:encrypted'>AAAA</x></message>"
        ],
        finds: ["protocol.obsolete"]
    ),
    Lint(
        "si",
        after: inSession,
        [
            "C <iq type='set' id='z' to='a@x.test/r'><si xmlns='http://jabber.org/protocol/si' id='a0' profile='http://jabber.org/protocol/si/profile/file-transfer'><file xmlns='http://jabber.org/protocol/si/profile/file-transfer' name='t' size='1'/><feature xmlns='http://jabber.org/protocol/feature-neg'><x xmlns='jabber:x:data' type='form'><field var='stream-method' type='list-single'><option><value>http://jabber.org/protocol/bytestreams</value></option></field></x></feature></si></iq>"
        ],
        finds: ["protocol.obsolete"]
    ),
    Lint(
        "roster exchange",
        after: inSession,
        [
            "C <message to='a@x.test' id='z'><x xmlns='jabber:x:roster'><item jid='b@x.test'/></x></message>"
        ],
        finds: ["protocol.obsolete"]
    ),
    Lint(
        "iq agents asked by contact, server only",
        after: inSession,
        [
            "C <iq type='get' id='d1' to='jabber.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "S <iq type='result' id='d1' from='jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='jabber:iq:roster'/><feature var='jabber:iq:time'/><feature var='jabber:iq:browse'/></query></iq>",
        ],
        finds: []
    ),
    Lint(
        "sm2 offered only used",
        after: provedIn,
        [
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:2'/></stream:features>",
            "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
            "C <enable xmlns='urn:xmpp:sm:2'/>",
        ],
        finds: ["protocol.older-form"]
    ),
    Lint(
        "jingle old",
        after: inSession,
        [
            "C <iq type='set' id='z' to='a@x.test/r'><jingle xmlns='urn:xmpp:jingle:0' action='session-terminate' sid='a'><reason><success/></reason></jingle></iq>"
        ],
        finds: ["protocol.older-form"]
    ),
    Lint(
        "cram-md5",
        after: opened,
        [
            offers("CRAM-MD5"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='CRAM-MD5'></auth>",
        ],
        finds: ["protocol.obsolete"],
        isEncrypted: true
    ),
    Lint(
        "own sasl2 draft",
        after: opened,
        [
            offers("PLAIN"),
            "C <authenticate xmlns='urn:xmpp:sasl:1' mechanism='PLAIN'/>",
        ],
        finds: ["protocol.older-form"],
        isEncrypted: true
    ),
    Lint(
        "old: offline messages",
        after: inSession,
        [
            "C <iq type='get' id='t'><offline xmlns='http://jabber.org/protocol/offline'><fetch/></offline></iq>"
        ],
        finds: ["protocol.obsolete"]
    ),
]

@Suite("ways past stanzatap, and what is out of date")
struct OldProtocolTests {
    @Test("each fault, and what nearly is one", arguments: cases)
    func lint(_ test: Lint) { expect(test) }
}
