import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// A mixer of conferences, told which channels to make (XEP-0340).
    static let colibri: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0340", "COLIBRI", ["http://jitsi.org/protocol/colibri"])
        entry.tells(tellColibri)
        return entry
    }()
}

private func tellColibri(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let conference = exchange.answer ?? exchange.asked ?? exchange.element
    let contents = conference.children.filter { $0.name == "content" }
    let channels = contents.reduce(0) { $0 + $1.childCount }
    let names = contents.compactMap { $0["name"]?.nonEmpty?.shown(limit: 20) }
    let what =
        channels == 0
        ? "no channel" : "\(counted(channels, "channel"))\(names.isEmpty ? "" : " for \(Say.some(names))")"
    let id = conference["id"]?.nonEmpty.map { " \($0.shown(limit: 40))" }
    switch exchange.turn {
    case .get, .set:
        let text =
            id.map { "sets in the conference\($0) of \(exchange.whom): \(what)" }
            ?? "asks \(exchange.whom) for a conference with \(what)"
        return Telling("\(exchange.who) \(text)\(scene.cite("XEP-0340")).")
    case .result:
        return exchange.answer.map { _ in Telling("\(exchange.who) has in the conference\(id ?? ""): \(what).") }
    case .refusal(let error): return exchange.refused("the conference\(id ?? "")", error)
    case .message, .presence: return nil
    }
}
