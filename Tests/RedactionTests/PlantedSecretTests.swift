import Capture
import Foundation
import Synchronization
import TestKit
import Testing
import Transcript
import XMPP

@testable import Redaction

/// Makes up one secret after the other, each of its own, and remembers them.
private final class Planter {
    private(set) var secrets: [String] = []

    func next(_ start: String = "SECRET") -> String {
        secrets.append(String(format: "%@%03dq%04xz", start, secrets.count, (secrets.count &* 7919 + 77) & 0xFFFF))
        return secrets[secrets.count - 1]
    }
}

private let header =
    "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

/// Packets with `%` for each secret: `C:` from the client, `S:` from the server.
private let templates: [String] =
    [
        // By protocol.
        "C:<iq type='set' id='1'><query xmlns='jabber:iq:register'><username>romeo</username><password>%</password><email>%@x.org</email><name>%</name><phone>%</phone><key>%</key></query></iq>",
        "C:<iq type='set' id='2'><query xmlns='jabber:iq:auth'><username>romeo</username><password>%</password></query></iq>",
        "C:<iq type='set' id='3'><query xmlns='jabber:iq:auth'><digest>%</digest><hash>%</hash></query></iq>",
        "C:<handshake xmlns='jabber:component:accept'>%</handshake>",
        "S:<db:result xmlns:db='jabber:server:dialback' from='a' to='b'>%</db:result>",
        "S:<enabled xmlns='urn:xmpp:sm:3' id='%' resume='true'/>", "C:<resume xmlns='urn:xmpp:sm:3' h='1' previd='%'/>",
        "S:<success xmlns='urn:xmpp:sasl:2'><token xmlns='urn:xmpp:fast:0' token='%' expiry='x'/></success>",
        "C:<iq type='set' id='4'><preauth xmlns='urn:xmpp:pars:0' token='%'/></iq>",
        "S:<iq type='result' id='5'><services xmlns='urn:xmpp:extdisco:2'><service host='t' type='turn' username='%' password='%'/></services></iq>",
        "S:<iq type='result' id='6'><slot xmlns='urn:xmpp:http:upload:0'><put url='https://u.example/%/cat.jpg'><header name='Authorization'>Basic %</header><header name='Cookie'>%</header></put><get url='https://u.example/%/cat.jpg'/></slot></iq>",
        "S:<iq type='result' id='7'><slot xmlns='urn:xmpp:http:upload'><put>https://u.example/%</put><get>https://u.example/%</get></slot></iq>",
        "S:<iq type='result' id='8'><slot xmlns='urn:xmpp:http:upload:0'><put url='https://%:%@u.example/%'/><get url='https://%@u.example/x'/></slot></iq>",
        "C:<iq type='set' id='9'><vCard xmlns='vcard-temp'><FN>%</FN><ADR><STREET>%</STREET></ADR><EMAIL><USERID>%</USERID></EMAIL></vCard></iq>",
        "C:<iq type='set' id='10'><query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'><conference jid='r@c'><nick>x</nick><password>%</password></conference></storage></query></iq>",
        "C:<iq type='set' id='11'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:bookmarks:1'><item id='r@c'><conference xmlns='urn:xmpp:bookmarks:1'><password>%</password></conference></item></publish></pubsub></iq>",
        "C:<presence to='r@c/nick'><x xmlns='http://jabber.org/protocol/muc'><password>%</password></x></presence>",
        "S:<message from='r@c'><x xmlns='http://jabber.org/protocol/muc#user'><invite from='b@a'/><password>%</password></x></message>",
        "S:<message from='b@a'><x xmlns='jabber:x:conference' jid='r@c' password='%'/></message>",
        "C:<iq type='set' id='12'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_roomsecret'><value>%</value></field></x></query></iq>",
        "S:<iq type='result' id='13'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'><field var='mother' type='text-private' label='Maiden name'><desc>Her name</desc></field></x></query></iq>",
        "C:<iq type='set' id='14'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'><field var='mother'><value>%</value></field></x></query></iq>",
        // By name, where the place is not understood.
        "C:<iq type='set' id='20'><query xmlns='jabber:iq:register' username='romeo' password='%'/></iq>",
        "C:<iq type='set' id='21'><query xmlns='jabber:iq:register'><Password>%</Password><PASSWORD>%</PASSWORD></query></iq>",
        "C:<iq type='set' id='22'><query><password>%</password></query></iq>",
        "C:<iq type='set' id='23'><query xmlns='urn:example:none'><password>%</password><old_password>%</old_password><new-password>%</new-password></query></iq>",
        "C:<iq type='set' id='24'><query xmlns='jabber:iq:register'><password><b>%</b> and <i>%</i></password></query></iq>",
        "C:<iq type='set' id='25'><query xmlns='jabber:iq:register'><password value='%'/><param name='password' value='%'/></query></iq>",
        "C:<iq type='set' id='26'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'><field var='password' value='%'/><field var='passwd'><value>%</value></field><field var='password_confirm'><value>%</value></field><field var='pass'><value>%</value></field><field var='password-verify'><value>%</value></field></x></query></iq>",
        "C:<iq type='set' id='27'><query xmlns='jabber:iq:register'><x type='submit'><field var='password'><value>%</value></field></x></query></iq>",
        "C:<iq type='set' id='28'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'><field var='Password'>%</field><field var='secretpin' type='TEXT-PRIVATE'><value>%</value></field></x></query></iq>",
        "C:<auth xmlns='urn:example:wrong' mechanism='PLAIN'>%</auth>", "C:<AUTH mechanism='PLAIN'>%</AUTH>",
        "C:<response xmlns='jabber:client'>%</response>", "C:<resume xmlns='urn:example:sm' h='0' previd='%'/>",
        "C:<Resume xmlns='urn:xmpp:sm:3' PREVID='%'/>", "S:<enabled id='%'/>",
        "C:<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN' password='%' user='romeo'/>",
        "C:<x xmlns='urn:example:y' access_token='%' auth-token='%' api_key='%' cookie='%' client_secret='%' passphrase='%' pwd='%'/>",
        "C:<x xmlns='urn:example:y'><access_token>%</access_token><clientsecret>%</clientsecret><passwort>%</passwort><otp>%</otp></x>",
        // By shape.
        "C:<message to='b@a'><body>see https://user:%@files.example/x and ftp://%@h/</body></message>",
        "C:<x xmlns='urn:example:y' header='Authorization: Bearer %'/>",
        "S:<message><body>eyJhbGciOiJIUzI1NiJ9.%.%</body></message>",
        // What stands in comments, in CDATA, with references.
        "C:<iq type='set' id='40'><query xmlns='jabber:iq:register'><password><![CDATA[%]]></password></query></iq>",
        "C:<iq><!-- % --><?x %?><ping xmlns='urn:xmpp:ping'/></iq>",
        "C:<iq type='set' id='41'><query xmlns='jabber:iq:register'><password>  %\n </password></query></iq>",
        "C:<iq type='set' id='42'><r:query xmlns:r='jabber:iq:register'><r:password>%</r:password></r:query></iq>",
    ]

