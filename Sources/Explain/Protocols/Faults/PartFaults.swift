import XMLStream
import XMPP

/// What may stand in a message once only, or not without something else.
func partFaults(_ message: Element) -> [Finding] {
    var findings: [Finding] = []
    var states = 0
    for case .element(let child) in message.nodes {
        switch child.namespace {
        case MessagePart.chatStates: states += 1
        case MessagePart.receipts where child.name == "request" && message["id"]?.nonEmpty == nil:
            findings.append(
                Finding(
                    .receiptWithoutID,
                    "it asks for a receipt and has no id that a receipt could name (XEP-0184 section 7)."
                )
            )
        case MessagePart.reactions:
            let emojis = child.children.filter { $0.name == "reaction" }.map(\.text.trimmed)
            if Set(emojis).count < emojis.count {
                findings.append(
                    Finding(.reactionTwice, "the same reaction is in it more than once (XEP-0444 section 4).")
                )
            }
        default: break
        }
    }
    if states > 1 {
        findings.append(
            Finding(
                .chatStates,
                "a message tells one chat state at the most, this one \(states) (XEP-0085 section 5.6)."
            )
        )
    }
    return findings
}

private enum MessagePart {
    static let chatStates = "http://jabber.org/protocol/chatstates"
    static let receipts = "urn:xmpp:receipts"
    static let reactions = "urn:xmpp:reactions:0"
}

extension FindingCode {
    static let receiptWithoutID = warning(
        "fault.receipt.id",
        "XEP-0184 section 7",
        "A message asks for a receipt and has no id. The receipt names the message by its id, so none can be sent."
    )
    static let reactionTwice = warning(
        "fault.reaction.repeated",
        "XEP-0444 section 4",
        "A set of reactions holds the same one more than once. Who gets it ignores all but one."
    )
    static let chatStates = warning(
        "fault.chat-states",
        "XEP-0085 section 5.6",
        "A message has more than one chat state, so what its sender does cannot be known."
    )
    static let partFaults: [FindingCode] = [receiptWithoutID, reactionTwice, chatStates]
}
