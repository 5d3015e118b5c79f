import Testing

private let cases: [Lint] = [
    Lint(
        "caps right",
        after: inSession,
        [
            "S <presence from='a@x.test/r' to='romeo@jabber.test/o'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://x.test' ver='b2OiEH9f4E7omzsegVp+vB9T45c='/></presence>",
            "C <iq type='get' id='q' to='a@x.test/r'><query xmlns='http://jabber.org/protocol/disco#info' node='http://x.test#b2OiEH9f4E7omzsegVp+vB9T45c='/></iq>",
            "S <iq type='result' id='q' from='a@x.test/r' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info' node='http://x.test#b2OiEH9f4E7omzsegVp+vB9T45c='><identity category='client' type='pc' name='X'/><feature var='http://jabber.org/protocol/disco#info'/></query></iq>",
        ],
        finds: []
    ),
    Lint(
        "caps wrong",
        after: inSession,
        [
            "S <presence from='a@x.test/r' to='romeo@jabber.test/o'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://x.test' ver='AAAAAAAAAAAAAAAAAAAAAAAAAAA='/></presence>",
            "C <iq type='get' id='q' to='a@x.test/r'><query xmlns='http://jabber.org/protocol/disco#info' node='http://x.test#AAAAAAAAAAAAAAAAAAAAAAAAAAA='/></iq>",
            "S <iq type='result' id='q' from='a@x.test/r' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info' node='http://x.test#AAAAAAAAAAAAAAAAAAAAAAAAAAA='><identity category='client' type='pc' name='X'/><feature var='http://jabber.org/protocol/disco#info'/></query></iq>",
        ],
        finds: ["caps.hash.mismatch"]
    ),
    Lint(
        "caps no hash",
        after: inSession,
        [
            "S <presence from='a@x.test/r' to='romeo@jabber.test/o'><c xmlns='http://jabber.org/protocol/caps' node='http://x.test' ver='1.0'/></presence>"
        ],
        finds: ["caps.hash.missing"]
    ),
    Lint(
        "caps no node",
        after: inSession,
        [
            "S <presence from='a@x.test/r' to='romeo@jabber.test/o'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' ver='b2OiEH9f4E7omzsegVp+vB9T45c='/></presence>"
        ],
        finds: ["capabilities.incomplete"]
    ),
    Lint(
        "caps ver short",
        after: inSession,
        [
            "S <presence from='a@x.test/r' to='romeo@jabber.test/o'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://x.test' ver='abcd'/></presence>"
        ],
        finds: ["caps.ver.malformed"]
    ),
    Lint(
        "caps ver of sha256 labelled sha-1",
        after: inSession,
        [
            "S <presence from='a@x.test/r' to='romeo@jabber.test/o'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://x.test' ver='eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg='/></presence>"
        ],
        finds: ["caps.ver.malformed"]
    ),
    Lint(
        "caps ver not base64",
        after: inSession,
        [
            "S <presence from='a@x.test/r' to='romeo@jabber.test/o'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://x.test' ver='????????????????????????????'/></presence>"
        ],
        finds: ["caps.ver.malformed"]
    ),
    Lint(
        "caps unknown hash",
        after: inSession,
        [
            "S <presence from='a@x.test/r' to='romeo@jabber.test/o'><c xmlns='http://jabber.org/protocol/caps' hash='sha-9' node='http://x.test' ver='b2OiEH9f4E7omzsegVp+vB9T45c='/></presence>"
        ],
        finds: ["caps.hash.unknown"]
    ),
    Lint(
        "server caps wrong",
        after: provedIn,
        [
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://x.test' ver='AAAAAAAAAAAAAAAAAAAAAAAAAAA='/></stream:features>",
            "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>",
            "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/o</jid></bind></iq>",
            "C <iq type='get' id='q' to='jabber.test'><query xmlns='http://jabber.org/protocol/disco#info' node='http://x.test#AAAAAAAAAAAAAAAAAAAAAAAAAAA='/></iq>",
            "S <iq type='result' id='q' from='jabber.test' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info' node='http://x.test#AAAAAAAAAAAAAAAAAAAAAAAAAAA='><identity category='client' type='pc' name='X'/><feature var='http://jabber.org/protocol/disco#info'/></query></iq>",
        ],
        finds: ["caps.hash.mismatch"]
    ),
    Lint(
        "caps own client wrong",
        after: inSession,
        [
            "C <presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://x.test' ver='AAAAAAAAAAAAAAAAAAAAAAAAAAA='/></presence>",
            "S <iq type='get' id='q' from='a@x.test/r' to='romeo@jabber.test/o'><query xmlns='http://jabber.org/protocol/disco#info' node='http://x.test#AAAAAAAAAAAAAAAAAAAAAAAAAAA='/></iq>",
            "C <iq type='result' id='q' to='a@x.test/r'><query xmlns='http://jabber.org/protocol/disco#info' node='http://x.test#AAAAAAAAAAAAAAAAAAAAAAAAAAA='><identity category='client' type='pc' name='X'/><feature var='http://jabber.org/protocol/disco#info'/></query></iq>",
        ],
        finds: ["caps.hash.mismatch"]
    ),
    Lint(
        "caps2 bad length",
        after: inSession,
        [
            "S <presence from='a@x.test/r' to='romeo@jabber.test/o'><c xmlns='urn:xmpp:caps'><hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>AAAA</hash></c></presence>"
        ],
        finds: ["caps.ver.malformed"]
    ),
    Lint(
        "caps2 no algo",
        after: inSession,
        [
            "S <presence from='a@x.test/r' to='romeo@jabber.test/o'><c xmlns='urn:xmpp:caps'><hash xmlns='urn:xmpp:hashes:2'>eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=</hash></c></presence>"
        ],
        finds: ["caps.hash.missing"]
    ),
    Lint(
        "caps2 right",
        after: inSession,
        [
            "S <presence from='a@x.test/r' to='romeo@jabber.test/o'><c xmlns='urn:xmpp:caps'><hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=</hash></c></presence>"
        ],
        finds: []
    ),
    Lint(
        "caps no hash twice",
        after: inSession,
        [
            "S <presence from='a@x.test/r' to='romeo@jabber.test/o'><c xmlns='http://jabber.org/protocol/caps' node='http://x.test' ver='1.0'/></presence>",
            "S <presence from='a@x.test/r' to='romeo@jabber.test/o'><c xmlns='http://jabber.org/protocol/caps' node='http://x.test' ver='1.0'/></presence>",
        ],
        finds: ["caps.hash.missing"]
    ),
]

@Suite("announcements of capabilities")
struct CapabilityFormTests {
    @Test("each fault, and what nearly is one", arguments: cases)
    func lint(_ test: Lint) { expect(test) }
}
