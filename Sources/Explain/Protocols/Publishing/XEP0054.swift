import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Business cards (XEP-0054 and XEP-0292): all in them is personal.
    static let vCard: ProtocolEntry = {
        let both = ["vcard-temp", "urn:ietf:params:xml:ns:vcard-4.0"]
        var entry = ProtocolEntry("XEP-0054", "vcard-temp", both)
        entry.secrets = both.map { .everything(in: nil, $0) }
        entry.topic = { $0.namespace == both[0] ? "a vCard (XEP-0054)" : "a vCard (XEP-0292)" }
        entry.item = { payload, _ in
            guard payload.name == "vcard" || payload.name == "vCard" else { return nil }
            var item = ItemTelling("vCard", "XEP-0292")
            item.content = cardWords(payload)
            return item
        }
        entry.teller = { StatelessTeller(body: tellCard) }
        return entry
    }()
}

private func tellCard(_ card: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element, card.name == "vCard" || card.name == "vcard" else { return nil }
    let reference = card.namespace == "vcard-temp" ? "XEP-0054" : "XEP-0292"
    switch place {
    case .request:
        let speaker = scene.speaker(of: iq, in: packet)
        let owner = cardOwner(scene.addressee(of: iq, in: packet), iq["to"], scene)
        if iq["type"] == "get" {
            let what = owner.map { "the vCard of \($0)" } ?? "its own vCard"
            return Telling("\(speaker.start) asks for \(what)\(scene.cite(reference)).")
        }
        let content = cardWords(card)
        let what = owner.map { "a new vCard of \($0)" } ?? "its vCard"
        return Telling(
            "\(speaker.start) stores \(what): \(content ?? "an empty one")\(scene.cite(reference)).".collapsingStops
        )
    case .answer(let request):
        let asked = request?.element
        let owner = cardOwner(scene.speaker(of: iq, in: packet), asked?["to"] ?? iq["from"], scene)
        let name = owner.map { "The vCard of \($0)" } ?? "The client's own vCard"
        if iq["type"] == "error" { return tellMissingCard(name, asked, iq, packet, scene) }
        if asked?["type"] == "set" { return Telling("\(name) is stored\(scene.cite(reference)).") }
        // Without a payload of its own there is no card (XEP-0054 section 3.1).
        let isGiven = iq.firstChild { $0.namespace == card.namespace } != nil
        guard isGiven, let content = cardWords(card) else {
            return Telling("\(name) is empty\(scene.cite(reference)).")
        }
        return Telling("\(name): \(content)\(scene.cite(reference)).".collapsingStops)
    case .message, .presence, .nonza: return nil
    }
}

/// Whose card it is; nil for the client's own one.
private func cardOwner(_ party: Party, _ address: String?, _ scene: Scene) -> String? {
    if scene.streamKind == .client, party.role == .server {
        return address.flatMap(\.nonEmpty).map { $0.contains("@") } ?? true ? nil : party.name
    }
    return party.name
}

private func tellMissingCard(_ name: String, _ asked: Element?, _ iq: Element, _ packet: Packet, _ scene: Scene)
    -> Telling
{
    guard let error = StanzaError(of: iq) else { return tellMissingError(scene.speaker(of: iq, in: packet)) }
    if asked?["type"] != "set", error.known == .itemNotFound {
        return Telling("\(name) does not exist\(error.bracketedName).\(error.says)".collapsingStops, error.findings)
    }
    let what = asked?["type"] == "set" ? "is not stored" : "is not given"
    return Telling("\(name) \(what): \(error.told).\(error.says)".collapsingStops, error.findings)
}

/// Who it is of, and what else is in it by name; nil for an empty one.
private func cardWords(_ card: Element) -> String? {
    func text(_ name: String) -> String? {
        let element = card.child(name) ?? card.child(name.lowercased())
        return (element?.text.trimmed.nonEmpty ?? element?.child("text")?.text.trimmed.nonEmpty)?.shown(limit: 80)
    }
    var parts = [text("FN")].compactMap { $0 }
    if let nick = text("NICKNAME") { parts.append("called \"\(nick)\"") }
    var others: [String] = []
    if let photo = card.child("PHOTO") ?? card.child("photo"), let picture = photoWords(photo) {
        others.append(picture)
    }
    for child in card.children where others.count < 40 {
        let field = child.name.lowercased()
        guard let name = fieldNames[field], field != "n" || parts.isEmpty, !others.contains(name) else { continue }
        others.append(name)
    }
    if !others.isEmpty { parts.append("with \(others.firstOnes { $0 })") }
    if parts.isEmpty { return card.childCount == 0 ? nil : counted(card.childCount, "field") }
    return parts.joined(separator: ", ")
}

private func photoWords(_ photo: Element) -> String? {
    let type = photo.textOf("TYPE")?.shown(limit: 40)
    if let data = photo.textOf("BINVAL"), let size = byteCount("\(base64ByteCount(data))") {
        return "a picture (\([type, size].compactMap { $0 }.joined(separator: ", ")))"
    }
    if let address = photo.textOf("EXTVAL") ?? photo.textOf("uri") {
        return "a picture at \(address.shown(limit: 120))"
    }
    return nil
}

private let fieldNames = [
    "n": "the parts of the name", "adr": "an address", "tel": "a telephone number", "email": "an e-mail address",
    "bday": "a birthday", "url": "a web page", "org": "an organisation", "title": "a job title", "role": "a role",
    "desc": "a description", "note": "a note", "jabberid": "an XMPP address", "impp": "an XMPP address", "key": "a key",
    "geo": "a place", "tz": "a time zone", "gender": "a gender", "lang": "a language", "logo": "a logo",
]
