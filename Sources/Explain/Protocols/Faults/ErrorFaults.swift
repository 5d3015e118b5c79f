import XMLStream
import XMPP

/// What is wrong with the form of a stanza's `<error/>`, beside what its conditions tell (RFC 6120 section 8.3).
func errorFaults(_ stanza: Element) -> [Finding] {
    guard NS.stanzas.contains(stanza.namespace), let error = stanza.child("error", stanza.namespace) else { return [] }
    let type = stanza["type"]
    // An unknown type is told of as such.
    guard type == "error" else { return stanza.name == "iq" && isUnknown(type) ? [] : [misplaced(stanza, type)] }
    let count = stanza.children.count { $0.is("error", stanza.namespace) }
    if count > 1 {
        return [
            Finding(
                .errorRepeated,
                "there are \(count) <error/> in it; programs read one of them only (RFC 6120 section 8.3.1)."
            )
        ]
    }
    return order(error) + texts(error, stanza) + agreement(error, stanza)
}

private func isUnknown(_ type: String?) -> Bool { !["get", "set", "result"].contains(type) }

private func misplaced(_ stanza: Element, _ type: String?) -> Finding {
    let kind = type.map { "its type is \($0.quoted(limit: 40))" } ?? "it has no type"
    return Finding(
        .errorMisplaced,
        "it holds <error/>, but \(kind): an error is told by a stanza of type error alone (RFC 6120 section 8.3.1)."
    )
}

private func order(_ error: Element) -> [Finding] {
    guard let first = error.firstChild, first.is("text", NS.stanzaErrors),
        error.children.contains(where: { $0.namespace == NS.stanzaErrors && $0.name != "text" })
    else { return [] }
    return [
        Finding(
            .errorOrder,
            "<text/> stands before the condition; it has its place behind it (RFC 6120 section 8.3.2)."
        )
    ]
}

private func texts(_ error: Element, _ stanza: Element) -> [Finding] {
    if error.child("text", stanza.namespace) != nil || error.child("text", "") != nil {
        return [
            Finding(
                .errorText,
                "the <text/> of the error is not in \(NS.stanzaErrors), so that programs do not find it (RFC 6120 section 8.3.2)."
            )
        ]
    }
    var languages: Set<String> = []
    for case .element(let text) in error.nodes where text.is("text", NS.stanzaErrors) {
        if !languages.insert((text.language ?? "").lowercased()).inserted {
            return [
                Finding(
                    .errorText,
                    "there is more than one <text/> in the same language in the error (RFC 6120 section 8.3.2)."
                )
            ]
        }
    }
    return []
}

/// Whether condition, type and code belong together.
private func agreement(_ error: Element, _ stanza: Element) -> [Finding] {
    var findings: [Finding] = []
    if let code = error["code"], Int(code) == nil {
        findings.append(
            Finding(.errorCode, "the code of the error, \(code.quoted(limit: 20)), is no number (XEP-0086).")
        )
    }
    let conditions = error.children.filter { $0.namespace == NS.stanzaErrors && $0.name != "text" }
    guard conditions.count == 1, let condition = StanzaErrorCondition(rawValue: conditions[0].name) else {
        return findings
    }
    if let type = error["type"], let usual = condition.usualTypes, StanzaErrorCondition.types.contains(type),
        !usual.contains(type)
    {
        findings.append(
            Finding(
                .errorTypeCondition,
                "the type of the error is \(type), but \(condition.rawValue) goes with \(usual[0]): \(StanzaErrorCondition.meaning(ofType: usual[0])), \(type) says: \(StanzaErrorCondition.meaning(ofType: type)) (RFC 6120 section 8.3.3)."
            )
        )
    }
    let isAlone = !error.children.contains { $0.namespace != NS.stanzaErrors && !NS.stanzas.contains($0.namespace) }
    if condition == .undefinedCondition, isAlone {
        findings.append(
            Finding(
                .errorUndefined,
                "undefined-condition stands alone; a condition of its own protocol should stand beside it and say what happened (RFC 6120 section 8.3.3)."
            )
        )
    }
    if condition == .redirect, conditions[0].text.trimmed.isEmpty {
        findings.append(
            Finding(.errorUndefined, "redirect names no other address (RFC 6120 section 8.3.3).")
        )
    }
    return findings
}

