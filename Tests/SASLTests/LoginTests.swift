import Testing

@testable import SASL

@Suite("who logs in, and what nobody else should see of it")
struct LoginTests {
    @Test(
        "who logs in",
        arguments: [
            ("PLAIN", "\0anna\01234", "anna", "1234"), ("PLAIN", "\0\01234", nil, nil), ("PLAIN", "anna", nil, nil),
            ("SCRAM-SHA-1", "n,,n=a=2Cb,r=x", "a,b", nil), ("SCRAM-SHA-256-PLUS", "p=x,a=y,n=anna,r=x", "anna", nil),
            ("SCRAM-SHA-1", "n=anna,r=x", "anna", nil), ("SCRAM-SHA-1", "c=biws,r=x,p=y", nil, nil),
            ("DIGEST-MD5", "username=\"an\\\"na\",realm=\"x\"", "an\"na", nil), ("DIGEST-MD5", "rspauth=x", nil, nil),
            ("HT-SHA-256-NONE", "anna\0token", "anna", nil), ("X-OWN", "\0anna\01234", nil, nil),
        ] as [(String, String, String?, String?)]
    )
    func identity(_ mechanism: String, _ message: String, _ user: String?, _ password: String?) {
        let identity = SASLIdentity(mechanism: mechanism, message: Array(message.utf8))
        #expect(identity?.user == user)
        #expect(identity?.password == password)
    }

    struct SecretCase: Sendable {
        let mechanism: String
        let message: String
        var isFromClient = true
        /// The parts that are secret, as they stand there.
        let parts: [String]
        var form = SASLSecret.Form.text
    }

    @Test(
        "where secrets stand",
        arguments: [
            SecretCase(mechanism: "PLAIN", message: "\0anna\01234", parts: ["1234"]),
            SecretCase(mechanism: "PLAIN", message: "anna", parts: ["anna"], form: .binary),
            SecretCase(mechanism: "X-OAUTH2", message: "\0anna\0token", parts: ["token"]),
            SecretCase(mechanism: "EXTERNAL", message: "anna", parts: []),
            SecretCase(
                mechanism: "DIGEST-MD5",
                message: "username=\"a,b\", response=0123,qop=\"auth\"",
                parts: ["0123"]
            ),
            SecretCase(mechanism: "DIGEST-MD5", message: "response=\"0123\"", parts: ["0123"]),
            SecretCase(mechanism: "DIGEST-MD5", message: "rspauth=4567", isFromClient: false, parts: ["4567"]),
            SecretCase(mechanism: "DIGEST-MD5", message: "response=\"01", parts: ["01"]),
            SecretCase(mechanism: "DIGEST-MD5", message: "0123", parts: ["0123"], form: .binary),
            SecretCase(mechanism: "CRAM-MD5", message: "anna 0123", parts: ["0123"]),
            SecretCase(mechanism: "CRAM-MD5", message: "<1@a.test>", isFromClient: false, parts: []),
            SecretCase(mechanism: "SCRAM-SHA-1-PLUS", message: "p=tls-unique,,n=a,r=b", parts: []),
            SecretCase(mechanism: "SCRAM-SHA-1", message: "r=b,s=AAAA,i=1", isFromClient: false, parts: []),
            SecretCase(
                mechanism: "SCRAM-SHA-1",
                message: "c=biws,r=b,p=AAAA",
                parts: ["AAAA"],
                form: .base64(kept: 0)
            ),
            SecretCase(mechanism: "SCRAM-SHA-1", message: "c=biws,r=b,p=AAA", parts: ["AAA"]),
            SecretCase(
                mechanism: "SCRAM-SHA-1-PLUS",
                message: "c=cD14LCwxMjM=,r=b",
                parts: ["cD14LCwxMjM="],
                form: .base64(kept: 5)
            ),
            SecretCase(
                mechanism: "SCRAM-SHA-1",
                message: "v=AAAA",
                isFromClient: false,
                parts: ["AAAA"],
                form: .base64(kept: 0)
            ),
            SecretCase(mechanism: "SCRAM-SHA-1", message: "AAAA", parts: ["AAAA"], form: .binary),
            SecretCase(
                mechanism: "OAUTHBEARER",
                message: "n,,\u{1}host=h\u{1}auth=Bearer x\u{1}\u{1}",
                parts: ["Bearer x"]
            ),
            SecretCase(mechanism: "OAUTHBEARER", message: "\u{1}", parts: []),
            SecretCase(mechanism: "HT-SHA-256-NONE", message: "anna\0abc", parts: ["abc"], form: .binary),
            SecretCase(mechanism: "X-OWN", message: "anything", parts: ["anything"], form: .binary),
            SecretCase(mechanism: "X-OWN", message: "", parts: []),
        ]
    )
    func secrets(_ example: SecretCase) {
        let message = Array(example.message.utf8)
        let found = SASLSecret.find(in: message, mechanism: example.mechanism, isFromClient: example.isFromClient)
        #expect(found.map { String(decoding: message[$0.range], as: UTF8.self) } == example.parts)
        #expect(found.allSatisfy { $0.form == example.form })
    }

    @Test("a recorded login tells which password it was made with", arguments: ["SCRAM-SHA-1", "DIGEST-MD5"])
    func proof(_ mechanism: String) throws {
        let credentials = SASLCredentials(username: "an,na", password: "pa ss", domain: "a.test")
        var client = try #require(SASLClients.make(mechanism: mechanism, credentials: credentials))
        var server = try #require(SASLServers.make(mechanism: mechanism, domain: "a.test"))
        var messages: [[UInt8]] = []
        var message = try client.start()
        while messages.count < 8 {
            messages.append(message ?? [])
            guard case .challenge(let data) = server.receive(message, password: { _ in .known("pa ss") }) else { break }
            messages.append(data)
            message = try client.respond(to: data)
        }
        #expect(RecordedProof.wasMade(messages, by: mechanism, with: "pa ss"))
        #expect(!RecordedProof.wasMade(messages, by: mechanism, with: "other"))
        #expect(!RecordedProof.wasMade(Array(messages.prefix(1)), by: mechanism, with: "pa ss"))
        #expect(!RecordedProof.wasMade(messages, by: "X-OWN", with: "pa ss"))
    }
}
