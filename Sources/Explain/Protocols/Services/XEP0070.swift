import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Asking a user whether it was they who want something by HTTP (XEP-0070).
    static let httpConfirmation: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0070",
            "Verifying HTTP Requests via XMPP",
            ["http://jabber.org/protocol/http-auth"]
        )
        entry.tells(tellConfirmation)
        return entry
    }()
}

private func what(_ confirm: Element) -> String {
    let method = confirm["method"]?.nonEmpty?.shown(limit: 20) ?? "a request without a method"
    let url = confirm["url"]?.nonEmpty?.shown(limit: 200) ?? "an address that is missing"
    return "\(method) of \(url)"
}

private func tellConfirmation(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let confirm = exchange.asked ?? exchange.element
    guard confirm.name == "confirm" else { return nil }
    let code = confirm["id"]?.nonEmpty.map { ", code \($0.shown(limit: 60))" } ?? ""
    switch exchange.turn {
    case .get, .set:
        return Telling(
            "\(exchange.who) asks whether it is \(exchange.whom) who wants this by HTTP: \(what(confirm))\(code)\(scene.cite("XEP-0070"))."
        )
    case .message:
        // Who asks adds words for people, who answers repeats the question.
        let asks = exchange.stanza.child("body", exchange.stanza.namespace) != nil
        return Telling(
            asks
                ? "\(exchange.who) asks whether it is \(exchange.whom) who wants this by HTTP: \(what(confirm))\(code)\(scene.cite("XEP-0070"))."
                : "\(exchange.who) confirms to \(exchange.whom) the request by HTTP: \(what(confirm))\(code)\(scene.cite("XEP-0070"))."
        )
    case .result:
        return Telling("\(exchange.who) confirms that the request by HTTP is its own: \(what(confirm)).")
    case .refusal(let error):
        if error.known == .notAuthorized || error.legacyCode == 401 {
            return Telling(
                "\(exchange.who) denies that the request by HTTP is its own: \(what(confirm)).\(error.says)"
                    .collapsingStops,
                error.findings
            )
        }
        return exchange.refused("to confirm the request by HTTP", error)
    case .presence: return nil
    }
}
