import XMLStream
import XMPP

extension ProtocolEntry {
    /// Replies (XEP-0461).
    static let replies: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0461", "Message Replies", ["urn:xmpp:reply:0"])
        entry.part = addReply
        return entry
    }()

    /// Texts for programs that do not know better (XEP-0428).
    static let fallback: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0428", "Fallback Indication", ["urn:xmpp:fallback:0"])
        entry.part = addFallback
        return entry
    }()
}

private func addReply(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    guard element.name == "reply" else {
        parts.others.append(element)
        return
    }
    let id = element["id"]
    let isKnown = scene.messages.find(id, in: parts.frame.conversation) != nil
    let author = isKnown ? nil : element["to"].flatMap(\.nonEmpty).map { " of \($0.shown(limit: 100))" }
    let meant = parts.meant(id, scene) + (id?.isEmpty == false ? author ?? "" : "")
    parts.deeds.append(.init(rank: 3, verb: "replies to \(meant)", glue: "", reference: "XEP-0461"))
}

private func addFallback(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    guard element.name == "fallback" else { return }
    let bodies = element.children.filter { $0.name == "body" }
    let isWhole = element.childCount == 0 || bodies.contains { $0["start"] == nil && $0["end"] == nil }
    if isWhole {
        parts.isStopgap = true
        return
    }
    // The whole text may be named by its length; what is left of it is told.
    for body in bodies.prefix(20) {
        let start = body["start"].flatMap { Int($0) } ?? 0
        let end = body["end"].flatMap { Int($0) } ?? Int.max
        if start >= 0, end > start { parts.cuts.append(start..<end) }
    }
}
