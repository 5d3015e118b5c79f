import XMLStream
import XMPP

extension Element {
    /// True for an answer to a request (RFC 6120 section 8.2.3).
    public var isAnswer: Bool { self["type"] == "result" || self["type"] == "error" }

    /// The text without the white space around it.
    public var trimmedText: String {
        let text = self.text
        guard let start = text.firstIndex(where: { !$0.isWhitespace }),
            let end = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[start...end])
    }

    /// The element in a few words, safe for a terminal: `<iq type="error"> with <error type="cancel"> (conflict)`.
    public var summary: String {
        var text = "<\(name.shown(limit: 60))"
        if let type = self["type"] { text += " type=\(type.quoted(limit: 40))" }
        let content = trimmedText
        if let identity, identity != self["type"], identity != content { text += " \(identity.quoted(limit: 60))" }
        text += ">"
        if let condition = errorCondition { return text + " (\(condition))" }
        let inside = children.prefix(4).map { "<\($0.name.shown(limit: 40))>" }
        if !inside.isEmpty { return text + " with \(inside.listed())" + (children.count > 4 ? " and more" : "") }
        return content.isEmpty ? text : text + " " + content.quoted(limit: 60)
    }

    /// The condition of a stanza, stream, SASL or STARTTLS error; nil if the element is no error.
    public var errorCondition: String? {
        if name == "iq" || name == "message" || name == "presence" {
            guard self["type"] == "error" else { return nil }
            return (child("error")?.errorCondition).map { $0.shown(limit: 60) }
        }
        guard name == "error" || name == "failure" else { return nil }
        return children.first { $0.name != "text" && $0.namespace != NS.client }?.name.shown(limit: 60)
    }
}
