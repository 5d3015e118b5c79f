import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Messages within messages (XEP-0297).
    static let forwarding: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0297", "Stanza Forwarding", [MessageNS.forward])
        entry.part = addForwarded
        return entry
    }()

    /// When something was really sent (XEP-0203), which the composer tells.
    static let delay: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0203", "Delayed Delivery", [NS.delay])
        entry.part = { _, _, _ in }
        return entry
    }()

    /// The older form of the same (XEP-0091).
    static let oldDelay: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0091", "Legacy Delayed Delivery", [MessageNS.oldDelay])
        entry.part = { _, _, _ in }
        return entry
    }()
}

private func addForwarded(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    let isCopy = parts.message.firstChild { MessageNS.allCarbons.contains($0.namespace) && $0.name != "private" } != nil
    guard element.name == "forwarded", !isCopy else { return }
    guard let inner = element.forwardedMessage, parts.depth < 2 else {
        parts.deeds.append(.init(rank: 4, verb: "forwards a stanza", reference: "XEP-0297"))
        return
    }
    let time = element.child("delay", NS.delay)?["stamp"].map { " of \(Say.time($0))" } ?? ""
    let told = scene.tellCopy(inner, delay: nil, nil, &parts)
    parts.remarks.append("It forwards a message\(time)\(scene.cite("XEP-0297")): \(told.asClause)")
    if parts.message.child("body", parts.message.namespace) == nil, parts.deeds.isEmpty {
        parts.whole = "\(parts.frame.noun)."
    }
}

extension Element {
    /// The message in a `<forwarded/>`.
    var forwardedMessage: Element? {
        firstChild { $0.name == "message" && NS.stanzas.contains($0.namespace) } ?? child("message")
    }
}

extension Scene {
    /// A message within another one, in sentences.
    ///
    /// - Parameter archiveID: its id in the archive that it comes from; nil if it cannot be trusted, and is not to be remembered.
    mutating func tellCopy(_ message: Element, delay: Element?, _ archiveID: String?, _ parts: inout MessageParts)
        -> String
    {
        let frame = copiedFrame(message)
        var telling = composeMessage(message, frame, parts.packet, depth: parts.depth + 1, &self)
        if let subject = message.child("subject", message.namespace)?.text, message["type"] == "groupchat",
            message.child("body", message.namespace) == nil
        {
            telling.text = "\(frame.subject) set the room's subject to \(subject.quoted(limit: 80))."
        }
        if let archiveID { remember(copy: message, frame, archiveID: archiveID.nonEmpty, parts.packet) }
        parts.findings += telling.findings
        guard let stamp = delay?["stamp"], archiveID?.isEmpty != false else { return telling.text }
        return "\(telling.text) It was sent at \(Say.time(stamp))."
    }
}

extension String {
    /// A sentence to stand behind a colon.
    var asClause: String {
        hasPrefix("The ") || hasPrefix("A ") || hasPrefix("An ") || hasPrefix("Somebody ")
            ? prefix(1).lowercased() + dropFirst() : self
    }
}
