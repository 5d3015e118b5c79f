import Session
import XMLStream
import XMPP

/// A stream error (RFC 6120 section 4.9): the end of the stream and its reason.
func tellStreamError(_ error: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
    let sender = scene.sender(of: packet)
    let element = error.children.first { $0.namespace == NS.streamErrors && $0.name != "text" }
    let known = element.flatMap { StreamErrorCondition(rawValue: $0.name) }
    let text = (error.child("text", NS.streamErrors)?.text ?? error.text).trimmed
    let removed = known == .notAuthorized || known == .conflict ? scene.removalBefore : nil
    let why = element == nil ? nil : meaning(known, packet, scene)
    scene.streamErrors.append(
        StreamErrorReport(
            packet: packet,
            sender: sender,
            condition: element?.name ?? "",
            meaning: why ?? "it names none of the conditions of RFC 6120",
            text: text.isEmpty ? nil : text,
            isExpected: removed != nil
        )
    )
    var telling = Telling()
    if let element, let why {
        let host = known == .seeOtherHost ? element.text.trimmed.nonEmpty.map { ", \($0.shown(limit: 100))" } ?? "" : ""
        telling.text = "\(sender.start) ends the stream with the error \(element.name.shown(limit: 60)): \(why)\(host)."
        if !text.isEmpty { telling.text += " It says: \(text.quoted())." }
        if known == nil {
            telling.findings.append(
                Finding(
                    .streamErrorCondition,
                    "\(element.name.quoted(limit: 60)) is no condition of RFC 6120 section 4.9.3; one's own stands beside undefined-condition, in a namespace of its own."
                )
            )
        }
    } else {
        telling = withoutCondition(sender, text)
    }
    if let removed {
        telling.text += " That is expected here: the account was removed in \(padded(removed)), so its sessions end."
    }
    if known == .seeOtherHost { telling.findings.append(otherHost(element?.text.trimmed ?? "", scene)) }
    if let special = error.children.first(where: {
        $0.namespace != NS.streamErrors && !NS.stanzas.contains($0.namespace)
    }) {
        telling.text += " More precisely: \(toldSpecial(special))."
    }
    telling.text = telling.text.collapsingStops
    return telling
}

/// Where the other side is sent to.
private func otherHost(_ host: String, _ scene: Scene) -> Finding {
    if host.isEmpty {
        return Finding(
            .seeOtherHostEmpty,
            "see-other-host names no host, so nobody knows where to go (RFC 6120 section 4.9.3.19)."
        )
    }
    return Finding(
        .seeOtherHost,
        "\(scene.carrier(.client).name) will go to \(host.quoted()) directly, past stanzatap."
    )
}

private func withoutCondition(_ sender: Party, _ text: String) -> Telling {
    let finding = Finding(
        .streamErrorCondition,
        "the error names no condition, as before RFC 3920; RFC 6120 section 4.9.2 requires one."
    )
    if text.isEmpty { return Telling("\(sender.start) ends the stream with an error that gives no reason.", [finding]) }
    return Telling("\(sender.start) ends the stream with an error, and says only: \(text.quoted()).", [finding])
}

private func toldSpecial(_ special: Element) -> String {
    let name = special.name.shown(limit: 60)
    // That of compression wraps its condition (XEP-0138).
    if special.name == "failure", let inner = special.firstChild() { return toldSpecial(inner) }
    if let row = ProtocolTable.row(of: special.namespace),
        let meaning = ProtocolTable.entries[row].conditions[special.name]
    {
        return "\(meaning) (\(name))"
    }
    return "\(name) (\(protocolName(special.namespace)))"
}

/// What the condition means here.
private func meaning(_ condition: StreamErrorCondition?, _ packet: Packet, _ scene: Scene) -> String {
    guard let condition else { return "a condition that RFC 6120 does not define" }
    switch condition {
    // No server was asked.
    case .hostUnknown where packet.isSentByProxy: return "stanzatap knows no server for that domain"
    case .notAuthorized:
        if scene.login?.hadWhiteSpace == true {
            return "white space was sent during a login by SASL2, where none may be"
        }
        if let early = scene.counts.tooEarly { return "\(padded(early)) was sent, which needs a login first" }
        switch scene.streamKind {
        case .component: return "the component's proof is wrong, or something was sent before it"
        case .server: return "something was sent before the other server had proved who it is"
        case .client:
            return scene.account.isAuthenticated
                ? "the session may no longer go on, for example because the account is gone"
                : "something was sent that needs a login first, or the server waited too long for one"
        }
    case .conflict:
        return scene.streamKind == .client ? condition.meaning : "another stream takes the place of this one"
    case .badFormat, .invalidXML, .notWellFormed, .restrictedXML, .unsupportedEncoding, .xmlNotWellFormed:
        let broken = scene.breakages.last { $0.direction == packet.direction.opposite }?.breakage.number
        return condition.meaning + (broken.map { ", in packet \(padded($0))" } ?? "")
    case .badNamespacePrefix, .connectionTimeout, .hostGone, .hostUnknown, .improperAddressing,
        .internalServerError, .invalidFrom, .invalidID, .invalidNamespace, .policyViolation, .remoteConnectionFailed,
        .reset, .resourceConstraint, .seeOtherHost, .systemShutdown, .undefinedCondition, .unsupportedFeature,
        .unsupportedStanzaType, .unsupportedVersion:
        return condition.meaning
    }
}

extension Scene {
    /// The packet that confirmed the removal of the account that is logged in, if there was one.
    var removalBefore: Int? { bareJID.flatMap { account.removed[$0.lowercased()] } ?? account.removed[""] }
}

extension FindingCode {
    static let seeOtherHost = note(
        "stanzatap.bypassed",
        "RFC 6120 section 4.9.3.19",
        "The other side was told another address to connect to. What it does there does not go through stanzatap."
    )
    static let streamErrorCondition = warning(
        "stream.error.condition",
        "RFC 6120 section 4.9.2",
        "A stream error must name exactly one of the defined conditions, by which a program knows what to do. Servers from before RFC 3920 sent a text only."
    )

    static let seeOtherHostEmpty = warning(
        "stream.error.see-other-host",
        "RFC 6120 section 4.9.3.19",
        "The stream ends because the other side shall connect to another host, but none is named. It will most likely come back here."
    )

    static let streamErrors: [FindingCode] = [seeOtherHost, seeOtherHostEmpty, streamErrorCondition]
}
