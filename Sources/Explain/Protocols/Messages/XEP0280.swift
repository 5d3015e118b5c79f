import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Copies of what the other devices of the account send and get (XEP-0280).
    static let carbons: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0280", "Message Carbons", [MessageNS.carbons, "urn:xmpp:carbons:1"])
        entry.codes = [.carbonForged]
        entry.part = addCarbon
        entry.teller = { StatelessTeller(body: tellCarbons) }
        return entry
    }()
}

private func tellCarbons(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element, ["enable", "disable"].contains(element.name) else { return nil }
    let isOn = element.name == "enable"
    let what = "copies of the messages that the account's other devices send and get"
    let speaker = scene.speaker(of: iq, in: packet)
    switch place {
    case .request:
        let verb = isOn ? "asks for \(what)" : "wants no more \(what)"
        return Telling("\(speaker.start) \(verb)\(scene.cite("XEP-0280")).")
    case .answer(let request):
        guard let request else { return nil }
        if iq["type"] == "result" {
            return Telling(
                isOn
                    ? "From now on the client gets \(what), as it asked in \(padded(request.number))."
                    : "From now on the client gets no copies any more of what the account's other devices send and get."
            )
        }
        guard let error = StanzaError(of: iq) else { return nil }
        let start =
            isOn
            ? "\(speaker.start) does not send the client the copies that it asked for"
            : "\(speaker.start) does not stop the copies"
        return Telling("\(start): \(error.told).\(error.says)".collapsingStops, error.findings)
    case .nonza, .message, .presence: return nil
    }
}

private func addCarbon(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    if element.name == "private" {
        parts.remarks.append("No copies of it are to go to other devices\(scene.cite("XEP-0280")).")
        return
    }
    guard element.name == "sent" || element.name == "received" else { return }
    // In the earlier version it stood beside.
    let forwarded = element.child("forwarded", MessageNS.forward) ?? parts.message.child("forwarded", MessageNS.forward)
    guard let forwarded, let inner = forwarded.forwardedMessage, parts.depth < 2 else {
        parts.deeds.append(.init(rank: 0, verb: "sends a copy of a message that is not in it", reference: "XEP-0280"))
        return
    }
    let isForged = isForged(parts, scene)
    let told = scene.tellCopy(inner, delay: forwarded.child("delay", NS.delay), isForged ? nil : "", &parts)
    let reference = scene.cite("XEP-0280")
    if isForged {
        parts.whole =
            "\(parts.frame.subject) sends what looks like a copy of a message of the account\(reference): \(told.asClause)"
        parts.findings.append(
            Finding(
                .carbonForged,
                "only the own account may send such copies; this one is forged and must be ignored (CVE-2017-5589, XEP-0280 section 11)."
            )
        )
    } else {
        let what =
            element.name == "sent"
            ? "what another device of the account sent" : "what another device of the account received"
        parts.whole = "A copy of \(what)\(reference): \(told.asClause)"
    }
}

/// A copy that does not come from the own account, where it is known which that is.
private func isForged(_ parts: MessageParts, _ scene: Scene) -> Bool {
    guard scene.streamKind == .client, parts.packet.direction == .serverToClient, parts.depth == 0,
        let own = scene.bareJID, let from = parts.message["from"], !from.isEmpty
    else { return false }
    return !isSameAddress(own, from)
}

extension FindingCode {
    static let carbonForged = warning(
        "carbons.forged",
        "XEP-0280 section 11",
        "A copy of a message came from somebody else than the own bare address. A client that shows it lets anybody put words into the mouths of the account and its contacts (CVE-2017-5589)."
    )
}
