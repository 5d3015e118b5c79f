import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Being online without being seen (XEP-0186).
    static let invisibility: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0186", "Invisible Command", ["urn:xmpp:invisible:1", "urn:xmpp:invisible:0"])
        entry.tells(tellInvisibility)
        return entry
    }()
}

private func tellInvisibility(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.asked ?? exchange.element
    let hides = element.name == "invisible"
    guard hides || element.name == "visible" else { return nil }
    switch exchange.turn {
    case .set, .get:
        let probes = ["true", "1"].contains(element["probe"]) ? ", while the server still fetches theirs" : ""
        let wish = hides ? "invisible: contacts shall see it as offline\(probes)" : "visible again"
        return Telling("\(exchange.who) wants to be \(wish)\(scene.cite("XEP-0186")).")
    case .result: return Telling("From now on the client is \(hides ? "invisible" : "visible again").")
    case .refusal(let error): return exchange.refused("to make the client \(element.name)", error)
    case .message, .presence: return nil
    }
}
