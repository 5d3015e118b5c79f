import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Agreeing on options by forms (XEP-0020), above all on the terms of a chat (XEP-0155).
    static let negotiation: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0155", "Stanza Session Negotiation", ["http://jabber.org/protocol/feature-neg"])
        entry.tells(tellNegotiation)
        return entry
    }()
}

private func tellNegotiation(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let form = FormWords(in: exchange.answer ?? exchange.element)
    let isChat = form?.formType == "urn:xmpp:ssn"
    let what = isChat ? "the terms of a chat" : "options"
    let cite = scene.cite(isChat ? "XEP-0155" : "XEP-0020")
    switch exchange.turn {
    case .message where isChat: return form.map { tellTerms($0, exchange, cite) }
    case .message, .get, .set:
        guard let form else {
            return Telling("\(exchange.who) wants to agree with \(exchange.whom) on options, but names none\(cite).")
        }
        let terms = form.type == "submit" ? form.filled : form.asks
        return Telling(
            "\(exchange.who) wants to agree with \(exchange.whom) on \(what): \(terms.nonEmpty ?? "nothing")\(cite)."
        )
    case .result: return form.map { Telling("\(exchange.who) chooses \($0.filled.nonEmpty ?? "nothing").") }
    case .refusal(let error): return exchange.refused("to agree on options", error)
    case .presence: return nil
    }
}

private func isYes(_ value: String?) -> Bool { value == "1" || value == "true" }

private func tellTerms(_ form: FormWords, _ exchange: Exchange, _ cite: String) -> Telling {
    let (who, whom) = (exchange.who, exchange.whom)
    let reason = Say.quote(form.value("reason"))
    if form.value("terminate") != nil, form.type != "form" {
        return Telling("\(who) ends the chat session with \(whom)\(reason)\(cite).")
    }
    switch form.type {
    case "form": return Telling("\(who) offers \(whom) terms for a chat: \(form.asks)\(cite).")
    case "submit":
        if let accept = form.value("accept"), !isYes(accept) {
            return Telling("\(who) declines the terms for a chat\(reason)\(cite).")
        }
        return Telling("\(who) accepts terms for a chat with \(whom)\(form.bracketed)\(cite).")
    default:
        if let accept = form.value("accept"), !isYes(accept) {
            return Telling("\(who) calls the terms for a chat off\(reason)\(cite).")
        }
        return Telling("\(who) confirms the terms for a chat with \(whom)\(form.bracketed)\(cite).")
    }
}
