import Testing

/// The examples of RFC 5802 section 5 and RFC 7677 section 3.
private let first = "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL"
private let serverFirst = "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"
private let final =
    "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
private let signature = "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="

private let nonce256 = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
private let final256 = "c=biws,r=\(nonce256),p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="

private let begun = opened + [auth("SCRAM-SHA-1", first)]
private let challenged = begun + [challenge(serverFirst)]
private let proved = challenged + [response(final)]

private let steps: [Case] = [
    Case(
        name: "client-first",
        lines: begun,
        says: [
            "The client logs in as user by SCRAM-SHA-1, which proves that both sides know the password without sending it.",
            "Its nonce has 24 characters.", "It does not use channel binding (flag n).",
        ],
        never: ["Warning", "Note", "fyko"]
    ),
    Case(
        name: "the server wraps its base64",
        lines: proved + [
            "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>\n  \(base64(signature).prefix(12))\n\(base64(signature).dropFirst(12))\n</success>"
        ],
        says: ["It proves that it knows the password too", "Warning: blanks or line breaks stand in the base64"],
        never: ["v=)", "not valid base64"]
    ),
    Case(
        name: "server-first",
        lines: challenged,
        says: [
            "The server sends challenge 1 of SCRAM-SHA-1. It adds 18 characters to the client's nonce.",
            "The password is to be hashed 4096 times, with a salt of 12 bytes.",
        ],
        never: ["Warning", "Note"]
    ),
    Case(
        name: "client-final",
        lines: proved,
        says: [
            "The client answers the challenge. It repeats its GS2 header \"n,,\".",
            "It sends its proof that it knows the password (20 bytes).",
        ],
        never: ["Warning", "Note", "v0X8"]
    ),
    Case(
        name: "server-final in the success",
        lines: proved + [success(signature)],
        says: [
            "The server accepts the login as user@jabber.test. It proves that it knows the password too (v=, 20 bytes). "
                + "Both sides now open their streams anew."
        ],
        never: ["Warning", "Note"],
        summary: "Login as user@jabber.test by SCRAM-SHA-1 succeeded: the facts."
    ),
    Case(
        name: "server-final in a challenge",
        lines: proved + [challenge(signature)],
        says: ["The server sends challenge 2 of SCRAM-SHA-1. It proves"],
        never: ["Warning"]
    ),
    Case(
        name: "the client's answer to server-final",
        lines: proved + [challenge(signature), response("")],
        says: ["The client answers the challenge, with nothing to add."],
        never: ["Warning", "Note"]
    ),
    Case(
        name: "success after server-final in a challenge",
        lines: proved + [challenge(signature), response(""), success()],
        says: ["The server accepts the login as user@jabber.test. Both"],
        never: ["Warning"]
    ),
    Case(
        name: "SCRAM-SHA-256",
        lines: opened + [
            auth("SCRAM-SHA-256", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"),
            challenge("r=\(nonce256),s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"), response(final256),
            success("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
        ],
        says: ["(v=, 32 bytes)"],
        never: ["Warning", "Note"]
    ),
    Case(
        name: "the first message in a response",
        lines: opened + [
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'/>", challenge(""),
            response(first),
        ],
        says: ["The client answers the challenge, as user. Its nonce has 24 characters."]
    ),
    Case(
        name: "an authorization identity",
        lines: opened + [auth("SCRAM-SHA-1", "n,a=admin@jabber.test,n=user,r=abc")],
        says: ["It asks to act as \"admin@jabber.test\", an authorization identity that differs from the user"]
    ),
    Case(
        name: "flag y",
        lines: opened + [auth("SCRAM-SHA-1", "y,,n=user,r=abc")],
        says: ["It knows channel binding, but believes that the server does not (flag y)."]
    ),
    Case(
        name: "flag p",
        lines: opened + [auth("SCRAM-SHA-1-PLUS", "p=tls-unique,,n=user,r=abc")],
        says: ["It binds the login to the TLS connection by tls-unique, the handshake's first Finished message"],
        never: ["Warning"]
    ),
    Case(
        name: "an unknown binding",
        lines: opened + [auth("SCRAM-SHA-1-PLUS", "p=tls-\u{1B}[31m,,n=user,r=abc")],
        says: ["by \"tls-&#x1B;[31m\", a type that is not known here"]
    ),
    Case(
        name: "binding data",
        lines: opened + [
            auth("SCRAM-SHA-1-PLUS", "p=tls-unique,,n=user,r=abc"), challenge("r=abcdef,s=QSXC,i=4096"),
            response("c=\(base64("p=tls-unique,,0123456789ab")),r=abcdef,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="),
        ],
        says: ["It repeats its GS2 header and adds 12 bytes of channel binding data."],
        never: ["Warning"]
    ),
    Case(
        name: "a hash of the offers",
        lines: begun + [challenge(serverFirst + ",h=abcd")],
        says: ["A hash of what it offers (h=, XEP-0474) lets the client tell whether somebody changed the list."],
        never: ["Warning", "Note"]
    ),
    Case(
        name: "a hash of the offers in an older version",
        lines: begun + [challenge(serverFirst + ",d=abcd")],
        says: ["(d=, XEP-0474 in an older version)"]
    ),
]

private let faults: [Case] = [
    Case(
        name: "no GS2 header",
        lines: opened + [auth("SCRAM-SHA-1", "n=user,r=abc")],
        says: [
            "The client logs in by SCRAM-SHA-1",
            "Warning: this is not what the client's first message of SCRAM must be",
        ]
    ),
    Case(
        name: "no nonce",
        lines: opened + [auth("SCRAM-SHA-1", "n,,n=user")],
        says: ["the user n= and the nonce r= (RFC 5802 section 7)"]
    ),
    Case(
        name: "an empty user and nonce",
        lines: opened + [auth("SCRAM-SHA-1", "n,,n=,r=")],
        says: ["as (an empty name) by", "Warning: the user name is empty.", "Warning: the client's nonce is empty."]
    ),
    Case(
        name: "an equals sign in the name",
        lines: opened + [auth("SCRAM-SHA-1", "n,,n=a=b,r=abc")],
        says: ["Warning: in the user name, '=' may only stand as =2C or =3D"]
    ),
    Case(
        name: "a -PLUS without binding",
        lines: opened + [auth("SCRAM-SHA-1-PLUS", "n,,n=user,r=abc")],
        says: ["Warning: SCRAM-SHA-1-PLUS needs channel binding, flag p; the server must refuse."]
    ),
    Case(
        name: "binding without -PLUS",
        lines: opened + [auth("SCRAM-SHA-1", "p=tls-unique,,n=user,r=abc")],
        says: ["Warning: the flag p belongs to SCRAM-SHA-1-PLUS only"]
    ),
    Case(
        name: "an extension that must be known",
        lines: opened + [auth("SCRAM-SHA-1", "n,,m=x,n=user,r=abc")],
        says: ["Warning: it insists on an extension (m=)"]
    ),
    Case(
        name: "another attribute",
        lines: opened + [auth("SCRAM-SHA-1", "n,,n=user,r=abc,x=1")],
        says: ["Note: it has the extra attribute x=."]
    ),
    Case(
        name: "another nonce of the server",
        lines: begun + [challenge("r=other,s=QSXC,i=4096")],
        says: ["Warning: the server's nonce does not begin with the client's; the client must give up."]
    ),
    Case(
        name: "the same nonce of the server",
        lines: begun + [challenge("r=fyko+d2lbbFgONRv9qkxdawL,s=QSXC,i=4096")],
        says: ["Warning: the server added nothing of its own to the nonce."]
    ),
    Case(
        name: "few iterations",
        lines: begun + [challenge("r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXC,i=1")],
        says: ["hashed once, with a salt of 3 bytes", "Warning: 1 iteration is too few"]
    ),
    Case(
        name: "many iterations",
        lines: begun + [challenge("r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXC,i=2000000000")],
        says: ["Warning: so many iterations keep a client busy"]
    ),
    Case(
        name: "iterations that are none",
        lines: begun + [challenge("r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXC,i=-5")],
        says: ["Warning: there is no number of iterations (i=)"]
    ),
    Case(
        name: "iterations beyond all numbers",
        lines: begun + [challenge("r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXC,i=99999999999999999999999")],
        says: ["Warning: there is no number of iterations (i=)"]
    ),
    Case(
        name: "a salt that is none",
        lines: begun + [challenge("r=fyko+d2lbbFgONRv9qkxdawL3,s=%,i=4096")],
        says: ["Warning: there is no salt (s=) that could be decoded"]
    ),
    Case(
        name: "no server-first",
        lines: begun + [challenge("hello")],
        says: ["Warning: this is not what the server's first message of SCRAM must be"]
    ),
    Case(
        name: "another header in c=",
        lines: challenged + [
            response("c=eSws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=")
        ],
        says: ["Warning: c= does not repeat the GS2 header \"n,,\" of the first message; the server must refuse."]
    ),
    Case(
        name: "data behind a header that needs none",
        lines: challenged + [
            response(
                "c=\(base64("n,,abc")),r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
            )
        ],
        says: ["Warning: c= has 3 bytes too many"]
    ),
    Case(
        name: "no binding data",
        lines: opened + [
            auth("SCRAM-SHA-1-PLUS", "p=tls-unique,,n=user,r=abc"), challenge("r=abcdef,s=QSXC,i=4096"),
            response("c=\(base64("p=tls-unique,,")),r=abcdef,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="),
        ],
        says: ["adds 0 bytes of channel binding data", "Warning: there is no channel binding data in c="]
    ),
    Case(
        name: "c= that is no base64",
        lines: challenged + [response("c=%,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=aaaa")],
        says: [
            "Warning: c= is not valid base64",
            "Warning: the proof has 3 bytes, but SCRAM-SHA-1 makes 20; the server must refuse.",
        ]
    ),
    Case(
        name: "another nonce of the client",
        lines: challenged + [response("c=biws,r=x,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=")],
        says: ["Warning: its nonce differs from the server's; the server must refuse."]
    ),
    Case(
        name: "no proof",
        lines: challenged + [response("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j")],
        says: ["Warning: there is no proof (p=)"]
    ),
    Case(
        name: "no client-final",
        lines: challenged + [response("x")],
        says: ["Warning: this is not what the client's final message of SCRAM must be"]
    ),
    Case(
        name: "no signature",
        lines: proved + [success()],
        says: ["The server accepts", "Warning: the server did not prove that it knows the password (v=)"]
    ),
    Case(
        name: "a short signature",
        lines: proved + [success("v=aaaa")],
        says: ["(v=, 3 bytes)", "Warning: v= should have 20 bytes"]
    ),
    Case(
        name: "a signature that is no base64",
        lines: proved + [success("v=%")],
        says: ["Warning: v= is not valid base64"]
    ),
    Case(
        name: "a message too many",
        lines: proved + [challenge(signature), response("x=1")],
        says: ["Warning: SCRAM does not have the client send anything here"]
    ),
    Case(
        name: "an error in a challenge",
        lines: proved + [challenge("e=invalid-proof")],
        says: ["It reports the error invalid-proof: the proof was wrong, so the password is."]
    ),
    Case(
        name: "an error in a success",
        lines: proved + [success("e=other-error")],
        says: ["It reports the error other-error", "Warning: a success that carries an error"]
    ),
    Case(
        name: "an error that nobody knows",
        lines: proved + [challenge("e=\u{1B}]0;x")],
        says: ["It reports the error &#x1B;]0;x: an error that RFC 5802 does not define."]
    ),
    Case(
        name: "the failure after an error",
        lines: proved + [challenge("e=unknown-user"), response(""), failure("not-authorized")],
        says: ["The server refuses the login: the server does not know the user (not-authorized). Check the user name"],
        summary:
            "Login as user@jabber.test by SCRAM-SHA-1 failed: the server does not know the user (not-authorized). "
            + "Check the user name and the domain. The facts."
    ),
    Case(
        name: "refused before the proof",
        lines: begun + [failure("not-authorized")],
        says: ["the server refused before anything was proved, so it probably does not know the user (not-authorized)."]
    ),
    Case(
        name: "refused after the proof",
        lines: proved + [failure("not-authorized")],
        says: [
            "the proof did not fit: the password is wrong, or the account does not exist (not-authorized). Check user"
        ],
        never: ["Warning"],
        summary:
            "Login as user@jabber.test by SCRAM-SHA-1 failed: the proof did not fit: the password is wrong, or the "
            + "account does not exist (not-authorized). Check user name and password. The facts."
    ),
]

private let errorCodes = [
    "invalid-encoding", "extensions-not-supported", "invalid-proof", "channel-bindings-dont-match",
    "server-does-support-channel-binding", "channel-binding-not-supported", "unsupported-channel-binding-type",
    "unknown-user", "invalid-username-encoding", "no-resources", "other-error",
]

struct SCRAMTests {
    @Test("each message of SCRAM is told (RFC 5802)", arguments: steps)
    func step(_ test: Case) { expect(test) }

    @Test("what is wrong with a message of SCRAM is told", arguments: faults)
    func fault(_ test: Case) { expect(test) }

    @Test("every error of RFC 5802 has a meaning", arguments: errorCodes)
    func error(_ code: String) {
        let text = told(proved + [challenge("e=" + code)]).dropLast().last ?? ""
        #expect(text.contains("It reports the error \(code): "))
        #expect(!text.contains("does not define"))
    }

    @Test(
        "the hash gives the length of the proof",
        arguments: [("SHA-256", 32), ("SHA-512", 64), ("SHA-512-PLUS", 64)]
    )
    func proofLength(_ hash: String, _ bytes: Int) {
        let flag = hash.hasSuffix("-PLUS") ? "p=tls-exporter,," : "n,,"
        let lines =
            opened + [
                auth("SCRAM-" + hash, flag + "n=user,r=a"), challenge("r=ab,s=QSXC,i=4096"),
                response("c=\(base64(flag + (flag == "n,," ? "" : "x"))),r=ab,p=aaaa"),
            ]
        #expect(
            told(lines).dropLast().last?.contains("but SCRAM-\(hash) makes \(bytes); the server must refuse.") == true
        )
    }

    @Test("a megabyte in each place costs little and is not repeated")
    func huge() {
        let much = String(repeating: "\u{1B}[2J", count: 250_000)
        let messages = [
            "n,,n=\(much),r=abc", "n,,n=user,r=\(much)", "p=\(much),,n=user,r=abc", "n,a=\(much),n=user,r=abc", much,
            String(repeating: "=2C", count: 300_000), "n,,n=\(String(repeating: "=2C", count: 300_000)),r=a",
            "n,,\(String(repeating: "a=,", count: 300_000))",
        ]
        for message in messages {
            let all = told(opened + [auth("SCRAM-SHA-1", message)])
            #expect(all.allSatisfy { $0.utf8.count < 3000 && !$0.contains("\u{1B}") })
        }
        for message in [much, "r=abc,s=\(much),i=\(much)", "e=\(much)", "v=\(much)"] {
            let all = told(opened + [auth("SCRAM-SHA-1", "n,,n=user,r=abc"), challenge(message)])
            #expect(all.allSatisfy { $0.utf8.count < 3000 && !$0.contains("\u{1B}") })
        }
    }
}
