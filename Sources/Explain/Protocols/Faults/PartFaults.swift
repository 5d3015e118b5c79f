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

/// Addresses of a stanza that are no JIDs, by what can be said without tables of letters.
func addressFaults(_ stanza: Element) -> [Finding] {
    ["to", "from"].compactMap { name in
        guard let text = stanza[name], let why = addressFault(text) else { return nil }
        return Finding(
            .addressShape,
            "the address \(text.quoted(limit: 60)) in \(name) is no JID: \(why) (RFC 7622 section 3)."
        )
    }
}

private func addressFault(_ text: String) -> String? {
    let bare = text.withoutResource
    let resource = text.utf8.count - bare.utf8.count - 1
    if resource == 0 { return "nothing stands behind its slash" }
    if bare.isEmpty { return "it has no domain" }
    guard let at = bare.utf8.firstIndex(of: UInt8(ascii: "@")) else {
        return bare.utf8.contains(UInt8(ascii: " ")) ? "there is a space in its domain" : nil
    }
    let local = bare[..<at]
    let domain = bare[bare.utf8.index(after: at)...]
    if local.isEmpty { return "nothing stands before its @" }
    if domain.isEmpty { return "it has no domain" }
    if domain.utf8.contains(UInt8(ascii: "@")) { return "it has more than one @" }
    if bare.utf8.contains(UInt8(ascii: " ")) { return "there is a space in it before the resource" }
    if max(local.utf8.count, domain.utf8.count, resource) > 1023 { return "one of its parts has more than 1,023 bytes" }
    return nil
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
    static let addressShape = warning(
        "fault.address",
        "RFC 7622 section 3",
        "An address is not of the form local@domain/resource: a part is empty or too long, or has a letter that may not stand in it."
    )

    static let partFaults: [FindingCode] = [receiptWithoutID, reactionTwice, chatStates, addressShape]
}
