import XMLStream
import XMPP

/// The `<error/>` of a stanza (RFC 6120 section 8.3), also in its older forms.
struct StanzaError {
    let type: String?
    /// The name of the condition's element, or that which the legacy code stands for.
    let condition: String
    let known: StanzaErrorCondition?
    /// The condition of the protocol itself, which is more precise (RFC 6120 section 8.3.4); nil without one.
    let special: Element?
    let text: String?
    /// Where the addressee is to be found instead, by `<gone/>` or `<redirect/>` (RFC 6120 sections 8.3.3.5 and 8.3.3.14).
    let otherAddress: String?
    /// Who made the error, if that is not whom it comes from (RFC 6120 section 8.3.1).
    let maker: String?
    let legacyCode: Int?
    /// False if only a legacy code told the condition, or nothing did.
    let namesCondition: Bool
    private let conditionCount: Int
    private static let types: Set<String> = ["auth", "cancel", "continue", "modify", "wait"]

    /// Nil if the stanza has no `<error/>`.
    init?(of stanza: Element) {
        guard let error = stanza.child("error", stanza.namespace) ?? stanza.child("error") else { return nil }
        type = error["type"]
        legacyCode = error["code"].flatMap { Int($0) }
        let elements = error.children.filter { $0.namespace == NS.stanzaErrors && $0.name != "text" }
        let element = elements.first
        conditionCount = elements.count
        special = error.children.first {
            !["", NS.stanzaErrors, stanza.namespace].contains($0.namespace) && $0.name != "text"
        }
        namesCondition = element != nil
        known =
            element.map { StanzaErrorCondition(rawValue: $0.name) }
            ?? legacyCode.flatMap { StanzaErrorCondition(legacyCode: $0) }
        condition = element?.name ?? known?.rawValue ?? "no condition"
        let said = error.child("text")?.text ?? (element == nil ? error.text : "")
        text = said.trimmed.nonEmpty
        otherAddress = known == .gone || known == .redirect ? element?.text.trimmed.nonEmpty : nil
        // A room speaks for its occupants anyway.
        let from = stanza["from"]
        maker = error["by"].flatMap { $0.isEmpty || $0 == from || $0 == from.map { JID($0).bare } ? nil : $0 }
    }

    /// What the condition means, a clause.
    var meaning: String {
        if let known { return known.meaning }
        // XEP-0150.
        if condition == "not-modified" { return "nothing has changed since then" }
        return namesCondition ? "a condition that no RFC defines" : "no reason is given"
    }

    /// The condition by its name, and that of the protocol before it: `precondition-not-met, conflict`.
    var name: String {
        let general = condition.shown(limit: 60)
        return special.map { "\($0.name.shown(limit: 60)), \(general)" } ?? general
    }

    /// What the protocol's own condition means, a clause; nil if it has none or nobody knows what it means.
    var specialMeaning: String? {
        guard let special else { return nil }
        if let row = ProtocolTable.row(of: special.namespace),
            let meaning = ProtocolTable.entries[row].conditions[special.name]
        {
            return meaning
        }
        return nil
    }

    /// The same in brackets, with a blank before it; empty if the error names no condition.
    var bracketedName: String { known == nil && special == nil && !namesCondition ? "" : " (\(name))" }

    /// Why, and in brackets the conditions' names: the protocol's own reason before the general one.
    var told: String {
        if bracketedName.isEmpty { return meaning }
        guard let special, specialMeaning == nil else { return "\(specialMeaning ?? meaning) (\(name))" }
        if special.is("feature", "http://jabber.org/protocol/feature-neg") {
            let fields = special.children.compactMap { $0["var"]?.nonEmpty?.quoted(limit: 60) }
            let which =
                fields.isEmpty
                ? "" : "; it is about \(fields.count == 1 ? "the field" : "the fields") \(Say.some(fields))"
            return "\(meaning) (\(condition.shown(limit: 60)))\(which)"
        }
        return
            "\(meaning) (\(condition.shown(limit: 60))), more precisely \(special.name.shown(limit: 60)) of \(protocolName(special.namespace))"
    }