/// A stream error of several conditions; one without any is told by its sentence.
func streamErrorFaults(_ error: Element) -> [Finding] {
    guard error.is("error", NS.streams) else { return [] }
    let count = error.children.count { $0.namespace == NS.streamErrors && $0.name != "text" }
    guard count > 1 else { return [] }
    return [
        Finding(
            .streamErrorCondition,
            "the error names \(count) conditions, but it must name one (RFC 6120 section 4.9.2)."
        )
    ]
}

extension StanzaErrorCondition {
    static let types: Set<String> = ["auth", "cancel", "continue", "modify", "wait"]

    /// The types that RFC 6120 section 8.3.3 or RFC 3920 recommend for the condition, the first one foremost, and those that much used XEPs
    /// give it; nil for any.
    fileprivate var usualTypes: [String]? {
        switch self {
        case .badRequest: ["modify", "cancel"]
        case .conflict: ["cancel", "modify"]
        case .featureNotImplemented: ["cancel", "modify"]
        case .forbidden: ["auth", "cancel", "modify"]
        case .gone: ["cancel", "modify"]
        case .internalServerError: ["cancel", "wait"]
        case .itemNotFound: ["cancel"]
        case .jidMalformed: ["modify"]
        case .notAcceptable: ["modify", "cancel"]
        case .notAllowed: ["cancel", "modify"]
        case .notAuthorized: ["auth", "modify"]
        case .paymentRequired: ["auth"]
        case .policyViolation: ["modify", "wait", "cancel"]
        case .recipientUnavailable: ["wait"]
        case .redirect: ["modify", "cancel"]
        case .registrationRequired: ["auth"]
        case .remoteServerNotFound: ["cancel"]
        case .remoteServerTimeout: ["wait", "cancel"]
        case .resourceConstraint: ["wait", "modify", "cancel"]
        case .serviceUnavailable: ["cancel", "wait"]
        case .subscriptionRequired: ["auth"]
        case .undefinedCondition: nil
        case .unexpectedRequest: ["wait", "modify", "cancel"]
        }
    }

    /// What a type tells the receiver to do (RFC 6120 section 8.3.2).
    fileprivate static func meaning(ofType type: String) -> String {
        switch type {
        case "auth": "try again after logging in or getting permission"
        case "continue": "go on, it was only a warning"
        case "modify": "try again with other data"
        case "wait": "try again later"
        default: "do not try again"
        }
    }
}

extension FindingCode {
    static let errorMisplaced = warning(
        "error.misplaced",
        "RFC 6120 section 8.3.1",
        "Only a stanza of type error may hold <error/>. In any other programs pass it over and take the stanza for a success or an ordinary message. Give the stanza the type error, or leave the element out."
    )
    static let errorRepeated = warning(
        "error.repeated",
        "RFC 6120 section 8.3.1",
        "An error stanza has one <error/>. Of several each program reads another one."
    )
    static let errorOrder = note(
        "error.order",
        "RFC 6120 section 8.3.2",
        "In an <error/> the condition comes first, then its text, then the condition of the protocol. Old programs take the first element for the condition."
    )
    static let errorText = note(
        "error.text",
        "RFC 6120 section 8.3.2",
        "The text of an error must be in the namespace urn:ietf:params:xml:ns:xmpp-stanzas, once in each language."
    )
    static let errorTypeCondition = note(
        "error.type.condition",
        "RFC 6120 section 8.3.3",
        "The type of the error, which tells the receiver what to do, is not one that the specifications give to its condition. Programs that go by the type do something else than those that go by the condition."
    )
    static let errorUndefined = note(
        "error.condition.bare",
        "RFC 6120 section 8.3.3",
        "The condition needs something beside it that is missing: undefined-condition one of its own protocol, redirect the other address."
    )

    static let errorFaults: [FindingCode] = [
        errorMisplaced, errorRepeated, errorOrder, errorText, errorTypeCondition, errorUndefined,
    ]
}
