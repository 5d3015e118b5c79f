import Testing

private let sasl2 = "xmlns='urn:xmpp:sasl:2'"
private let agent =
    "<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>AwesomeXMPP</software><device>Kiva</device></user-agent>"

private let identifier = "<authorization-identifier>user@jabber.test</authorization-identifier>"
/// As long as SHA-256 makes it.
private let hash = "0123456789abcdef0123456789abcdef"

private func authenticate(_ content: String, _ mechanism: String = "SCRAM-SHA-1", _ data: String = "n,,n=user,r=abc")
    -> [String]
{
    opened + [
        "C <authenticate \(sasl2) mechanism='\(mechanism)'><initial-response>\(base64(data))</initial-response>\(content)</authenticate>"
    ]
}
private func succeeds(_ content: String, after lines: [String] = authenticate("")) -> [String] {
    lines + [
        "S <challenge \(sasl2)>\(base64("r=abcdef,s=QSXC,i=4096"))</challenge>",
        "C <response \(sasl2)>\(base64("c=biws,r=abcdef,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="))</response>",
        "S <success \(sasl2)><additional-data>\(base64("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="))</additional-data>"
            + "<authorization-identifier>user@jabber.test</authorization-identifier>\(content)</success>",
    ]
}

private let requests: [Case] = [
    Case(
        name: "the features",
        lines: opened + [
            "S <stream:features><authentication \(sasl2)><mechanism>SCRAM-SHA-1</mechanism><inline>"
                + "<bind xmlns='urn:xmpp:bind:0'><inline><feature var='urn:xmpp:carbons:2'/><feature var='urn:xmpp:csi:0'/>"
                + "<feature var='urn:xmpp:sm:3'/></inline></bind><sm xmlns='urn:xmpp:sm:3'/>"
                + "<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-ENDP</mechanism><mechanism>HT-SHA-256-NONE</mechanism></fast>"
                + "<x xmlns='urn:example:y'/></inline></authentication></stream:features>"
        ],
        says: [
            "logging in by SASL2 with SCRAM-SHA-1, and in the same step binding a resource (with Message Carbons (XEP-0280), client "
                + "state indication (XEP-0352) and stream management (XEP-0198)), resuming a session, FAST (XEP-0484) with "
                + "HT-SHA-256-ENDP or HT-SHA-256-NONE and the namespace \"urn:example:y\""
        ]
    ),
    Case(
        name: "the login",
        lines: authenticate(agent),
        says: [
            "The client logs in as user by SCRAM-SHA-1, which proves", "Its nonce has 3 characters.",
            "The client calls itself \"AwesomeXMPP\" on \"Kiva\", installation d4565fa7-4d72-4749-b3d3-740edbf87770.",
        ],
        never: ["Note", "Warning", "same step"]
    ),
    Case(
        name: "an id that is no random UUID",
        lines: authenticate("<user-agent id='&#x9B;1'/>"),
        says: [
            "The client does not name its software, installation &#x9B;1.",
            "Warning: the id of the user agent must be a random UUID, of version 4 (XEP-0388 section 2.3).",
        ]
    ),
    Case(
        name: "no id",
        lines: authenticate("<user-agent><software>X</software></user-agent>"),
        says: ["The client calls itself \"X\"."],
        never: ["Note"]
    ),
    Case(
        name: "no initial response",
        lines: opened + ["C <authenticate \(sasl2) mechanism='SCRAM-SHA-1'/>"],
        says: ["The client logs in by SCRAM-SHA-1"],
        never: ["Warning"]
    ),
    Case(
        name: "Bind 2",
        lines: authenticate(
            "<bind xmlns='urn:xmpp:bind:0'><tag>AwesomeXMPP</tag><enable xmlns='urn:xmpp:carbons:2'/>"
                + "<enable xmlns='urn:xmpp:sm:3' resume='true'/><inactive xmlns='urn:xmpp:csi:0'/><active xmlns='urn:xmpp:csi:0'/>"
                + "<x xmlns='urn:example:y'/></bind>"
        ),
        says: [
            "In the same step it binds a resource (Bind 2, XEP-0386), with the tag \"AwesomeXMPP\"; with it go Message Carbons "
                + "(XEP-0280), stream management with resumption, that nobody is looking at the client, that somebody is looking at "
                + "the client and the namespace \"urn:example:y\"."
        ]
    ),
    Case(
        name: "Bind 2 with nothing",
        lines: authenticate("<bind xmlns='urn:xmpp:bind:0'/>"),
        says: ["In the same step it binds a resource (Bind 2, XEP-0386)."]
    ),
    Case(
        name: "resuming",
        lines: authenticate("<resume xmlns='urn:xmpp:sm:3' previd='x' h='5'/>"),
        says: ["It asks to resume an earlier session in the same step, having received 5 stanzas of it."]
    ),
    Case(
        name: "asking for a token",
        lines: authenticate("<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-ENDP'/>"),
        says: ["It asks for a token with which it can log in by HT-SHA-256-ENDP next time (FAST, XEP-0484)."]
    ),
    Case(
        name: "logging in with a token",
        lines: authenticate(
            agent + "<fast xmlns='urn:xmpp:fast:0' count='3' invalidate='true' tls-0rtt='1'/>",
            "HT-SHA-256-ENDP",
            "user\u{0}\(hash)"
        ),
        says: [
            "The client logs in as user by HT-SHA-256-ENDP, with a hash of a token that the server gave it at an earlier login",
            "The hash is bound to the TLS connection by tls-server-end-point", "It is use 3 of the token.",
            "The server shall forget the token afterwards.", "(0-RTT)",
        ],
        never: ["Warning"],
        isIntercepted: true
    ),
    Case(
        name: "FAST without a count",
        lines: authenticate("<fast xmlns='urn:xmpp:fast:0'/>", "HT-SHA-256-UNIQ", "user\u{0}hash"),
        says: ["by tls-unique", "It logs in by FAST."]
    ),
    Case(
        name: "a mechanism of FAST without a zero byte",
        lines: authenticate("", "HT-SHA-256-ODD", "user"),
        says: ["Note: the mechanism's name does not end with NONE", "Warning: the data must be the user, a zero byte"]
    ),
    Case(
        name: "something that nobody knows",
        lines: authenticate("<x xmlns='urn:example:\u{202E}y'/>"),
        says: ["In the same step it sends <x/>: the namespace \"urn:example:&#x202E;y\"."]
    ),
]

