import XMLStream
import XMPP

extension JingleContent {
    /// What the media show (XEP-0507, RFC 4796), in brackets with a blank before it; empty if that is not said.
    var categories: String {
        let parts = (description?.children ?? []).filter { $0.is("category", "urn:xmpp:jingle:apps:category:0") }
        let names = parts.prefix(5).compactMap { $0["name"]?.nonEmpty }.map(Self.category)
        return names.isEmpty ? "" : " (\(names.listed()))"
    }

    private static func category(_ name: String) -> String {
        switch name {
        case "slides": "slides"
        case "speaker": "the speaker"
        case "sl": "sign language"
        case "main": "the main source"
        case "alt": "an alternative source"
        default: name.quoted(limit: 40)
        }
    }
}
