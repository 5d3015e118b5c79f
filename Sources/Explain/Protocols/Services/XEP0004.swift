import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Forms (XEP-0004) that come in a message; others are told by the protocol that uses them.
    static let dataForms: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0004", "Data Forms", [NS.dataForms])
        entry.tells(tellForm)
        return entry
    }()
}

private func tellForm(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    guard exchange.element.name == "x" else { return nil }
    if case .result = exchange.turn { return exchange.answer.map { tellAnswer(FormWords($0), exchange) } }
    guard case .message = exchange.turn else { return nil }
    if let approval = tellApproval(exchange.element, .message, exchange.packet, &scene) { return approval }
    // A text beside it is what was said.
    if exchange.stanza.child("body", exchange.stanza.namespace)?.text.trimmed.nonEmpty != nil { return nil }
    let form = FormWords(exchange.element)
    let kind =
        FormKinds.words(for: form.formType).map { " for \($0)" }
        ?? form.formType.map { " of the kind \($0.shown(limit: 100))" } ?? ""
    let cite = scene.cite("XEP-0004")
    let text: String
    switch form.type {
    case "submit":
        text = "\(exchange.who) sends \(exchange.whom) a form\(kind) that is filled in\(form.bracketed)\(cite)."
    case "cancel": text = "\(exchange.who) gives \(exchange.whom) a form\(kind) back without filling it in\(cite)."
    case "result":
        text = "\(exchange.who) sends \(exchange.whom) data\(kind): \(form.results.nonEmpty ?? "none")\(cite)."
    default: text = "\(exchange.who) asks \(exchange.whom) to fill in \(form.asks)\(cite).\(form.says)"
    }
    return Telling(text.collapsingStops)
}

/// A form in the place of an answer, as some protocols of devices give it.
private func tellAnswer(_ form: FormWords, _ exchange: Exchange) -> Telling {
    if form.type == "form" { return Telling("\(exchange.who) answers with \(form.asks).\(form.says)".collapsingStops) }
    return Telling("\(exchange.who) answers with data: \(form.results.nonEmpty ?? "none").")
}
