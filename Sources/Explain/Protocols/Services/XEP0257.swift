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
