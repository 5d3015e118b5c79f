import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Asking somebody to fetch an address (XEP-0066 section 2); an address in a message is told with the message.
    static let outOfBandRequest: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0066", "Out of Band Data", ["jabber:iq:oob"])
        entry.tells(tellOutOfBand)
        return entry
    }()
}

private func tellOutOfBand(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let query = exchange.asked ?? exchange.element
    let url = query.child("url")?.text.trimmed.nonEmpty?.shown(limit: 200)
    switch exchange.turn {
    case .set, .get:
        let what = url ?? "an address that is missing"
        return Telling(
            "\(exchange.who) asks \(exchange.whom) to fetch \(what)\(Say.quote(exchange.text("desc")))\(scene.cite("XEP-0066"))."
                .collapsingStops
        )
    case .result: return Telling("\(exchange.who) has fetched \(url ?? "what it was asked to").")
    case .refusal(let error):
        let what = "to fetch \(url ?? "that address")"
        if error.known == .itemNotFound {
            return Telling(
                "\(exchange.who) could not fetch \(url ?? "that address") (\(error.name)).\(error.says)"
                    .collapsingStops,
                error.findings
            )
        }
        return exchange.refused(what, error)
    case .message, .presence: return nil
    }
}
