import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Registering, claiming and finding things (XEP-0347).
    static let thingDiscovery: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0347", "Internet of Things - Discovery", ["urn:xmpp:iot:discovery"])
        entry.secrets = [.attribute("KEY", of: nil, "urn:xmpp:iot:discovery")]
        entry.tells(tellDiscoveryOfThings)
        return entry
    }()
}

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
                // Without the question nobody knows which of the two is named.
                guard let asked = exchange.asked else {
                    return Telling("\(who) says that the thing is claimed, and names \(other).")
                }
                return Telling(
                    asked.name == "mine"
                        ? "\(who) says that the thing is \(other); it belongs to \(whom) now."
                        : "\(who) says that \(other) has claimed it already."
                )
            case "disowned": return Telling("\(who) says that nobody owns it any longer.")
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
