import XMLStream
import XMPP

extension ProtocolEntry {
    /// Instant stream resumption (XEP-0397).
    static let instantResumption: ProtocolEntry = {
        let namespace = InstantResumption.namespace
        var entry = ProtocolEntry("XEP-0397", "Instant Stream Resumption", [namespace])
        entry.secrets = [.attribute("token", of: nil, namespace), .attribute("key", of: nil, namespace)]
        entry.topic = { _ in "resuming at once (XEP-0397)" }
        return entry
    }()
}

enum InstantResumption {
    static let namespace = "https://xmpp.org/extensions/isr/0"

    /// What `<enable/>` of stream management asks for besides, a sentence with a blank before it; or nothing.
    static func asked(_ enable: Element) -> String {
        guard let wish = enable.child("isr-enable", namespace) else { return "" }
        let by = wish["mechanism"]?.nonEmpty.map { ", by \($0.shown(limit: 40))" } ?? ""
        return " It also asks for a token by which it can resume without a whole login\(by) (XEP-0397)."
    }

    /// Where the client shall resume at once, if that is somewhere else.
    static func location(_ enabled: Element) -> String? {
        enabled.child("isr-enabled", namespace)?["location"]?.nonEmpty
    }

    /// What `<enabled/>` gives besides.
    static func given(_ enabled: Element) -> String {
        guard let answer = enabled.child("isr-enabled", namespace) else { return "" }
        let place = answer["location"]?.nonEmpty.map { " at \($0.shown(limit: 100))" } ?? ""
        return " It gives a token by which the client can resume\(place) without a whole login (XEP-0397)."
    }
}
