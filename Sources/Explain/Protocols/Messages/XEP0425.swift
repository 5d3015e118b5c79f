import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Moderators who remove messages from a room (XEP-0425).
    static let moderation: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0425", "Moderated Message Retraction", MessageNS.moderation)
        entry.codes = [.moderationSource]
        entry.teller = { StatelessTeller(body: tellModeration) }
        return entry
    }()
}

/// The request to remove a message, and what became of it. The older form wraps it in `apply-to`.
func tellModeration(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element, let asked = ModerationRequest(element) else { return nil }
    switch place {
    case .request:
        guard iq["type"] == "set" else { return nil }
        let speaker = scene.speaker(of: iq, in: packet).start
        let room = scene.addressee(of: iq, in: packet)
        let what = meant(asked, iq["to"], scene)
        let reason = asked.reason.map { ", for the reason \($0.quoted(limit: 120))" } ?? ""
        return Telling(
            "\(speaker) asks \(room.name), as a moderator, to remove \(what) for everybody\(reason)\(scene.cite("XEP-0425"))."
                .collapsingStops
        )
    case .answer(let request):
        guard let request, iq["type"] == "result" || iq["type"] == "error" else { return nil }
        let what = "\(meant(asked, request.element["to"], scene)), as \(padded(request.number)) asked"
        let speaker = scene.speaker(of: iq, in: packet).start
        if iq["type"] == "result" { return Telling("\(speaker) has removed \(what).") }
        guard let error = StanzaError(of: iq) else { return nil }
        return Telling(
            "\(speaker) does not remove \(what): \(error.told).\(error.says)".collapsingStops,
            error.findings
        )
    case .nonza, .message, .presence: return nil
    }
}

/// Which message is to be removed, and why.
private struct ModerationRequest {
    let id: String?
    let reason: String?

    init?(_ element: Element) {
        let inner =
            element.name == "moderate" && MessageNS.moderation.contains(element.namespace)
            ? element : element.firstChild { $0.name == "moderate" && MessageNS.moderation.contains($0.namespace) }
        guard let inner else { return nil }
        id = element["id"] ?? inner["id"]
        reason = inner.givenReason
    }
}

private func meant(_ asked: ModerationRequest, _ room: String?, _ scene: Scene) -> String {
    guard let id = asked.id, !id.isEmpty else { return "a message without saying which" }
    let conversation = (room ?? "").withoutResource.description.addressKey
    if let entry = scene.messages.find(id, in: conversation) { return "the message of \(padded(entry.packet))" }
    return "the message with the id \(id.shown(limit: 60))"
}

extension Element {
    /// The text of its `<reason/>`; nil if there is none.
    var givenReason: String? { child("reason").flatMap { $0.text.trimmed.nonEmpty } }
}

extension FindingCode {
    static let moderationSource = warning(
        "message.moderation.source",
        "XEP-0425 section 5",
        "A message says that a moderator removed something, but it comes from an occupant and not from the room. Whoever believes it lets anybody remove messages."
    )
}
