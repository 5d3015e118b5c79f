import Foundation
import Testing

private let sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
private let zero = "\u{0}"
private let one = "\u{1}"

private func plain(_ data: String) -> [String] {
    opened + [auth("PLAIN", data)]
}

private let simple: [Case] = [
    Case(
        name: "PLAIN",
        lines: plain("\(zero)romeo\(zero)secret"),
        says: [
            "The client logs in as romeo by PLAIN, which carries the password as it is.",
            "Warning: the password crosses",
        ],
        never: ["secret", "authorization identity"]
    ),
    Case(
        name: "PLAIN with the same authorization identity",
        lines: plain("romeo@jabber.test\(zero)romeo\(zero)secret"),
        says: ["It names the same account as its authorization identity (\"romeo@jabber.test\")."],
        never: ["secret"]
    ),
    Case(
        name: "PLAIN for somebody else",
        lines: plain("admin\(zero)romeo\(zero)secret"),
        says: ["as romeo by", "It asks to act as \"admin\", an authorization identity that differs from the user"],
        never: ["secret"]
    ),
    Case(
        name: "PLAIN that is no base64",
        lines: opened + ["C <auth \(sasl) mechanism='PLAIN'>%%%</auth>"],
        says: ["The client logs in by PLAIN", "Warning: the data is not valid base64 (RFC 4648 section 4)."]
    ),
    Case(
        name: "PLAIN without zero bytes",
        lines: plain("secret"),
        says: ["Warning: the data must be an authorization identity, a user and the password", "it has 0 zero bytes"],
        never: ["secret"]
    ),
    Case(name: "PLAIN with one zero byte", lines: plain("a\(zero)secret"), says: ["1 zero byte,"], never: ["secret"]),
    Case(
        name: "PLAIN with nothing in it",
        lines: plain("\(zero)\(zero)"),
        says: ["as (an empty name) by", "Warning: the user name is empty.", "Warning: the password is empty."]
    ),
    Case(
        name: "PLAIN that is not UTF-8",
        lines: opened + ["C <auth \(sasl) mechanism='PLAIN'>AP8AYQ==</auth>"],
        says: ["Warning: the data is not valid UTF-8; the server must refuse (RFC 4616)."]
    ),
    Case(
        name: "PLAIN in a response",
        lines: opened + ["C <auth \(sasl) mechanism='PLAIN'/>", challenge(""), response("\(zero)romeo\(zero)secret")],
        says: ["The client answers the challenge, as romeo."],
        never: ["secret", "nothing"]
    ),
    Case(
        name: "an empty challenge",
        lines: opened + ["C <auth \(sasl) mechanism='PLAIN'/>", challenge("")],
        says: ["The server sends challenge 1 of PLAIN, which is empty: it waits for the client."]
    ),
    Case(
        name: "a challenge in PLAIN",
        lines: plain("\(zero)romeo\(zero)secret") + [challenge("hello")],
        says: ["Warning: a server has nothing to send here."]
    ),
    Case(
        name: "X-OAUTH2",
        lines: opened + [auth("X-OAUTH2", "\(zero)romeo\(zero)ya29.token")],
        says: ["as romeo by X-OAUTH2, which carries an access token as it is.", "Warning: the access token crosses"],
        never: ["ya29"]
    ),
    Case(
        name: "ANONYMOUS",
        lines: opened + ["C <auth \(sasl) mechanism='ANONYMOUS'/>"],
        says: ["The client logs in by ANONYMOUS, without an account."],
        never: ["leaves", "Warning"]
    ),
    Case(
        name: "ANONYMOUS with a trace",
        lines: opened + [auth("ANONYMOUS", "sirhc\u{1B}[2J")],
        says: ["It leaves \"sirhc&#x1B;[2J\" for the server's records."]
    ),
    Case(
        name: "EXTERNAL",
        lines: opened + ["C <auth \(sasl) mechanism='EXTERNAL'>=</auth>"],
        says: ["by EXTERNAL, by what is known", "It names no account: the server shall take it from the certificate."],
        never: ["Warning"]
    ),
    Case(
        name: "EXTERNAL with an account",
        lines: opened + [auth("EXTERNAL", "romeo@jabber.test")],
        says: ["as romeo@jabber.test by EXTERNAL", "The certificate must be for \"romeo@jabber.test\"."]
    ),
    Case(
        name: "EXTERNAL through stanzatap",
        lines: opened + [auth("EXTERNAL", "romeo@jabber.test")],
        says: ["Warning: the client's certificate reaches stanzatap only", "--tls pass"],
        isIntercepted: true
    ),
    Case(
        name: "a mechanism that nobody knows",
        lines: opened + [auth("X-\u{202E}Y", "abc")],
        says: ["The client logs in by X-&#x202E;Y. Its data are not explained (3 bytes)."]
    ),
    Case(
        name: "no mechanism",
        lines: opened + ["C <auth \(sasl)>YQ==</auth>"],
        says: ["The client logs in by an unnamed mechanism."]
    ),
    Case(
        name: "a mechanism that was not offered",
        lines: opened + [offers("SCRAM-SHA-1"), auth("PLAIN", "\(zero)romeo\(zero)secret")],
        says: ["Warning: the server's list does not have that mechanism."]
    ),
    Case(
        name: "a mechanism that was offered",
        lines: opened + [offers("X-OAUTH2", "PLAIN"), auth("PLAIN", "\(zero)romeo\(zero)secret")],
        says: ["as romeo"],
        never: ["Note"]
    ),
    Case(
        name: "a challenge without a login",
        lines: opened + [challenge("abc")],
        says: ["The server sends a challenge.", "Note: no login is going on that this could belong to."]
    ),
    Case(
        name: "what answers a client that gives up a login that was refused already",
        lines: plain("\(zero)romeo\(zero)secret")
            + [
                "S <failure \(sasl)><not-authorized/></failure>", "C <abort \(sasl)/>",
                "S <failure \(sasl)><aborted/></failure>",
            ],
        says: ["The server refuses a login: the client gave up (aborted)."],
        never: ["Note", "Warning"]
    ),
    Case(
        name: "a response without a login",
        lines: opened + [response("abc")],
        says: ["The client answers a challenge.", "Note: no login is going on"]
    ),
    Case(
        name: "giving up",
        lines: plain("\(zero)romeo\(zero)secret") + ["C <abort \(sasl)/>"],
        says: ["The client gives up this login."],
        never: ["Warning"]
    ),
    Case(
        name: "<auth/> from the server",
        lines: opened + ["S <auth \(sasl)/>"],
        says: ["The server sends <auth/>"]
    ),
]

