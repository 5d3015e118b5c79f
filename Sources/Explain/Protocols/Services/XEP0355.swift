import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// A server hands namespaces over to a component (XEP-0355).
    static let delegation: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0355",
            "Namespace Delegation",
            ["urn:xmpp:delegation:2", "urn:xmpp:delegation:1"]
        )
        entry.tells(tellDelegation)
        return entry
    }()

    /// A component that may act in the name of users (XEP-0356).
    static let privilege: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0356", "Privileged Entity", ["urn:xmpp:privilege:2", "urn:xmpp:privilege:1"])
        entry.tells(tellPrivilege)
        return entry
    }()
}

/// The stanza within, in short: `an iq of type set from juliet@capulet.lit/balcony about Publish-Subscribe`.
private func shown(_ stanza: Element?) -> String {
    guard let stanza else { return "nothing" }
    let name =
        stanza.name == "iq"
        ? "an iq"
        : stanza.name == "message"
            ? "a message" : stanza.name == "presence" ? "presence" : "<\(stanza.name.shown(limit: 40))/>"
    let type = stanza["type"]?.nonEmpty.map { " of type \($0.shown(limit: 20))" } ?? ""
    let from = stanza["from"]?.nonEmpty.map { " from \($0.shown(limit: 100))" } ?? ""
    let to = stanza["to"]?.nonEmpty.map { " to \($0.shown(limit: 100))" } ?? ""
    let about = stanza.firstChild { $0.namespace != stanza.namespace }.map { " about \(Say.title($0.namespace))" } ?? ""
    return name + type + from + to + about
}

private func forwarded(_ element: Element?) -> Element? {
    element?.child("forwarded")?.firstChild { $0.name != "delay" }
}

private func tellDelegation(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.element
    switch exchange.turn {
    case .message:
        let names = element.children.filter { $0.name == "delegated" }.map { Say.title($0["namespace"] ?? "") }
        let of = element["to"]?.nonEmpty.map { " of \($0.shown(limit: 100))" } ?? ""
        return Telling(
            "\(exchange.who) hands over to \(exchange.whom) what is asked about \(names.isEmpty ? "nothing" : Say.some(names))\(of)\(scene.cite("XEP-0355"))."
        )
    case .get, .set:
        if element.name == "query" {
            let names = element.children.filter { $0.name == "delegate" }.map { Say.title($0["namespace"] ?? "") }
            return Telling(
                "\(exchange.who) asks to be handed over \(names.isEmpty ? "nothing" : Say.some(names)) of \(element["to"]?.nonEmpty?.shown(limit: 100) ?? "somebody unnamed")\(scene.cite("XEP-0355"))."
            )
        }
        return Telling(
            "\(exchange.who) hands over to \(exchange.whom) \(shown(forwarded(element))), to be answered in its place\(scene.cite("XEP-0355"))."
        )
    case .result:
        guard let answer = exchange.answer else { return nil }
        return Telling("\(exchange.who) answers in the place of \(exchange.whom): \(shown(forwarded(answer))).")
    case .refusal(let error): return exchange.refused("what was handed over", error)
    case .presence: return nil
    }
}

private func tellPrivilege(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.element
    switch exchange.turn {
    case .message:
        if let stanza = forwarded(element) {
            return Telling(
                "\(exchange.who) sends in the name of \(stanza["from"]?.nonEmpty?.shown(limit: 100) ?? "somebody"): \(shown(stanza))\(scene.cite("XEP-0356"))."
            )
        }
        let rights = element.children.filter { $0.name == "perm" }.map(right)
        return Telling(
            "\(exchange.who) gives \(exchange.whom) rights: \(rights.isEmpty ? "none" : Say.some(rights))\(scene.cite("XEP-0356"))."
        )
    case .get, .set:
        return Telling(
            "\(exchange.who) acts in the name of \(exchange.whom): \(shown(element.firstChild()))\(scene.cite("XEP-0356"))."
        )
    case .result:
        guard let answer = exchange.answer else { return nil }
        return Telling("\(exchange.who) passes the answer on: \(shown(forwarded(answer) ?? answer.firstChild())).")
    case .refusal(let error): return exchange.refused("what was done in its name", error)
    case .presence: return nil
    }
}

private func right(_ perm: Element) -> String {
    let type = perm["type"] ?? ""
    switch perm["access"] {
    case "roster"?:
        return type == "none"
            ? "none on contact lists"
            : type == "get"
                ? "to read contact lists"
                : type == "set" ? "to change contact lists" : "to read and change contact lists"
    case "message"?: return type == "none" ? "none on messages" : "to send messages in the name of users"
    case "presence"?:
        return type == "roster"
            ? "to see the presence of users and their contacts"
            : type == "none" ? "none on presence" : "to see the presence of users"
    case "iq"?:
        let names = perm.children.filter { $0.name == "namespace" }.map { Say.title($0["ns"] ?? "") }
        return "to send requests in the name of users\(names.isEmpty ? "" : " about \(Say.some(names))")"
    case let other: return "to \(Say.value(other, or: "something without a name"))"
    }
}
