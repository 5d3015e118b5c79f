import Session
import XMLStream
import XMPP

/// Stream features (RFC 6120 section 4.3.2): what the server offers at this point.
func tellFeatures(_ features: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
    scene.noteFeatures(features, packet)
    let clauses = features.children.compactMap(clause)
    let list = clauses.isEmpty ? "nothing" : clauses.joined(separator: "; ")
    let sender = scene.sender(of: packet)
    if scene.account.isAuthenticated {
        let who =
            scene.streamKind == .client
            ? "the client has logged in" : "\(scene.carrier(.client).name) has proved who it is"
        return Telling("Now that \(who), \(sender.name) lists what it offers: \(list).")
    }
    var telling = Telling("\(sender.start) lists what it offers: \(list).", scene.bindingFindings(features))
    let encrypted = scene.encryption
    if features.child("starttls", NS.tls) == nil, !encrypted.isEncrypted, encrypted.sides.isEmpty,
        !scene.beginsInMiddle
    {
        telling.text += " It offers no encryption."
    }
    if scene.offers.registration, scene.streamKind == .client {
        telling.text += " Registration is open to this client, which has not logged in."
    }
    return telling
}

extension Offers {
    /// Keeps the lists of mechanisms one by one, as XEP-0474 needs them.
    fileprivate mutating func noteLists(_ found: [Element], _ binding: Element?) {
        lists = [:]
        for list in found {
            let names = list.children.prefix(200).filter { $0.name == "mechanism" }.map { $0.text.trimmed }
            lists[list.namespace, default: []] += names
        }
        bindings = binding.map { $0.children.prefix(50).compactMap { $0["type"] } }
    }
}

extension Scene {
    fileprivate mutating func noteFeatures(_ features: Element, _ packet: Packet) {
        let tls = features.child("starttls", NS.tls)
        offers.features = packet.number
        offers.tls = tls != nil
        offers.tlsIsRequired = tls?.child("required") != nil
        offers.registration =
            features.child("register", NS.registerFeature) != nil
            || features.child("register", NS.extensibleRegistration) != nil
        noteMechanisms(features)
        // The server's own capabilities, which clients ask for by their hash (XEP-0115 section 6.3).
        if let c = features.child("c", NS.capabilities), let node = c["node"], let version = c["ver"], let domain {
            _ = people.announce("\(node)#\(version)", hash: c["hash"], by: domain, packet.number)
        }
        for list in features.children where list.namespace == NS.extensibleRegistration {
            for flow in list.children.prefix(20) where flow.name == "flow" {
                offers.flows["\(list.name) \(flow["id"] ?? "")"] = flow.child("name")?.text
            }
        }
    }

    /// Keeps which mechanisms there are; features that list none, as after the login, change nothing.
    private mutating func noteMechanisms(_ features: Element) {
        let lists = features.children.filter { $0.is("mechanisms", NS.sasl) || $0.is("authentication", NS.sasl2) }
        if lists.isEmpty { return }
        offers.noteLists(lists, features.child("sasl-channel-binding", NS.channelBinding))
        var names: [String] = []
        for list in lists {
            let fast = list.child("inline")?.child("fast", NS.fast)?.children ?? []
            // Hundreds are no real list, and every attempt to log in is compared with it.
            for mechanism in (list.children + fast).prefix(200) where mechanism.name == "mechanism" {
                if !names.contains(mechanism.text) { names.append(mechanism.text) }
            }
        }
        offers.mechanisms = names
        offers.plus = names.filter { $0.hasSuffix("-PLUS") }
    }
}

/// One feature as a clause; nil where another feature tells it already.
private func clause(_ feature: Element) -> String? {
    if let row = ProtocolTable.row(of: feature.namespace), let told = ProtocolTable.entries[row].feature?(feature) {
        switch told {
        case .clause(let clause): return clause
        case .silent: return nil
        }
    }
    if ProtocolRegistry.lookUp(feature.namespace) != nil { return protocolName(feature.namespace) }
    return "<\(feature.name)/> in \(feature.namespace)".shown()
}
