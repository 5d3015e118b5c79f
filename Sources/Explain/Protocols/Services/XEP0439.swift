import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Answers and actions to choose from, beside a text (XEP-0439).
    static let quickResponses: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0439", "Quick Response", ["urn:xmpp:tmp:quick-response"])
        entry.tells(tellQuickResponse)
        return entry
    }()
}

private func tellQuickResponse(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    guard case .message = exchange.turn else { return nil }
    if exchange.element.name == "action-selected" {
        let id = Say.value(exchange.element["id"], or: "without a name")
        return Telling(
            "\(exchange.who) chooses the action \(id) that \(exchange.whom) offered\(scene.cite("XEP-0439"))."
        )
    }
    let choices = exchange.stanza.children.filter { $0.namespace == exchange.namespace }
    let labels = choices.compactMap { ($0["label"] ?? $0["value"] ?? $0["id"])?.trimmed.nonEmpty?.quoted(limit: 40) }
    if labels.isEmpty { return nil }
    let kind = exchange.element.name == "action" ? "action" : "answer"
    var telling = tellMessage(exchange.stanza, exchange.packet, &scene)
    telling.text +=
        " It offers the \(kind)\(labels.count == 1 ? "" : "s") \(Say.some(labels)) to choose\(scene.cite("XEP-0439"))."
    return telling
}
