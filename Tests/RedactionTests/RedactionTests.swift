import Capture
import Foundation
import TestKit
import Testing
import XMLStream
import XMPP

@testable import Redaction

private let header =
    "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

/// What a client (`C:`) and a server (`S:`) say, and what of it must not be found in the copy.
struct Conversation: Sendable, CustomTestStringConvertible {
    let name: String
    let lines: [String]
    let secrets: [String]
    /// What must still be there.
    var kept: [String] = []
    var testDescription: String { name }
}

private let sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
private let password = "correct horse battery"

private let conversations: [Conversation] = [
    Conversation(
        name: "a registration, repeated by the server",
        lines: [
            "C:<iq type='set' id='1'><query xmlns='jabber:iq:register'><username>romeo</username><password>\(password)</password><email>romeo@montague.example</email></query></iq>",
            "S:<iq type='error' id='1'><query xmlns='jabber:iq:register'><username>romeo</username><password>\(password)</password></query><error type='cancel'><text>\(password)</text></error></iq>",
        ],
        secrets: [password, "romeo@montague.example"],
        kept: ["<username>romeo</username>"]
    ),
    Conversation(
        name: "a password with references and in CDATA",
        lines: [
            "C:<iq type='set' id='1'><query xmlns='jabber:iq:register'><password>less &lt; than &amp; more</password></query></iq>",
            "C:<iq type='set' id='2'><query xmlns='jabber:iq:register'><password><![CDATA[inside of it]]></password></query></iq>",
        ],
        secrets: ["less &lt; than &amp; more", "inside of it"]
    ),
    Conversation(
        name: "a password behind a declaration, and one that a comment cuts",
        lines: [
            "C:<?xml version='1.0'?>\n<!----><iq type='set' id='1'><query xmlns='jabber:iq:register'><username>romeo</username><password>opensesame<!---->shutsesame</password></query></iq>",
            "S:<!----></stream:stream>",
        ],
        secrets: ["opensesame", "shutsesame"],
        kept: ["<?xml version='1.0'?>", "<username>romeo</username>"]
    ),
    Conversation(
        name: "a form with its prefix",
        lines: [
            "C:<iq type='set' id='1'><r:query xmlns:r='jabber:iq:register'><f:x xmlns:f='jabber:x:data' type='submit'><f:field var='username'><f:value>romeo</f:value></f:field><f:field var='password'><f:value>\(password)</f:value></f:field><f:field var='ocr'><f:value>riddlewords</f:value></f:field><f:field var='pin' type='text-private'><f:value>99887766</f:value></f:field></f:x></r:query></iq>"
        ],
        secrets: [password, "riddlewords", "99887766"],
        kept: ["<f:value>romeo</f:value>"]
    ),
    Conversation(
        name: "SASL PLAIN",
        lines: [
            "C:<auth \(sasl) mechanism='PLAIN'>\(base64("\u{0}romeo\u{0}\(password)"))</auth>", "S:<success \(sasl)/>",
        ],
        secrets: [password],
        kept: [base64("\u{0}romeo\u{0}ab").prefix(8).description]
    ),
    Conversation(
        name: "SCRAM with channel binding",
        lines: [
            "C:<auth \(sasl) mechanism='SCRAM-SHA-1-PLUS'>\(base64("p=tls-exporter,,n=romeo,r=fyko"))</auth>",
            "S:<challenge \(sasl)>\(base64("r=fyko3rfc,s=QSXCR+Q6sek8bf92,i=4096"))</challenge>",
            "C:<response \(sasl)>\(base64("c=\(base64("p=tls-exporter,,0123456789abcdef")),r=fyko3rfc,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="))</response>",
            "S:<success \(sasl)>\(base64("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="))</success>",
        ],
        secrets: ["v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "rmF9pqV8S7suAoZWja4dJRkFsKQ=", "0123456789abcdef"],
        kept: [base64("p=tls-exporter,,n=romeo,r=fyko")]
    ),
    Conversation(
        name: "DIGEST-MD5",
        lines: [
            "C:<auth \(sasl) mechanism='DIGEST-MD5'/>",
            "C:<response \(sasl)>\(base64("username=\"romeo\",response=d388dad90d4bbd760a152321f2143af7,qop=auth"))</response>",
            "S:<challenge \(sasl)>\(base64("rspauth=ea40f60335c427b5527b84dbabcdfffd"))</challenge>",
        ],
        secrets: ["d388dad90d4bbd760a152321f2143af7", "ea40f60335c427b5527b84dbabcdfffd"]
    ),
    Conversation(
        name: "a token of OAuth, and a mechanism that nobody knows",
        lines: [
            "C:<auth \(sasl) mechanism='OAUTHBEARER'>\(base64("n,,\u{1}auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlz\u{1}\u{1}"))</auth>",
            "C:<auth \(sasl) mechanism='X-OWN'>\(base64("anything at all"))</auth>",
        ],
        secrets: ["vF9dft4qmTc2Nvb3RlckBhbHRhdmlz", "anything at all"]
    ),
    Conversation(
        name: "SASL2 with a token",
        lines: [
            "C:<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>\(base64("\u{0}romeo\u{0}\(password)"))</initial-response></authenticate>",
            "S:<success xmlns='urn:xmpp:sasl:2'><token xmlns='urn:xmpp:fast:0' token='secret-token:fast-abc-123' expiry='x'/></success>",
        ],
        secrets: [password, "secret-token:fast-abc-123"]
    ),
    Conversation(
        name: "legacy authentication, components and dialback",
        lines: [
            "C:<iq type='set' id='1'><query xmlns='jabber:iq:auth'><username>romeo</username><digest>48fc78be9ec8f86d8ce1c39c320c97c21d62334d</digest></query></iq>",
            "C:<handshake xmlns='jabber:component:accept'>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e</handshake>",
            "C:<db:result xmlns:db='jabber:server:dialback' from='a' to='b'>37c69b1cf07a3f67c04a5ef5902fa5114f2c76fe4a2686482ba5b89323075643</db:result>",
        ],
        secrets: [
            "48fc78be9ec8f86d8ce1c39c320c97c21d62334d", "aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e",
            "37c69b1cf07a3f67c04a5ef5902fa5114f2c76fe4a2686482ba5b89323075643",
        ]
    ),
    Conversation(
        name: "sessions to be taken over, slots, servers of calls",
        lines: [
            "S:<enabled xmlns='urn:xmpp:sm:3' id='some-long-sm-id' resume='true'/>",
            "C:<resume xmlns='urn:xmpp:sm:3' h='1' previd='some-long-sm-id'/>",
            "S:<iq type='result' id='1'><slot xmlns='urn:xmpp:http:upload:0'><put url='https://upload.example/secretpath/cat.jpg'><header name='Authorization'>Basic Base64String==</header></put><get url='https://upload.example/secretpath/cat.jpg'/></slot></iq>",
            "S:<iq type='result' id='2'><services xmlns='urn:xmpp:extdisco:2'><service host='turn' type='turn' username='turnuser17' password='turnpassword'/></services></iq>",
            "C:<iq type='set' id='3'><preauth xmlns='urn:xmpp:pars:0' token='preauthtoken'/></iq>",
        ],
        secrets: [
            "some-long-sm-id", "secretpath", "Basic Base64String==", "turnuser17", "turnpassword", "preauthtoken",
        ],
        kept: ["https://upload.example/", "h='1'"]
    ),
    Conversation(
        name: "a business card",
        lines: [
            "C:<iq type='set' id='1'><vCard xmlns='vcard-temp'><FN>Romeo Montague</FN><TEL><NUMBER>303-308-3282</NUMBER></TEL></vCard></iq>"
        ],
        secrets: ["Romeo Montague", "303-308-3282"]
    ),
]

