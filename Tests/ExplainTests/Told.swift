import Explain
import Foundation
import Session
import Testing
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
/// Logged in as romeo, with an address of its own.
let bound: [String] =
    loggedIn + [
        "C <iq type='set' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>orchard</resource></bind></iq>",
        "S <iq type='result' id='b0'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@jabber.test/orchard</jid></bind></iq>",
    ]

/// A conversation and texts that must stand in the explanation of its last packet, or in the summary.
struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let lines: [String]
    let says: [String]
    var never: [String] = []
    var summary: String?
    var isIntercepted = false
    var testDescription: String { name }
}

/// Runs a case.
func expect(_ test: Case) {
    let all = told(test.lines, isIntercepted: test.isIntercepted)
    let last = all.dropLast().last ?? ""
    for text in test.says { #expect(last.contains(text), "\(text) is not in:\n\(last)") }
    for text in test.never { #expect(!last.contains(text), "\(text) is in:\n\(last)") }
    if let summary = test.summary { #expect(all.last == summary) }
}

/// The explanations of a conversation whose lines begin with `C ` or `S `, findings after them, and the summary as the last one.
func told(_ lines: [String], isIntercepted: Bool = false, hidesBinding: Bool = true) -> [String] {
    told(lines, by: Explainer(), isIntercepted: isIntercepted, hidesBinding: hidesBinding)
}

/// The same of several connections of one recording, one after the other.
func told(connections: [[String]]) -> [[String]] {
    let memory = RecordingMemory()
    return connections.enumerated().map { index, lines in
        told(lines, by: Explainer(connection: index + 1, memory: memory))
    }
}

private func told(
    _ lines: [String],
    by explainer: consuming Explainer,
    isIntercepted: Bool = false,
    hidesBinding: Bool = true
) -> [String] {
    var session = Session()
    if isIntercepted { explainer.tlsBegan(with: .client, hidesChannelBinding: hidesBinding) }
    var result: [String] = []
    for line in lines {
        let direction: Direction = line.hasPrefix("C") ? .clientToServer : .serverToClient
        for event in session.received(Array(line.dropFirst(2).utf8)[...], direction, time: nil) {
            if case .opaque(let reason, _) = event { explainer.becameOpaque(reason) }
            if case .unreadable(let direction, let breakage, _) = event { explainer.broke(direction, breakage) }
            guard case .packet(let packet) = event else {
                result.append("[\(event.line()?.text ?? "")]")
                continue
            }
            let explanation = explainer.explain(packet)
            for finding in explanation.findings where ProtocolTable.codes[finding.code] == nil {
                Issue.record("the finding \(finding.text) has no documented code: \(finding.code)")
            }
            let findings = explanation.findings.map { "\($0.severity.rawValue): \($0.text)" }
            result.append(([explanation.text] + findings).joined(separator: "\n"))
        }
    }
    result += session.finished().compactMap { $0.line().map { "[\($0.text)]" } }
    let summary = explainer.summary(facts: "the facts", unanswered: session.unanswered)
    return result + [([summary] + explainer.storyLinesOfSummary).joined(separator: "\n")]
}

/// The text in base64, as SASL carries it.
func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

private let sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"

/// A line of SASL: `<auth/>` with a mechanism, or one of the others, holding the text in base64.
func auth(_ mechanism: String, _ data: String) -> String {
    "C <auth \(sasl) mechanism='\(mechanism)'>\(base64(data))</auth>"
}
func challenge(_ data: String) -> String { "S <challenge \(sasl)>\(base64(data))</challenge>" }
func response(_ data: String) -> String { "C <response \(sasl)>\(base64(data))</response>" }
func success(_ data: String = "") -> String { "S <success \(sasl)>\(base64(data))</success>" }
func failure(_ condition: String, _ text: String = "") -> String {
    "S <failure \(sasl)><\(condition)/>\(text.isEmpty ? "" : "<text>\(text)</text>")</failure>"
}
/// Features that offer these mechanisms.
func offers(_ mechanisms: String...) -> String {
    "S <stream:features><mechanisms \(sasl)>"
        + mechanisms.map { "<mechanism>\($0)</mechanism>" }.joined() + "</mechanisms></stream:features>"
}
