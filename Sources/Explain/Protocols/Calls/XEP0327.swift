import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Steering calls of a telephone system (XEP-0327).
    static let rayo: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0327",
            "Rayo",
            [
                "urn:xmpp:rayo:1", "urn:xmpp:rayo:output:1", "urn:xmpp:rayo:input:1", "urn:xmpp:rayo:record:1",
                "urn:xmpp:rayo:prompt:1", "urn:xmpp:rayo:ext:1", "urn:xmpp:rayo:fax:1",
            ]
        )
        entry.tells(tellRayo)
        return entry
    }()
}

private func address(_ element: Element, _ name: String) -> String? { element[name]?.nonEmpty?.shown(limit: 100) }

private func tellRayo(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.asked ?? exchange.element
    switch exchange.turn {
    case .set, .get:
        return command(element, exchange.whom).map { Telling("\(exchange.who) \($0)\(scene.cite("XEP-0327")).") }
    case .presence:
        return event(exchange.element, exchange.speaker.name).map {
            Telling("\($0.hasPrefix("the ") ? capitalized($0) : $0)\(scene.cite("XEP-0327")).")
        }
    case .result:
        if let ref = exchange.answer, ref.name == "ref" {
            return Telling(
                "\(exchange.who) has begun that, as \(address(ref, "uri") ?? address(ref, "id") ?? "something without an address")."
            )
        }
        return exchange.asked.map { _ in
            Telling("\(exchange.who) has done what \(exchange.number ?? "the request") asked for.")
        }
    case .refusal(let error):
        let what = exchange.number.map { "what \($0) asked for" } ?? "the command <\(element.name.shown(limit: 40))/>"
        return exchange.refused(what, error)
    case .message: return nil
    }
}

private func command(_ element: Element, _ whom: String) -> String? {
    let other =
        address(element, "call-uri") ?? element["mixer-name"]?.nonEmpty.map { "the mixer \($0.quoted(limit: 60))" }
    switch element.name {
    case "dial":
        let from = address(element, "from").map { " in the name of \($0)" } ?? ""
        return "lets \(whom) call \(address(element, "to") ?? "nobody")\(from)"
    case "accept": return "lets the call \(whom) ring"
    case "answer": return "answers the call \(whom)"
    case "redirect": return "sends the call \(whom) on to \(address(element, "to") ?? "nobody")"
    case "reject": return "rejects the call \(whom)\(element.firstChild.map { " (\($0.name.shown(limit: 40)))" } ?? "")"
    case "hangup": return "hangs up the call \(whom)"
    case "join": return "joins \(whom) with \(other ?? "nothing")"
    case "unjoin": return other.map { "parts \(whom) from \($0)" } ?? "parts \(whom) from everything it is joined with"
    case "output": return "plays something to \(whom)"
    case "input": return "listens for keys or speech at \(whom)"
    case "prompt": return "plays something to \(whom) and listens for an answer"
    case "record": return "records \(whom)"
    case "stop": return "stops \(whom)"
    case "pause": return "pauses \(whom)"
    case "resume": return "lets \(whom) go on"
    case "seek": return "moves \(whom) to another place"
    case "sendfax": return "sends a fax through \(whom)"
    case "receivefax": return "receives a fax through \(whom)"
    default: return nil
    }
}

private func event(_ element: Element, _ who: String) -> String? {
    let other =
        address(element, "call-uri") ?? element["mixer-name"]?.nonEmpty.map { "the mixer \($0.quoted(limit: 60))" }
        ?? "something"
    switch element.name {
    case "offer":
        return
            "A call comes in as \(who), from \(address(element, "from") ?? "somebody unnamed") to \(address(element, "to") ?? "somebody unnamed")"
    case "ringing": return "The call \(who) is ringing"
    case "answered": return "The call \(who) was answered"
    case "end": return "The call \(who) is over\(element.firstChild.map { " (\($0.name.shown(limit: 40)))" } ?? "")"
    case "joined": return "\(who) is joined with \(other)"
    case "unjoined": return "\(who) is no longer joined with \(other)"
    case "started-speaking": return "\(other) speaks in \(who)"
    case "stopped-speaking": return "\(other) no longer speaks in \(who)"
    case "complete": return "\(who) is complete\(element.firstChild.map { " (\($0.name.shown(limit: 40)))" } ?? "")"
    default: return nil
    }
}