/// The same secret in another place and another form.
private let echoes: [@Sendable (String) -> String] = [
    { "S:<message><body>\($0)</body></message>" }, { "S:<message><body>Your password is '\($0)'.</body></message>" },
    { "S:<message><body>x\($0)y</body></message>" }, { "S:<message><body>  \($0)  </body></message>" },
    {
        "S:<iq type='error' id='1'><error type='cancel'><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>no: \($0)</text></error></iq>"
    },
    {
        "S:<iq type='result' id='1'><query xmlns='jabber:iq:register'><instructions>like \($0)</instructions></query></iq>"
    },
    { "S:<x xmlns='urn:example:z' y='(\($0))'/>" }, { "S:<message><body>\(base64($0))</body></message>" },
    { "S:<message><body>\(base64("a" + $0))</body></message>" },
    { "S:<message><body>\(base64("ab" + $0 + "c"))</body></message>" },
    { "S:<message><body>\($0.utf8.map { String(format: "%02x", $0) }.joined())</body></message>" },
    { "S:<message><body>\($0.utf8.map { String(format: "%02X", $0) }.joined())</body></message>" },
    { "S:<message><body>\($0.utf8.map { "&#x\(String($0, radix: 16));" }.joined())</body></message>" },
    { "S:<message><body><![CDATA[\($0)]]></body></message>" },
    { "S:<presence><status>\($0) &amp; more</status></presence>" },
]

private func register(_ password: String) -> String {
    "C:<iq type='set' id='r'><query xmlns='jabber:iq:register'><password>\(password)</password></query></iq>"
}

/// What is said, and the secrets in it.
private func planted() -> (lines: [String], secrets: [String]) {
    let planter = Planter()
    var lines: [String] = []
    // What a client says wrongly a server says wrongly too.
    let turned = templates.suffix(25).map { ($0.hasPrefix("C:") ? "S:" : "C:") + $0.dropFirst(2) }
    for template in templates + turned {
        lines.append(
            template.split(separator: "%", omittingEmptySubsequences: false).reduce(nil as String?) { text, part in
                text.map { $0 + planter.next() + part } ?? String(part)
            } ?? ""
        )
    }
    for echo in echoes {
        // Once it stands before its place as a secret, once behind.
        let (early, late) = (planter.next(), planter.next("pw"))
        lines += [echo(early), register(early), register(late), echo(late)]
    }
    for short in ["k7Qz", "Zq9xW"] {
        lines += ["S:<message><body>it is \(short), you know</body></message>", register(short)]
    }
    for mechanism in ["PLAIN", "X-UNKNOWN"] {
        let secret = planter.next()
        let data = mechanism == "PLAIN" ? "\u{0}romeo\u{0}\(secret)" : secret
        lines.append("C:<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='\(mechanism)'>\(base64(data))</auth>")
        lines.append("S:<message><body>\(secret)</body></message>")
    }
    return (lines, planter.secrets + ["k7Qz", "Zq9xW"])
}

/// Each secret that is left in the bytes: as it is, in base64, in hexadecimal, in UTF-16.
private func left(_ secrets: [String], in bytes: [UInt8]) -> [String] {
    var index = SecretIndex()
    var found: [String] = []
    for secret in secrets { index.add(Array(secret.utf8), replacement: Array(secret.utf8)) }
    if !index.matches(in: bytes).isEmpty {
        found = secrets.filter { secret in
            var one = SecretIndex()
            one.add(Array(secret.utf8), replacement: Array(secret.utf8))
            return !one.matches(in: bytes).isEmpty
        }
    }
    for secret in secrets where bytes.contains(0) {
        let wide = Array(secret.utf16).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        if bytes.firstRange(of: wide) != nil { found.append(secret) }
    }
    return found
}

/// The bytes of a file, and what both directions say in it, put together.
private func everything(_ path: String) throws -> [[UInt8]] {
    let content = try content(path)
    return [
        Array(try Data(contentsOf: URL(fileURLWithPath: path))), Array(content.client.utf8), Array(content.server.utf8),
    ]
}

@Suite("planted secrets")
struct PlantedSecretTests {
    @Test("none of them is left, however the bytes came", arguments: chunkSizes)
    func whole(chunk: Int?) throws {
        let (lines, secrets) = planted()
        #expect(secrets.count >= 150)
        var recorded = try Recorded()
        try recorded.say(["C:" + header, "S:" + header] + lines, chunk: chunk)
        #expect(
            left(secrets, in: try everything(recorded.file.path)[1] + everything(recorded.file.path)[2]).count > 100
        )
        let (_, path, count) = try recorded.redactedTwice()
        for bytes in try everything(path) { #expect(left(secrets, in: bytes) == []) }
        #expect(count.echoes > 20 && count.maskedBytes < 100 && count.late == 0)
        let content = try content(path)
        for kept in [
            "<username>romeo</username>", "https://u.example/", "Maiden name", "<desc>Her name</desc>", "you know",
        ] {
            #expect((content.client + content.server).contains(kept), "\(kept)")
        }
    }

    @Test("none is left in the files of a recording that goes on at any packet", arguments: [1, 2, 5, 40])
    func rotated(every: Int) throws {
        let (lines, secrets) = planted()
        let folder = try TemporaryFolder()
        let count = Atomic(0)
        let rotation = CaptureFile.Rotation { "\(folder.path)/\(count.add(1, ordering: .relaxed).newValue).pcapng" }
        let file = try CaptureFile(path: folder.path + "/0.pcapng", program: "p", rotation: rotation)
        var recorder = try ConnectionRecorder(
            file: file,
            number: 1,
            client: try #require(Endpoint("127.0.0.1:40001")),
            listener: try #require(Endpoint("127.0.0.1:5222")),
            program: "p"
        )
        for (index, line) in (["C:" + header, "S:" + header] + lines).enumerated() {
            // In the middle of a packet too.
            let bytes = Array(line.dropFirst(2).utf8)
            for half in [bytes.prefix(bytes.count / 2), bytes.dropFirst(bytes.count / 2)] {
                try Array(half).withUnsafeBytes {
                    try recorder.received($0, line.hasPrefix("C:") ? .clientToServer : .serverToClient)
                }
                if index % every == 0 { #expect(file.rotate() == nil) }
            }
        }
        for path in file.paths {
            let copy = path + "-redacted"
            _ = try CaptureRedactor.copy(path, to: try CaptureFile(copyAt: copy))
            for bytes in try everything(copy) {
                // What a file does not tell to be a secret is none in it: an echo of another file's secret may stay.
                let known = left(secrets, in: bytes).filter { secret in
                    (try? everything(path)).map { pieces in pieces.contains { has(register(secret), in: $0) } } == true
                }
                #expect(known == [])
            }
        }
    }

    private func has(_ text: String, in bytes: [UInt8]) -> Bool {
        bytes.firstRange(of: Array(text.dropFirst(2).utf8)) != nil
    }

    @Test("none is left in a capture that is cut off anywhere")
    func cut() throws {
        let (lines, secrets) = planted()
        var recorded = try Recorded()
        try recorded.say(["C:" + header, "S:" + header] + lines)
        let bytes = try recorded.originalBytes
        for count in stride(from: 400, to: bytes.count, by: bytes.count / 60) {
            let path = "\(recorded.folder.path)/cut-\(count).pcapng"
            try Data(bytes.prefix(count)).write(to: URL(fileURLWithPath: path))
            let copy = path + "-redacted"
            _ = try CaptureRedactor.copy(path, to: try CaptureFile(copyAt: copy))
            let told = String(decoding: bytes.prefix(count), as: UTF8.self)
            // Of an echo whose secret was cut off nobody can know.
            let known = secrets.filter { secret in told.contains(register(secret).dropFirst(2)) }
            for bytes in try everything(copy) {
                #expect(
                    left(known, in: bytes) == [],
                    "\(count) \(left(known, in: bytes).first.map { String(String(decoding: bytes, as: UTF8.self).suffix(900)).debugDescription + $0 } ?? "")"
                )
            }
        }
    }

    @Test("none is left in what is compressed")
    func compressed() throws {
        let (lines, secrets) = planted()
        var recorded = try Recorded()
        try recorded.say([
            "C:" + header, "S:" + header,
            "C:<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>",
            "S:<compressed xmlns='http://jabber.org/protocol/compress'/>",
        ])
        try recorded.say(["C:" + header, "S:" + header] + lines)
        for bytes in try everything(try recorded.redactedTwice().path) { #expect(left(secrets, in: bytes) == []) }
    }

    @Test("none is left in events, notices, differences and in packets that were changed")
    func events() throws {
        let planter = Planter()
        var recorded = try Recorded()
        try recorded.say(["C:" + header, "S:" + header])
        let known = planter.next()
        try recorded.say([register(known)])
        let (first, second, third) = (planter.next(), planter.next(), planter.next())
        for event: CaptureEvent in [
            .differed(
                "packet 005 differs from packet 004 of the recording: iq/query/password: recorded: \"\(first)\" / now: \"\(second)\"; enabled/@resume: recorded: \"true\" / now: \"false\""
            ),
            .differed("packet 6 differs from packet 5 of the recording: iq/x: recorded: \"a\"b\(third)\" / now: \"c\""),
            .noticed("the server said \(known)"), .failed(reason: "password=\(planter.next()) was refused"),
            .upstreamFailed(host: "h", condition: "c", reason: "at https://u:\(planter.next())@h/"),
        ] { try recorded.recorder.happened(event) }
        let original = "<message><body>x</body><password>\(planter.next())</password></message>"
        try Array("<message><body>y</body></message>".utf8).withUnsafeBytes {
            try recorded.recorder.changed(Array(original.utf8), into: $0, .serverToClient, reason: "for \(known)")
        }
        let (_, path, count) = try recorded.redactedTwice()
        for bytes in try everything(path) { #expect(left(planter.secrets, in: bytes) == []) }
        let told = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        #expect(
            told.contains("enabled/@resume: recorded: \\\"true\\\" / now: \\\"false\\\"")
                && told.contains("<body>x</body>"),
            "\(told)"
        )
        #expect(count.texts >= 4)
    }

    @Test("none is left in a transcript, in its packets, its sentences and what stands between them")
    func transcript() throws {
        let (lines, secrets) = planted()
        var text = "XMPP session with a\n\n"
        for (index, line) in lines.enumerated() {
            let direction = line.hasPrefix("C:") ? "C->S" : "S->C"
            text += "\(direction) \(String(format: "%03d", index + 1))\n\(line.dropFirst(2))\n"
            text += "It says \(secrets[secrets.count - 5 - index % 20]).\n\n"
        }
        let planter = Planter()
        text +=
            "[Difference: packet 005 differs from packet 004 of the recording: iq/query/password: recorded: \"\(planter.next("old"))\" / now: \"x\"]\n\n"
        text += "I logged in with password: \(planter.next("note")) and it failed.\n"
        let reading = try TextReader.read(text)
        #expect(reading.problems.isEmpty)
        let (copy, count) = TranscriptRedactor.redact(reading.transcript)
        let told = TextWriter.text(copy, showsTiming: false)
        #expect(left(secrets + planter.secrets, in: Array(told.utf8)) == [])
        #expect(count.texts > 100)
    }

    @Test("while a recording goes on, what came before a secret was known is told")
    func live() throws {
        var recorded = try Recorded()
        try recorded.say([
            "C:" + header, "S:" + header, "S:<message><body>SECRETearly1</body></message>", register("SECRETearly1"),
        ])
        try recorded.say(["S:<message><body>again SECRETearly1</body></message>"])
        let (bytes, _, count) = try recorded.redacted()
        #expect(count.late == 1 && count.echoes == 1)
        #expect(String(decoding: bytes, as: UTF8.self).components(separatedBy: "SECRETearly1").count == 2)
    }
}
