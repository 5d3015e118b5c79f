import Testing

private let cases: [Lint] = [
    Lint(
        "external ok",
        after: opened,
        [
            offers("EXTERNAL"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>",
            "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        ],
        finds: []
    ),
    Lint(
        "anonymous ok",
        after: opened,
        [
            offers("ANONYMOUS"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>",
            "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        ],
        finds: []
    ),
    Lint(
        "anonymous long trace",
        after: opened,
        [
            offers("ANONYMOUS"),
            auth(
                "ANONYMOUS",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
        ],
        finds: ["sasl.message"]
    ),
    Lint(
        "plain no nul",
        after: opened,
        [
            offers("PLAIN"),
            auth("PLAIN", "romeo:1234"),
        ],
        finds: ["sasl.message"],
        isEncrypted: true
    ),
    Lint(
        "plain empty user",
        after: opened,
        [
            offers("PLAIN"),
            auth("PLAIN", "\0\01234"),
        ],
        finds: ["sasl.username.empty"],
        isEncrypted: true
    ),
    Lint(
        "plain empty password",
        after: opened,
        [
            offers("PLAIN"),
            auth("PLAIN", "\0romeo\0"),
        ],
        finds: ["sasl.password.empty"],
        isEncrypted: true
    ),
    Lint(
        "plain bad utf8",
        after: opened,
        [
            offers("PLAIN"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHJvbelvADEyMzQ=</auth>",
        ],
        finds: ["sasl.encoding"],
        isEncrypted: true
    ),
    Lint(
        "plain authzid other",
        after: opened,
        [
            offers("PLAIN"),
            auth("PLAIN", "juliet@jabber.test\0romeo\01234"),
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "plain by challenge",
        after: opened,
        [
            offers("PLAIN"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>",
            "S <challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
            response("\0romeo\01234"),
            "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "plain by challenge =",
        after: opened,
        [
            offers("PLAIN"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>",
            "S <challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>=</challenge>",
            response("\0romeo\01234"),
            "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "oauth ok",
        after: opened,
        [
            offers("OAUTHBEARER"),
            auth("OAUTHBEARER", "n,a=romeo@jabber.test,\u{1}auth=Bearer abc\u{1}\u{1}"),
            "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "oauth no end",
        after: opened,
        [
            offers("OAUTHBEARER"),
            auth("OAUTHBEARER", "n,a=romeo@jabber.test,\u{1}auth=Bearer abc"),
        ],
        finds: ["sasl.message"],
        isEncrypted: true
    ),
    Lint(
        "oauth no bearer",
        after: opened,
        [
            offers("OAUTHBEARER"),
            auth("OAUTHBEARER", "n,a=romeo@jabber.test,\u{1}auth=abc\u{1}\u{1}"),
        ],
        finds: ["sasl.message"],
        isEncrypted: true
    ),
    Lint(
        "sasl2 success without identifier",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>PLAIN</mechanism></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>AHJvbWVvADEyMzQ=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>x</software></user-agent></authenticate>",
            "S <success xmlns='urn:xmpp:sasl:2'/>",
        ],
        finds: ["sasl2.identifier.missing"],
        isEncrypted: true
    ),
    Lint(
        "sasl2 scram wrapped",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'><initial-response>biwsbj1yb21lbyxyPWNub25jZTAxMjM0NTY3ODk=</initial-response></authenticate>",
            "S <challenge xmlns='urn:xmpp:sasl:2'>cj16enoscz1RVUZCLGk9NDA5Ng==</challenge>",
        ],
        finds: ["sasl.nonce"],
        isEncrypted: true
    ),
]

@Suite("other mechanisms by the book")
struct OtherLoginTests {
    @Test("each fault, and what nearly is one", arguments: cases)
    func lint(_ test: Lint) { expect(test) }
}
