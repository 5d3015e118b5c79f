import Testing

private let serverFirst = challenge("r=abcdef,s=QSXC,i=4096")
private let proof = response("c=biws,r=abcdef,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=")
private let accepted = success("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")
private let binding = ["TLS"] + opened + [offers("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS")]
private let unbound = [auth("SCRAM-SHA-1", "n,,n=romeo,r=abc")]

private let ofBinding: [LintProof] = [
    LintProof(
        "sasl.channel-binding",
        "RFC 5802 section 6",
        after: binding,
        [auth("SCRAM-SHA-1-PLUS", "p=tls-exporter,,n=romeo,r=abc")],
        near: unbound
    ),
    LintProof(
        "sasl.channel-binding.end-point",
        "RFC 5929 section 4",
        after: binding,
        [auth("SCRAM-SHA-1-PLUS", "p=tls-server-end-point,,n=romeo,r=abc")],
        near: unbound
    ),
    LintProof(
        "sasl.channel-binding.hidden",
        "RFC 5802 section 6",
        after: ["TLS"] + opened,
        [offers("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"), auth("SCRAM-SHA-1", "y,,n=romeo,r=abc")],
        near: [offers("SCRAM-SHA-1"), auth("SCRAM-SHA-1", "y,,n=romeo,r=abc")]
    ),
    LintProof(
        "sasl.external.intercepted",
        "XEP-0178 section 2",
        after: [],
        ["TLS"] + opened + [offers("EXTERNAL"), "C <auth \(sasl) mechanism='EXTERNAL'>=</auth>"],
        near: opened + [offers("EXTERNAL"), "C <auth \(sasl) mechanism='EXTERNAL'>=</auth>"]
    ),
]

private let sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
private let digestAsked = opened + [offers("DIGEST-MD5"), "C <auth \(sasl) mechanism='DIGEST-MD5'/>"]
private let digestOffer =
    #"realm="jabber.test",nonce="OA6MG9tEQGm2hh",qop="auth,auth-int",charset=utf-8,algorithm=md5-sess"#
private let digestStarted = digestAsked + [challenge(digestOffer)]

/// A response in which some parts differ; an empty one is left out.
private func digest(_ changed: [String: String] = [:]) -> String {
    let parts = [
        ("username", "\"romeo\""), ("realm", "\"jabber.test\""), ("nonce", "\"OA6MG9tEQGm2hh\""),
        ("cnonce", "\"OA6MHXh6VqTrRk\""), ("nc", "00000001"), ("qop", "auth"),
        ("digest-uri", "\"xmpp/jabber.test\""), ("response", "d388dad90d4bbd760a152321f2143af7"),
        ("charset", "utf-8"),
    ]
    let fields = parts.map { ($0.0, changed[$0.0] ?? $0.1) }.filter { !$0.1.isEmpty }
    return response(fields.map { "\($0.0)=\($0.1)" }.joined(separator: ","))
}
private func ofDigest(_ code: String, _ section: String, _ changed: [String: String]) -> LintProof {
    LintProof(
        code,
        section,
        after: digestStarted,
        [digest(changed)],
        near: [digest()],
        beside: ["protocol.obsolete"]
    )
}

private let ofDigests: [LintProof] = [
    LintProof(
        "sasl.digest.algorithm",
        "RFC 2831 section 2.1.1",
        after: digestAsked,
        [challenge(digestOffer.replacing("md5-sess", with: "md5"))],
        near: [challenge(digestOffer)],
        beside: ["protocol.obsolete"]
    ),
    ofDigest("sasl.digest.incomplete", "RFC 2831 section 2.1.2", ["cnonce": ""]),
    ofDigest("sasl.digest.layer", "RFC 2831 section 2.3", ["qop": "auth-int"]),
    ofDigest("sasl.digest.realm", "RFC 2831 section 2.1.2", ["realm": "\"capulet.test\""]),
    ofDigest("sasl.digest.uri", "RFC 2831 section 2.1.2", ["digest-uri": "\"imap/jabber.test\""]),
    ofDigest("sasl.digest.uri.domain", "RFC 2831 section 2.1.2", ["digest-uri": "\"xmpp/capulet.test\""]),
]