private let digestChallenge =
    "realm=\"elwood.innosoft.com\",nonce=\"OA6MG9tEQGm2hh\",qop=\"auth\",algorithm=md5-sess,charset=utf-8"
private let digestResponse =
    "charset=utf-8,username=\"chris\",realm=\"elwood.innosoft.com\",nonce=\"OA6MG9tEQGm2hh\",nc=00000001,"
    + "cnonce=\"OA6MHXh6VqTrRk\",digest-uri=\"xmpp/jabber.test\",response=d388dad90d4bbd760a152321f2143af7,qop=auth"
private let digest = opened + ["C <auth \(sasl) mechanism='DIGEST-MD5'/>"]
private let digested = digest + [challenge(digestChallenge)]
private let answered = digested + [response(digestResponse)]

private let digests: [Case] = [
    Case(
        name: "the challenge",
        lines: digested,
        says: [
            "The realm is \"elwood.innosoft.com\", the nonce has 14 characters, the quality of protection may be \"auth\" and "
                + "names are in utf-8."
        ],
        never: ["Warning", "OA6MG9"]
    ),
    Case(
        name: "the response",
        lines: answered,
        says: [
            "The client answers the challenge, as chris. It gives realm \"elwood.innosoft.com\"; digest-uri "
                + "\"xmpp/jabber.test\"; nc 00000001, how often the nonce was used."
        ],
        never: ["Warning", "Note", "d388"],
        summary: "Login as chris@jabber.test by DIGEST-MD5 was not finished: the facts."
    ),
    Case(
        name: "the server's proof",
        lines: answered + [challenge("rspauth=ea40f60335c427b5527b84dbabcdfffd")],
        says: ["The server sends challenge 2 of DIGEST-MD5. It proves that it knows the password too (rspauth)."],
        never: ["ea40"]
    ),
    Case(
        name: "success",
        lines: answered + [challenge("rspauth=ea40"), response(""), success()],
        says: ["The server accepts the login as chris@jabber.test. Both"],
        never: ["Warning"]
    ),
    Case(
        name: "the proof in the success",
        lines: answered + [success("rspauth=ea40")],
        says: ["It proves that it knows the password too (rspauth). Both"],
        never: ["Warning"]
    ),
    Case(
        name: "no proof",
        lines: answered + [success()],
        says: ["Warning: the server did not prove that it knows the password (rspauth=)"]
    ),
    Case(
        name: "no nonce",
        lines: digest + [challenge("realm=\"a \\\" b, c=d\"")],
        says: ["The realm is \"a \" b, c=d\".", "Warning: the challenge has no nonce"]
    ),
    Case(
        name: "another algorithm",
        lines: digest + [challenge("nonce=\"a\",algorithm=md5")],
        says: ["No realm is named and the nonce", "Warning: the algorithm must be md5-sess, not \"md5\"."]
    ),
    Case(
        name: "an empty-handed response",
        lines: digested + [response("username=\"chris\"")],
        says: ["Warning: the response lacks nonce, cnonce, digest-uri and response"]
    ),
    Case(
        name: "another nonce, service and domain",
        lines: digested + [
            response(
                digestResponse.replacingOccurrences(of: "OA6MG9", with: "x").replacingOccurrences(
                    of: "xmpp/jabber",
                    with: "imap/other"
                )
            )
        ],
        says: [
            "Warning: its nonce is not the server's",
            "Warning: the digest-uri is \"imap/other.test\", but must begin with xmpp/",
        ]
    ),
    Case(
        name: "another domain",
        lines: digested + [response(digestResponse.replacingOccurrences(of: "xmpp/jabber", with: "xmpp/other"))],
        says: ["Note: the digest-uri does not name the domain \"jabber.test\"."]
    ),
    Case(
        name: "a security layer",
        lines: digested + [response(digestResponse.replacingOccurrences(of: "qop=auth", with: "qop=auth-conf"))],
        says: ["Note: with qop \"auth-conf\", what follows the login is wrapped"]
    ),
    Case(
        name: "an authorization identity",
        lines: digested + [response(digestResponse + ",authzid=\"admin\"")],
        says: ["It asks to act as \"admin\""]
    ),
    Case(
        name: "a realm where the challenge offers none is the client's own choice",
        lines: digest + [
            challenge("nonce=\"abc\",qop=\"auth\",charset=utf-8,algorithm=md5-sess"),
            response(
                "username=\"romeo\",realm=\"jabber.test\",nonce=\"abc\",cnonce=\"def\",nc=00000001,qop=auth,digest-uri=\"xmpp/jabber.test\",response=d388dad90d4bbd760a152321f2143af7,charset=utf-8"
            ),
        ],
        says: ["It gives realm \"jabber.test\""],
        never: ["is not one that was offered"]
    ),
    Case(name: "no directives", lines: digest + [challenge(",,, =,\"")], says: ["No realm is named."]),
    Case(
        name: "refused",
        lines: answered + [failure("not-authorized")],
        says: [
            "user name, password or realm is wrong, or the account does not exist (not-authorized). Check user name, password"
        ]
    ),
]

