import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Server dialback (XEP-0220), by which servers prove who they are.
    static let dialback: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0220", "server dialback", [NS.dialback, "urn:xmpp:features:dialback"])
        entry.secrets = [.text("result", NS.dialback), .text("verify", NS.dialback)]
        entry.volatile = [.text("result", NS.dialback), .text("verify", NS.dialback)]
        entry.codes = [.dialbackIncomplete]
        entry.feature = { _ in .clause("server dialback (XEP-0220)") }
        entry.teller = { StatelessTeller(body: tellDialback) }
        return entry
    }()

    /// Streams between servers that go both ways (XEP-0288).
    static let bidirectional: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0288",
            "bidirectional server connections",
            ["urn:xmpp:bidi", "urn:xmpp:features:bidi"]
        )
        entry.codes = [.bidiNamespace]
        entry.feature = { _ in .clause("stanzas in both directions on one stream (XEP-0288)") }
        entry.teller = { StatelessTeller(body: tellBidirectional) }
        return entry
    }()
}

private func tellDialback(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard place == .nonza else { return nil }
    let sender = scene.sender(of: packet)
    let (from, to) = (
        element["from"]?.shown(limit: 100) ?? "an unnamed domain",
        element["to"]?.shown(limit: 100) ?? "an unnamed domain"
    )
    switch (element.name, element["type"]) {
    case ("result", nil):
        if let from = element["from"], scene.dialbackDomains.count < 256 {
            scene.dialbackDomains.insert(from.addressKey)
        }
        return Telling(
            "\(sender.start) gives a key by which \(to) can have checked that it is talking to \(from) (XEP-0220).",
            missing(["from", "to"], element, "2.1.1")
        )
    case ("result", "valid"?):
        scene.account.isAuthenticated = true
        return Telling("\(from) accepts that the other side is \(to).")
    case ("result", "invalid"?):
        return Telling("\(from) does not believe that the other side is \(to): the key is not right.")
    case ("verify", nil):
        return Telling(
            "\(sender.start) asks \(to) whether a key that somebody gave for \(to) is right (XEP-0220).",
            missing(["from", "to", "id"], element, "2.1.2")
        )
    case ("verify", "valid"?): return Telling("\(from) confirms the key: it is its own.")
    case ("verify", "invalid"?): return Telling("\(from) says that the key is not its own.")
    case ("result", "error"?), ("verify", "error"?):
        let error = StanzaError(of: element)
        if element.name == "result", error?.name == "item-not-found" {
            return Telling("\(from) is not served there, so \(to) is not let in (item-not-found).")
        }
        let why = error.map { "\($0.told).\($0.says)" } ?? "no reason is given."
        return Telling("\(from) could not check the key for \(to): \(why)".collapsingStops)
    default: return Telling("\(sender.start) uses server dialback (<\(element.name.shown(limit: 40))/>, XEP-0220).")
    }
}

/// What must be there for anybody to know what the key is about.
private func missing(_ names: [String], _ element: Element, _ section: String) -> [Finding] {
    let names = names.filter { element[$0]?.nonEmpty == nil }
    if names.isEmpty { return [] }
    return [
        Finding(
            .dialbackIncomplete,
            "it has no \(names.joined(separator: " and no ")), which is a must (XEP-0220 section \(section))."
        )
    ]
}

private func tellBidirectional(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard place == .nonza, element.name == "bidi" else { return nil }
    var findings: [Finding] = []
    if element.namespace != "urn:xmpp:bidi" {
        findings.append(
            Finding(
                .bidiNamespace,
                "\(element.namespace) is the namespace of the feature; the request must be in urn:xmpp:bidi (XEP-0288 section 2.2)."
            )
        )
    }
    return Telling(
        "\(scene.sender(of: packet).start) wants stanzas to go both ways on this stream (XEP-0288).",
        findings
    )
}

extension FindingCode {
    static let dialbackIncomplete = warning(
        "dialback.incomplete",
        "XEP-0220 section 2",
        "Dialback is about the pair of two domains, and a key is checked by the id of the stream that it was given on. Without these nothing can be checked."
    )
    static let bidiNamespace = warning(
        "bidi.namespace",
        "XEP-0288 section 2.2",
        "The request for a bidirectional stream is in the namespace of the feature, so the other server does not know it."
    )
}
