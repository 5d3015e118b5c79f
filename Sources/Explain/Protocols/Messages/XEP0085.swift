import XMLStream
import XMPP

extension ProtocolEntry {
    /// Who is typing (XEP-0085).
    static let chatStates: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0085", "Chat State Notifications", ["http://jabber.org/protocol/chatstates"])
        entry.part = addChatState
        return entry
    }()
}

private func addChatState(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    let verb: String
    switch element.name {
    case "composing": verb = "is typing"
    case "paused": verb = "has stopped typing"
    case "active": verb = "is paying attention to the conversation"
    case "inactive": verb = "is not paying attention to the conversation for now"
    case "gone": verb = "has left the conversation"
    default:
        parts.others.append(element)
        return
    }
    // Whoever writes or acknowledges something is active anyway, and has just stopped typing.
    let isAlone = parts.message.childCount == 1 || !parts.hasMore(than: element)
    guard isAlone || element.name == "gone" else { return }
    parts.deeds.append(.init(rank: 20, verb: verb, isClaim: true, reference: "XEP-0085"))
}

extension MessageParts {
    /// True if the message carries something else than that, its thread and hints.
    fileprivate func hasMore(than element: Element) -> Bool {
        message.firstChild {
            $0.namespace != element.namespace && $0.namespace != "urn:xmpp:hints" && $0.namespace != MessageNS.stanzaIDs
                && $0.name != "thread" && $0.namespace != NS.delay && $0.namespace != NS.mucUser
        } != nil
    }
}
