import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Credentials of relays for calls (XEP-0215).
    static let externalServices: ProtocolEntry = {
        let both = ["urn:xmpp:extdisco:2", "urn:xmpp:extdisco:1"]
        var entry = ProtocolEntry("XEP-0215", "External Service Discovery", both)
        entry.secrets = both.flatMap { [.attribute("username", of: nil, $0), .attribute("password", of: nil, $0)] }
        entry.volatile = both.flatMap {
            [
                .attribute("username", of: nil, $0), .attribute("password", of: nil, $0),
                .attribute("expires", of: nil, $0),
            ]
        }
        entry.tells(tellExternalServices)
        return entry
    }()
}

private func tellExternalServices(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let type = exchange.asked?["type"] ?? exchange.element["type"]
    let kind =
        type?.nonEmpty.map { "\(protocolWord($0)) services" }
        ?? "external services, such as STUN and TURN"
    switch exchange.turn {
    case .get:
        if exchange.element.name == "credentials" {
            let service = exchange.child("service").map(shortName) ?? "a service"
            return Telling(
                "\(exchange.who) asks \(exchange.whom) for credentials for \(service)\(scene.cite("XEP-0215"))."
            )
        }
        return Telling("\(exchange.who) asks \(exchange.whom) for its \(kind)\(scene.cite("XEP-0215")).")
    case .set:
        return Telling(
            "\(exchange.who) tells \(exchange.whom) of changed external services: \(listed(exchange.element, isPush: true))\(scene.cite("XEP-0215"))."
        )
    case .result:
        guard let answer = exchange.answer else {
            return exchange.packet.direction == .clientToServer
                ? Telling("\(exchange.who) has noted the changed services.") : nil
        }
        if answer.name == "credentials" {
            return Telling("\(exchange.who) gives credentials: \(listed(answer, isPush: false)).")
        }
        let count = answer.children.count { $0.name == "service" }
        if count == 0 { return Telling("\(exchange.who) has no \(kind).") }
        return Telling("\(exchange.who) names \(counted(count, "external service")): \(listed(answer, isPush: false)).")
    case .refusal(let error):
        return exchange.refused(
            exchange.asked?.name == "credentials"
                ? "credentials for an external service" : "the list of its external services",
            error
        )
    case .message, .presence: return nil
    }
}

private func listed(_ services: Element, isPush: Bool) -> String {
    let list = services.children.filter { $0.name == "service" }.map { told($0, isPush: isPush) }
    return list.isEmpty ? "none" : Say.some(list)
}

/// `TURN at turn.example:3478 (UDP, with credentials until 2026-03-01 16:00 UTC)`.
private func told(_ service: Element, isPush: Bool) -> String {
    var facts = [service["transport"]?.nonEmpty?.uppercased().shown(limit: 10)].compactMap { $0 }
    if service["username"] != nil || service["password"] != nil { facts.append("with credentials") }
    if let expires = service["expires"]?.nonEmpty { facts.append("until \(Say.time(expires))") }
    if service["restricted"] == "1" || service["restricted"] == "true", service["password"] == nil {
        facts.append("with credentials that must be asked for")
    }
    let action: String
    switch service["action"] {
    case _ where !isPush: action = ""
    case "delete"?, "remove"?: action = "no longer "
    case "modify"?: action = "changed "
    default: action = "new "
    }
    return action + shortName(service) + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
}

private func shortName(_ service: Element) -> String {
    let type = service["type"]?.nonEmpty.map(protocolWord) ?? "a service"
    let host = service["host"]?.nonEmpty?.shown(limit: 80) ?? "an unnamed host"
    let isV6 = host.utf8.contains(UInt8(ascii: ":"))
    return "\(type) at \(isV6 ? "[\(host)]" : host)\(service["port"]?.nonEmpty.map { ":\($0.shown(limit: 10))" } ?? "")"
}

private func protocolWord(_ type: String) -> String {
    ["stun", "stuns", "turn", "turns", "ftp"].contains(type) ? type.uppercased() : type.shown(limit: 30)
}
