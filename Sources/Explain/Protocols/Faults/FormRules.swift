import Session
import XMLStream
import XMPP

extension Scene {
    /// What is wrong with the form of a packet, whoever tells what it does; to be asked when that is known.
    mutating func formFindings(_ packet: Packet) -> [Finding] {
        switch packet.kind {
        case .header(let header, _): return headerFaults(header, packet, self) + spellingFindings(header)
        case .element(let element):
            if packet.isSentByProxy { return [] }
            return formFindings(element, packet)
        case .end, .oversized: return []
        }
    }

    private mutating func formFindings(_ element: Element, _ packet: Packet) -> [Finding] {
        var findings = namespaceFaults(element, packet, self) + mixedText(element)
        guard NS.stanzas.contains(element.namespace) else { return findings + streamErrorFaults(element) }
        findings += errorFaults(element)
        findings += spellingFindings(element)
        findings += otherResource(element, packet)
        findings += otherAddressee(element, packet)
        switch element.name {
        case "iq":
            findings += bindFaults(element, packet, self)
            findings += rosterFaults(element, packet, self)
            findings += registrationFaults(element, packet, self)
            findings += answerFaults(element, packet)
        case "presence":
            findings += subscriptionForm(element, packet, self)
            findings += probeFault(element, packet, self)
        default: break
        }
        return findings
    }
}

/// An answer with the content of another protocol than the question's.
private func answerFaults(_ iq: Element, _ packet: Packet) -> [Finding] {
    guard iq["type"] == "result", packet.claims == nil, !packet.pairing.isGuess, let answer = iq.firstChild,
        let question = packet.answers?.element.firstChild, answer.namespace != question.namespace,
        answer.namespace != NS.dataForms, !NS.stanzas.contains(answer.namespace),
        let given = ProtocolRegistry.lookUp(answer.namespace), let asked = ProtocolRegistry.lookUp(question.namespace),
        given.isCertain, asked.isCertain, given.specification != asked.specification
    else { return [] }
    return [
        Finding(
            .answerOther,
            "the request is one of \(asked.name), the answer one of \(given.name)."
        )
    ]
}

extension FindingCode {
    static let answerOther = note(
        "iq.answer.other",
        "RFC 6120 section 8.2.3",
        "The answer holds what belongs to another protocol than the request does. Few protocols do that; mostly the answer has gone to the wrong request."
    )

    static let formRules: [FindingCode] =
        [answerOther] + namespaceFaults + errorFaults + rosterFaults + addressFaults
}
