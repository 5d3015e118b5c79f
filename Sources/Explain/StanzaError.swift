import XMLStream
import XMPP

/// The `<error/>` of a stanza (RFC 6120 section 8.3), also in its older forms.
struct StanzaError {
    let type: String?
    /// The name of the condition's element, or that which the legacy code stands for.
    let condition: String
    let known: StanzaErrorCondition?
    let text: String?
    let legacyCode: Int?
    /// False if only a legacy code told the condition, or nothing did.
    let namesCondition: Bool

    init?(of stanza: Element) {
        guard let error = stanza.child("error") else { return nil }
        type = error["type"]
        legacyCode = error["code"].flatMap { Int($0) }
        let element = error.children.first { $0.namespace == NS.stanzaErrors && $0.name != "text" }
        namesCondition = element != nil
        known =
            element.map { StanzaErrorCondition(rawValue: $0.name) }
            ?? legacyCode.flatMap { StanzaErrorCondition(legacyCode: $0) }
        condition = element?.name ?? known?.rawValue ?? "no condition"
        let said = error.child("text")?.text ?? (element == nil ? error.text : "")
        text = said.isEmpty ? nil : said
    }

    /// What the condition means, a clause.
    var meaning: String { known?.meaning ?? "a condition that no RFC defines" }

    /// The server's own words as a sentence that can follow another; empty without any.
    var says: String { text.map { " It says: \($0.quoted())." } ?? "" }

    /// What is odd about the form of the error.
    var findings: [Finding] {
        var findings: [Finding] = []
        if !namesCondition {
            let code = legacyCode.map { "only the legacy code \($0)" } ?? "not even a legacy code"
            findings.append(.note("the error names no condition, \(code) (RFC 6120 section 8.3.2 requires one)."))
        }
        if type == nil { findings.append(.note("the error has no type, which RFC 6120 section 8.3.2 requires.")) }
        return findings
    }
}