/// A capture made of a conversation, its bytes in pieces of `chunk`.
struct Recorded {
    let folder: TemporaryFolder
    let file: CaptureFile
    var recorder: ConnectionRecorder

    init() throws {
        folder = try TemporaryFolder()
        file = try CaptureFile(path: folder.path + "/c.pcapng", program: "stanzatap test")
        recorder = try ConnectionRecorder(
            file: file,
            number: 1,
            client: try #require(Endpoint("127.0.0.1:40001")),
            listener: try #require(Endpoint("127.0.0.1:5222")),
            program: "stanzatap test"
        )
    }

    mutating func say(_ bytes: [UInt8], _ direction: Direction, chunk: Int? = nil) throws {
        for slice in bytes.slices(of: chunk) {
            try Array(slice).withUnsafeBytes { try recorder.received($0, direction) }
        }
    }

    mutating func say(_ lines: [String], chunk: Int? = nil) throws {
        for line in lines {
            try say(
                Array(line.dropFirst(2).utf8),
                line.hasPrefix("C:") ? .clientToServer : .serverToClient,
                chunk: chunk
            )
        }
    }

    /// The copy without secrets, and what was counted.
    func redacted() throws -> (bytes: [UInt8], path: String, count: RedactionCount) {
        let path = folder.path + "/r.pcapng"
        let redactor = CaptureRedactor(
            reader: try CaptureReader(path: file.path),
            output: try CaptureFile(copyAt: path)
        )
        while try redactor.step(limit: 3) > 0 {}
        #expect(try redactor.finish() == 0)
        return (Array(try Data(contentsOf: URL(fileURLWithPath: path))), path, redactor.count)
    }

    /// The same by two readings, as `stanzatap redact` makes it.
    func redactedTwice() throws -> (bytes: [UInt8], path: String, count: RedactionCount) {
        let path = folder.path + "/r2.pcapng"
        let (count, _) = try CaptureRedactor.copy(
            { () throws(CaptureError) in try CaptureReader(path: file.path) },
            to: try CaptureFile(copyAt: path)
        )
        return (Array(try Data(contentsOf: URL(fileURLWithPath: path))), path, count)
    }

