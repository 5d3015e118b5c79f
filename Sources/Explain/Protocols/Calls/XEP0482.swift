import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Invitations to calls, whatever they are made by (XEP-0482).
    static let callInvites: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0482", "Call Invites", ["urn:xmpp:call-invites:0"])
        entry.tells(tellCallInvite)
        return entry
    }()
}

private func tellCallInvite(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    guard case .message = exchange.turn else { return nil }
    let element = exchange.element
    let id = element["id"]?.nonEmpty.map { " \($0.shown(limit: 60))" } ?? ""
    let ways = ways(element)
    let text: String
    switch element.name {
    case "invite":
        let kind = element["video"] == "true" || element["video"] == "1" ? "a video call" : "a call"
        let several = element["multi"] == "true" || element["multi"] == "1" ? " with several people" : ""
        text =
            "\(exchange.who) invites \(exchange.whom) to \(kind)\(several)\(ways.isEmpty ? "" : ", to be joined by \(ways)")"
    case "retract": text = "\(exchange.who) takes back the invitation to a call\(id)"
    case "accept": text = "\(exchange.who) accepts the invitation to the call\(id)\(ways.isEmpty ? "" : ", by \(ways)")"
    case "reject": text = "\(exchange.who) declines the invitation to the call\(id)"
    case "left": text = "\(exchange.who) has left the call\(id)"
    default: return nil
    }
    return Telling("\(text)\(scene.cite("XEP-0482")).")
}

private func ways(_ element: Element) -> String {
    let ways = element.children.compactMap { way -> String? in
        switch way.name {
        case "jingle":
            let at = way["jid"]?.nonEmpty.map { " at \($0.shown(limit: 100))" } ?? ""
            return "a Jingle session\(way["sid"]?.nonEmpty.map { " (\($0.shown(limit: 60)))" } ?? "")\(at)"
        case "external": return way["uri"]?.nonEmpty?.shown(limit: 150)
        case "muji": return way["room"]?.nonEmpty.map { "entering the room \($0.shown(limit: 100))" }
        default: return nil
        }
    }
    return ways.isEmpty ? "" : ways.count > 4 ? Say.some(ways) : ways.listed("or")
}
