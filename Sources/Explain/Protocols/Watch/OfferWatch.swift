import Session
import XMLStream
import XMPP

/// Holds what the client uses against the stream features that it was sent (RFC 6120 section 4.3.2): what they do not list, what they require, and what
/// is negotiated already.
struct OfferWatch: Watcher {
    /// The features of the present stream, as the client got them; nil until they came, for nothing follows before.
    private var features: (element: Element, number: Int)?
    /// What can be asked for with Bind 2, and so is known to be supported afterwards too.
    private var inline: Set<String> = []
    /// The namespaces of nonzas and requests that the client sent since the features came.
    private var used: Set<String> = []
    /// Who asked for a subscription here.
    private var subscribers: Set<String> = []
    private var isRosterKnown = false
    /// Kinds of findings that are told once.
    private var told: Set<String> = []

    mutating func pass(_ packet: Packet, _ scene: inout Scene) -> [Finding] {
        switch packet.kind {
        case .header:
            features = nil
            return []
        case .end, .oversized: return []
        case .element(let element):
            guard scene.isWholeClientStream else { return [] }
            switch packet.direction {
            case .serverToClient: return received(element, packet, scene)
            case .clientToServer:
                return packet.isSentByProxy || !packet.otherDirectionIsReadable ? [] : sent(element, packet, scene)
            }
        }
    }

    // MARK: The server

    private mutating func received(_ element: Element, _ packet: Packet, _ scene: Scene) -> [Finding] {
        switch (element.namespace, element.name) {
        case (NS.streams, "features"):
            features = (element, packet.number)
            used = []
            for feature in LoginOffers.bound(in: element) { inline.insert(feature) }
            let own = packet.original?.element ?? element
            guard own.child("starttls", NS.tls) != nil, !packet.isSentByProxy,
                scene.encryption.sides.contains(.server)
            else { return [] }
            return [
                Finding(
                    .tlsAgain,
                    "the server offers STARTTLS although the connection is encrypted; then it must not (RFC 6120 section 5.4.3.3)."
                )
            ]
        // What follows has features of its own.
        case (NS.sasl, "success"), (NS.sasl2, "success"): features = nil
        case (NS.client, "presence") where element["type"] == "subscribe":
            if subscribers.count < 1024 { subscribers.insert(JID(element["from"] ?? "").bare.addressKey) }
        case (NS.client, "iq") where element.child("query", NS.roster) != nil: isRosterKnown = true
        default: break
        }
        return []
    }

    // MARK: The client

    private mutating func sent(_ element: Element, _ packet: Packet, _ scene: Scene) -> [Finding] {
        let isStanza = NS.stanzas.contains(element.namespace)
        let payload = isStanza ? element.name == "iq" ? element.firstChild : nil : element
        if let again = Self.again(payload, of: element, scene) { return [again] }
        guard let features else { return [] }
        if let payload, used.count < 256 { used.insert(Self.kind(payload.namespace)) }
        var findings = beforeTLS(payload, features.element, scene)
        if isStanza {
            findings += unlistedStanza(element, payload, features, scene)
            if element.name != "iq" { findings += ignored(features, scene) }
        } else if findings.isEmpty, let missing = missing(element, in: features.element) {
            findings.append(
                Finding(
                    .notOffered,
                    "the server's features in \(padded(features.number)) do not list \(missing), so it need not understand this (RFC 6120 section 4.3.2)."
                )
            )
        }
        return findings
    }

    /// What is negotiated already, and so can not be asked for.
    private static func again(_ payload: Element?, of element: Element, _ scene: Scene) -> Finding? {
        guard let payload else { return nil }
        switch (payload.namespace, payload.name) {
        case (NS.tls, "starttls") where scene.encryption.isEncrypted:
            return Finding(
                .tlsAgain,
                "the connection is encrypted already; STARTTLS can not be used inside TLS (RFC 6120 section 5.4.3.3)."
            )
        case (NS.sasl, "auth"), (NS.sasl2, "authenticate"):
            guard scene.account.isAuthenticated else { return nil }
            let who = scene.bareJID.map { " as \($0.shown(limit: 100))" } ?? ""
            return Finding(
                .loginAgain,
                "the client has logged in\(who) already; for another login it needs another connection."
            )
        case (NS.bind, "bind") where element["type"] == "set":
            guard let address = scene.account.boundJID ?? (scene.account.isResumed ? scene.bareJID : nil) else {
                return nil
            }
            return Finding(
                .bindAgain,
                "the stream has a resource already (\(address.shown(limit: 200))); a server may refuse another one (RFC 6120 section 7)."
            )
        default: return nil
        }
    }

    /// What must not be done before TLS, where that is required.
    private mutating func beforeTLS(_ payload: Element?, _ features: Element, _ scene: Scene) -> [Finding] {
        guard let payload, !scene.encryption.isEncrypted, let tls = features.child("starttls", NS.tls),
            LoginOffers.beginnings.contains(payload.namespace)
        else { return [] }
        // Alone in the features it is required too.
        if tls.child("required") != nil || features.childCount == 1 {
            return [
                Finding(
                    .tlsRequired,
                    "the server requires STARTTLS, which must come before this (RFC 6120 section 5.3.1)."
                )
            ]
        }
        guard payload.namespace == NS.sasl || payload.namespace == NS.sasl2 || payload.namespace == NS.auth,
            told.insert("tls").inserted
        else { return [] }
        return [
            Finding(
                .tlsUnused,
                "the server offers STARTTLS, but the client does not use it: everything it says can be read on the way."
            )
        ]
    }

