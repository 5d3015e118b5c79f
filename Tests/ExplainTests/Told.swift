import Explain
import Session
import XMPP

let clientHeader =
    "<stream:stream to='jabber.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
let serverHeader =
    "<stream:stream from='jabber.test' id='1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

/// Both headers.
let opened: [String] = ["C " + clientHeader, "S " + serverHeader]
/// Both headers, and a login as romeo by PLAIN.
let loggedIn: [String] =
    opened + [
        "C <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHJvbWVvADEyMzQ=</auth>",
        "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "C " + clientHeader, "S " + serverHeader,
    ]

/// The explanations of a conversation whose lines begin with `C ` or `S `, findings after them, and the summary as the last one.
func told(_ lines: [String]) -> [String] {
    var session = Session()
    var explainer = Explainer()
    var result: [String] = []
    for line in lines {
        let direction: Direction = line.hasPrefix("C") ? .clientToServer : .serverToClient
        for event in session.received(Array(line.dropFirst(2).utf8)[...], direction, time: nil) {
            if case .opaque(let reason, _) = event { explainer.becameOpaque(reason) }
            guard case .packet(let packet) = event else {
                result.append("[\(event.line?.text ?? "")]")
                continue
            }
            let explanation = explainer.explain(packet)
            let findings = explanation.findings.map { "\($0.severity.rawValue): \($0.text)" }
            result.append(([explanation.text] + findings).joined(separator: "\n"))
        }
    }
    result += session.finished().compactMap { $0.line.map { "[\($0.text)]" } }
    return result + [explainer.summary(facts: "the facts", unanswered: session.unanswered)]
}
