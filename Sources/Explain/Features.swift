import XMLStream
import XMPP

/// Stream features (RFC 6120 section 4.3.2): what the server offers at this point.
func explainFeatures(_ features: Element, _ conversation: inout Conversation) -> Telling {
    var offers: [String] = []
    for feature in features.children {
        if let offer = offer(feature) { offers.append(offer) }
    }
    let tls = features.child("starttls", NS.tls)
    let registers = features.child("register", NS.registerFeature) != nil
    conversation.offersTLS = tls != nil
    conversation.offersRegistration = registers
    noteMechanisms(features, &conversation)
    let intro =
        conversation.isAuthenticated
        ? "Now that the client has logged in, the server lists what it offers" : "The server lists what it offers"
    let list = offers.isEmpty ? "nothing" : offers.joined(separator: "; ")
    guard !conversation.isAuthenticated else { return Telling("\(intro): \(list).") }

    var text = "\(intro): \(list)."
    if tls == nil && !conversation.isEncrypted { text += " It offers no encryption." }
    if registers { text += " Registration is open to this client, which has not logged in." }
    return Telling(text, registrationFindings(registers, mustEncrypt: tls?.child("required") != nil))
}

private func registrationFindings(_ registers: Bool, mustEncrypt: Bool) -> [Finding] {
    if registers { return [] }
    if mustEncrypt {
        return [.note("in-band registration is not listed; some servers offer it only after TLS has started.")]
    }
    return [.note("in-band registration is not listed, but a server may support it all the same.")]
}

/// One feature as a clause; nil where another feature already tells it.
private func offer(_ feature: Element) -> String? {
    let required = feature.child("required") != nil
    switch (feature.namespace, feature.name) {
    case (NS.tls, "starttls"): return required ? "encryption by STARTTLS, which it requires" : "encryption by STARTTLS"
    case (NS.sasl, "mechanisms"): return "logging in by \(mechanisms(feature))"
    case (NS.sasl2, "authentication"):
        let inline = inlineFeatures(feature)
        return "logging in by SASL2 with \(mechanisms(feature))"
            + (inline.isEmpty ? "" : ", and in the same step \(inline.listed())")
    case (NS.channelBinding, _):
        return "channel binding by \(feature.children.compactMap { $0["type"] }.listed())".shown()
    case (NS.registerFeature, "register"): return "registering an account"
    case (NS.registrationToken, "register"): return "registering with an invitation's token (XEP-0445)"
    case (NS.authFeature, "auth"): return "logging in the old way (jabber:iq:auth, XEP-0078)"
    case (NS.bind, "bind"): return "binding a resource"
    case (NS.bind, "unbind"): return "giving a resource back"
    case ("http://affinix.com/jabber/address", _): return "the client's address as the server sees it"
    case (NS.session, "session"):
        return feature.child("optional") != nil ? "opening a session (a formality, optional)" : "opening a session"
    case (NS.compressionFeature, "compression"):
        let methods = feature.children.filter { $0.name == "method" }.map(\.text)
        return "compression by \(methods.listed("or").shown())"
    case (NS.streamManagement3, "sm"): return "stream management (XEP-0198)"
    case (NS.streamManagement2, "sm"): return "stream management in its older version 2 (XEP-0198)"
    case (NS.clientState, "csi"): return "client state indication (XEP-0352)"
    case (NS.rosterVersioning, "ver"): return "roster versioning"
    case (NS.preApproval, "sub"): return "approving subscriptions in advance"
    case (NS.capabilities, "c"): return "a hash of its capabilities (XEP-0115)"
    default:
        return ProtocolRegistry.lookUp(feature.namespace)?.name ?? "<\(feature.name)/> in \(feature.namespace)".shown()
    }
}

/// Keeps which mechanisms there are; features that list none, as after the login, change nothing.
private func noteMechanisms(_ features: Element, _ conversation: inout Conversation) {
    let lists = features.children.filter {
        $0.is("mechanisms", NS.sasl) || $0.is("authentication", NS.sasl2)
    }
    if lists.isEmpty { return }
    var names: [String] = []
    for list in lists {
        let fast = list.child("inline")?.child("fast", NS.fast)?.children ?? []
        // Hundreds are no real list, and every attempt to log in is compared with it.
        for mechanism in (list.children + fast).prefix(200) where mechanism.name == "mechanism" {
            if !names.contains(mechanism.text) { names.append(mechanism.text) }
        }
    }
    conversation.offeredMechanisms = names
    conversation.offeredPlus = names.filter { $0.hasSuffix("-PLUS") }
}

private func mechanisms(_ feature: Element) -> String {
    let names = feature.children.filter { $0.name == "mechanism" }.map { $0.text.shown(limit: 60) }
    return names.isEmpty ? "no mechanism at all" : names.listed("or")
}