private let bearer = auth("OAUTHBEARER", "n,a=romeo@jabber.test,\u{1}auth=Bearer abc\u{1}\u{1}")
private let refused = challenge(#"{"status":"invalid_token"}"#)

private let ofMessages: [LintProof] = [
    LintProof(
        "sasl.message.unexpected",
        "RFC 4422 section 4",
        after: ["TLS"] + opened + [offers("PLAIN"), "C <auth \(sasl) mechanism='PLAIN'/>"],
        [challenge("who")],
        near: [challenge("")]
    ),
    LintProof(
        "sasl.none",
        "RFC 6120 section 6.4",
        after: opened + [offers("SCRAM-SHA-1")],
        [proof],
        near: unbound + [serverFirst, proof]
    ),
    LintProof(
        "sasl.success.unasked",
        "RFC 6120 section 6.4.6",
        after: opened + [offers("SCRAM-SHA-1")] + unbound + [serverFirst, proof, accepted],
        [accepted],
        near: ["C " + clientHeader]
    ),
    LintProof(
        "sasl.oauth.acknowledgement",
        "RFC 7628 section 3.2.3",
        after: ["TLS"] + opened + [offers("OAUTHBEARER"), bearer, refused],
        [response("")],
        near: [response("\u{1}")]
    ),
    LintProof(
        "sasl.scram.extra",
        "RFC 5802 section 5.1",
        after: opened + [offers("SCRAM-SHA-1")],
        [auth("SCRAM-SHA-1", "n,,n=romeo,r=abc,x=1")],
        near: [auth("SCRAM-SHA-1", "n,,n=romeo,r=abc")]
    ),
    LintProof(
        "stream.restart.missing",
        "RFC 6120 section 6.4.6",
        after: opened + [offers("SCRAM-SHA-1")] + unbound + [serverFirst, proof, accepted],
        [bind],
        near: ["C " + clientHeader]
    ),
]

private let bind =
    "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>o</resource></bind></iq>"
private let sasl2 = "xmlns='urn:xmpp:sasl:2'"
private let offersSASL2 = ["TLS"] + opened + [offering(token: "HT-SHA-256-NONE")]
private func offering(token: String) -> String {
    "S <stream:features><authentication \(sasl2)><mechanism>SCRAM-SHA-1</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>\(token)</mechanism></fast></inline></authentication></stream:features>"
}
private func authenticates(_ mechanism: String, _ data: String, id: String, _ content: String = "") -> String {
    "C <authenticate \(sasl2) mechanism='\(mechanism)'><initial-response>\(base64(data))</initial-response><user-agent id='\(id)'/>\(content)</authenticate>"
}
private let installation = "d4565fa7-4d72-4749-b3d3-740edbf87770"
private let begun = authenticates("SCRAM-SHA-1", "n,,n=romeo,r=abc", id: installation)
private let proved = [
    begun, "S <challenge \(sasl2)>\(base64("r=abcdef,s=QSXC,i=4096"))</challenge>",
    "C <response \(sasl2)>\(base64("c=biws,r=abcdef,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="))</response>",
]
private let signature =
    "<additional-data>\(base64("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="))</additional-data>"
private func tokenLogin(_ mechanism: String) -> [String] {
    [
        offering(token: mechanism),
        authenticates(
            mechanism,
            "romeo\0" + String(repeating: "x", count: 32),
            id: installation,
            "<fast xmlns='urn:xmpp:fast:0'/>"
        ),
    ]
}

private let ofSASL2: [LintProof] = [
    LintProof(
        "sasl2.task.missing",
        "XEP-0388 section 2.6.3",
        after: offersSASL2 + proved,
        ["S <continue \(sasl2)>\(signature)</continue>"],
        near: ["S <continue \(sasl2)>\(signature)<tasks><task>TOTP-EXAMPLE</task></tasks></continue>"]
    ),
    LintProof(
        "sasl2.task.missing",
        "XEP-0388 section 2.6.3",
        after: offersSASL2 + proved,
        ["S <continue \(sasl2)>\(signature)<tasks/></continue>"],
        near: ["S <continue \(sasl2)>\(signature)<tasks><task>A</task><task>B</task></tasks></continue>"]
    ),
    LintProof(
        "sasl2.user-agent.id",
        "XEP-0388 section 2.3",
        after: offersSASL2,
        [authenticates("SCRAM-SHA-1", "n,,n=romeo,r=abc", id: "d4565fa7-4d72-1749-b3d3-740edbf87770")],
        near: [begun]
    ),
    LintProof(
        "sasl.token.mechanism",
        "XEP-0484",
        after: ["TLS"] + opened,
        tokenLogin("HT-SHA-256-ANY"),
        near: tokenLogin("HT-SHA-256-NONE")
    ),
    LintProof(
        "stream.restart.needless",
        "XEP-0388 section 2.6.1",
        after: offersSASL2 + proved + [
            "S <success \(sasl2)>\(signature)<authorization-identifier>romeo@jabber.test</authorization-identifier></success>",
            "S <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
        ],
        ["C " + clientHeader],
        near: [bind]
    ),
]

@Suite("logins: each kind of finding, and what nearly is one")
struct LintTableLoginTests {
    @Test("channel binding and certificates", arguments: ofBinding) func bindings(_ proof: LintProof) { proof.expect() }
    @Test("DIGEST-MD5", arguments: ofDigests) func digests(_ proof: LintProof) { proof.expect() }
    @Test("messages of other mechanisms", arguments: ofMessages) func messages(_ proof: LintProof) { proof.expect() }
    @Test("SASL2 and its tokens", arguments: ofSASL2) func sasl2(_ proof: LintProof) { proof.expect() }
}
