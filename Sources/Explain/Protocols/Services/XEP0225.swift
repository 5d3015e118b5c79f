import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Components that log in like clients and serve one or more domains (XEP-0225).
    static let componentBinding: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0225", "Component Connections", ["urn:xmpp:component:0"])
        entry.feature = { _ in .clause("serving domains as a component (XEP-0225)") }
        entry.tells(tellComponentBinding)
        return entry
    }()
}

private func tellComponentBinding(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let asked = exchange.asked ?? exchange.element
    let name = asked.child("hostname")?.text.trimmed.nonEmpty?.shown(limit: 100)
    let host = name ?? "a domain without a name"
    let isBind = asked.name == "bind"
    switch exchange.turn {
    case .set, .get:
        let what = isBind ? "wants to serve the domain \(host)" : "no longer wants to serve the domain \(host)"
        return Telling("\(exchange.who) \(what)\(scene.cite("XEP-0225")).")
    case .result:
        let given = exchange.answer?.child("hostname")?.text.trimmed.nonEmpty?.shown(limit: 100) ?? host
        return Telling(
            isBind
                ? "\(exchange.who) lets \(exchange.whom) serve the domain \(given)."
                : "\(exchange.who) no longer sends \(exchange.whom) what is for the domain \(given)."
        )
    case .refusal(let error):
        let why = error.known == .conflict ? "somebody else serves it already (\(error.name))" : nil
        return exchange.refused(isBind ? "the domain \(host)" : "to take back the domain \(host)", error, why: why)
    case .message, .presence: return nil
    }
}
