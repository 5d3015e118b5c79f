import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// What was said of somebody in a room that they are not in (XEP-0452).
    static let roomMentions: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0452", "MUC Mention Notifications", ["urn:xmpp:mmn:0"])
        entry.tells(tellMentions)
        return entry
    }()
}

private func tellMentions(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    guard case .message = exchange.turn, exchange.element.name == "mentions", let room = exchange.stanza["from"] else {
        return nil
    }
    let forwarded = exchange.element.children.filter { $0.name == "forwarded" }
    let messages = forwarded.compactMap { $0.firstChild { $0.name == "message" } }
    guard let first = messages.first else { return nil }
    let who = first["from"].flatMap { JID($0).resource }.map { $0.quoted(limit: 60) } ?? "somebody"
    let time = forwarded[0].child("delay", NS.delay)?["stamp"].map { ", at \(Say.time($0))" } ?? ""
    let more = messages.count > 1 ? ", and \(messages.count - 1) more" : ""
    let text = Say.quote(first.firstChild { $0.name == "body" }?.text)
    return Telling(
        "\(Party(.room, JID(room).bare).start) tells \(exchange.whom), who is not in it, that \(who) has mentioned them\(time)\(text)\(more)\(scene.cite("XEP-0452"))."
            .collapsingStops
    )
}
