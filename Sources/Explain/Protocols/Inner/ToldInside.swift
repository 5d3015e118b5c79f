import XMLStream
import XMPP

/// What elements add that stand deeper than the payload of a stanza, or than the children of anything else: sentences with a blank before each.
///
/// What stands in a message within a message is told with that one.
func toldInside(_ packet: Element, _ scene: inout Scene) -> String {
    if NS.stanzas.contains(packet.namespace), packet["type"] == "error" { return "" }
    var walk = InnerWalk()
    for case .element(let child) in packet.nodes { walk.visit(childrenOf: child, depth: 1) }
    return walk.told(&scene)
}

/// Gathers what inner elements say, in their order and each only once.
private struct InnerWalk {
    /// Whoever nests more than that gets no more words.
    private static let limits = (elements: 400, depth: 8, sentences: 2)

    private var visited = 0
    private var sentences: [(text: String, reference: String)] = []
    private var things: [(text: String, reference: String)] = []

    mutating func visit(childrenOf parent: Element, depth: Int) {
        guard depth <= Self.limits.depth else { return }
        for case .element(let child) in parent.nodes {
            visited += 1
            guard visited <= Self.limits.elements else { return }
            if NS.stanzas.contains(child.namespace), ["message", "presence", "iq"].contains(child.name) { continue }
            if child.namespace != parent.namespace { read(child) }
            visit(childrenOf: child, depth: depth + 1)
        }
    }

    private mutating func read(_ element: Element) {
        guard let (inner, reference) = ProtocolTable.inner(of: element.namespace) else { return }
        switch inner {
        case .told: return
        case .sentence(let sentence):
            guard sentences.count < Self.limits.sentences, let text = sentence(element) else { return }
            if !sentences.contains(where: { $0.text == text }) { sentences.append((text, reference)) }
        case .things(let words):
            if !things.contains(where: { $0.text == words }) { things.append((words, reference)) }
        }
    }

    /// All of it; empty for nothing.
    func told(_ scene: inout Scene) -> String {
        var text = ""
        for sentence in sentences { text += " \(sentence.text)\(scene.cite(sentence.reference))." }
        guard !things.isEmpty else { return text }
        let named = things.map { $0.text + scene.cite($0.reference) }
        return "\(text) With it come \(named.listed())."
    }
}
