import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// XML-RPC carried by stanzas (XEP-0009).
    static let remoteCalls: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0009", "Jabber-RPC", ["jabber:iq:rpc"])
        entry.tells(tellRemoteCall)
        return entry
    }()
}

private func method(_ query: Element?) -> String {
    Say.value(query?.child("methodCall")?.child("methodName")?.text, or: "a method without a name")
}

/// The values in short, by their kinds where they are not simple.
private func values(_ container: Element?) -> [String] {
    (container?.child("params")?.children ?? []).map { param in
        let value = param.child("value")
        guard let typed = value?.firstChild() else { return (value?.text ?? "").trimmed.quoted(limit: 40) }
        switch typed.name {
        case "i4", "int", "double", "dateTime.iso8601": return typed.text.trimmed.shown(limit: 40)
        case "boolean": return typed.text.trimmed == "1" ? "true" : "false"
        case "string": return typed.text.trimmed.quoted(limit: 40)
        case "base64": return counted(Say.decodedSize(typed.text), "byte")
        case "array": return "an array of \(counted(typed.child("data")?.childCount ?? 0, "value"))"
        case "struct": return "a structure of \(counted(typed.childCount, "value"))"
        default: return "a value of the type \(typed.name.shown(limit: 20))"
        }
    }
}

private func tellRemoteCall(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    switch exchange.turn {
    case .set, .get:
        let values = values(exchange.child("methodCall"))
        let with = values.isEmpty ? "without parameters" : "with \(Say.some(values))"
        return Telling(
            "\(exchange.who) calls the method \(method(exchange.element)) of \(exchange.whom) \(with)\(scene.cite("XEP-0009"))."
        )
    case .result:
        guard let response = exchange.answer?.child("methodResponse") else { return nil }
        let name = exchange.asked.map { method($0) } ?? "a method"
        if let fault = response.child("fault") {
            return Telling("\(exchange.who) answers that \(name) failed\(reason(fault)).".collapsingStops)
        }
        let values = values(response)
        return Telling("\(exchange.who) answers \(name) with \(values.isEmpty ? "nothing" : Say.some(values)).")
    case .refusal(let error):
        return exchange.refused("to run \(exchange.asked.map { method($0) } ?? "a method")", error)
    case .message, .presence: return nil
    }
}

private func reason(_ fault: Element) -> String {
    let members = fault.child("value")?.child("struct")?.children ?? []
    func value(_ name: String) -> String? {
        let value = members.first { $0.child("name")?.text.trimmed == name }?.child("value")
        return (value?.firstChild()?.text ?? value?.text)?.trimmed.nonEmpty
    }
    return Say.quote(value("faultString")) + (value("faultCode").map { " (code \($0.shown(limit: 20)))" } ?? "")
}
