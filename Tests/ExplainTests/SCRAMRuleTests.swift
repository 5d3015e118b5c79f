import Testing

private let cases: [Lint] = [
    Lint(
        "scram right",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
            success("v=Zj6JjF6Y2wWwjAXaIyU7aTFi+Ss="),
        ],
        finds: []
    ),
    Lint(
        "scram server nonce no prefix",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=zzz,s=QUFB,i=4096"),
        ],
        finds: ["sasl.nonce"]
    ),
    Lint(
        "scram server nonce not added",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789,s=QUFB,i=4096"),
        ],
        finds: ["sasl.nonce"]
    ),
    Lint(
        "scram few iterations",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789abc,s=QUFB,i=1000"),
        ],
        finds: ["sasl.scram.iterations"]
    ),
    Lint(
        "scram zero iterations",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789abc,s=QUFB,i=0"),
        ],
        finds: ["sasl.message"]
    ),
    Lint(
        "scram iterations garbage",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789abc,s=QUFB,i=4096x"),
        ],
        finds: ["sasl.message"]
    ),
    Lint(
        "scram no salt",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789abc,i=4096"),
        ],
        finds: ["sasl.message"]
    ),
    Lint(
        "scram salt not base64",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789abc,s=###,i=4096"),
        ],
        finds: ["sasl.message"]
    ),
    Lint(
        "scram empty salt",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789abc,s=,i=4096"),
        ],
        finds: ["sasl.message"]
    ),
    Lint(
        "scram server first order",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("s=QUFB,r=cnonce0123456789abc,i=4096"),
        ],
        finds: ["sasl.scram.order"]
    ),
    Lint(
        "scram client first order",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,r=abcdefgh,n=romeo"),
        ],
        finds: ["sasl.scram.order"]
    ),
    Lint(
        "scram client final order",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("r=cnonce0123456789snonce9876543210,c=biws,p=NucNd97tbuQQuzEF/dzrWseczSc="),
        ],
        finds: ["sasl.scram.order"]
    ),
    Lint(
        "scram proof not last",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,p=NucNd97tbuQQuzEF/dzrWseczSc=,r=cnonce0123456789snonce9876543210"),
        ],
        finds: ["sasl.scram.proof"]
    ),
    Lint(
        "scram no gs2",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n=romeo,r=abc"),
        ],
        finds: ["sasl.message"]
    ),
    Lint(
        "scram username raw equals",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=ro=meo,r=abc12345"),
        ],
        finds: ["sasl.scram.username"]
    ),
    Lint(
        "scram username escaped",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=ro=3Dmeo,r=abc12345"),
        ],
        finds: []
    ),
    Lint(
        "scram username lower escape",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=ro=3dmeo,r=abc12345"),
        ],
        finds: ["sasl.scram.username"]
    ),
    Lint(
        "scram authzid bad escape",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,a=x=y,n=romeo,r=abc12345"),
        ],
        finds: ["sasl.message"]
    ),
    Lint(
        "scram authzid right",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,a=romeo@jabber.test,n=romeo,r=abc12345"),
        ],
        finds: []
    ),
    Lint(
        "scram username not SASLprep",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>biwsbj1yb8KtbWVvLHI9YWJjMTIzNDU=</auth>",
        ],
        finds: ["sasl.scram.saslprep"]
    ),
    Lint(
        "scram username umlaut composed",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=jürgen,r=abc12345"),
        ],
        finds: []
    ),
    Lint(
        "scram username umlaut decomposed",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=jürgen,r=abc12345"),
        ],
        finds: ["sasl.scram.saslprep"]
    ),
    Lint(
        "scram username NUL",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>biwsbj1hB2Iscj1hYmMxMjM0NQ==</auth>",
        ],
        finds: ["sasl.scram.saslprep"]
    ),
    Lint(
        "scram client nonce empty",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r="),
        ],
        finds: ["sasl.nonce"]
    ),
    Lint(
        "scram client nonce short",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=abc"),
        ],
        finds: []
    ),
    Lint(
        "scram client nonce blank",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=abc def ghi"),
        ],
        finds: ["sasl.nonce.characters"]
    ),
    Lint(
        "scram m= client",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,m=x,n=romeo,r=abc12345"),
        ],
        finds: ["sasl.scram.extension"]
    ),
    Lint(
        "scram m= server",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("m=1,r=cnonce0123456789abc,s=QUFB,i=4096"),
        ],
        finds: ["sasl.scram.extension"]
    ),
]

@Suite("the first messages of SCRAM by the book")
struct SCRAMRuleTests {
    @Test("each fault, and what nearly is one", arguments: cases)
    func lint(_ test: Lint) { expect(test) }
}
