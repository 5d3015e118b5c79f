import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Reports of abuse between servers (XEP-0268).
    static let incidents: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0268", "Incident Handling", ["urn:xmpp:incident:2"])
        entry.tells(tellIncident)
        return entry
    }()
}

private func tellIncident(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.asked ?? exchange.element
    let incident = element.child("Incident")
    let id = incident?.child("IncidentID")?.text.trimmed.nonEmpty.map { " \($0.shown(limit: 60))" } ?? ""
    let says = Say.quote(incident?.child("Description")?.text)
    switch exchange.turn {
    case .set, .get:
        let what: String
        switch element.name {
        case "report": what = "reports the incident\(id) to \(exchange.whom)"
        case "inquiry": what = "asks \(exchange.whom) about the incident\(id)"
        case "request": what = "asks \(exchange.whom) for help with the incident\(id)"
        case "response": what = "answers \(exchange.whom) about the incident\(id)"
        default: return nil
        }
        return Telling("\(exchange.who) \(what)\(says)\(scene.cite("XEP-0268")).".collapsingStops)
    case .result: return exchange.asked.map { _ in Telling("\(exchange.who) has taken note of the incident\(id).") }
    case .refusal(let error): return exchange.refused("what was said about the incident\(id)", error)
    case .message, .presence: return nil
    }
}
