import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Styles by signs in the text (XEP-0393).
    static let styling = remark("XEP-0393", "Message Styling", ["urn:xmpp:styling:0"]) { element, _ in
        element.name == "unstyled" ? "Signs in its text such as * and _ are not to be taken for styles" : nil
    }

    /// Styles beside the text (XEP-0394).
    static let markup = remark("XEP-0394", "Message Markup", ["urn:xmpp:markup:0"]) { element, _ in
        var names: [String] = []
        for child in element.children.prefix(20) {
            let styles = child.name == "span" ? child.children.map(\.name) : [child.name]
            for style in styles {
                let name = markupNames[style] ?? "<\(style.shown(limit: 40))/>"
                if !names.contains(name) { names.append(name) }
            }
        }
        return names.isEmpty ? nil : "Its text is marked up: \(names.prefix(5).map { $0 }.listed())"
    }

    /// Styles by HTML (XEP-0071).
    static let formattedText = remark("XEP-0071", "XHTML-IM", ["http://jabber.org/protocol/xhtml-im"]) {
        element,
        parts in
        guard element.name == "html" else { return nil }
        let hasText = parts.message.child("body", parts.message.namespace) != nil
        let text = element.child("body").map { allText($0, limit: 400) }?.trimmed ?? ""
        if hasText { return "The same comes formatted, as HTML" }
        return text.isEmpty
            ? "It carries formatted text as HTML" : "It carries formatted text as HTML only: \(text.quoted(limit: 120))"
    }

    /// Texts to be hidden at first (XEP-0382).
    static let spoilers = remark("XEP-0382", "Spoiler messages", ["urn:xmpp:spoiler:0"]) { element, parts in
        guard element.name == "spoiler", parts.remarks.allSatisfy({ !$0.contains("spoiler") }) else { return nil }
        let hint = element.text.trimmed
        let text = hint.isEmpty ? "" : ", with the hint \(hint.quoted(limit: 80))"
        return "It is a spoiler, to be hidden until the reader wants to see it\(text)"
    }

    /// Of what kind a text is (XEP-0481).
    static let contentTypes = remark("XEP-0481", "Content Types in Messages", ["urn:xmpp:content"]) { element, _ in
        guard element.name == "content", let type = element["type"]?.nonEmpty else { return nil }
        return element.text.trimmed.isEmpty
            ? "Its text is \(type.shown(limit: 60))" : "The same comes as \(type.shown(limit: 60))"
    }

    /// Labels that say who may see something (XEP-0258).
    static let securityLabels: ProtocolEntry = {
        var entry = remark(
            "XEP-0258",
            "Security Labels in XMPP",
            ["urn:xmpp:sec-label:0", "urn:xmpp:sec-label:catalog:2"]
        ) { element, _ in
            guard element.name == "securitylabel" else { return nil }
            let marking = element.child("displaymarking")?.text.trimmed ?? ""
            return marking.isEmpty ? "It bears a security label" : "Its security label is \(marking.quoted(limit: 60))"
        }
        entry.teller = { StatelessTeller(body: tellLabels) }
        return entry
    }()

    /// Header lines as of mails (XEP-0131).
    static let headers = remark("XEP-0131", "Stanza Headers and Internet Metadata", ["http://jabber.org/protocol/shim"])
    { element, _ in
        let headers = element.children.filter { $0.name == "header" }.compactMap { header in
            header["name"].map { "\($0.shown(limit: 40)): \(header.text.trimmed.shown(limit: 80))" }
        }
        guard !headers.isEmpty else { return nil }
        let shown = headers.count > 3 ? headers.prefix(3) + ["\(headers.count - 3) more"] : headers
        return "\(headers.count == 1 ? "Its header" : "Its headers"): \(shown.joined(separator: "; "))"
    }

    /// Messages that are to vanish (XEP-0466).
    static let ephemeral: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0466", "Ephemeral Messages", ["urn:xmpp:ephemeral:0"])
        entry.part = { element, parts, scene in
            guard element.name == "ephemeral", let timer = element["timer"].flatMap({ Int($0) }), timer >= 0 else {
                return
            }
            if parts.message.child("body", parts.message.namespace) == nil {
                let verb =
                    timer == 0
                    ? "wants messages to be kept from now on"
                    : "wants messages to vanish after \(spanOfSeconds(timer)) from now on"
                parts.deeds.append(.init(rank: 6, verb: verb, reference: "XEP-0466"))
            } else if timer > 0 {
                parts.remarks.append("It is to be deleted after \(spanOfSeconds(timer))\(scene.cite("XEP-0466")).")
            }
        }
        return entry
    }()

    /// A protocol that adds a sentence to a message, without its full stop.
    static func remark(
        _ reference: String,
        _ title: String,
        _ namespaces: [String],
        _ words: @escaping @Sendable (Element, MessageParts) -> String?
    ) -> ProtocolEntry {
        var entry = ProtocolEntry(reference, title, namespaces)
        entry.part = { element, parts, scene in
            guard let text = words(element, parts) else { return }
            parts.remarks.append("\(text)\(scene.cite(reference)).")
        }
        return entry
    }
}

private let markupNames = [
    "emphasis": "emphasis", "strong": "strong emphasis", "code": "code", "deleted": "deleted text",
    "bcode": "a block of code", "list": "a list", "bquote": "a quotation",
]

/// All text in an element and what it holds.
private func allText(_ element: Element, limit: Int) -> String {
    var text = ""
    for node in element.nodes where text.utf8.count < limit {
        switch node {
        case .text(let piece): text += piece
        case .element(let child): text += allText(child, limit: limit - text.utf8.count)
        }
    }
    return text
}

/// `7 days`, `90 s`.
private func spanOfSeconds(_ seconds: Int) -> String {
    for (length, unit) in [(86_400, "day"), (3600, "hour"), (60, "minute")]
    where seconds >= length && seconds % length == 0 {
        return counted(seconds / length, unit)
    }
    return "\(seconds) s"
}

/// The catalog of labels that may be put on what goes to somebody (XEP-0258 section 4).
private func tellLabels(_ catalog: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element, catalog.name == "catalog" else { return nil }
    let speaker = scene.speaker(of: iq, in: packet).start
    let target = catalog["to"]?.nonEmpty.map { " for what goes to \($0.shown(limit: 100))" } ?? ""
    switch place {
    case .request:
        let whom = scene.addressee(of: iq, in: packet).name
        return Telling("\(speaker) asks \(whom) which security labels there are\(target)\(scene.cite("XEP-0258")).")
    case .answer:
        guard iq["type"] == "result" else { return nil }
        let labels = catalog.children.filter { $0.name == "item" }.compactMap { item in
            (item["selector"] ?? item.child("securitylabel")?.child("displaymarking")?.text.trimmed)?.nonEmpty?.quoted(
                limit: 40
            )
        }
        guard !labels.isEmpty else { return Telling("\(speaker) names no security labels\(target).") }
        let shown = labels.count > 4 ? labels.prefix(3) + ["\(labels.count - 3) more"] : labels
        return Telling("\(speaker) names \(counted(labels.count, "security label"))\(target): \(shown.listed()).")
    case .nonza, .message, .presence: return nil
    }
}