    /// True if it says that the stanza never reached its addressee.
    var isOfDelivery: Bool {
        known == .remoteServerNotFound || known == .remoteServerTimeout || known == .recipientUnavailable
    }

    /// The same as a cause, without a remedy.
    var cause: Cause { Cause(why: told, remedy: "") }

    /// The other side's own words, and what else the error tells, as sentences that can follow another; empty without any.
    var says: String {
        var sentences = text.map { " It says: \($0.quoted())." } ?? ""
        if let otherAddress { sentences += " It names another address: \(otherAddress.quoted(limit: 100))." }
        if let maker { sentences += " The error was made by \(maker.shown(limit: 100))." }
        return sentences
    }

    /// The cause of an error answer without `<error/>`.
    static let missing = Cause(why: "no reason is given", remedy: "")
    static let missingFinding = Finding(
        .errorMissing,
        "a stanza of type error must hold <error/> (RFC 6120 section 8.3.1)."
    )

    /// What is odd about the form of the error.
    var findings: [Finding] {
        var findings: [Finding] = []
        if !namesCondition {
            let code = legacyCode.map { "only the legacy code \($0)" } ?? "not even a legacy code"
            findings.append(
                Finding(.errorCondition, "the error names no condition, \(code) (RFC 6120 section 8.3.2 requires one).")
            )
        } else if let legacyCode, let known, !known.legacyCodes.isEmpty, !known.legacyCodes.contains(legacyCode) {
            let other =
                StanzaErrorCondition(legacyCode: legacyCode).map { "stands for \($0.rawValue), not for" }
                ?? "does not fit"
            findings.append(
                Finding(.errorCode, "the legacy code \(legacyCode) \(other) \(known.rawValue) (XEP-0086).")
            )
        }
        if let type, !Self.types.contains(type) {
            findings.append(
                Finding(
                    .errorType,
                    "the error is of type \(type.quoted(limit: 20)); it must be auth, cancel, continue, modify or wait (RFC 6120 section 8.3.2)."
                )
            )
        } else if type == nil {
            findings.append(
                Finding(.errorType, "the error has no type, which RFC 6120 section 8.3.2 requires.")
            )
        }
        if conditionCount > 1 {
            findings.append(
                Finding(
                    .errorConditions,
                    "the error names \(conditionCount) conditions, but it must name one (RFC 6120 section 8.3.2)."
                )
            )
        }
        if namesCondition, known == nil, condition != "not-modified" {
            findings.append(
                Finding(
                    .errorConditions,
                    "\(condition.shown(limit: 40)) is none of the conditions that stanza errors have (RFC 6120 section 8.3.3)."
                )
            )
        }
        if known == .paymentRequired {
            findings.append(
                Finding(.errorOld, "payment-required is a condition of RFC 3920 that RFC 6120 no longer has.")
            )
        }
        return findings
    }
}

extension FindingCode {
    static let errorMissing = warning(
        "error.missing",
        "RFC 6120 section 8.3.1",
        "A stanza of type error must hold an <error/> that says what went wrong."
    )
    static let errorConditions = warning(
        "error.conditions",
        "RFC 6120 section 8.3.2",
        "An error must name exactly one of the defined conditions; of several nobody knows which one counts. A more precise one stands beside it in a namespace of its own."
    )
    static let errorCondition = warning(
        "error.condition.missing",
        "RFC 6120 section 8.3.2",
        "The error names none of the defined conditions, so that a program cannot know what went wrong. Codes alone are from before RFC 3920."
    )
    static let errorCode = note(
        "error.code",
        "XEP-0086",
        "The legacy code of the error stands for another condition than the one it names. Old clients go by the code."
    )
    static let errorType = warning(
        "error.type.missing",
        "RFC 6120 section 8.3.2",
        "The error has no type, which tells the receiver whether trying again can help."
    )
    static let errorOld = note(
        "error.condition.old",
        "RFC 3920 section 9.3.3",
        "The condition was defined by RFC 3920 and dropped by RFC 6120."
    )

    static let errors: [FindingCode] = [errorMissing, errorCondition, errorConditions, errorCode, errorType, errorOld]
}
