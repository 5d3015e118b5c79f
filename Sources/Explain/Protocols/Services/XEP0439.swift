import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Answers and actions to choose from, beside a text (XEP-0439).
    static let quickResponses: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0439", "Quick Response", ["urn:xmpp:tmp:quick-response"])
        entry.tells(tellQuickResponse)
        entry.part = addChoices
        return entry
    }()
}

private func tellQuickResponse(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    guard case .message = exchange.turn, exchange.element.name == "action-selected" else { return nil }
    let id = Say.value(exchange.element["id"], or: "without a name")
    return Telling("\(exchange.who) chooses the action \(id) that \(exchange.whom) offered\(scene.cite("XEP-0439")).")
}

/// All choices in one, with the first of them.
private func addChoices(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    let choices = parts.message.children.filter { $0.is(element.name, element.namespace) }
    guard let first = choices.first, first["id"] == element["id"], first["value"] == element["value"] else { return }
    let labels = choices.compactMap { ($0["label"] ?? $0["value"] ?? $0["id"])?.trimmed.nonEmpty?.quoted(limit: 40) }
    if labels.isEmpty { return }
    let kind = element.name == "action" ? "action" : "answer"
    parts.remarks.append(
        "It offers the \(kind)\(labels.count == 1 ? "" : "s") \(Say.some(labels)) to choose\(scene.cite("XEP-0439"))."
    )
}