    var originalBytes: [UInt8] {
        get throws { Array(try Data(contentsOf: URL(fileURLWithPath: file.path))) }
    }
}

/// What a capture holds of each direction, put together.
func content(_ path: String) throws -> (client: String, server: String) {
    let reader = try CaptureReader(path: path)
    var (client, server): ([UInt8], [UInt8]) = ([], [])
    while let record = try reader.next() {
        if case .bytes(let direction, let bytes, _) = record.content {
            if direction == .clientToServer { client += bytes } else { server += bytes }
        }
    }
    return (String(decoding: client, as: UTF8.self), String(decoding: server, as: UTF8.self))
}

/// A text in any of the ways in which base64 may show it: its letters depend on what stands before it.
func disguises(of secret: String) -> [[UInt8]] {
    [Array(secret.utf8)]
        + (0..<3).map { shift in
            let encoded = Data([UInt8](repeating: 0, count: shift) + Array(secret.utf8)).base64EncodedString().utf8
            // What the neighbours take part in is cut off on both sides.
            return Array(encoded.dropFirst(shift == 0 ? 0 : 4).dropLast(4))
        }
}

struct RedactionTests {
    @Test(
        "nothing is left of what stands in comments and processing instructions",
        arguments: [
            ("<!-- pw 1 --><iq/>", "<!--xxxxxx--><iq/>"), ("<iq><?pw 1?><!----></iq>", "<iq><?xxxx?><!----></iq>"),
            ("<?xml version='1.0'?><iq/>", "<?xml version='1.0'?><iq/>"),
            ("<!--a--></s:stream>", "<!--x--></s:stream>"),
        ]
    )
    func comments(packet: String, expected: String) {
        var secrets = SecretTable()
        var bytes = Array(packet.utf8)
        for patch in PacketRedactor.comments(bytes, &secrets) { bytes.replaceSubrange(patch.range, with: patch.bytes) }
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test(
        "no secret is left in any byte, base64 included, however the bytes came",
        arguments: conversations,
        chunkSizes
    )
    func secrets(_ conversation: Conversation, chunk: Int?) throws {
        var recorded = try Recorded()
        try recorded.say(["C:" + header, "S:" + header] + conversation.lines, chunk: chunk)
        let (bytes, path, count) = try recorded.redacted()
        #expect(bytes.count == (try recorded.originalBytes).count)
        let content = try content(path)
        let streams = [bytes, Array(content.client.utf8), Array(content.server.utf8)]
        for secret in conversation.secrets {
            for disguise in disguises(of: secret) {
                #expect(!streams.contains { $0.firstRange(of: disguise) != nil }, "\(secret)")
            }
        }
        for kept in conversation.kept { #expect((content.client + content.server).contains(kept), "\(kept)") }
        #expect(count.values >= conversation.secrets.count && count.maskedBytes == 0)
    }

    @Test("the copy is XMPP like the original: the same packets with the same names")
    func sameShape() throws {
        for conversation in conversations {
            var recorded = try Recorded()
            try recorded.say(["C:" + header, "S:" + header] + conversation.lines)
            let copy = try content(try recorded.redacted().path)
            let original = try content(recorded.file.path)
            #expect(shape(copy.client) == shape(original.client))
            #expect(shape(copy.server) == shape(original.server))
        }
    }

    private func shape(_ stream: String) -> [String] {
        let parser = StreamParser()
        parser.append(Array(stream.utf8))
        var names: [String] = []
        while let event = parser.next() {
            switch event.kind {
            case .header(let element), .element(let element): names.append("\(element.name) \(event.range)")
            case .whitespace, .strayText, .end, .oversized, .failure: names.append("\(event.kind)")
            }
        }
        return names
    }

    @Test("equal secrets have equal pseudonyms, also across ways of writing them; others have others")
    func stable() throws {
        var recorded = try Recorded()
        let query = "<iq type='set' id='1'><query xmlns='jabber:iq:register'><password>%</password></query></iq>"
        try recorded.say(
            [
                "C:" + header, "C:" + query.replacing("%", with: password),
                "C:" + query.replacing("%", with: "other one"),
                "C:<auth \(sasl) mechanism='PLAIN'>\(base64("\u{0}romeo\u{0}\(password)"))</auth>",
            ]
        )
        let client = try content(try recorded.redacted().path).client
        let passwords = client.matches(of: /<password>([^<]*)</).map { String($0.1) }
        let login = try #require(client.firstMatch(of: /'PLAIN'>([^<]*)</)).1
        let plain = String(decoding: try #require(Data(base64Encoded: String(login))), as: UTF8.self)
        #expect(passwords.count == 2 && passwords[0] != passwords[1])
        #expect(passwords.map(\.count) == [password.count, 9])
        #expect(plain == "\u{0}romeo\u{0}" + passwords[0])
    }
}
