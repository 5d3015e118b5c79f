import Testing

private let one = "\u{1}"
private let zero = "\u{0}"

private func refused(_ condition: String, _ mechanism: String = "PLAIN", offering: [String] = []) -> [String] {
    let data =
        switch mechanism {
        case "PLAIN", "X-OAUTH2": "\(zero)romeo\(zero)secret"
        case "OAUTHBEARER": "n,a=romeo@jabber.test,\(one)auth=Bearer x\(one)\(one)"
        case "DIGEST-MD5", "ANONYMOUS", "EXTERNAL": "="
        default: mechanism.hasPrefix("HT-") ? "romeo\(zero)hash" : "n,,n=romeo,r=abc"
        }
    let features =
        "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
        + offering.map { "<mechanism>\($0)</mechanism>" }.joined() + "</mechanisms></stream:features>"
    return opened + (offering.isEmpty ? [] : [features]) + [auth(mechanism, data), failure(condition)]
}

private let refusals: [Case] = [
    Case(
        name: "aborted",
        lines: refused("aborted"),
        says: ["the client gave up (aborted). The client sent no <abort/>; look at what came just before."]
    ),
    Case(
        name: "aborted as asked",
        lines: Array(refused("aborted").dropLast()) + [
            "C <abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", failure("aborted"),
        ],
        says: ["the client gave up, and the server confirms that (aborted). Why it gave up, the client may tell."]
    ),
    Case(
        name: "account-disabled",
        lines: refused("account-disabled"),
        says: ["the account is disabled (account-disabled). The server's administrator can enable it."]
    ),
    Case(
        name: "credentials-expired",
        lines: refused("credentials-expired"),
        says: ["the credentials have expired (credentials-expired). Set a new password"]
    ),
    Case(
        name: "an expired token of FAST",
        lines: refused("credentials-expired", "HT-SHA-256-NONE"),
        says: ["the token has expired (credentials-expired). The client should log in with its password once"]
    ),
    Case(
        name: "encryption-required",
        lines: refused("encryption-required"),
        says: ["may only be used on an encrypted connection", "Let the client use STARTTLS or direct TLS."]
    ),
    Case(
        name: "encryption-required where TLS is offered",
        lines: opened + [
            "S <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>",
            auth("PLAIN", "\(zero)romeo\(zero)secret"), failure("encryption-required"),
        ],
        says: ["Let the client use STARTTLS, which the server offers."]
    ),
    Case(
        name: "encryption-required where stanzatap decrypts",
        lines: refused("encryption-required"),
        says: ["stanzatap's side to the server is probably not: start it without --upstream-tls none."],
        isIntercepted: true
    ),
    Case(
        name: "incorrect-encoding",
        lines: refused("incorrect-encoding"),
        says: ["the data is not valid base64 (incorrect-encoding). The data looks right"]
    ),
    Case(
        name: "incorrect-encoding of what is not base64",
        lines: opened + [
            "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>a b</auth>",
            failure("incorrect-encoding"),
        ],
        says: ["The client must send base64 without blanks and line breaks"]
    ),
    Case(
        name: "invalid-authzid",
        lines: refused("invalid-authzid"),
        says: ["(invalid-authzid). Let the client leave the authorization identity away"]
    ),
    Case(
        name: "invalid-authzid of EXTERNAL",
        lines: refused("invalid-authzid", "EXTERNAL"),
        says: ["the server does not accept the client's certificate for this account (invalid-authzid)."]
    ),
    Case(
        name: "invalid-mechanism",
        lines: refused("invalid-mechanism"),
        says: ["(invalid-mechanism). Let the client use a mechanism that the server lists"]
    ),
    Case(
        name: "invalid-mechanism with a list",
        lines: refused("invalid-mechanism", offering: ["SCRAM-SHA-1", "X\u{9B}"]),
        says: ["(invalid-mechanism). It offers SCRAM-SHA-1 or X&#x9B;."]
    ),
    Case(
        name: "invalid-mechanism although it is listed",
        lines: refused("invalid-mechanism", offering: ["PLAIN"]),
        says: ["The server listed it all the same"]
    ),
    Case(
        name: "malformed-request",
        lines: refused("malformed-request"),
        says: ["the server does not understand the data (malformed-request). It must be an authorization identity"]
    ),
    Case(
        name: "malformed-request of SCRAM",
        lines: refused("malformed-request", "SCRAM-SHA-1"),
        says: ["the data does not fit the mechanism (malformed-request). Look at the client's last message"]
    ),
    Case(
        name: "malformed-request of DIGEST-MD5",
        lines: refused("malformed-request", "DIGEST-MD5"),
        says: ["The server refuses the login: the response lacks username"]
    ),
    Case(
        name: "malformed-request of OAUTHBEARER",
        lines: refused("malformed-request", "OAUTHBEARER"),
        says: ["the server does not understand the data (malformed-request). It must be a GS2 header"]
    ),
    Case(
        name: "mechanism-too-weak",
        lines: refused("mechanism-too-weak"),
        says: ["(mechanism-too-weak). Let the client use another mechanism, such as SCRAM-SHA-256."]
    ),
    Case(
        name: "mechanism-too-weak with a list",
        lines: refused("mechanism-too-weak", offering: ["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-512"]),
        says: ["(mechanism-too-weak). Let the client use SCRAM-SHA-1 or SCRAM-SHA-512."]
    ),
    Case(
        name: "not-authorized",
        lines: refused("not-authorized"),
        says: [
            "user name or password is wrong, or the account does not exist (not-authorized). Check user name and password."
        ]
    ),
    Case(
        name: "not-authorized by ANONYMOUS",
        lines: refused("not-authorized", "ANONYMOUS"),
        says: ["the server lets nobody in without an account (not-authorized)."]
    ),
    Case(
        name: "not-authorized by EXTERNAL",
        lines: refused("not-authorized", "EXTERNAL"),
        says: ["the server does not accept the client's certificate for this account (not-authorized). Check that"]
    ),
    Case(
        name: "not-authorized by EXTERNAL through stanzatap",
        lines: refused("not-authorized", "EXTERNAL"),
        says: [
            "the client's certificate reaches stanzatap only, not the server (not-authorized). Let stanzatap leave TLS"
        ],
        isIntercepted: true
    ),
    Case(
        name: "not-authorized by a token of FAST",
        lines: refused("not-authorized", "HT-SHA-256-NONE"),
        says: ["the server does not know the token, or it has been used up (not-authorized)."]
    ),
    Case(
        name: "not-authorized by X-OAUTH2",
        lines: refused("not-authorized", "X-OAUTH2"),
        says: ["the server does not accept the access token for this account (not-authorized)."]
    ),
    Case(
        name: "temporary-auth-failure",
        lines: refused("temporary-auth-failure"),
        says: ["(temporary-auth-failure). The server's log tells more."]
    ),
    Case(
        name: "a condition that nobody knows",
        lines: refused("bad-protocol"),
        says: ["The server refuses the login: a condition that RFC 6120 does not define (bad-protocol)."],
        summary:
            "Login as romeo@jabber.test by PLAIN failed: a condition that RFC 6120 does not define (bad-protocol). "
            + "The facts."
    ),
    Case(
        name: "no condition",
        lines: opened + ["S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"],
        says: ["(no condition)."]
    ),
    Case(
        name: "a text that plays tricks",
        lines: opened + [failure("not-authorized", "No.&#x9B;31m")],
        says: ["The server refuses a login", "It says: \"No.&#x9B;31m\""]
    ),
    Case(
        name: "channel binding on a stream that nobody takes apart",
        lines: opened + [
            auth("SCRAM-SHA-1-PLUS", "p=tls-unique,,n=romeo,r=abc"),
            failure("not-authorized", "Invalid channel binding"),
        ],
        says: ["The server refuses the login: "],
        never: ["Warning", "stanzatap", "--"]
    ),
]

