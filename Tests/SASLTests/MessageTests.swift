import Testing

@testable import SASL

@Suite("the messages of logins are taken apart")
struct MessageTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    struct DataCase: Sendable {
        let text: String?
        let strict: SASLData
        /// Nil if it is as strictly.
        var lenient: SASLData?
    }

    @Test(
        "the text of an element: base64, or one equals sign for nothing",
        arguments: [
            DataCase(text: nil, strict: .absent),
            DataCase(text: "", strict: .absent),
            DataCase(text: " \n", strict: .malformed, lenient: .absent),
            DataCase(text: "=", strict: .bytes([], hasBlanks: false)),
            DataCase(text: "\n=\n", strict: .malformed, lenient: .bytes([], hasBlanks: true)),
            DataCase(text: "djE=", strict: .bytes([0x76, 0x31], hasBlanks: false)),
            DataCase(text: "dj\r\n\tE=", strict: .malformed, lenient: .bytes([0x76, 0x31], hasBlanks: true)),
            DataCase(text: "djE", strict: .malformed),
            DataCase(text: "dj*=", strict: .malformed),
            DataCase(text: "==", strict: .malformed),
        ]
    )
    func data(_ example: DataCase) {
        #expect(SASLData(example.text, .strict) == example.strict)
        #expect(SASLData(example.text, .lenient) == example.lenient ?? example.strict)
    }

    @Test("data of no length, which no text would not tell")
    func writtenData() {
        #expect(SASLData.text([]) == "=")
        #expect(SASLData.text([0x76, 0x31]) == "djE=")
        #expect(SASLData("=", .strict).isEmpty && SASLData(nil, .strict).isEmpty && !SASLData("*", .strict).isEmpty)
    }

    @Test(
        "names of SCRAM",
        arguments: [
            ("anna", "anna", "anna"), ("a=2Cb=3Dc", "a,b=c", "a,b=c"), ("a=2cb", nil, "a=2cb"), ("a=", nil, "a="),
            ("=3D2C", "=2C", "=2C"), ("", "", ""),
        ] as [(String, String?, String)]
    )
    func names(_ written: String, _ strict: String?, _ lenient: String) {
        #expect(SASLName.decoded(bytes(written)[...], .strict) == strict)
        #expect(SASLName.decoded(bytes(written)[...], .lenient) == lenient)
        if let strict { #expect(SASLName.encoded(strict) == written) }
    }

    @Test("a name that is not UTF-8 is none")
    func noUTF8() {
        #expect(SASLName.decoded([0x61, 0xFF], .strict) == nil)
        #expect(SASLName.decoded([0x61, 0xFF], .lenient) == "a\u{FFFD}")
    }

    @Test(
        "the header of a client's first message",
        arguments: [
            ("n,,n=a,r=b", .unused, nil, "n,,"), ("y,,", .notOffered, nil, "y,,"),
            ("p=tls-exporter,a=b=2Cc,x", .used(type: "tls-exporter"), "b,c", "p=tls-exporter,a=b=2Cc,"),
        ] as [(String, ChannelBinding, String?, String)]
    )
    func header(_ text: String, _ binding: ChannelBinding, _ identity: String?, _ written: String) throws {
        let header = try #require(GS2Header(bytes(text), .strict))
        #expect(header.binding == binding)
        #expect(header.authorizationIdentity == identity)
        #expect(header.bytes == bytes(written))
    }

    @Test(
        "no header, strictly and leniently",
        arguments: [
            ("", false), ("n", false), ("n,", false), ("x,,", false), ("p=,,", false), ("n,b,", false),
            ("n,a=x=y,", true),
        ]
    )
    func noHeader(_ text: String, _ isLenientlyOne: Bool) {
        #expect(GS2Header(bytes(text), .strict) == nil)
        #expect((GS2Header(bytes(text), .lenient) != nil) == isLenientlyOne)
    }

    @Test("attributes of SCRAM, with their places in the whole")
    func scram() throws {
        let message = bytes("n,,n=a,r=b==,i=4096")
        let fields = try #require(SCRAMMessage(message[3...], .strict))
        #expect(fields.letters == ["n", "r", "i"])
        #expect(fields.text("r") == "b==" && fields["x"] == nil && fields.iterations == 4096)
        #expect(fields.attributes.first?.value == 5..<6)
        #expect(fields.others(than: "nr") == ["i"])
        #expect(fields.withoutProof == nil)
    }

    @Test(
        "broken messages of SCRAM: leniently what can be understood",
        arguments: [
            ("", []), ("x", []), ("r=1,,v=2", ["r", "v"]), ("rr=1,v=2", ["v"]), ("v=2,v=3", ["v", "v"]),
            ("1=2,é=3,v=4", ["v"]), ("v", []),
        ] as [(String, [String])]
    )
    func brokenSCRAM(_ text: String, _ letters: [String]) {
        #expect(SCRAMMessage(bytes(text)[...], .strict) == nil)
        #expect(SCRAMMessage(bytes(text)[...], .lenient)?.letters == letters)
    }

    @Test(
        "numbers of rounds, and values that are not base64",
        arguments: [("i=1", 1), ("i=0", nil), ("i=-5", nil), ("i=x", nil), ("s=", nil)] as [(String, Int?)]
    )
    func rounds(_ text: String, _ count: Int?) throws {
        let fields = try #require(SCRAMMessage(bytes(text)[...], .strict))
        #expect(fields.iterations == count)
        #expect(fields.data("i") == nil)
    }

    @Test(
        "mechanisms of SCRAM by their names",
        arguments: [
            ("SCRAM-SHA-1", "SHA-1", false, 20), ("SCRAM-SHA-256-PLUS", "SHA-256", true, 32),
            ("SCRAM-ODD", "ODD", false, nil),
        ] as [(String, String, Bool, Int?)]
    )
    func mechanisms(_ name: String, _ hash: String, _ isPlus: Bool, _ length: Int?) throws {
        let mechanism = try #require(SCRAMMechanism(name))
        #expect(mechanism.hash == hash && mechanism.isPlus == isPlus && mechanism.hashBytes == length)
        #expect(SCRAMMechanism("PLAIN") == nil)
        #expect(SCRAMMechanism.unbound(name) == "SCRAM-\(hash)")
    }

    @Test(
        "directives of DIGEST-MD5",
        arguments: [
            ("nonce=\"a\"", "nonce", ["a"]), (",, Nonce = a ,", "nonce", ["a"]),
            ("realm=\"a,b\",realm=\"c\\\"d\\\\\",qop=auth", "realm", ["a,b", "c\"d\\"]), ("x=", "x", [""]),
            ("a=b=c", "a", ["b=c"]),
        ] as [(String, String, [String])]
    )
    func digest(_ text: String, _ name: String, _ values: [String]) throws {
        for reading in [SASLReading.strict, .lenient] {
            let fields = try #require(DigestDirectives(bytes(text), reading))
            #expect(fields.all(name) == values)
            #expect(fields[name] == values.first)
        }
    }

    @Test(
        "broken messages of DIGEST-MD5: leniently what can be understood",
        arguments: [
            ("word,a=b", ["a=b"]), ("=x,a=b", ["a=b"]), ("a=\"b", ["a=b"]), ("a=b,a=c", ["a=b", "a=c"]),
            ("a=\"b\"c,d=e", ["a=b", "d=e"]), ("a=\"b\\", ["a=b\\"]), (" =x", []),
        ] as [(String, [String])]
    )
    func brokenDigest(_ text: String, _ found: [String]) {
        #expect(DigestDirectives(bytes(text), .strict) == nil)
        #expect(DigestDirectives(bytes(text), .lenient)?.directives.map { "\($0.name)=\($0.value)" } == found)
    }

    @Test("a value in quotes can be read again", arguments: ["a", "a\"b", "\\", "a\\\"", ""])
    func quoting(_ text: String) {
        #expect(DigestDirectives(bytes("x=\(DigestDirectives.quoted(text))"), .strict)?["x"] == text)
    }

    @Test("PLAIN")
    func plain() throws {
        let message = bytes("admin\0anna\01234")
        let plain = try #require(PlainMessage(message, .strict))
        #expect(plain.authorizationIdentity == "admin" && plain.user == "anna" && plain.password == "1234")
        #expect(message[plain.passwordRange] == bytes("1234")[...])
        #expect(PlainMessage(PlainMessage.bytes(user: "a", password: "b"), .strict)?.user == "a")
    }

    @Test(
        "broken messages of PLAIN, strictly and leniently",
        arguments: [
            ("", false), ("anna", false), ("\0anna", false), ("\0a\0b\0", false), ("\0\0b", true), ("\0a\0", true),
        ]
    )
    func brokenPlain(_ text: String, _ isLenientlyOne: Bool) {
        #expect(PlainMessage(bytes(text), .strict) == nil)
        #expect((PlainMessage(bytes(text), .lenient) != nil) == isLenientlyOne)
    }

    @Test("PLAIN that is not UTF-8")
    func plainNoUTF8() {
        let message: [UInt8] = [0, 0x61, 0, 0xFF]
        #expect(PlainMessage(message, .strict) == nil)
        #expect(PlainMessage(message, .lenient)?.isUTF8 == false)
    }

    @Test("OAUTHBEARER")
    func bearer() throws {
        let message = bytes("n,a=anna@a.test,\u{1}host=a.test\u{1}auth=Bearer abc=\u{1}\u{1}")
        let request = try #require(OAuthBearerMessage(message, .strict))
        #expect(request.header.authorizationIdentity == "anna@a.test")
        #expect(request["auth"].map(Array.init) == bytes("Bearer abc="))
        #expect(request["port"] == nil)
    }

    @Test(
        "broken messages of OAUTHBEARER, strictly and leniently",
        arguments: [
            ("auth=Bearer x", false), ("n,,\u{1}auth=Bearer x\u{1}", true), ("n,,\u{1}word\u{1}\u{1}", true),
            ("", false),
        ]
    )
    func brokenBearer(_ text: String, _ isLenientlyOne: Bool) {
        #expect(OAuthBearerMessage(bytes(text), .strict) == nil)
        #expect((OAuthBearerMessage(bytes(text), .lenient) != nil) == isLenientlyOne)
    }

    @Test("the error of OAUTHBEARER, in JSON")
    func bearerError() {
        let error = OAuthBearerError(bytes("{\"status\":\"invalid_token\",\"scope\":\"xmpp\",\"other\":1}"))
        #expect(error?.status == "invalid_token" && error?.scope == "xmpp" && error?.configuration == nil)
        for text in ["", "{}", "{\"status\":1}", "[]"] { #expect(OAuthBearerError(bytes(text)) == nil) }
    }

    @Test("HT-*")
    func token() throws {
        let message = bytes("anna") + [0, 0xFF, 0, 1]
        let token = try #require(HashedTokenMessage(message, .strict))
        #expect(token.user == "anna" && token.tokenRange == 5..<8)
        #expect(HashedTokenMessage(bytes("anna"), .lenient) == nil)
        #expect(HashedTokenMessage(bytes("\0x"), .strict) == nil)
        #expect(HashedTokenMessage(bytes("\0x"), .lenient)?.user == "")
        #expect(HashedTokenMessage.binding(of: "HT-SHA-256-NONE") == .unused)
        #expect(HashedTokenMessage.binding(of: "HT-SHA-256-ENDP") == .used(type: "tls-server-end-point"))
        #expect(HashedTokenMessage.binding(of: "HT-SHA-256") == nil)
    }
}