private let answers: [Case] = [
    Case(
        name: "a challenge",
        lines: authenticate("") + ["S <challenge \(sasl2)>\(base64("r=abcdef,s=QSXC,i=4096"))</challenge>"],
        says: ["The server sends challenge 1 of SCRAM-SHA-1. It adds 3 characters to the client's nonce."]
    ),
    Case(
        name: "success",
        lines: succeeds(""),
        says: [
            "The server accepts the login as user@jabber.test. It proves that it knows the password too (v=, 20 bytes). The stream "
                + "goes on as it is (XEP-0388); new features follow."
        ],
        never: ["Warning", "anew"],
        summary: "Login as user@jabber.test by SCRAM-SHA-1 succeeded: the facts."
    ),
    Case(
        name: "success without a proof",
        lines: authenticate("") + ["S <success \(sasl2)/>"],
        says: ["Warning: the server did not prove that it knows the password"]
    ),
    Case(
        name: "bound",
        lines: succeeds(
            "<bound xmlns='urn:xmpp:bind:0'><metadata xmlns='urn:xmpp:mam:2'><start id='a'/></metadata>"
                + "<enabled xmlns='urn:xmpp:sm:3' id='x' resume='true' location='other:1'/><y xmlns='urn:example:y'/></bound>"
        ),
        says: [
            "A resource is bound; it tells the extent of the archive, stream management is on and can resume and <y/> of the "
                + "namespace \"urn:example:y\".", "Note: the client shall resume at \"other:1\", past stanzatap.",
        ]
    ),
    Case(
        name: "bound without stream management",
        lines: succeeds(
            "<bound xmlns='urn:xmpp:bind:0'><failed xmlns='urn:xmpp:sm:3'><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed></bound>"
        ),
        says: ["A resource is bound; stream management is refused (internal-server-error)."]
    ),
    Case(
        name: "resumed",
        lines: succeeds("<resumed xmlns='urn:xmpp:sm:3' previd='x' h='7'/>"),
        says: ["The earlier session is resumed; it had received 7 stanzas of it."]
    ),
    Case(
        name: "not resumed",
        lines: succeeds(
            "<failed xmlns='urn:xmpp:sm:3'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"
        ),
        says: ["The earlier session cannot be resumed: it is over or unknown (item-not-found)."]
    ),
    Case(
        name: "a token",
        lines: succeeds("<token xmlns='urn:xmpp:fast:0' token='s3cr3tt0k3n' expiry='2024-07-11T17:04:02Z'/>"),
        says: [
            "It gives the client a token for its next login (FAST, XEP-0484), valid until 2024-07-11 17:04:02 UTC.",
            "Warning: the token crosses the network unencrypted.",
        ],
        never: ["s3cr3t"]
    ),
    Case(
        name: "something that nobody knows",
        lines: succeeds("<z xmlns='urn:example:z'/>"),
        says: ["With it comes <z/>: the namespace \"urn:example:z\"."]
    ),
    Case(
        name: "stanzas are counted after Bind 2",
        lines: succeeds("<bound xmlns='urn:xmpp:bind:0'><enabled xmlns='urn:xmpp:sm:3'/></bound>") + [
            "C <presence/>", "S <a xmlns='urn:xmpp:sm:3' h='2'/>",
        ],
        says: ["Warning: it acknowledges 2 stanzas, but only 1"]
    ),
    Case(
        name: "FAST succeeds",
        lines: authenticate("", "HT-SHA-256-NONE", "user\u{0}\(hash)") + [
            "S <success \(sasl2)><additional-data>\(base64(hash))</additional-data>\(identifier)</success>"
        ],
        says: ["It proves that it knows the token too."],
        never: ["Warning"]
    ),
    Case(
        name: "FAST without a proof",
        lines: authenticate("", "HT-SHA-256-NONE", "user\u{0}hash") + ["S <success \(sasl2)/>"],
        says: ["Warning: the server did not prove that it knows the token"]
    ),
    Case(
        name: "another step",
        lines: authenticate("") + [
            "S <continue \(sasl2)><additional-data>\(base64("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="))</additional-data>"
                + "<tasks><task>HOTP-EXAMPLE</task><task>TOTP</task></tasks><text>Now the token.</text></continue>"
        ],
        says: [
            "The server accepts the login so far, but wants another step before it is complete (XEP-0388): one of the tasks "
                + "\"HOTP-EXAMPLE\" or \"TOTP\". It says: \"Now the token.\" It proves that it knows the password too"
        ]
    ),
    Case(
        name: "another step of no name",
        lines: authenticate("") + ["S <continue \(sasl2)/>"],
        says: ["it names no task.", "Warning: without a task, the client cannot go on."]
    ),
    Case(
        name: "the client takes the step",
        lines: authenticate("") + ["C <next \(sasl2) task='TOTP'><totp xmlns='urn:example:totp'>SECRET</totp></next>"],
        says: ["The client goes on with the task \"TOTP\", with data of the namespace \"urn:example:totp\"."],
        never: ["SECRET"]
    ),
    Case(
        name: "the client takes a step of no name",
        lines: authenticate("") + ["C <next \(sasl2)/>"],
        says: ["The client goes on with the task that it does not name."]
    ),
    Case(
        name: "data of a task",
        lines: authenticate("") + ["S <task-data \(sasl2)/>"],
        says: ["The server goes on with the task, without data."]
    ),
    Case(
        name: "the step is done",
        lines: Array(succeeds("").dropLast()) + [
            "S <continue \(sasl2)><additional-data>\(base64("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="))</additional-data><tasks><task>T</task></tasks></continue>",
            "C <next \(sasl2) task='T'/>", "S <success \(sasl2)>\(identifier)</success>",
        ],
        says: ["The server accepts the login"],
        never: ["Warning"]
    ),
    Case(
        name: "giving up",
        lines: authenticate("") + ["C <abort \(sasl2)><text>Enough.</text></abort>"],
        says: ["The client gives up this login. It says: \"Enough.\""]
    ),
    Case(
        name: "a refusal with more detail",
        lines: authenticate("") + [
            "S <failure \(sasl2)><aborted xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/><x xmlns='urn:example:y'/>"
                + "<text>No.</text></failure>"
        ],
        says: [
            "The server refuses the login: the client gave up (aborted). It says: \"No.\" More precisely: x (the namespace "
                + "\"urn:example:y\"). The client sent no <abort/>"
        ],
        summary:
            "Login as user@jabber.test by SCRAM-SHA-1 failed: the client gave up (aborted). The client sent no <abort/>; look "
            + "at what came just before. The facts."
    ),
    Case(
        name: "<authenticate/> from the server",
        lines: opened + ["S <authenticate \(sasl2)/>"],
        says: ["The server sends <authenticate/>"]
    ),
    Case(
        name: "<auth/> in the wrong namespace",
        lines: opened + ["C <auth \(sasl2) mechanism='PLAIN'/>"],
        says: ["The client sends <auth/>"]
    ),
]

struct SASL2Tests {
    @Test("what goes with a login by SASL2 is told", arguments: requests)
    func request(_ test: Case) { expect(test) }

    @Test("how a login by SASL2 goes on is told", arguments: answers)
    func answer(_ test: Case) { expect(test) }

    @Test("much in it is cut")
    func hostile() {
        let much = String(repeating: "\u{202E}x", count: 10_000)
        let many = String(repeating: "<x xmlns='urn:example:y'/>", count: 2_000)
        let lines =
            authenticate(
                "<user-agent id='\(much)'><software>\(much)</software><device>\(much)</device></user-agent>\(many)"
            )
            + [
                "S <continue \(sasl2)><tasks>\(String(repeating: "<task>\(much)</task>", count: 30))</tasks></continue>",
                "C <next \(sasl2) task='\(much)'>\(many)</next>", "S <task-data \(sasl2)>\(many)</task-data>",
                "S <success \(sasl2)><bound xmlns='urn:xmpp:bind:0'>\(many)</bound>\(many)</success>",
            ]
        for text in told(lines) {
            #expect(text.utf8.count < 6000 && !text.unicodeScalars.contains("\u{202E}"))
        }
    }
}
