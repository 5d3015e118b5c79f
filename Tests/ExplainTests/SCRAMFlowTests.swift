import Testing

private let cases: [Lint] = [
    Lint(
        "scram final nonce differs",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789xnonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
        ],
        finds: ["sasl.nonce"]
    ),
    Lint(
        "scram c= differs",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=eSws,r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
        ],
        finds: ["sasl.scram.binding"]
    ),
    Lint(
        "scram c= missing",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
        ],
        finds: ["sasl.message"]
    ),
    Lint(
        "scram proof length",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg="),
        ],
        finds: ["sasl.scram.proof"]
    ),
    Lint(
        "scram proof missing",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789snonce9876543210"),
        ],
        finds: ["sasl.scram.proof"]
    ),
    Lint(
        "scram success without signature",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
            "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'></success>",
        ],
        finds: ["sasl.server.unproved"]
    ),
    Lint(
        "scram signature length",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
            success("v=eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg="),
        ],
        finds: ["sasl.scram.signature"]
    ),
    Lint(
        "scram success with error",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
            success("e=invalid-proof"),
        ],
        finds: ["sasl.server.unproved"]
    ),
    Lint(
        "scram success early",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'></success>",
        ],
        finds: ["sasl.server.unproved"]
    ),
    Lint(
        "scram success early with v",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            success("v=Zj6JjF6Y2wWwjAXaIyU7aTFi+Ss="),
        ],
        finds: ["sasl.scram.early"]
    ),
    Lint(
        "scram server final by challenge",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
            challenge("v=Zj6JjF6Y2wWwjAXaIyU7aTFi+Ss="),
            "C <response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
            "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        ],
        finds: []
    ),
    Lint(
        "scram server final by challenge =",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
            challenge("v=Zj6JjF6Y2wWwjAXaIyU7aTFi+Ss="),
            "C <response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>=</response>",
            "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        ],
        finds: []
    ),
    Lint(
        "scram no initial response",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'/>",
            "S <challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
            response("n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
            success("v=Zj6JjF6Y2wWwjAXaIyU7aTFi+Ss="),
        ],
        finds: []
    ),
    Lint(
        "scram no initial response =",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'/>",
            "S <challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>=</challenge>",
            response("n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
            success("v=Zj6JjF6Y2wWwjAXaIyU7aTFi+Ss="),
        ],
        finds: []
    ),
    Lint(
        "scram empty initial response",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>=</auth>",
        ],
        finds: ["sasl.message"]
    ),
    Lint(
        "scram same nonce twice",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
            "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>",
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
        ],
        finds: ["sasl.nonce.repeated"]
    ),
    Lint(
        "scram server sends the same salt and nonce",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
            "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>",
            auth("SCRAM-SHA-1", "n,,n=romeo,r=other0123456789"),
            challenge("r=other0123456789snonce9876543210,s=QUFBQQ==,i=4096"),
        ],
        finds: ["sasl.nonce.repeated"]
    ),
    Lint(
        "scram p flag without plus",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "p=tls-exporter,,n=romeo,r=abc12345"),
        ],
        finds: ["sasl.scram.flag"]
    ),
    Lint(
        "scram base64 with blanks",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>biwsbj1yb21lbyxyPWNu\nb25jZTAxMjM0NTY3ODk=</auth>",
        ],
        finds: ["sasl.base64.blanks"]
    ),
    Lint(
        "scram base64 no padding",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>biwsbj1yb21lbyxyPWNub25jZTAxMjM0NTY3ODlhYg</auth>",
        ],
        finds: ["sasl.base64"]
    ),
    Lint(
        "scram two auth",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=other1234567"),
        ],
        finds: ["sasl.overlap"]
    ),
    Lint(
        "scram auth without mechanism",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>biwsbj1yb21lbyxyPWNub25jZTAxMjM0NTY3ODk=</auth>",
        ],
        finds: ["sasl.mechanism.missing"]
    ),
    Lint(
        "scram failure without condition",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        ],
        finds: ["sasl.failure.condition"]
    ),
    Lint(
        "scram failure unknown condition",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><bad-password/></failure>",
        ],
        finds: ["sasl.failure.condition"]
    ),
]

@Suite("the end of SCRAM by the book")
struct SCRAMFlowTests {
    @Test("each fault, and what nearly is one", arguments: cases)
    func lint(_ test: Lint) { expect(test) }
}
