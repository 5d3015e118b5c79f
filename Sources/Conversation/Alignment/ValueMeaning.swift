import XMLStream
import XMPP

/// What a value of a packet stands for, when two sessions are compared.
enum ValueMeaning: Equatable {
    /// It says something by itself.
    case exact
    /// An address or a part of one: which one it is depends on the session.
    case address
    /// A user's name without a domain.
    case user
    /// A domain.
    case domain
    /// A resource, which a client or its server makes up.
    case resource
    /// An id by which something else refers to it.
    case id
    /// New in every session, and of no meaning: nonces, times, proofs.
    case madeUp
    /// A text for people, or something about the software: another one is of little weight.
    case remark
    /// A payload of SASL in Base64.
    case sasl

    /// Attributes whose values are words of a specification, however they look.
    private static let plain: Set<String> = [
        "mechanism", "type", "var", "category", "affiliation", "role", "code", "ask", "subscription", "hash", "algo",
        "action", "node", "version", "xmlns",
    ]

    /// The node under which capabilities are asked for (XEP-0115 section 6.2) names the software.
    private static func isOfCapabilities(_ element: Element, _ attribute: Attribute) -> Bool {
        element.namespace.hasPrefix("http://jabber.org/protocol/disco#") && attribute.value.contains("#")
    }

    static func of(_ attribute: Attribute, in element: Element) -> ValueMeaning {
        let name = attribute.name
        if element.is("stream", NS.streams), name == "to" || name == "from" { return .domain }
        switch name {
        case "to", "from", "jid", "by", "authzid": return .address
        case "id" where element.name == "iq" || element.name == "presence" || !element.isReferring: return .madeUp
        case "id" where element.name == "item": return ofValue(attribute.value)
        case "id", "sid", "queryid", "resumeid", "previd", "thread", "token": return .id
        case "stamp", "nonce", "expiry", "utc": return .madeUp
        case "lang", "h", "seconds", "location", "max", "label": return .remark
        case "ver" where element.namespace != NS.streams: return .remark
        case "node" where element.name == "c" || isOfCapabilities(element, attribute): return .remark
        case _ where Self.plain.contains(name): return .exact
        case "name" where element.name == "identity": return .remark
        default: break
        }
        if VolatileValues.standard.isMadeUp(attribute: name, of: element), name != "code" { return .madeUp }
        return ofValue(attribute.value)
    }

    static func of(textOf element: Element) -> ValueMeaning {
        switch element.name {
        case "body", "subject", "mechanism", "password": return element.name == "password" ? .madeUp : .exact
        case "auth", "challenge", "response", "success", "initial-response", "additional-data":
            if element.namespace == NS.sasl || element.namespace == NS.sasl2 { return .sasl }
        case "username", "local": return .user
        case "resource": return .resource
        case "jid", "authorization-identifier", "from", "to": return .address
        case "id", "thread", "sid": return .id
        case "instructions", "title", "desc", "text", "name", "version", "os": return .remark
        default: break
        }
        if VolatileValues.standard.isMadeUp(textOf: element) { return .madeUp }
        return ofValue(element.trimmedText)
    }

    private static func ofValue(_ value: String) -> ValueMeaning {
        if ComparisonRules.looksMadeUp(value) { return .madeUp }
        return value.utf8.contains(UInt8(ascii: "@")) && !value.contains(where: \.isWhitespace) ? .address : .exact
    }
}

extension Element {
    /// False for elements whose ids nothing in a session refers to.
    fileprivate var isReferring: Bool { namespace != NS.streams && name != "enabled" && name != "resumed" }
}
