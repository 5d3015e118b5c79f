import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Setting what a device does (XEP-0325).
    static let control: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0325", "Internet of Things - Control", ["urn:xmpp:iot:control"])
        entry.secrets = ["serviceToken", "deviceToken", "userToken"].map {
            .attribute($0, of: nil, "urn:xmpp:iot:control")
        }
        entry.conditions = ["paramError": "a parameter is not valid"]
        entry.tellsThings(tellControl)
        return entry
    }()
}

private func tellControl(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.asked ?? exchange.element
    switch exchange.turn {
    case .set, .get, .message:
        switch element.name {
        case "set":
            let values = element.children.filter { !["node", "x"].contains($0.name) }.map { parameter in
                "\(parameter["name"]?.nonEmpty?.shown(limit: 40) ?? "a parameter without a name") to \((parameter["value"] ?? "").quoted(limit: 40))"
            }
            let form = FormWords(in: element)?.filled ?? ""
            let what = values.isEmpty ? (form.isEmpty ? "nothing" : form) : Say.some(values)
            return Telling(
                "\(exchange.who) sets at \(exchange.whom)\(ThingsWords.nodes(element)): \(what)\(scene.cite("XEP-0325"))."
            )
        case "getForm":
            return Telling(
                "\(exchange.who) asks \(exchange.whom) what can be set\(ThingsWords.nodes(element))\(scene.cite("XEP-0325"))."
            )
        default: return nil
        }
    case .result:
        if element.name == "getForm" {
            return FormWords(in: exchange.stanza).map { Telling("\(exchange.who) answers with \($0.asks), to be set.") }
        }
        let part = exchange.answer.map(ThingsWords.only) ?? ""
        return Telling("\(exchange.who) has set what was asked for\(part).")
    case .refusal(let error):
        let detail =
            error.special.map { special in
                "\(special["var"]?.nonEmpty.map { " It is about \($0.quoted(limit: 40))" } ?? "")\(Say.quote(special.text))"
            } ?? ""
        return exchange.refused(
            element.name == "getForm" ? "to say what can be set" : "to set it",
            error,
            remedy: detail.isEmpty ? "" : "\(detail.hasPrefix(": ") ? " It says\(detail)" : detail)."
        )
    case .presence: return nil
    }
}
