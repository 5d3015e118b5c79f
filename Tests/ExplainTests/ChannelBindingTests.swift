import Testing

private let plus = offers("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "PLAIN")
private let noPlus = offers("SCRAM-SHA-1", "PLAIN")
private let serverFirst = challenge("r=abcdef,s=QSXC,i=4096")

private func first(_ flag: String, _ mechanism: String = "SCRAM-SHA-1", offering features: String = plus) -> [String] {
    opened + [features, auth(mechanism, "\(flag),,n=romeo,r=abc")]
}
private func proof(_ header: String) -> String {
    response("c=\(base64(header)),r=abcdef,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=")
}

private let diagnoses: [Case] = [
    Case(
        name: "tls-unique is about to fail",
        lines: first("p=tls-unique", "SCRAM-SHA-1-PLUS"),
        says: [
            "Warning: the client binds its login to its TLS connection (tls-unique), which ends at stanzatap; client and server "
                + "are on two different TLS connections",
            "switch channel binding off in the client (it then sends the flag n)", "without --channel-binding keep",
            "--upstream-tls none, where the server allows it", "(--tls pass).",
        ],
        never: ["--cert"],
        isIntercepted: true
    ),
    Case(
        name: "tls-exporter is about to fail",
        lines: first("p=tls-exporter", "SCRAM-SHA-1-PLUS"),
        says: ["Warning: the client binds its login to its TLS connection (tls-exporter)"],
        isIntercepted: true
    ),
    Case(
        name: "an unknown type",
        lines: first("p=\u{1B}x", "SCRAM-SHA-1-PLUS"),
        says: ["Warning: the client binds its login to its TLS connection (&#x1B;x)"],
        isIntercepted: true
    ),
    Case(
        name: "tls-server-end-point may succeed",
        lines: first("p=tls-server-end-point", "SCRAM-SHA-1-PLUS"),
        says: [
            "Note: the client binds its login to the certificate", "--cert and --key with the server's own certificate",
        ],
        never: ["Warning"],
        isIntercepted: true
    ),
    Case(
        name: "flag y where -PLUS was offered",
        lines: first("y"),
        says: [
            "Note: the client could bind its login but saw no mechanism for it (flag y), because stanzatap took "
                + "SCRAM-SHA-1-PLUS out of the list",
            "prosody answers malformed-request", "--channel-binding keep, which leaves -PLUS in", "--cert and --key",
            "--upstream-tls none", "--tls pass",
        ],
        isIntercepted: true
    ),
    Case(
        name: "flag y where none was offered",
        lines: first("y", offering: noPlus),
        says: ["flag y"],
        never: ["Warning"],
        isIntercepted: true
    ),
    Case(
        name: "flag y where SASL2 offered it",
        lines: opened + [
            "S <stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1-PLUS</mechanism></authentication></stream:features>",
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1'><initial-response>\(base64("y,,n=a,r=b"))</initial-response></authenticate>",
        ],
        says: ["Note: the client could bind its login"],
        isIntercepted: true
    ),
    Case(name: "flag n", lines: first("n"), says: ["flag n"], never: ["Warning"], isIntercepted: true),
    Case(
        name: "a hash of the offers",
        lines: first("n") + [challenge("r=abcdef,s=QSXC,i=4096,h=aaaa")],
        says: [
            "Warning: the server sent a hash of what it offered (h=, XEP-0474), but stanzatap took SCRAM-SHA-1-PLUS out",
            "--channel-binding keep, which leaves the list whole (this client, which does not bind its login, can log in then)",
            "--tls pass",
        ],
        isIntercepted: true
    ),
    Case(
        name: "a hash of the offers for a client that could bind",
        lines: first("y") + [challenge("r=abcdef,s=QSXC,i=4096,d=aaaa")],
        says: ["(d=, XEP-0474)", "--channel-binding keep, which leaves -PLUS in (a client that binds"],
        isIntercepted: true
    ),
    Case(
        name: "a hash of offers that nobody changed",
        lines: first("n", offering: noPlus) + [challenge("r=abcdef,s=QSXC,i=4096,h=aaaa")],
        says: ["h=, XEP-0474"],
        never: ["stanzatap"],
        isIntercepted: true
    ),
    Case(
        name: "a hash of offers that the client saw whole",
        lines: first("p=tls-server-end-point", "SCRAM-SHA-1-PLUS") + [challenge("r=abcdef,s=QSXC,i=4096,h=aaaa")],
        says: ["h=, XEP-0474"],
        never: ["stanzatap"],
        isIntercepted: true
    ),
    Case(
        name: "the client gives up for the hash",
        lines: first("n") + [
            challenge("r=abcdef,s=QSXC,i=4096,h=aaaa"), "C <abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        ],
        says: ["The client gives up this login.", "Warning: the server sent a hash of what it offered"],
        summary:
            "Login as romeo@jabber.test by SCRAM-SHA-1 was not finished, probably because the server sent a hash of what it "
            + "offered (h=, XEP-0474), but stanzatap took SCRAM-SHA-1-PLUS out of what the client saw, so a client that checks "
            + "the hash must give up. Ways out: --channel-binding keep, which leaves the list whole (this client, which does "
            + "not bind its login, can log in then); or let stanzatap leave TLS untouched (--tls pass). The facts.",
        isIntercepted: true
    ),
    Case(
        name: "and the server confirms it",
        lines: first("n") + [
            challenge("r=abcdef,s=QSXC,i=4096,h=aaaa"), "C <abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
            failure("aborted"),
        ],
        says: ["The server refuses the login (aborted).", "Warning: the server sent a hash of what it offered"],
        isIntercepted: true
    ),
    Case(
        name: "prosody on flag y",
        lines: first("y") + [failure("malformed-request")],
        says: [
            "The server refuses the login (malformed-request).", "Warning: the client could bind its login but saw no",
        ],
        summary:
            "Login as romeo@jabber.test by SCRAM-SHA-1 failed: the client could bind its login but saw no mechanism for it "
            + "(flag y), because stanzatap took SCRAM-SHA-1-PLUS out of the list; the server did offer that, takes the flag for "
            + "the sign of an attack and must refuse (prosody answers malformed-request; some servers let it pass) "
            + "(malformed-request). Ways out: switch channel binding off in the client (it then sends the flag n); "
            + "--upstream-tls none, where the server allows it, so that it offers no binding; --channel-binding keep, which "
            + "leaves -PLUS in (a client that binds can log in then only by tls-server-end-point, and with the server's own "
            + "certificate in --cert and --key); or let stanzatap leave TLS untouched (--tls pass). The facts.",
        isIntercepted: true
    ),
    Case(
        name: "ejabberd on tls-unique",
        lines: first("p=tls-unique", "SCRAM-SHA-1-PLUS") + [
            serverFirst, proof("p=tls-unique,,0123456789ab"), failure("not-authorized", "Invalid channel binding"),
        ],
        says: [
            "The server refuses the login (not-authorized). It says: \"Invalid channel binding\".",
            "Warning: the client binds its login to its TLS connection (tls-unique)",
        ],
        isIntercepted: true
    ),
    Case(
        name: "prosody on tls-unique",
        lines: first("p=tls-unique", "SCRAM-SHA-1-PLUS") + [
            serverFirst, proof("p=tls-unique,,0123456789ab"),
            failure("not-authorized", "Invalid channel binding value."),
        ],
        says: ["It says: \"Invalid channel binding value.\"", "Warning: the client binds its login"],
        isIntercepted: true
    ),
    Case(
        name: "a text about channel binding without a known flag",
        lines: opened + [failure("not-authorized", "Channel-Binding mismatch")],
        says: ["Warning: the channel binding does not match: client and server are on two different TLS connections"],
        isIntercepted: true
    ),
    Case(
        name: "an error of SCRAM about channel binding",
        lines: first("n") + [
            serverFirst, proof("n,,"), challenge("e=channel-bindings-dont-match"), response(""),
            failure("not-authorized"),
        ],
        says: ["Warning: the channel binding does not match"],
        isIntercepted: true
    ),
    Case(
        name: "flag y and a refusal that may be about the password",
        lines: first("y") + [serverFirst, proof("y,,"), failure("not-authorized")],
        says: ["Warning: the name or the password is wrong, or: the client could bind its login"],
        isIntercepted: true
    ),
    Case(
        name: "the end point and a refusal that may be about the password",
        lines: first("p=tls-server-end-point", "SCRAM-SHA-1-PLUS") + [failure("not-authorized")],
        says: ["Warning: the name or the password is wrong, or: the client binds its login to the certificate"],
        isIntercepted: true
    ),
    Case(
        name: "flag n and a wrong password",
        lines: first("n") + [serverFirst, proof("n,,"), failure("not-authorized")],
        says: ["the proof did not fit"],
        never: ["Warning"],
        isIntercepted: true
    ),
    Case(
        name: "flag y and a disabled account",
        lines: first("y") + [failure("account-disabled")],
        says: ["the account is disabled"],
        never: ["Warning"],
        isIntercepted: true
    ),
    Case(
        name: "flag y and a server that lets it pass",
        lines: first("y") + [serverFirst, proof("y,,"), success("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")],
        says: ["accepts the login"],
        never: ["Warning"],
        summary: "Login as romeo@jabber.test by SCRAM-SHA-1 succeeded: the facts.",
        isIntercepted: true
    ),
    Case(
        name: "the next attempt is not blamed for the last one",
        lines: first("y") + [failure("malformed-request"), auth("PLAIN", "\u{0}a\u{0}b"), failure("not-authorized")],
        says: ["The server refuses the login: user name or password is wrong"],
        never: ["Warning"],
        isIntercepted: true
    ),
    Case(
        name: "FAST bound to the TLS connection",
        lines: opened + [plus, auth("HT-SHA-256-EXPR", "romeo\u{0}hash")],
        says: ["Warning: the client binds its login to its TLS connection (tls-exporter)"],
        isIntercepted: true
    ),
    Case(
        name: "FAST bound to nothing",
        lines: opened + [auth("HT-SHA-256-NONE", "romeo\u{0}0123456789abcdef0123456789abcdef")],
        says: ["The hash is not bound to the TLS connection (NONE)."],
        never: ["Warning"],
        isIntercepted: true
    ),
    Case(
        name: "features of a later stream that list nothing",
        lines: opened + [plus, "S <stream:features/>", auth("SCRAM-SHA-1", "y,,n=romeo,r=abc")],
        says: ["took SCRAM-SHA-1-PLUS out"],
        isIntercepted: true
    ),
]

struct ChannelBindingTests {
    @Test("a login that breaks on two TLS connections gets its cause and the ways out", arguments: diagnoses)
    func diagnosis(_ test: Case) { expect(test) }

    @Test("a stream that is not intercepted gets none of that", arguments: diagnoses)
    func notIntercepted(_ test: Case) {
        for text in told(test.lines) {
            #expect(!text.contains("stanzatap"), "\(text)")
            #expect(!text.contains("--"), "\(text)")
            #expect(!text.contains("Ways out"), "\(text)")
        }
    }

    @Test("a client that saw the list whole has nothing to fear from a hash of it")
    func kept() {
        let lines = first("n") + [challenge("r=abcdef,s=QSXC,i=4096,h=aaaa")]
        let all = told(lines, isIntercepted: true, hidesBinding: false)
        #expect(!all.joined().contains("stanzatap"))
        let bound = told(first("p=tls-unique", "SCRAM-SHA-1-PLUS"), isIntercepted: true, hidesBinding: false)
        #expect(bound.joined().contains("Warning: the client binds its login to its TLS connection (tls-unique)"))
    }
}
