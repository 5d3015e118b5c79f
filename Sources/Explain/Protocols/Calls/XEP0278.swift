import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Relays for calls behind a NAT (XEP-0278).
    static let relayNodes: ProtocolEntry = {
        let namespace = "http://jabber.org/protocol/jinglenodes"
        let credentials = namespace + "#turncredentials"
        var entry = ProtocolEntry("XEP-0278", "Jingle Relay Nodes", [namespace, namespace + "#channel", credentials])
        entry.secrets = [.attribute("password", of: "turn", nil)]
        entry.tells(tellRelays)
        return entry
    }()
}

private func tellRelays(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.asked ?? exchange.element
    let by = element["protocol"]?.nonEmpty.map { " by \($0.uppercased().shown(limit: 10))" } ?? ""
    let noun: String
    switch element.name {
    case "services": noun = "relays for calls"
    case "channel": noun = "a channel through its relay\(by)"
    case "turn": noun = "credentials for TURN\(by)"
    default: return nil
    }
    switch exchange.turn {
    case .get, .set: return Telling("\(exchange.who) asks \(exchange.whom) for \(noun)\(scene.cite("XEP-0278")).")
    case .result: return exchange.answer.map { Telling("\(exchange.who) \(given($0)).") }
    case .refusal(let error): return exchange.refused(noun, error)
    case .message, .presence: return nil
    }
}

/// What is given, behind who gives it. The answers of XEP-0278's examples have no namespace of their own.
private func given(_ answer: Element) -> String {
    let lasts = (answer["expire"] ?? answer["ttl"])?.nonEmpty.map { ", for \(Say.number($0)) seconds" } ?? ""
    switch answer.name {
    case "channel":
        let host = answer["host"]?.nonEmpty?.shown(limit: 60) ?? "an address that is missing"
        let ports = ["localport", "remoteport"].compactMap { answer[$0]?.nonEmpty?.shown(limit: 10) }
        return "gives a channel through its relay at \(host)\(ports.isEmpty ? "" : ", ports \(ports.listed())")\(lasts)"
    case "turn": return "gives credentials for \(answer["uri"]?.nonEmpty?.shown(limit: 100) ?? "TURN")\(lasts)"
    default:
        let nodes = answer.children.map { node -> String in
            let kind = ["stun", "turn"].contains(node.name) ? node.name.uppercased() : node.name.shown(limit: 20)
            let port = node["port"]?.nonEmpty.map { ":\($0.shown(limit: 10))" } ?? ""
            return "\(kind) at \(node["address"]?.nonEmpty?.shown(limit: 80) ?? "an address that is missing")\(port)"
        }
        return nodes.isEmpty ? "names no relay for calls" : "names what it knows for calls: \(Say.some(nodes))"
    }
}
