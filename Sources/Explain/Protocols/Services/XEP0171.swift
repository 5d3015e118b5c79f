import XMLStream
import XMPP

extension ProtocolEntry {
    /// Translations of messages (XEP-0171): asked for, or made by who sends one.
    static let translation: ProtocolEntry = {
        var entry = told(
            "XEP-0171",
            "Language Translation",
            ["urn:xmpp:langtrans", "urn:xmpp:langtrans:items"],
            [
                Phrase(
                    element: "x",
                    get: "asks {whom} to translate {source}",
                    answer: "translates {source}: {translation}",
                    refused: "to translate {source}"
                ),
                Phrase(
                    element: "query",
                    get: "asks {whom} between which languages it translates",
                    answer: "lists what it translates ({#item})",
                    refused: "to say between which languages it translates"
                ),
            ]
        )
        entry.part = addTranslations
        return entry
    }()

    /// What the page behind a link is about, for those who show it beside the link (XEP-0511).
    static let linkMetadata: ProtocolEntry = remark(
        "XEP-0511",
        "Link Metadata",
        ["http://www.w3.org/1999/02/22-rdf-syntax-ns#"]
    ) { element, _ in
        guard element.name == "Description" else { return nil }
        let page = element.attributes.first { $0.name == "about" }?.value.nonEmpty?.shown(limit: 120)
        let title = element.child("title", "https://ogp.me/ns#")?.text.trimmed.nonEmpty.map {
            ": \($0.quoted(limit: 80))"
        }
        return "It describes \(page ?? "what it links to")\(title ?? "")"
    }
}

private func addTranslations(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    let ways = element.children.filter { $0.name == "translation" }.map { translation in
        let (from, to) = (translation["source_lang"]?.nonEmpty, translation["destination_lang"]?.nonEmpty)
        let engine = translation["engine"]?.nonEmpty.map { " by \($0.shown(limit: 40))" } ?? ""
        return "from \(from?.quoted(limit: 20) ?? "a language") to \(to?.quoted(limit: 20) ?? "another")\(engine)"
    }
    guard !ways.isEmpty else {
        parts.others.append(element)
        return
    }
    parts.remarks.append("It has been translated \(Say.some(ways))\(scene.cite("XEP-0171")).")
}
