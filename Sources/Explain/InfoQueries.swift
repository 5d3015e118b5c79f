import Session
import XMLStream
import XMPP

/// An iq that no file of its own explains: by its payload's protocol.
func explainOtherIQ(_ iq: Element, _ packet: Packet) -> Telling {
    let sender = packet.direction.sender
    let payload = iq.children.first { $0.name != "error" }
    let subject = payload ?? packet.answers?.element.children.first
    let topic = subject.map { topicName($0) } ?? "nothing"
    let to = iq["to"].map { " \($0.shown(limit: 100))" } ?? (sender == .client ? " its server" : " the client")
    switch iq["type"] {
    case "get": return Telling("The \(sender) asks\(to) for \(topic).")
    case "set": return Telling("The \(sender) sends a command to\(to): \(topic).")
    case "result":
        let from = iq["from"].map { "\($0.shown(limit: 100))" } ?? "The \(sender)"
        let content = payload == nil ? "confirms" : "answers"
        return Telling("\(from) \(content): \(topic).")
    case "error":
        guard let error = StanzaError(of: iq) else { return Telling("An error without <error/>.") }
        let from = iq["from"].map { "\($0.shown(limit: 100))" } ?? "The \(sender)"
        return Telling(
            "\(from) refuses (\(topic)): \(error.condition.shown(limit: 60)), \(error.meaning).\(error.says)"
                .collapsingStops,
            error.findings
        )
    default:
        return Telling(
            "An iq of the type \((iq["type"] ?? "").quoted()).",
            [.warning("an iq must be of type get, set, result or error (RFC 6120 section 8.2.3).")]
        )
    }
}

/// What a payload is about, for the middle of a sentence.
private func topicName(_ payload: Element) -> String {
    switch (payload.namespace, payload.name) {
    case (NS.ping, _): "a ping (XEP-0199)"
    case (NS.discoInfo, _): "what it is and supports (service discovery, XEP-0030)"
    case (NS.discoItems, _): "what items it has (service discovery, XEP-0030)"
    case (NS.preAuthentication, "preauth"): "registering with an invitation's token (XEP-0445)"
    case ("vcard-temp", _): "a vCard (XEP-0054)"
    case (NS.privacy, _): "privacy lists (XEP-0016)"
    default: protocolName(payload.namespace)
    }
}

/// What is odd about the form of any iq.
func iqFindings(_ iq: Element, _ packet: Packet) -> [Finding] {
    var findings: [Finding] = []
    if iq["id"] == nil {
        findings.append(
            .warning("the iq has no id, so its answer cannot be told from others (RFC 6120 section 8.1.3).")
        )
    } else if ["result", "error"].contains(iq["type"]), packet.answers == nil {
        findings.append(.note("no request with the id \((iq["id"] ?? "").quoted(limit: 60)) is waiting for an answer."))
    }
    if ["get", "set"].contains(iq["type"]), iq.children.count != 1 {
        findings.append(
            .note(
                "an iq of type \(iq["type"] ?? "") has exactly one child (RFC 6120 section 8.2.3), this one has \(iq.children.count)."
            )
        )
    }
    return findings
}

/// Binding a resource (RFC 6120 section 7).
func explainBind(_ iq: Element, _ packet: Packet, _ conversation: inout Conversation) -> Telling {
    switch iq["type"] {
    case "set":
        let resource = iq.child("bind")?.child("resource")?.text ?? ""
        return Telling(
            resource.isEmpty
                ? "The client asks for a resource of the server's choice, to get a full address."
                : "The client asks for the resource \(resource.quoted(limit: 100)), to get a full address."
        )
    case "result":
        guard let jid = iq.child("bind")?.child("jid")?.text else { return explainOtherIQ(iq, packet) }
        conversation.boundJID = jid
        return Telling("The server gives the client the address \(jid.shown()).")
    case "error":
        guard let error = StanzaError(of: iq) else { return explainOtherIQ(iq, packet) }
        let why =
            switch error.known {
            case .conflict?: "the resource is in use by another session"
            case .notAllowed?: "the client may not bind a resource, or has one already"
            case .resourceConstraint?: "the account has too many resources bound"
            default: error.meaning
            }
        return Telling(
            "The server binds no resource: \(why) (\(error.condition.shown(limit: 60))).\(error.says)".collapsingStops,
            error.findings
        )
    default:
        return explainOtherIQ(iq, packet)
    }
}

/// Opening a session (RFC 3921 section 3), a formality of older servers.
func explainSession(_ iq: Element, _ packet: Packet) -> Telling {
    switch iq["type"] {
    case "set": Telling("The client opens a session, a formality that only old servers need (RFC 3921).")
    case "result": Telling("The server confirms the session.")
    default: explainOtherIQ(iq, packet)
    }
}

/// The contact list (RFC 6121 section 2).
func explainRoster(_ iq: Element, _ packet: Packet) -> Telling {
    let items = iq.child("query", NS.roster)?.children.filter { $0.name == "item" } ?? []
    let names = items.prefix(3).compactMap { $0["jid"]?.shown(limit: 60) }
    switch (iq["type"], packet.direction) {
    case ("get", .clientToServer):
        return Telling("The client asks for its contact list (roster).")
    case ("set", .clientToServer):
        let verb = items.first?["subscription"] == "remove" ? "removes" : "adds or changes"
        return Telling("The client \(verb) the contact \(names.first ?? "(none)").")
    case ("set", .serverToClient):
        return Telling("The server tells the client of a change in its contact list: \(names.first ?? "(none)").")
    case ("result", .serverToClient):
        if packet.answers?.element["type"] == "set" {
            return Telling("The server confirms the change of the contact list.")
        }
        if iq.child("query", NS.roster) == nil {
            return Telling("The client's copy of the contact list is up to date.")
        }
        let shown = names.isEmpty ? "" : ": \(names.joined(separator: ", "))\(items.count > 3 ? ", …" : "")"
        return Telling("The contact list has \(items.count) \(items.count == 1 ? "entry" : "entries")\(shown).")
    case ("result", .clientToServer):
        return Telling("The client confirms the change of the contact list.")
    default:
        return explainOtherIQ(iq, packet)
    }
}
