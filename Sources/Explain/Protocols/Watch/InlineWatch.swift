import Session
import XMLStream
import XMPP

/// What goes with a login by SASL2, held against what the server lists as inline (XEP-0388 section 2.1, XEP-0386, XEP-0484).
struct InlineWatch: Watcher {
    /// The feature of SASL2 and the packet it came in.
    private var offer: (feature: Element, number: Int)?

    mutating func pass(_ packet: Packet, _ scene: inout Scene) -> [Finding] {
        guard let element = packet.element else { return [] }
        switch (packet.direction, element.namespace, element.name) {
        case (.serverToClient, NS.streams, "features"):
            guard let feature = element.child("authentication", NS.sasl2) else { return [] }
            offer = (feature, packet.number)
            guard let fast = feature.child("inline")?.child("fast", NS.fast), fast.child("mechanism") == nil else {
                return []
            }
            return [Finding(.offersNone, "<fast/> lists no mechanism, so no token can be used (XEP-0484 section 3.1).")]
        case (.clientToServer, NS.sasl2, "authenticate") where !packet.isSentByProxy:
            return fastFindings(element) + unoffered(element, scene)
        case (.serverToClient, NS.sasl2, "success"): return answered(element)
        default: return []
        }
    }

    private func unoffered(_ authenticate: Element, _ scene: Scene) -> [Finding] {
        guard let offer, scene.isWholeClientStream else { return [] }
        let inline = offer.feature.child("inline")
        var missing: [String] = []
        for request in authenticate.children.prefix(30) where request.namespace != NS.sasl2 {
            switch (request.namespace, request.name) {
            case (NS.bind2, "bind"), (NS.olderBind2, "bind"):
                guard let bind = inline?.child("bind", request.namespace) else {
                    missing.append("binding a resource (Bind 2, XEP-0386)")
                    continue
                }
                missing += unbound(request, bind)
            case (NS.streamManagement3, "resume"):
                if inline?.firstChild(where: { $0.namespace == NS.streamManagement3 }) == nil {
                    missing.append("resuming a session (XEP-0198)")
                }
            case (NS.fast, "request-token"):
                let name = request["mechanism"] ?? ""
                let offered = inline?.child("fast", NS.fast)?.children.map(\.text) ?? []
                if !offered.contains(name) { missing.append("a token for \(name.quoted(limit: 40)) (FAST, XEP-0484)") }
            case (NS.fast, "fast"):
                if inline?.child("fast", NS.fast) == nil { missing.append("FAST (XEP-0484)") }
            default: break
            }
        }
        let upgrades = SASLUpgrade.names(in: offer.feature)
        missing += SASLUpgrade.names(in: authenticate).filter { !upgrades.contains($0) }
            .map { "the storing of the password for \($0) (XEP-0480)" }
        if missing.isEmpty { return [] }
        return [
            Finding(
                .inlineNotOffered,
                "the server does not list \(missing.prefix(6).map { $0 }.listed("or")) in \(padded(offer.number)), so it passes over it (XEP-0388 section 2.1)."
            )
        ]
    }

    /// What is asked for with the resource and not listed with it.
    private func unbound(_ request: Element, _ bind: Element) -> [String] {
        let list = (bind.child("inline") ?? bind).children.compactMap { $0["var"] }
        return request.children.prefix(20)
            .filter { $0.namespace != request.namespace && !list.contains($0.namespace) }
            .map { "\(protocolName($0.namespace)) with the resource" }
    }

    private func fastFindings(_ authenticate: Element) -> [Finding] {
        let isToken = authenticate["mechanism"]?.hasPrefix("HT-") == true
        let fast = authenticate.child("fast", NS.fast)
        var findings: [Finding] = []
        if isToken, fast == nil, authenticate.child("inst-resume") == nil {
            findings.append(
                Finding(.fastMissing, "a login by a token must hold <fast/> (XEP-0484 section 3.4).")
            )
        }
        let usesFast = fast != nil || authenticate.child("request-token", NS.fast) != nil
        if usesFast, authenticate.child("user-agent", NS.sasl2)?["id"]?.nonEmpty == nil {
            findings.append(
                Finding(.fastAgent, "FAST needs <user-agent/> with an id, which is not there (XEP-0484 section 4.1).")
            )
        }
        return findings
    }

    private func answered(_ success: Element) -> [Finding] {
        var findings: [Finding] = []
        if success.child("authorization-identifier") == nil, success.child("authorization-identity") == nil {
            findings.append(
                Finding(
                    .identifierMissing,
                    "there is no <authorization-identifier/>, by which the client learns who it is (XEP-0388 section 2.6.1)."
                )
            )
        }
        if let token = success.child("token", NS.fast) {
            let missing = ["token", "expiry"].filter { token[$0]?.nonEmpty == nil }
            if !missing.isEmpty {
                findings.append(
                    Finding(.fastToken, "the token comes without \(missing.listed()) (XEP-0484 section 3.3).")
                )
            }
        }
        return findings
    }
}
