import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Meetings elsewhere (XEP-0483).
    static let onlineMeetings: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0483", "HTTP Online Meetings", ["urn:xmpp:http:online-meetings:0"])
        entry.tells(tellMeeting)
        return entry
    }()
}

private func tellMeeting(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let query = exchange.asked ?? exchange.element
    let type = query["type"]?.nonEmpty.map { " by \($0.shown(limit: 40))" } ?? ""
    let id = query["id"]?.nonEmpty.map { " \($0.quoted(limit: 60))" } ?? ""
    switch exchange.turn {
    case .get, .set:
        return Telling(
            "\(exchange.who) asks \(exchange.whom) for an online meeting\(id)\(type)\(Say.quote(exchange.text("desc")))\(scene.cite("XEP-0483"))."
                .collapsingStops
        )
    case .result:
        guard let start = exchange.answer?.child("initiate") else { return nil }
        let url = start.child("url")?.text.trimmed.nonEmpty?.shown(limit: 200) ?? "an address that is missing"
        return Telling(
            "\(exchange.who) has made the meeting: \(url)\(Say.quote(start.child("desc")?.text, ", ")).".collapsingStops
        )
    case .refusal(let error):
        // XEP-0483 says when to try again as XEP-0363 does.
        let retry = error.special?.name == "retry" ? error.special?["stamp"] : nil
        return exchange.refused(
            "the online meeting\(id)\(type)",
            error,
            why: retry.map { _ in "\(error.meaning) (\(error.name))" },
            remedy: retry.map { " It may be asked again from \(Say.time($0)) on." } ?? ""
        )
    case .message, .presence: return nil
    }
}
