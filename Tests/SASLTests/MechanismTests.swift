import Testing
import XMPP

@testable import SASL

@Suite("SASL is done for real")
struct MechanismTests {
    @Test(
        "SCRAM as in the examples of RFC 5802 and RFC 7677",
        arguments: [
            (
                "SCRAM-SHA-1", "fyko+d2lbbFgONRv9qkxdawL",
                "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
                "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
                "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="
            ),
            (
                "SCRAM-SHA-256", "rOprNGfwEbeRWgbNEkqO",
                "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
            ),
        ]
    )
    func scramVectors(_ vector: (String, String, String, String, String)) throws {
        let credentials = SASLCredentials(username: "user", password: "pencil", domain: "x")
        var client = try #require(SASLClients.make(mechanism: vector.0, credentials: credentials, nonce: vector.1))
        #expect(try client.start() == Array("n,,n=user,r=\(vector.1)".utf8))
        #expect(try client.respond(to: Array(vector.2.utf8)) == Array(vector.3.utf8))
        var other = client
        #expect(throws: SASLError.self) { try other.verify(success: Array("v=AAAA".utf8)) }
        #expect(throws: SASLError.self) { try other.verify(success: nil) }
        try client.verify(success: Array(vector.4.utf8))
    }

    @Test("DIGEST-MD5 as in the example of RFC 2831 section 4")
    func digestVector() throws {
        var digest = DigestMD5()
        digest.username = "chris"
        digest.realm = "elwood.innosoft.com"
        digest.nonce = "OA6MG9tEQGm2hh"
        digest.clientNonce = "OA6MHXh6VqTrRk"
        digest.uri = "imap/elwood.innosoft.com"
        #expect(digest.response(password: "secret") == "d388dad90d4bbd760a152321f2143af7")
        #expect(digest.response(password: "secret", isFromServer: true) == "ea40f60335c427b5527b84dbabcdfffd")
    }

    struct User: Sendable {
        let name: String
        let password: String
    }

    static let users = [
        User(name: "test3", password: "1234"), User(name: "a,b=c", password: "x,y=z\"\\"),
        User(name: "jörg", password: "pä ß€"),
    ]

    /// Lets a client and a server talk; the steps' data, and how it ended.
    private func talk(_ mechanism: String, _ user: User, password: SASLPassword) throws -> SASLServerStep {
        let credentials = SASLCredentials(username: user.name, password: user.password, domain: "jabber.test")
        var client = try #require(SASLClients.make(mechanism: mechanism, credentials: credentials))
        var server = try #require(SASLServers.make(mechanism: mechanism, domain: "jabber.test"))
        var message = try client.start()
        for _ in 0..<6 {
            let step = server.receive(message) { $0 == user.name ? password : .noUser }
            switch step {
            case .challenge(let data): message = try client.respond(to: data)
            case .success(_, let data):
                try client.verify(success: data)
                return step
            case .failure: return step
            }
        }
        Issue.record("\(mechanism) does not end")
        return .failure(.aborted)
    }

    @Test(
        "client and server understand each other",
        arguments: SASLServers.supported.filter { $0 != "ANONYMOUS" },
        users
    )
    func together(_ mechanism: String, _ user: User) throws {
        guard case .success(let name, _) = try talk(mechanism, user, password: .known(user.password)) else {
            Issue.record("no success")
            return
        }
        #expect(name == user.name)
        #expect(try talk(mechanism, user, password: .known("another")) == .failure(.notAuthorized))
        #expect(try talk(mechanism, user, password: .noUser) == .failure(.notAuthorized))
    }

    @Test("ANONYMOUS lets anybody in; PLAIN does where nobody knows the password")
    func open() throws {
        #expect(try talk("ANONYMOUS", Self.users[0], password: .noUser) == .success(user: nil, data: nil))
        #expect(try talk("PLAIN", Self.users[0], password: .any(likely: nil)) == .success(user: "test3", data: nil))
        #expect(try talk("SCRAM-SHA-1", Self.users[0], password: .any(likely: nil)) == .failure(.notAuthorized))
    }

    @Test(
        "what a faulty server sends is refused, and told",
        arguments: [
            "", "x", "r=abc,s=QSXCR+Q6sek8bf92,i=4096", "r=nonce,s=QSXCR+Q6sek8bf92,i=4096", "r=nonceX,s=*,i=4096",
            "r=nonceX,s=QSXC,i=0",
            "r=nonceX,s=QSXC,i=99999999999", "r=nonceX,s=QSXC", "m=x,r=nonceX,s=QSXC,i=1", "e=other-error",
            "r=nonceX,r=nonceY,s=QSXC,i=1",
        ]
    )
    func faultyServer(_ challenge: String) throws {
        let credentials = SASLCredentials(username: "user", password: "pencil", domain: "x")
        var client = try #require(SASLClients.make(mechanism: "SCRAM-SHA-1", credentials: credentials, nonce: "nonce"))
        _ = try client.start()
        #expect(throws: SASLError.self) { try client.respond(to: Array(challenge.utf8)) }
    }

    @Test(
        "what a faulty client sends is refused",
        arguments: ["", "n", "n,,", "n,,n=a", "p=tls-unique,,n=a,r=b", "n,,r=b", "n,,n=a=b,r=c", "n,,n=a,r=b,n=c"]
    )
    func faultyClient(_ message: String) throws {
        var server = try #require(SASLServers.make(mechanism: "SCRAM-SHA-1", domain: "x"))
        #expect(server.receive(Array(message.utf8)) { _ in .known("x") } == .failure(.malformedRequest))
    }

    @Test(
        "what a faulty server of DIGEST-MD5 sends is refused",
        arguments: ["", "realm=\"x\"", "nonce=\"\"", "nonce=\"a\",qop=\"auth-conf\"", "nonce=a,nonce=b", "nonce=\"a"]
    )
    func faultyDigestServer(_ challenge: String) throws {
        let credentials = SASLCredentials(username: "user", password: "pencil", domain: "x")
        var client = try #require(SASLClients.make(mechanism: "DIGEST-MD5", credentials: credentials))
        #expect(try client.start() == nil)
        #expect(throws: SASLError.self) { try client.respond(to: Array(challenge.utf8)) }
        #expect(throws: SASLError.self) { try client.verify(success: nil) }
    }

    @Test(
        "the recorded mechanism is taken if it is offered, else the best",
        arguments: [
            (["PLAIN", "SCRAM-SHA-1"], "PLAIN", "PLAIN"), (["PLAIN", "SCRAM-SHA-1"], "DIGEST-MD5", "SCRAM-SHA-1"),
            (["SCRAM-SHA-1-PLUS"], "SCRAM-SHA-1", nil), (["X-OAUTH2", "PLAIN"], "X-OAUTH2", "PLAIN"),
            ([], "PLAIN", nil),
        ] as [([String], String, String?)]
    )
    func choice(_ offered: [String], _ preferred: String, _ best: String?) {
        #expect(SASLChoice.best(offered: offered, preferred: preferred) == best)
    }

    @Test("the digest of legacy authentication, as in XEP-0078")
    func legacy() {
        #expect(
            StreamDigest.hex(streamID: "3EE948B0", secret: "Calli0pe") == "48fc78be9ec8f86d8ce1c39c320c97c21d62334d"
        )
    }
}
