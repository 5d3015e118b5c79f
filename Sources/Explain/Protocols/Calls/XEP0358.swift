import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Sessions that anybody may ask to have started (XEP-0358).
    static let publishedSessions: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0358",
            "Publishing Available Jingle Sessions",
            ["urn:xmpp:jinglepub:1"]
        )
        entry.tells(tellPublishedSession)
        return entry
    }()
}

private func tellPublishedSession(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.asked ?? exchange.element
    let id = (element["id"] ?? element.text).trimmed.nonEmpty.map { " \($0.shown(limit: 60))" } ?? " without an id"
    switch exchange.turn {
    case .get, .set:
        guard element.name == "start" else { return nil }
        return Telling(
            "\(exchange.who) asks \(exchange.whom) to start the published session\(id)\(scene.cite("XEP-0358"))."
        )
    case .result:
        guard let answer = exchange.answer, answer.name == "starting" else { return nil }
        let sid = answer["sid"]?.nonEmpty.map { ", as the session \($0.shown(limit: 60))" } ?? ""
        return Telling("\(exchange.who) starts what was asked for\(sid).")
    case .refusal(let error): return exchange.refused("to start the published session\(id)", error)
    case .message:
        guard exchange.stanza.child("body", exchange.stanza.namespace) == nil else { return nil }
        let title = element.child("meta")?["title"] ?? element.child("file")?["name"]
        let what = title?.nonEmpty.map { $0.quoted(limit: 100) } ?? "something"
        return Telling(
            "\(exchange.who) offers \(exchange.whom) \(what), to be had by asking for the session\(id)\(scene.cite("XEP-0358"))."
        )
    case .presence: return nil
    }
}