    /// What the nonza is called that the features do not list; nil if they do.
    private func missing(_ nonza: Element, in features: Element) -> String? {
        switch (nonza.namespace, nonza.name) {
        case (NS.clientState, "active"), (NS.clientState, "inactive"):
            return features.child("csi", NS.clientState) == nil && !inline.contains(NS.clientState)
                ? "client state indication (XEP-0352)" : nil
        case (NS.streamManagement3, "enable"), (NS.streamManagement3, "resume"),
            (NS.streamManagement2, "enable"), (NS.streamManagement2, "resume"):
            let version = nonza.namespace == NS.streamManagement3 ? "" : " in its version 2"
            return features.child("sm", nonza.namespace) == nil ? "stream management\(version) (XEP-0198)" : nil
        case (NS.compression, "compress"):
            guard let feature = features.child("compression", NS.compressionFeature) else { return "compression" }
            let method = nonza.child("method")?.text ?? ""
            return feature.children.contains { $0.name == "method" && $0.text == method }
                ? nil : "compression by \(method.quoted(limit: 40))"
        case (NS.sasl, "auth"): return features.child("mechanisms", NS.sasl) == nil ? "a login by SASL" : nil
        case (NS.sasl2, "authenticate"):
            return features.child("authentication", NS.sasl2) == nil ? "a login by SASL2 (XEP-0388)" : nil
        default: return nil
        }
    }

    private mutating func unlistedStanza(
        _ stanza: Element,
        _ payload: Element?,
        _ features: (element: Element, number: Int),
        _ scene: Scene
    ) -> [Finding] {
        let place = "the server's features in \(padded(features.number))"
        switch (payload?.namespace, payload?.name) {
        case (NS.bind?, "bind"?) where features.element.child("bind", NS.bind) == nil:
            return [Finding(.notOffered, "\(place) do not list resource binding (RFC 6120 section 4.3.2).")]
        case (NS.session?, "session"?) where features.element.child("session", NS.session) == nil:
            return [Finding(.unlisted, "\(place) do not list sessions, so none need be opened (RFC 6121 knows none).")]
        case (NS.roster?, "query"?)
        where payload?["ver"] != nil && stanza["type"] == "get"
            && features.element.child("ver", NS.rosterVersioning) == nil:
            return [
                Finding(
                    .unlisted,
                    "\(place) do not list roster versioning, so ver says nothing to it (RFC 6121 section 2.6)."
                )
            ]
        default: break
        }
        guard stanza.name == "presence", stanza["type"] == "subscribed", isRosterKnown,
            features.element.child("sub", NS.preApproval) == nil, scene.account.boundJID != nil,
            let to = stanza["to"], scene.subscriptions[JID(to).bare.addressKey] == nil,
            !subscribers.contains(JID(to).bare.addressKey), told.insert("approval").inserted
        else { return [] }
        return [
            Finding(
                .unlisted,
                "nobody asked here for what is granted, and \(place) do not list approvals in advance (RFC 6121 section 3.4)."
            )
        ]
    }

    /// What the features require and the client has passed over, once it begins to talk.
    private mutating func ignored(_ features: (element: Element, number: Int), _ scene: Scene) -> [Finding] {
        guard scene.account.isAuthenticated else { return [] }
        var findings: [Finding] = []
        for feature in features.element.children {
            let kind = Self.kind(feature.namespace)
            if used.contains(kind) || LoginOffers.followed.contains(feature.namespace) { continue }
            if feature.child("required") != nil, told.insert(kind).inserted {
                findings.append(
                    Finding(
                        .requiredIgnored,
                        "the server requires <\(feature.name.shown(limit: 60))/> of \(protocolName(feature.namespace)) in \(padded(features.number)), which the client passed over (RFC 6120 section 4.3.2)."
                    )
                )
            }
            if feature.is("session", NS.session), feature.child("optional") == nil, told.insert(kind).inserted {
                findings.append(
                    Finding(
                        .sessionSkipped,
                        "the server lists a session in \(padded(features.number)) without calling it optional, and the client opened none; old servers deliver nothing then (RFC 3921 section 3)."
                    )
                )
            }
        }
        return findings
    }

    /// Namespaces of one thing count as one.
    private static func kind(_ namespace: String) -> String {
        switch namespace {
        case NS.streamManagement2: NS.streamManagement3
        case NS.compression: NS.compressionFeature
        default: namespace
        }
    }
}

/// What belongs to the offers of a login.
enum LoginOffers {
    /// Namespaces of what may not come before TLS where that is required.
    static let beginnings: Set<String> = [NS.sasl, NS.sasl2, NS.auth, NS.register, NS.compression]

    /// Features whose being passed over others tell of.
    static let followed: Set<String> = [NS.tls, NS.sasl, NS.sasl2, NS.bind]

    /// The features that can be asked for with Bind 2 (XEP-0386 section 3.1).
    static func bound(in features: Element) -> [String] {
        guard let inline = features.child("authentication", NS.sasl2)?.child("inline"), let bind = inline.child("bind")
        else { return [] }
        let list = bind.child("inline") ?? bind
        return list.children.prefix(100).filter { $0.name == "feature" }.compactMap { $0["var"] }
    }
}
