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
        entry.tells(tellProvisioning)
        return entry
    }()

    /// Things behind a concentrator (XEP-0326).
    static let concentrators: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0326", "Internet of Things - Concentrators", ["urn:xmpp:iot:concentrators"])
        entry.tells(tellConcentrator)
        return entry
    }()

    /// Registering, claiming and finding things (XEP-0347).
    static let thingDiscovery: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0347", "Internet of Things - Discovery", ["urn:xmpp:iot:discovery"])
        entry.secrets = [.attribute("KEY", of: nil, "urn:xmpp:iot:discovery")]
        entry.tells(tellDiscoveryOfThings)
        return entry
    }()
}

private func jid(_ element: Element) -> String { element["jid"]?.nonEmpty?.shown(limit: 100) ?? "somebody unnamed" }

// MARK: Provisioning

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
                "\(exchange.who) tells \(exchange.whom) that a user has logged \(what)\(scene.cite("XEP-0324"))."
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
    case "canRead": ("asks", "whether \(jid(element)) may read its values")
    case "canControl": ("asks", "whether \(jid(element)) may control it")
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
        return Telling("\(who) says that \(jid(answer)) \(may ? "may" : "must not") read the values.")
    case "canControlResponse": return Telling("\(who) says that \(jid(answer)) \(may ? "may" : "must not") control it.")
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

// MARK: Concentrators

/// `getAllDataSources` as words: `get all data sources`.
private func words(_ name: String) -> String {
    var text = ""
    for character in name.prefix(60) {
        if character.isUppercase, !text.isEmpty { text += " " }
        text += character.lowercased()
    }
    return text.shown(limit: 80)
}

private func wish(_ element: String, _ name: String) -> String {
    switch element {
    case "containsNode": "whether it has a node"
    case "containsNodes": "whether it has some nodes"
    case "subscribe": "to tell of every change"
    case "unsubscribe": "to tell of changes no longer"
    default: name.hasPrefix("get ") ? "for \(name.dropFirst(4))" : "to \(name)"
    }
}

/// What a concentrator tells of by itself.
private func news(_ element: Element) -> String? {
    switch element.name {
    case "nodeAdded": "a new node"
    case "nodeRemoved": "a node that is gone"
    case "nodeUpdated": "a node that was changed"
    case "nodeStatusChanged": "the new status of a node"
    case "nodeMovedUp": "a node that moved up"
    case "nodeMovedDown": "a node that moved down"
    case "queryProgress": "how far a query has come"
    default: nil
    }
}

private func tellConcentrator(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.asked ?? exchange.element
    let name = words(element.name)
    let what = wish(element.name, name)
    let node =
        element["nodeId"]?.nonEmpty.map { " (node \($0.quoted(limit: 40)))" } ?? element["sourceId"]?.nonEmpty.map {
            " (source \($0.quoted(limit: 40)))"
        } ?? ""
    switch exchange.turn {
    case .get, .set:
        return Telling(
            "\(exchange.who) asks the concentrator \(exchange.whom) \(what)\(node)\(scene.cite("XEP-0326"))."
        )
    case .result:
        guard let answer = exchange.answer else {
            return exchange.asked.map { _ in Telling("\(exchange.who) has done what was asked for.") }
        }
        if let result = answer["result"], result != "OK" {
            return Telling(
                "\(exchange.who) answers that it failed: \(words(result))\(Say.quote(answer.child("error")?.text))."
                    .collapsingStops
            )
        }
        let count = answer.childCount
        return Telling(
            count == 0
                ? "\(exchange.who) has done it."
                : "\(exchange.who) answers with \(counted(count, "entry").replacingEntrys)."
        )
    case .refusal(let error): return exchange.refused("the request \(name)\(node)", error)
    case .message:
        return news(element).map {
            Telling("\(exchange.who) tells \(exchange.whom) of \($0)\(node)\(scene.cite("XEP-0326")).")
        }
    case .presence: return nil
    }
}

extension String {
    /// The plural of entry.
    fileprivate var replacingEntrys: String { hasSuffix("entrys") ? dropLast(2) + "ies" : self }
}

// MARK: Discovery

/// What a thing says of itself: `SN "394872348732948723", MAN "www.ktc.se"`; its key is a secret.
private func tags(_ element: Element) -> String {
    let tags = element.children.filter { $0.name == "str" || $0.name == "num" }.map { tag -> String in
        let name = tag["name"]?.nonEmpty?.shown(limit: 20) ?? "a tag without a name"
        return name == "KEY" ? "\(name) (a secret)" : "\(name) \((tag["value"] ?? "").quoted(limit: 40))"
    }
    return tags.isEmpty ? "" : ": \(Say.some(tags))"
}

private func tellDiscoveryOfThings(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.asked ?? exchange.element
    let thing = element["jid"]?.nonEmpty?.shown(limit: 100) ?? "a thing"
    let (who, whom) = (exchange.who, exchange.whom)
    switch exchange.turn {
    case .get, .set:
        let cite = scene.cite("XEP-0347")
        switch element.name {
        case "register": return Telling("\(who) registers itself as a thing at \(whom)\(tags(element))\(cite).")
        case "mine": return Telling("\(who) claims at \(whom) to own the thing with these tags\(tags(element))\(cite).")
        case "search": return Telling("\(who) searches at \(whom) for things\(conditions(element))\(cite).")
        case "claimed": return Telling("\(who) tells \(whom) that it is claimed by \(thing)\(cite).")
        case "disown": return Telling("\(who) tells \(whom) that \(thing) is no longer its own\(cite).")
        case "disowned": return Telling("\(who) tells \(whom) that nobody owns it any longer\(cite).")
        case "remove": return Telling("\(who) asks \(whom) to hide \(thing) from searches\(cite).")
        case "removed": return Telling("\(who) tells \(whom) that it can no longer be found\(cite).")
        case "unregister": return Telling("\(who) signs itself off as a thing at \(whom)\(cite).")
        case "update":
            return Telling(
                "\(who) changes what \(whom) knows of \(element["jid"] == nil ? "it" : thing)\(tags(element))\(cite)."
            )
        default: return nil
        }
    case .result:
        if let answer = exchange.answer {
            switch answer.name {
            case "claimed":
                let other = answer["jid"]?.nonEmpty?.shown(limit: 100) ?? "somebody unnamed"
                return Telling(
                    exchange.asked?.name == "mine"
                        ? "\(who) says that the thing is \(other); it belongs to \(whom) now."
                        : "\(who) says that \(other) has claimed it already."
                )
            case "found":
                let things = answer.children.filter { $0.name == "thing" }.map {
                    $0["jid"]?.nonEmpty?.shown(limit: 80) ?? "one without an address"
                }
                return Telling(
                    things.isEmpty
                        ? "\(who) found no thing."
                        : "\(who) found \(counted(things.count, "thing")): \(Say.some(things))."
                )
            default: return nil
            }
        }
        return exchange.asked.map { _ in Telling("\(who) has noted that.") }
    case .refusal(let error): return exchange.refused("what was asked about a thing", error)
    case .message, .presence: return nil
    }
}

private func conditions(_ search: Element) -> String {
    let tags = search.children.prefix(20).compactMap { condition -> String? in
        guard let name = condition["name"]?.nonEmpty?.shown(limit: 20) else { return nil }
        return condition["value"].map { "\(name) \($0.quoted(limit: 40))" } ?? name
    }
    return tags.isEmpty ? "" : " by \(Say.some(tags))"
}
