import Testing

private let cases: [Lint] = [
    Lint(
        "bind2 inline not offered",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'><initial-response>biwsbj1yb21lbyxyPWNub25jZTAxMjM0NTY3ODk=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>x</software></user-agent><bind xmlns='urn:xmpp:bind:0'><tag>x</tag></bind></authenticate>",
        ],
        finds: ["sasl2.inline.not-offered"],
        isEncrypted: true
    ),
    Lint(
        "bind2 inline offered",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><inline><bind xmlns='urn:xmpp:bind:0'/></inline></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'><initial-response>biwsbj1yb21lbyxyPWNub25jZTAxMjM0NTY3ODk=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>x</software></user-agent><bind xmlns='urn:xmpp:bind:0'><tag>x</tag></bind></authenticate>",
            "S <challenge xmlns='urn:xmpp:sasl:2'>cj1jbm9uY2UwMTIzNDU2Nzg5c25vbmNlOTg3NjU0MzIxMCxzPWMyRnNkSE5oYkhSellXeDBjMkZzZEE9PSxpPTQwOTY=</challenge>",
            "C <response xmlns='urn:xmpp:sasl:2'>Yz1iaXdzLHI9Y25vbmNlMDEyMzQ1Njc4OXNub25jZTk4NzY1NDMyMTAscD1OdWNOZDk3dGJ1UVF1ekVGL2R6cldzZWN6U2M9</response>",
            "S <success xmlns='urn:xmpp:sasl:2'><additional-data>dj1aajZKakY2WTJ3V3dqQVhhSXlVN2FURmkrU3M9</additional-data><authorization-identifier>romeo@jabber.test/x.1</authorization-identifier><bound xmlns='urn:xmpp:bind:0'/></success>",
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "inline sm resume not offered",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><inline><bind xmlns='urn:xmpp:bind:0'/></inline></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'><initial-response>biwsbj1yb21lbyxyPWNub25jZTAxMjM0NTY3ODk=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>x</software></user-agent><resume xmlns='urn:xmpp:sm:3' previd='a' h='0'/></authenticate>",
        ],
        finds: ["sasl2.inline.not-offered"],
        isEncrypted: true
    ),
    Lint(
        "inline carbons not in bind2",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><inline><bind xmlns='urn:xmpp:bind:0'><inline><feature var='urn:xmpp:csi:0'/></inline></bind></inline></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'><initial-response>biwsbj1yb21lbyxyPWNub25jZTAxMjM0NTY3ODk=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>x</software></user-agent><bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:carbons:2'/></bind></authenticate>",
        ],
        finds: ["sasl2.inline.not-offered"],
        isEncrypted: true
    ),
    Lint(
        "fast token mech not offered",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast></inline></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'><initial-response>biwsbj1yb21lbyxyPWNub25jZTAxMjM0NTY3ODk=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>x</software></user-agent><request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-EXPR'/></authenticate>",
        ],
        finds: ["sasl2.inline.not-offered"],
        isEncrypted: true
    ),
    Lint(
        "fast ok",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast><bind xmlns='urn:xmpp:bind:0'/></inline></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='HT-SHA-256-NONE'><initial-response>cm9tZW8AeHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>x</software></user-agent><fast xmlns='urn:xmpp:fast:0'/></authenticate>",
            "S <success xmlns='urn:xmpp:sasl:2'><additional-data>eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXk=</additional-data><authorization-identifier>romeo@jabber.test</authorization-identifier></success>",
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "fast without fast element",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast><bind xmlns='urn:xmpp:bind:0'/></inline></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='HT-SHA-256-NONE'><initial-response>cm9tZW8AeHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>x</software></user-agent></authenticate>",
            "S <success xmlns='urn:xmpp:sasl:2'><additional-data>eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXk=</additional-data><authorization-identifier>romeo@jabber.test</authorization-identifier></success>",
        ],
        finds: ["fast.element.missing"],
        isEncrypted: true
    ),
    Lint(
        "fast without user-agent id",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast><bind xmlns='urn:xmpp:bind:0'/></inline></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='HT-SHA-256-NONE'><initial-response>cm9tZW8AeHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=</initial-response><fast xmlns='urn:xmpp:fast:0'/></authenticate>",
            "S <success xmlns='urn:xmpp:sasl:2'><additional-data>eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXk=</additional-data><authorization-identifier>romeo@jabber.test</authorization-identifier></success>",
        ],
        finds: ["fast.user-agent.missing"],
        isEncrypted: true
    ),
    Lint(
        "fast in the clear",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast><bind xmlns='urn:xmpp:bind:0'/></inline></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='HT-SHA-256-NONE'><initial-response>cm9tZW8AeHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>x</software></user-agent><fast xmlns='urn:xmpp:fast:0'/></authenticate>",
            "S <success xmlns='urn:xmpp:sasl:2'><additional-data>eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXk=</additional-data><authorization-identifier>romeo@jabber.test</authorization-identifier></success>",
        ],
        finds: ["login.token.in-clear"]
    ),
    Lint(
        "fast short hash",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast><bind xmlns='urn:xmpp:bind:0'/></inline></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='HT-SHA-256-NONE'><initial-response>cm9tZW8AeHh4eHh4eHh4eHh4eHh4eHh4eHg=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>x</software></user-agent><fast xmlns='urn:xmpp:fast:0'/></authenticate>",
            "S <success xmlns='urn:xmpp:sasl:2'><additional-data>eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXk=</additional-data><authorization-identifier>romeo@jabber.test</authorization-identifier></success>",
        ],
        finds: ["sasl.token.length"],
        isEncrypted: true
    ),
    Lint(
        "fast no responder",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast><bind xmlns='urn:xmpp:bind:0'/></inline></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='HT-SHA-256-NONE'><initial-response>cm9tZW8AeHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>x</software></user-agent><fast xmlns='urn:xmpp:fast:0'/></authenticate>",
            "S <success xmlns='urn:xmpp:sasl:2'><authorization-identifier>romeo@jabber.test</authorization-identifier></success>",
        ],
        finds: ["sasl.server.unproved"],
        isEncrypted: true
    ),
    Lint(
        "fast token without expiry",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast><bind xmlns='urn:xmpp:bind:0'/></inline></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'><initial-response>biwsbj1yb21lbyxyPWNub25jZTAxMjM0NTY3ODk=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>x</software></user-agent><request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/></authenticate>",
            "S <challenge xmlns='urn:xmpp:sasl:2'>cj1jbm9uY2UwMTIzNDU2Nzg5c25vbmNlOTg3NjU0MzIxMCxzPWMyRnNkSE5oYkhSellXeDBjMkZzZEE9PSxpPTQwOTY=</challenge>",
            "C <response xmlns='urn:xmpp:sasl:2'>Yz1iaXdzLHI9Y25vbmNlMDEyMzQ1Njc4OXNub25jZTk4NzY1NDMyMTAscD1OdWNOZDk3dGJ1UVF1ekVGL2R6cldzZWN6U2M9</response>",
            "S <success xmlns='urn:xmpp:sasl:2'><additional-data>dj1aajZKakY2WTJ3V3dqQVhhSXlVN2FURmkrU3M9</additional-data><authorization-identifier>romeo@jabber.test</authorization-identifier><token xmlns='urn:xmpp:fast:0' token='abc'/></success>",
        ],
        finds: ["fast.token.incomplete"],
        isEncrypted: true
    ),
    Lint(
        "inline: fast without mechanisms",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><inline><fast xmlns='urn:xmpp:fast:0'/></inline></authentication></stream:features>"
        ],
        finds: ["sasl.offers.none"],
        isEncrypted: true
    ),
    Lint(
        "inline: upgrade not offered",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'><initial-response>biwsbj1yb21lbyxyPWNub25jZTAxMjM0NTY3ODk=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>x</software></user-agent><upgrade xmlns='urn:xmpp:sasl:upgrade:0'>UPGR-SCRAM-SHA-256</upgrade></authenticate>",
        ],
        finds: ["sasl2.inline.not-offered"],
        isEncrypted: true
    ),
    Lint(
        "inline: upgrade offered",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><upgrade xmlns='urn:xmpp:sasl:upgrade:0'>UPGR-SCRAM-SHA-256</upgrade></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'><initial-response>biwsbj1yb21lbyxyPWNub25jZTAxMjM0NTY3ODk=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>x</software></user-agent><upgrade xmlns='urn:xmpp:sasl:upgrade:0'>UPGR-SCRAM-SHA-256</upgrade></authenticate>",
        ],
        finds: [],
        isEncrypted: true
    ),
]

@Suite("what goes with a login, held against what was offered")
struct InlineOfferTests {
    @Test("each fault, and what nearly is one", arguments: cases)
    func lint(_ test: Lint) { expect(test) }
}
