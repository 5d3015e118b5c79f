import XMLStream
import XMPP

extension ProtocolEntry {
    /// Reactions (XEP-0444).
    static let reactions: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0444", "Message Reactions", ["urn:xmpp:reactions:0"])
        entry.part = addReactions
        return entry
    }()
}

private func addReactions(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    guard element.name == "reactions" else {
        parts.others.append(element)
        return
    }
    let signs = element.children.filter { $0.name == "reaction" }.map { $0.text.trimmed }.filter { !$0.isEmpty }
    let meant = parts.meant(element["id"], scene)
    let listed = Say.some(signs, 5) { $0.shown(limit: 20) }
    let verb = signs.isEmpty ? "takes back all its reactions to \(meant)" : "reacts to \(meant) with \(listed)"
    parts.deeds.append(.init(rank: 4, verb: verb, reference: "XEP-0444"))
}
