import Testing

private let cases: [Lint] = [
    Lint(
        "ssdp right",
        after: opened,
        [
            "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism><mechanism>SCRAM-SHA-1-PLUS</mechanism></mechanisms><sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/><channel-binding type='tls-server-end-point'/></sasl-channel-binding></stream:features>",
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge(
                "r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08="
            ),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=36kyFQtFdJe23rfeTnronis1NeY="),
            success("v=EaLkeBYTWvGEOPn4K4BNX24DPeo="),
        ],
        finds: []
    ),
    Lint(
        "ssdp right no cb",
        after: opened,
        [
            offers("SCRAM-SHA-1", "SCRAM-SHA-256"),
            auth("SCRAM-SHA-256", "n,,n=romeo,r=cnonce0123456789"),
            challenge(
                "r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096,h=0/NIECGLXv63MqTb7NyUI9Tqxi40YVZyx61umRrH924="
            ),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=zEQvDEqI5o3RAU2IaUFK8wdZj4gX6Iq4fmQcWaambEo="),
            success("v=91APEjQCwAk/NHe6qRkpZo1EGvghu90A96Cg3tDGVyQ="),
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "ssdp old delimiters",
        after: opened,
        [
            offers("SCRAM-SHA-1", "SCRAM-SHA-256"),
            auth("SCRAM-SHA-256", "n,,n=romeo,r=cnonce0123456789"),
            challenge(
                "r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096,h=uRXNmYOdYnZFgcJqJgeOw6MHJs1QAe1u40LXP22g8/I="
            ),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=+zNyvdAlZL2PBqG6jIk7UNLfROzTH1e1AC/hbJF6nRk="),
            success("v=IDecwMXj+6v7ichgRleYECnZMQ0W/vDgm5TsCymHwXY="),
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "ssdp mechanism removed",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge(
                "r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096,h=FSE5W7a6v0IX0MXG41UntQjaPq0="
            ),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=HIVyC4aczUuxgLEqnSSvj8gl9Oc="),
            success("v=cTmR8/KHFF+hh7Wa4yKz0YAbYKw="),
        ],
        finds: ["sasl.offers.hash"],
        isEncrypted: true
    ),
    Lint(
        "ssdp binding removed",
        after: opened,
        [
            "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism><mechanism>SCRAM-SHA-1-PLUS</mechanism></mechanisms><sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/></sasl-channel-binding></stream:features>",
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge(
                "r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08="
            ),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=36kyFQtFdJe23rfeTnronis1NeY="),
            success("v=EaLkeBYTWvGEOPn4K4BNX24DPeo="),
        ],
        finds: ["sasl.offers.hash"]
    ),
    Lint(
        "ssdp no base64",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096,h=!!!"),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=Jq9fp6f7voTCqUoNhYHeG1W0XD0="),
            success("v=Efli1dh+xJZZT/J8C1USGM+Rga4="),
        ],
        finds: ["sasl.offers.hash"],
        isEncrypted: true
    ),
    Lint(
        "ssdp sasl2 right",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism></authentication><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'><initial-response>biwsbj1yb21lbyxyPWNub25jZTAxMjM0NTY3ODk=</initial-response></authenticate>",
            "S <challenge xmlns='urn:xmpp:sasl:2'>cj1jbm9uY2UwMTIzNDU2Nzg5c25vbmNlOTg3NjU0MzIxMCxzPWMyRnNkSE5oYkhSellXeDBjMkZzZEE9PSxpPTQwOTYsaD1ZK3hrMlRXMjV2S3dHOXlXaWNmUWxzdWlGUXM9</challenge>",
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "ssdp sasl2 with fast right",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast><bind xmlns='urn:xmpp:bind:0'/></inline></authentication><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'><initial-response>biwsbj1yb21lbyxyPWNub25jZTAxMjM0NTY3ODk=</initial-response></authenticate>",
            "S <challenge xmlns='urn:xmpp:sasl:2'>cj1jbm9uY2UwMTIzNDU2Nzg5c25vbmNlOTg3NjU0MzIxMCxzPWMyRnNkSE5oYkhSellXeDBjMkZzZEE9PSxpPTQwOTYsaD1ZK3hrMlRXMjV2S3dHOXlXaWNmUWxzdWlGUXM9</challenge>",
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "plus missing beside 0440",
        after: opened,
        [
            "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms><sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/></sasl-channel-binding></stream:features>"
        ],
        finds: ["sasl.offers.binding"],
        isEncrypted: true
    ),
    Lint(
        "plus without 0440 sasl1",
        after: opened,
        [
            offers("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS")
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "plus without 0440 sasl2",
        after: opened,
        [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1</mechanism><mechanism>SCRAM-SHA-1-PLUS</mechanism></authentication></stream:features>"
        ],
        finds: ["sasl.offers.binding"],
        isEncrypted: true
    ),
    Lint(
        "empty 0440",
        after: opened,
        [
            "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism><mechanism>SCRAM-SHA-1-PLUS</mechanism></mechanisms><sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'></sasl-channel-binding></stream:features>"
        ],
        finds: ["sasl.offers.binding"],
        isEncrypted: true
    ),
    Lint(
        "flag y with plus offered",
        after: opened,
        [
            offers("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"),
            auth("SCRAM-SHA-1", "y,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=eSws,r=cnonce0123456789snonce9876543210,p=LYJ1UXjS2punnuFESH8JOca8fAs="),
            success("v=Um+RxAGYWL4CY/GcVmUWh/GmSmY="),
        ],
        finds: ["sasl.scram.downgrade"]
    ),
    Lint(
        "flag n with plus offered",
        after: opened,
        [
            offers("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=biws,r=cnonce0123456789snonce9876543210,p=NucNd97tbuQQuzEF/dzrWseczSc="),
            success("v=Zj6JjF6Y2wWwjAXaIyU7aTFi+Ss="),
        ],
        finds: []
    ),
    Lint(
        "flag y without plus",
        after: opened,
        [
            offers("SCRAM-SHA-1"),
            auth("SCRAM-SHA-1", "y,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response("c=eSws,r=cnonce0123456789snonce9876543210,p=LYJ1UXjS2punnuFESH8JOca8fAs="),
            success("v=Um+RxAGYWL4CY/GcVmUWh/GmSmY="),
        ],
        finds: []
    ),
    Lint(
        "binding type not announced",
        after: opened,
        [
            "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism><mechanism>SCRAM-SHA-1-PLUS</mechanism></mechanisms><sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/></sasl-channel-binding></stream:features>",
            auth("SCRAM-SHA-1-PLUS", "p=tls-unique,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response(
                "c=cD10bHMtdW5pcXVlLCx4eHh4eHh4eHh4eHg=,r=cnonce0123456789snonce9876543210,p=wjG4vZK6eTMwandIX16dqen2B48="
            ),
            success("v=GTDAkN5BJUGV3tyoYXX8Qtpq4fY="),
        ],
        finds: ["sasl.channel-binding.type"]
    ),
    Lint(
        "binding fine",
        after: opened,
        [
            "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism><mechanism>SCRAM-SHA-1-PLUS</mechanism></mechanisms><sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/></sasl-channel-binding></stream:features>",
            auth("SCRAM-SHA-1-PLUS", "p=tls-exporter,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response(
                "c=cD10bHMtZXhwb3J0ZXIsLHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4,r=cnonce0123456789snonce9876543210,p=r6vA0fK2oZEEnYyNqmy6Db/n6no="
            ),
            success("v=9alQkb7dX8rpTaK0ORcTgxkZnX0="),
        ],
        finds: []
    ),
    Lint(
        "binding data length",
        after: opened,
        [
            "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism><mechanism>SCRAM-SHA-1-PLUS</mechanism></mechanisms><sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/></sasl-channel-binding></stream:features>",
            auth("SCRAM-SHA-1-PLUS", "p=tls-exporter,,n=romeo,r=cnonce0123456789"),
            challenge("r=cnonce0123456789snonce9876543210,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096"),
            response(
                "c=cD10bHMtZXhwb3J0ZXIsLHh4eHh4eHh4eHh4eA==,r=cnonce0123456789snonce9876543210,p=lbJ3Q12rPlt5AX70LJKJ483knw0="
            ),
            success("v=7K+StbuqjMJ8asZb7GfgqG2L8CQ="),
        ],
        finds: ["sasl.scram.binding"]
    ),
    Lint(
        "plain chosen though scram",
        after: opened,
        [
            offers("SCRAM-SHA-1", "PLAIN"),
            auth("PLAIN", "\0romeo\01234"),
        ],
        finds: ["sasl.mechanism.weaker"],
        isEncrypted: true
    ),
    Lint(
        "digest chosen though scram",
        after: opened,
        [
            offers("DIGEST-MD5", "SCRAM-SHA-1"),
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='DIGEST-MD5'></auth>",
        ],
        finds: ["sasl.mechanism.weaker", "protocol.obsolete"],
        isEncrypted: true
    ),
    Lint(
        "plain only",
        after: opened,
        [
            offers("PLAIN"),
            auth("PLAIN", "\0romeo\01234"),
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "plain after scram failed",
        after: opened,
        [
            offers("SCRAM-SHA-1", "PLAIN"),
            auth("SCRAM-SHA-1", "n,,n=romeo,r=cnonce0123456789"),
            "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>",
            auth("PLAIN", "\0romeo\01234"),
        ],
        finds: [],
        isEncrypted: true
    ),
    Lint(
        "offers: a type without a name",
        after: opened,
        [
            "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism><mechanism>SCRAM-SHA-1-PLUS</mechanism></mechanisms><sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding/></sasl-channel-binding></stream:features>"
        ],
        finds: ["sasl.offers.binding"],
        isEncrypted: true
    ),
]

@Suite("offers that somebody changed")
struct DowngradeTests {
    @Test("each fault, and what nearly is one", arguments: cases)
    func lint(_ test: Lint) { expect(test) }
}