private let conditions = [
    "aborted", "account-disabled", "credentials-expired", "encryption-required", "incorrect-encoding",
    "invalid-authzid",
    "invalid-mechanism", "malformed-request", "mechanism-too-weak", "not-authorized", "temporary-auth-failure",
]
private let mechanisms = [
    "PLAIN", "X-OAUTH2", "OAUTHBEARER", "DIGEST-MD5", "ANONYMOUS", "EXTERNAL", "SCRAM-SHA-1", "HT-SHA-256-ENDP", "X",
]

struct SASLRefusalTests {
    @Test("a refusal is told by its condition, its mechanism and what can be done", arguments: refusals)
    func refusal(_ test: Case) { expect(test) }

    @Test("every condition has a remedy with every mechanism", arguments: conditions, mechanisms)
    func remedy(_ condition: String, _ mechanism: String) {
        let all = told(refused(condition, mechanism))
        let text = all.dropLast().last ?? ""
        let parts = text.split(separator: "(\(condition)). ", maxSplits: 1)
        #expect(text.hasPrefix("The server refuses the login: "))
        #expect(parts.count == 2 && parts[1].count > 10, "no remedy in: \(text)")
        #expect(all.last?.contains("failed: ") == true)
        if parts.count == 2 { #expect(all.last?.contains(parts[1]) == true, "\(all.last ?? "")") }
    }
}
