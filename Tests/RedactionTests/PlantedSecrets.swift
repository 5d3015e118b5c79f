import Capture
import Foundation
import TestKit
import XMPP

@testable import Redaction

/// Makes up one secret after the other, each of its own, and remembers them.
final class Planter {
    private(set) var secrets: [String] = []

    func next(_ start: String = "SECRET") -> String {
        secrets.append(String(format: "%@%03dq%04xz", start, secrets.count, (secrets.count &* 7919 + 77) & 0xFFFF))
        return secrets[secrets.count - 1]
    }
}

let plainHeader =
    "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

private func base64(_ text: String) -> String {
    Data(text.utf8).base64EncodedString()
}

/// Packets with `%` for each secret: `C:` from the client, `S:` from the server.
enum PlantedPackets {
    static let templates: [String] = [
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
    static let echoes: [@Sendable (String) -> String] = [
        { "S:<message><body>\($0)</body></message>" },
        { "S:<message><body>Your password is '\($0)'.</body></message>" },
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
}

func register(_ password: String) -> String {
    "C:<iq type='set' id='r'><query xmlns='jabber:iq:register'><password>\(password)</password></query></iq>"
}

/// What is said, and the secrets in it.
func planted() -> (lines: [String], secrets: [String]) {
    let planter = Planter()
    var lines: [String] = []
    // What a client says wrongly a server says wrongly too.
    let turned = PlantedPackets.templates.suffix(25).map { ($0.hasPrefix("C:") ? "S:" : "C:") + $0.dropFirst(2) }
    for template in PlantedPackets.templates + turned {
        lines.append(
            template.split(separator: "%", omittingEmptySubsequences: false).reduce(nil as String?) { text, part in
                text.map { $0 + planter.next() + part } ?? String(part)
            } ?? ""
        )
    }
    for echo in PlantedPackets.echoes {
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

/// Looks for secrets as they are, in base64, in hexadecimal and in UTF-16.
struct SecretHunt {
    private var index = SecretIndex()
    private let wide: [[UInt8]]

    init(_ secrets: [String]) {
        for secret in secrets { index.add(Array(secret.utf8), replacement: Array(secret.utf8)) }
        wide = secrets.map { secret in
            secret.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        }
    }

    /// What is left of them in the bytes.
    func left(in bytes: [UInt8]) -> [String] {
        let found = index.matches(in: bytes).map { String(decoding: bytes[$0.range], as: UTF8.self) }
        let hasWide = bytes.firstRange(of: [UInt8(ascii: "S"), 0, UInt8(ascii: "E"), 0]) != nil
        return found
            + (hasWide ? wide.filter { bytes.firstRange(of: $0) != nil }.map { "\($0.count) bytes of UTF-16" } : [])
    }
}
