import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Certificates by which an account may log in (XEP-0257).
    static let clientCertificates: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0257",
            "Client Certificate Management for SASL EXTERNAL",
            ["urn:xmpp:saslcert:1", "urn:xmpp:saslcert:0"]
        )
        entry.tells(tellCertificates)
        return entry
    }()

    /// Which address the server sees the client at (XEP-0279).
    static let addressCheck: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0279", "Server IP Check", ["urn:xmpp:sic:1", "urn:xmpp:sic:0"])
        entry.tells(tellAddressCheck)
        return entry
    }()

    /// Reports of abuse between servers (XEP-0268).
    static let incidents: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0268", "Incident Handling", ["urn:xmpp:incident:2"])
        entry.tells(tellIncident)
        return entry
    }()

    /// Events that a device logs elsewhere (XEP-0337).
    static let eventLog: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0337", "Event Logging over XMPP", ["urn:xmpp:eventlog"])
        entry.tells(tellEventLog)
        return entry
    }()
}

private func tellCertificates(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.asked ?? exchange.element
    let name = Say.value(element.child("name")?.text, or: "without a name")
    switch exchange.turn {
    case .get:
        return Telling("\(exchange.who) asks which certificates may log in to the account\(scene.cite("XEP-0257")).")
    case .set:
        let cite = scene.cite("XEP-0257")
        switch element.name {
        case "append":
            let limit = element.child("no-cert-management") == nil ? "" : ", but not to manage certificates"
            return Telling(
                "\(exchange.who) adds the certificate \(name), which may log in to the account from now on\(limit)\(cite)."
            )
        case "disable": return Telling("\(exchange.who) forbids new logins by the certificate \(name)\(cite).")
        case "revoke":
            return Telling("\(exchange.who) revokes the certificate \(name); sessions that use it are ended\(cite).")
        default: return nil
        }
    case .result:
        if let answer = exchange.answer {
            let items = answer.children.filter { $0.name == "item" }.map { item -> String in
                let users =
                    item.child("users")?.children.compactMap { $0.text.trimmed.nonEmpty?.quoted(limit: 40) } ?? []
                return Say.value(item.child("name")?.text, or: "one without a name")
                    + (users.isEmpty ? "" : " (used by \(Say.some(users)))")
            }
            return Telling(
                items.isEmpty
                    ? "No certificate may log in to the account."
                    : "\(counted(items.count, "certificate")) may log in to the account: \(Say.some(items))."
            )
        }
        switch exchange.asked?.name {
        case "append"?: return Telling("The certificate \(name) may now log in to the account.")
        case "disable"?: return Telling("The certificate \(name) may no longer log in to the account.")
        case "revoke"?: return Telling("The certificate \(name) is revoked.")
        default: return nil
        }
    case .refusal(let error):
        return exchange.refused(
            element.name == "items" ? "the list of certificates" : "the change of the certificate \(name)",
            error
        )
    case .message, .presence: return nil
    }
}

private func tellAddressCheck(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    switch exchange.turn {
    case .get, .set:
        return Telling("\(exchange.who) asks at which address \(exchange.whom) sees it\(scene.cite("XEP-0279")).")
    case .result:
        guard let answer = exchange.answer else { return nil }
        let ip = (answer.child("ip")?.text ?? answer.text).trimmed.nonEmpty?.shown(limit: 60)
        let port = answer.child("port")?.text.trimmed.nonEmpty.map { ", port \($0.shown(limit: 10))" } ?? ""
        return Telling("\(exchange.who) sees \(exchange.whom) at \(ip ?? "an address that it does not tell")\(port).")
    case .refusal(let error): return exchange.refused("to tell the address", error)
    case .message, .presence: return nil
    }
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

private func tellEventLog(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    guard case .message = exchange.turn, exchange.element.name == "log" else { return nil }
    let log = exchange.element
    let kind = [log["type"], log["level"]].compactMap { $0?.nonEmpty?.lowercased().shown(limit: 20) }
    let about = [log["object"], log["subject"]].compactMap { $0?.nonEmpty?.quoted(limit: 40) }
    let more = exchange.stanza.children.count { $0.is("log", log.namespace) } - 1
    let time = log["timestamp"]?.nonEmpty.map { " of \(Say.time($0))" } ?? ""
    let others = more > 0 ? " \(more == 1 ? "One more event comes" : "\(more) more events come") with it." : ""
    return Telling(
        "\(exchange.who) logs at \(exchange.whom) an event\(kind.isEmpty ? "" : " (\(kind.joined(separator: ", ")))")\(time)\(Say.quote(log.child("message")?.text))\(about.isEmpty ? "" : ", about \(about.listed())")\(scene.cite("XEP-0337")).\(others)"
            .collapsingStops
    )
}