private let bearer =
    "n,a=user@example.com,\(one)host=server.example.com\(one)port=143\(one)auth=Bearer vF9dft4qmTc2\(one)\(one)"
private let oauth = opened + [auth("OAUTHBEARER", bearer)]
private let oauthError =
    "{\"status\":\"invalid_token\",\"scope\":\"xmpp\",\"openid-configuration\":\"https://example.com/\u{9B}x\"}"

private let tokens: [Case] = [
    Case(
        name: "OAUTHBEARER",
        lines: oauth,
        says: [
            "as user@example.com by OAUTHBEARER, which carries an access token as it is. It means to talk to host "
                + "\"server.example.com\" and port \"143\". Its bearer token has 12 characters.",
            "Warning: the access token crosses",
        ],
        never: ["vF9"]
    ),
    Case(
        name: "no header",
        lines: opened + [auth("OAUTHBEARER", "auth=Bearer vF9dft4qmTc2")],
        says: ["Warning: the data must begin with a GS2 header"],
        never: ["vF9"]
    ),
    Case(
        name: "no token",
        lines: opened + [auth("OAUTHBEARER", "n,,\(one)x\(one)\(one)")],
        says: ["Warning: there is no token (auth=)"]
    ),
    Case(
        name: "asking where to get a token",
        lines: opened + [auth("OAUTHBEARER", "n,,\(one)auth=\(one)\(one)")],
        says: ["It shows no token yet"]
    ),
    Case(
        name: "something else than a bearer token",
        lines: opened + [auth("OAUTHBEARER", "n,,\(one)auth=vF9dft4qmTc2\(one)\(one)")],
        says: ["Warning: what it shows (auth=) does not begin with \"Bearer \""],
        never: ["vF9"]
    ),
    Case(
        name: "an error",
        lines: oauth + [challenge(oauthError)],
        says: [
            "It refuses the token: the token is not valid, or no longer (invalid_token); the token should be for \"xmpp\"; how to "
                + "get one is told at \"https://example.com/&#x9B;x\"."
        ]
    ),
    Case(
        name: "an error that is no JSON",
        lines: oauth + [challenge("[[[[")],
        says: ["Warning: this is not the error in JSON that RFC 7628 section 3.2.2 allows here."]
    ),
    Case(
        name: "an error that nobody knows",
        lines: oauth + [challenge("{\"status\":\"odd\"}")],
        says: ["for a reason that RFC 7628 does not name (odd)."]
    ),
    Case(
        name: "the answer to an error",
        lines: oauth + [challenge(oauthError), response(one)],
        says: ["It has understood that the token is refused."]
    ),
    Case(
        name: "another answer to an error",
        lines: oauth + [challenge(oauthError), response("sorry")],
        says: ["Note: after an error the client must answer with a single byte of value 1."]
    ),
    Case(
        name: "the end of it",
        lines: oauth + [challenge(oauthError), response(one), failure("not-authorized")],
        says: [
            "The server refuses the login: the token is not valid, or no longer (invalid_token) (not-authorized). Fetch"
        ],
        summary:
            "Login as user@example.com by OAUTHBEARER failed: the token is not valid, or no longer (invalid_token) "
            + "(not-authorized). Fetch a new access token, and check that it is for this account and this server. The facts."
    ),
    Case(
        name: "refused at once",
        lines: oauth + [failure("not-authorized")],
        says: [
            "the server does not accept the access token for this account (not-authorized). Fetch a new access token"
        ]
    ),
    Case(
        name: "expired",
        lines: oauth + [failure("credentials-expired")],
        says: ["the access token has expired (credentials-expired). Fetch a new access token."]
    ),
]

