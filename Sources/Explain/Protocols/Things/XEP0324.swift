import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Asking a trusted server who may do what with a device (XEP-0324).
    static let provisioning: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0324", "Internet of Things - Provisioning", ["urn:xmpp:iot:provisioning"])
        entry.secrets =
            ["serviceToken", "deviceToken", "userToken", "token"].map {
                .attribute($0, of: nil, "urn:xmpp:iot:provisioning")
            }
        entry.tellsThings(tellProvisioning)
        return entry
    }()
}

private func jid(_ element: Element) -> String { element["jid"]?.nonEmpty?.shown(limit: 100) ?? "somebody unnamed" }

private func tellProvisioning(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.element
    switch exchange.turn {
    case .get, .set:
        guard let what = question(element) else { return nil }
        return Telling("\(exchange.who) \(what.ask) \(exchange.whom) \(what.about)\(scene.cite("XEP-0324")).")
    case .message:
        switch element.name {
        case "friend":
            return Telling(
                "\(exchange.who) advises \(exchange.whom) to become a friend of \(jid(element))\(scene.cite("XEP-0324"))."
            )
        case "unfriend":
            return Telling(
                "\(exchange.who) advises \(exchange.whom) to be no friend of \(jid(element)) any longer\(scene.cite("XEP-0324"))."
            )

        case "userLoggedIn", "userLoggedOut":
            let what = exchange.element.name == "userLoggedIn" ? "in" : "out"
            return Telling(
                "\(exchange.who) tells \(exchange.whom) that \(element["userName"]?.nonEmpty.map { "the user \($0.quoted(limit: 60))" } ?? "a user") has logged \(what)\(scene.cite("XEP-0324"))."
            )
        default: return nil
        }
    case .result:
        guard let answer = exchange.answer else {
            return exchange.asked.map { _ in Telling("\(exchange.who) has done so.") }
        }
        return verdict(exchange, answer)
    case .refusal(let error): return exchange.refused("what was asked about rights", error)
    case .presence: return nil
    }
}

private func question(_ element: Element) -> (ask: String, about: String)? {
    switch element.name {
    case "getToken": ("asks", "for a token, and shows its certificate")
    case "getTokenChallengeResponse": ("gives", "the answer by which it proves to own its certificate")
    case "tokenChallenge": ("asks", "to prove that it owns the certificate of its token")
    case "isFriend": ("asks", "whether \(jid(element)) may be its friend")
    case "canRead":
        (
            "asks",
            "whether \(jid(element)) may read \(ThingsWords.fields(element).nonEmpty ?? "its values")\(ThingsWords.nodes(element))"
        )
    case "canControl":
        (
            "asks",
            "whether \(jid(element)) may control \(ThingsWords.fields(element).nonEmpty ?? "it")\(ThingsWords.nodes(element))"
        )
    case "canAccess": ("asks", "whether a user may use its service")
    case "hasPrivilege":
        ("asks", "whether a user has the privilege \(Say.value(element["privilegeId"], or: "without a name"))")
    case "downloadPrivileges": ("asks", "for the privileges of a user")
    case "clearCache": ("asks", "to forget the rights that it remembers")
    case "getCertificate": ("asks", "for the certificate of a token")
    default: nil
    }
}

private func verdict(_ exchange: Exchange, _ answer: Element) -> Telling? {
    let may = answer["result"] == "true" || answer["result"] == "1"
    let who = exchange.who
    switch answer.name {
    case "isFriendResponse": return Telling("\(who) says that \(jid(answer)) \(may ? "may" : "must not") be a friend.")
    case "canReadResponse":
        return Telling(
            "\(who) says that \(jid(answer)) \(may ? "may" : "must not") read the values\(ThingsWords.only(answer))."
        )
    case "canControlResponse":
        return Telling(
            "\(who) says that \(jid(answer)) \(may ? "may" : "must not") control it\(ThingsWords.only(answer))."
        )
    case "canAccessResponse": return Telling("\(who) says that the user \(may ? "may" : "must not") use the service.")
    case "hasPrivilegeResponse":
        return Telling("\(who) says that the user \(may ? "has" : "does not have") the privilege.")
    case "getTokenChallenge":
        return Telling("\(who) wants a proof that the certificate is its own before it gives a token.")
    case "getTokenResponse": return Telling("\(who) gives the token.")
    case "tokenChallengeResponse": return Telling("\(who) proves that it owns the certificate of its token.")
    case "clearCacheResponse": return Telling("\(who) has forgotten the rights that it remembered.")
    default: return nil
    }
}
