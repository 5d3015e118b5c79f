import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Waking a client that is not connected (XEP-0357).
    static let push: ProtocolEntry = {
        let namespace = "urn:xmpp:push:0"
        var entry = ProtocolEntry("XEP-0357", "Push Notifications", [namespace])
        // What the client was given by its push service: whoever has it can wake the client.
        entry.secrets = [.field("secret", in: namespace), .field("secret", in: Pubsub.namespace)]
        entry.item = { payload, _ in payload.name == "notification" ? notificationItem(payload) : nil }
        entry.teller = { StatelessTeller(body: tellPush) }
        return entry
    }()
}

private func tellPush(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element, element.name == "enable" || element.name == "disable" else { return nil }
    let isEnabling = element.name == "enable"
    let service = element.given("jid")?.shown(limit: 100) ?? "a push service that it does not name"
    switch place {
    case .request:
        let speaker = scene.speaker(of: iq, in: packet).start
        let server = scene.addressee(of: iq, in: packet).name
        let node = element.given("node").map { " (node \($0.quoted(limit: 60)))" } ?? ""
        let secret =
            element.child("x", NS.dataForms) == nil ? "" : "; with it goes what the server needs to be let in there"
        let text =
            isEnabling
            ? "\(speaker) asks \(server) to wake it through \(service)\(node) when something comes while it is away\(secret)"
            : "\(speaker) asks \(server) to wake it no longer through \(service)\(node)"
        return Telling("\(text)\(scene.cite("XEP-0357")).")
    case .answer:
        if iq["type"] == "error" { return tellRefusedPush(isEnabling, service, iq, packet, scene) }
        return Telling(
            "Push notifications through \(service) are \(isEnabling ? "on" : "off")\(scene.cite("XEP-0357"))."
        )
    case .message, .presence, .nonza: return nil
    }
}

private func tellRefusedPush(_ isEnabling: Bool, _ service: String, _ iq: Element, _ packet: Packet, _ scene: Scene)
    -> Telling
{
    guard let error = StanzaError(of: iq) else { return tellMissingError(scene.speaker(of: iq, in: packet)) }
    let what = "Push notifications through \(service) are not switched \(isEnabling ? "on" : "off")"
    return Telling("\(what): \(error.told).\(error.says)".collapsingStops, error.findings)
}

/// What a server tells a push service (XEP-0357 section 7): as little as it likes.
private func notificationItem(_ notification: Element) -> ItemTelling {
    var item = ItemTelling("push notification", "XEP-0357")
    item.isOwn = false
    guard let form = notification.child("x", NS.dataForms).map(DataForm.init) else { return item }
    var parts: [String] = []
    if let count = form.value("message-count").flatMap({ Int($0.trimmed) }) { parts.append(counted(count, "message")) }
    if let sender = form.value("last-message-sender").flatMap(\.nonEmpty) {
        parts.append("the last from \(sender.shown(limit: 100))")
    }
    if let count = form.value("pending-subscription-count").flatMap({ Int($0.trimmed) }), count > 0 {
        parts.append("\(counted(count, "contact request")) waiting")
    }
    if let body = form.value("last-message-body").flatMap(\.nonEmpty) { parts.append(body.quoted(limit: 80)) }
    item.content = parts.isEmpty ? nil : parts.joined(separator: ", ")
    return item
}
