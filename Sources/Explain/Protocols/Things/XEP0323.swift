import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// What sensors measure (XEP-0323).
    static let sensorData: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0323", "Internet of Things - Sensor Data", ["urn:xmpp:iot:sensordata"])
        entry.secrets = ["serviceToken", "deviceToken", "userToken"].map {
            .attribute($0, of: nil, "urn:xmpp:iot:sensordata")
        }
        entry.tellsThings(tellSensorData)
        return entry
    }()
}

private let kinds = [
    "momentary": "momentary values", "historical": "historical values", "all": "all values", "peaks": "peak values",
    "status": "status values", "computed": "computed values", "identity": "values that identify it",
]

/// ` (request 4)`.
private func number(_ element: Element) -> String {
    element["seqnr"]?.nonEmpty.map { " (request \($0.shown(limit: 20)))" } ?? ""
}

private func isTrue(_ value: String?) -> Bool { value == "true" || value == "1" }

private func tellSensorData(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.element
    switch exchange.turn {
    case .get, .set:
        if element.name == "cancel" {
            return Telling("\(exchange.who) calls off the read-out at \(exchange.whom)\(number(element)).")
        }
        guard element.name == "req" else { return nil }
        return Telling(
            "\(exchange.who) asks \(exchange.whom) for \(wanted(element))\(number(element))\(scene.cite("XEP-0323"))."
        )
    case .result: return tellAnswer(exchange)
    case .refusal(let error):
        return exchange.refused("the read-out\(exchange.asked.map(number) ?? "")", error)
    case .message: return tellNews(exchange, &scene)
    case .presence: return nil
    }
}

private func wanted(_ request: Element) -> String {
    let fields = request.children.filter { $0.name == "field" }.compactMap { $0["name"]?.nonEmpty?.quoted(limit: 40) }
    let nodes = request.children.filter { $0.name == "node" }.compactMap { $0["nodeId"]?.nonEmpty?.quoted(limit: 40) }
    let asked = kinds.keys.sorted().filter { isTrue(request[$0]) }.compactMap { kinds[$0] }
    var text = asked.isEmpty ? "its values" : Say.some(asked)
    if !fields.isEmpty { text += " of \(Say.some(fields))" }
    if !nodes.isEmpty { text += " at the node\(nodes.count == 1 ? "" : "s") \(Say.some(nodes))" }
    if let time = request["when"]?.nonEmpty { text += ", to be read at \(time.shown(limit: 40))" }
    return text
}

private func tellAnswer(_ exchange: Exchange) -> Telling? {
    guard let answer = exchange.answer else { return nil }
    switch answer.name {
    case "accepted":
        let later = isTrue(answer["queued"]) ? ", but not at once" : ""
        return Telling(
            "\(exchange.who) will read out what was asked for\(number(answer))\(later); the values come in messages."
        )
    case "cancelled": return Telling("\(exchange.who) has called off the read-out\(number(answer)).")
    default: return nil
    }
}

private func tellNews(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.element
    switch element.name {
    case "started": return Telling("\(exchange.who) begins the read-out\(number(element)).")
    case "done": return Telling("\(exchange.who) has sent all values\(number(element)).")
    case "failure":
        let errors = element.children.filter { $0.name == "error" }.compactMap {
            $0.text.trimmed.nonEmpty?.quoted(limit: 80)
        }
        return Telling(
            "\(exchange.who) could not read out all values\(number(element))\(errors.isEmpty ? "" : ": \(Say.some(errors))")."
                .collapsingStops
        )
    case "fields":
        let values = element.children.filter { $0.name == "node" }.flatMap(\.children).filter { $0.name == "timestamp" }
            .flatMap(\.children).map(shown)
        let end = isTrue(element["done"]) ? " That is all." : ""
        let told = values.isEmpty ? "no values" : "\(counted(values.count, "value")): \(Say.some(values))"
        return Telling(
            "\(exchange.who) sends \(exchange.whom) \(told)\(number(element))\(scene.cite("XEP-0323")).\(end)"
        )
    default: return nil
    }
}

/// `Temperature 23.4 °C`.
private func shown(_ field: Element) -> String {
    let name = field["name"]?.nonEmpty?.shown(limit: 40) ?? "a value without a name"
    let value = field["value"]?.nonEmpty.map { " \($0.shown(limit: 40))" } ?? ""
    return name + value + (field["unit"]?.nonEmpty.map { " \($0.shown(limit: 10))" } ?? "")
}