private let restarts: [Case] = [
    Case(
        name: "a new stream after SASL",
        lines: Array(loggedIn.dropLast()),
        says: ["opens the stream anew"],
        never: ["Warning", "Note"]
    ),
    Case(
        name: "no new stream after SASL",
        lines: Array(loggedIn.prefix(4)) + ["C <iq id='1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>"],
        says: ["Warning: after the login the client must open a new stream before it sends anything else"]
    ),
    Case(
        name: "told once",
        lines: Array(loggedIn.prefix(4)) + ["C <presence/>", "C <presence/>"],
        says: ["online"],
        never: ["new stream"]
    ),
    Case(
        name: "an end after SASL",
        lines: Array(loggedIn.prefix(4)) + ["C </stream:stream>"],
        says: ["closes its stream"],
        never: ["Warning"]
    ),
    Case(
        name: "a packet of the server after SASL",
        lines: Array(loggedIn.prefix(4)) + ["S <presence/>"],
        says: ["online"],
        never: ["new stream"]
    ),
    Case(
        name: "a new stream after SASL2",
        lines: opened + [
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='ANONYMOUS'/>", "S <success xmlns='urn:xmpp:sasl:2'/>",
            "C " + clientHeader,
        ],
        says: ["Note: after a login by SASL2 the stream goes on"]
    ),
    Case(
        name: "the stream goes on after SASL2",
        lines: opened + [
            "C <authenticate xmlns='urn:xmpp:sasl:2' mechanism='ANONYMOUS'/>", "S <success xmlns='urn:xmpp:sasl:2'/>",
            "C <iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
        ],
        says: ["asks for a resource"],
        never: ["Note", "Warning"]
    ),
]

struct SASLTests {
    @Test("PLAIN and other simple mechanisms are told", arguments: simple)
    func simpleMechanism(_ test: Case) { expect(test) }

    @Test("DIGEST-MD5 is told (RFC 2831)", arguments: digests)
    func digestMessage(_ test: Case) { expect(test) }

    @Test("OAUTHBEARER is told (RFC 7628), but never a token", arguments: tokens)
    func tokenMessage(_ test: Case) { expect(test) }

    @Test("SASL wants a new stream, SASL2 does not", arguments: restarts)
    func restart(_ test: Case) { expect(test) }

    @Test(
        "hostile data is told in few words",
        arguments: ["PLAIN", "X-OAUTH2", "DIGEST-MD5", "ANONYMOUS", "EXTERNAL", "OAUTHBEARER", "HT-SHA-256-NONE", "Y"]
    )
    func hostile(_ mechanism: String) {
        let much = String(repeating: "\u{1B}]0;\u{202E}", count: 20_000)
        let messages = [
            "", "=", much, "n,a=\(much),\(one)host=\(much)\(one)auth=Bearer \(much)",
            "\(much)\(zero)\(much)\(zero)\(much)",
            String(repeating: zero, count: 1_000_000), String(repeating: one, count: 100_000),
            "n,,\(String(repeating: one, count: 100_000))", "username=\"\(much)\",realm=\"\(much)\",authzid=\(much)",
            String(repeating: "a=,", count: 30_000), "{\"status\":\"\(much)\"}", String(repeating: "[", count: 60_000),
        ]
        for message in messages {
            let lines =
                opened + [
                    auth(mechanism, message), challenge(message), response(message), success(message),
                    failure("not-authorized", "\u{9B}"),
                ]
            let all = told(lines)
            #expect(all.allSatisfy { $0.utf8.count < 4000 })
            #expect(
                all.allSatisfy {
                    $0.unicodeScalars.allSatisfy { $0 == "\n" || !"\u{1B}\u{202E}\u{9B}".unicodeScalars.contains($0) }
                }
            )
        }
    }
}
